/** What the tests of money find in the city: made by its API, as offices and shops would. */
import { expect, type APIRequestContext } from "@playwright/test";
import { signInByApi, type Who } from "./city";

export class Clerk {
  constructor(private readonly request: APIRequestContext) {}

  /** Call the API as somebody; what is refused fails the test. */
  async call<T>(who: Who, method: string, path: string, data?: object): Promise<T> {
    const { token } = await signInByApi(this.request, who);
    const response = await this.request.fetch(`/api${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(data ? { data } : {}),
    });
    expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true);
    return (await response.json()) as T;
  }

  /** A shop of the homemaker's; `waiting`: not let in yet. */
  async shop(name: string, waiting = false): Promise<string> {
    const body = { name, business: "56" };
    const { id } = await this.call<{ id: string }>("homemaker", "POST", "/shops", body);
    if (!waiting) await this.call("operator", "POST", `/shops/${id}/admit`, { is_local: true });
    return id;
  }

  async code(shop: string): Promise<string> {
    const path = `/shops/${shop}/code`;
    return (await this.call<{ payload: string }>("homemaker", "GET", path)).payload;
  }

  async pay(who: Who, shop: string, amount_won: number): Promise<void> {
    const payload = await this.code(shop);
    const transfer = `${Date.now()}-${amount_won}`;
    await this.call(who, "POST", "/me/code-payments", { payload, transfer, amount_won });
  }
}

export const inDays = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString();

export const dayIn = (days: number): string => inDays(days).slice(0, 10);

export interface Programmes {
  /** What all titles end with, so that each test finds its own. */
  tag: string;
  campaign: string;
}

/** A budget of each kind, something due and a collection, for the designer to meet. */
export async function programmes(clerk: Clerk): Promise<Programmes> {
  const tag = Date.now().toString(36);
  const until = inDays(30);
  const made = { budget_won: 300_000, until };
  await clerk.call("designer", "GET", "/me/account"); // who has never been here is not known
  await clerk.call("operator", "POST", "/issues", {
    title: `가을 혜택 ${tag}`,
    bonus_pct: 10,
    budget_won: 200_000,
    most_won: 100_000,
    opens_at: inDays(-1),
    closes_at: until,
  });
  await clerk.call("operator", "POST", "/reward-budgets", {
    title: `걷는 도시 ${tag}`,
    reason: "walking",
    most_a_day_won: 500,
    most_won: 10_000,
    ...made,
  });
  const words = { title: `아침 빵 ${tag}`, businesses: ["56"], weekdays: [], ...made };
  const programme = await clerk.call<{ id: string }>(
    "operator",
    "POST",
    "/voucher-programmes",
    words,
  );
  await clerk.call("operator", "POST", `/voucher-programmes/${programme.id}/vouchers`, {
    people: ["urn:ngsi-ld:Person:designer"],
    amount_won: 9_000,
  });
  const due = {
    person: "urn:ngsi-ld:Person:designer",
    title: `쓰레기 봉투 요금 ${tag}`,
    number: `N${Date.now()}`,
    amount_won: 1_200,
    due_on: dayIn(20),
  };
  await clerk.call("operator", "POST", "/dues", { dues: [due] });
  const campaign = await clerk.call<{ id: string }>("operator", "POST", "/campaigns", {
    title: `나무 백 그루 ${tag}`,
    purpose: "강변에 나무를 심어요",
    goal_won: 100_000,
    until,
  });
  return { tag, campaign: campaign.id };
}

/** A trial that looks for volunteers. */
export async function openTrial(clerk: Clerk): Promise<string> {
  const trial = await clerk.call<{ id: string }>("operator", "POST", "/experiments", {
    title: "한 달 만 원",
    purpose: "지역 가게에서 더 쓰는지",
    treated_pct: 50,
    monthly_won: 10_000,
    months: 3,
    budget_won: 300_000,
  });
  return trial.id;
}
