/** Money that waits for a condition, a plan, a drive, and a thing that is handed on. */
import { expect, test, type APIRequestContext } from "@playwright/test";
import { enterAs, expectNoBarrier, expectNothingCutOff, signInByApi, type Who } from "./city";

const PHONE = { width: 390, height: 844 };
const LIBRARIAN = "urn:ngsi-ld:Person:librarian";

async function post(request: APIRequestContext, who: Who, path: string, data: object) {
  const { token } = await signInByApi(request, who);
  const answer = await request.post(path, { headers: { Authorization: `Bearer ${token}` }, data });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()) as { id: string };
}

test("a part is confirmed, a plan subscribed to and ended, a drive pledged to", async ({
  page,
}) => {
  await signInByApi(page.request, "librarian"); // so that the city knows them
  const title = `Shed ${Date.now().toString(36)}`;
  await post(page.request, "homemaker", "/api/plans", {
    title: `Bread ${title}`,
    amount_won: 1000,
    every: "week",
  });
  await post(page.request, "homemaker", "/api/drives", {
    title: `Bench ${title}`,
    goal_won: 5000,
    days: 7,
  });
  await page.setViewportSize(PHONE);
  await enterAs(page, "designer", "ko");
  await page.goto("/me/documents");
  await page.getByRole("link", { name: /약속한 돈/ }).click();
  const form = page.getByRole("region", { name: "돈 맡기기" });
  await form.getByLabel("무엇에 대한 돈인가요").fill(title);
  await form.getByLabel("받는 사람").fill(LIBRARIAN);
  await form.getByLabel("확인하는 사람").fill("Person:designer");
  await form.getByLabel("금액 (원)").fill("3000");
  await form.getByRole("button", { name: "돈 맡기기" }).click();
  const card = page.getByRole("region", { name: title, exact: true });
  await card.getByRole("button", { name: /^됐다고 확인/ }).click();
  await card.getByRole("button", { name: /^정말 됐다고 확인/ }).click(); // it cannot be taken back
  await expect(card).toHaveCount(0);
  await expect(page.getByText(`했어요: 됐다고 확인 · ${title}`)).toBeFocused();

  await page.getByRole("button", { name: `Bread ${title} 구독하기` }).click();
  await page.getByRole("button", { name: `Bread ${title} 구독 그만두기` }).click();
  await expect(page.getByRole("button", { name: `Bread ${title} 구독하기` })).toBeVisible();

  const drive = page.getByRole("region", { name: `Bench ${title}` });
  await drive.getByLabel(/보탤 금액/).fill("2000");
  await drive.getByRole("button", { name: "보태기" }).click();
  await expect(drive.getByText("5,000원 중 2,000원")).toBeVisible();
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
});

test("a thing is offered and taken with its price", async ({ page, browser }) => {
  for (const who of ["librarian", "designer"] as const) await signInByApi(page.request, who);
  const identifier = `KR-${Date.now().toString(36)}`;
  const asset = { mobility: "movable", identifier, title: `Van ${identifier}` };
  await post(page.request, "counter", "/api/assets", { owner: LIBRARIAN, ...asset });
  await enterAs(page, "librarian", "en");
  await page.goto("/me/things");
  const mine = page.getByRole("region", { name: asset.title });
  await mine.getByLabel("Who gets it").fill("urn:ngsi-ld:Person:designer");
  await mine.getByLabel("Price in won, or 0").fill("1000");
  await mine.getByRole("button", { name: "Offer it" }).click();
  await expect(mine.getByRole("button", { name: /^Take the offer back/ })).toBeVisible();
  await expectNoBarrier(page);

  const elsewhere = await browser.newContext({ viewport: PHONE });
  const taker = await elsewhere.newPage();
  await enterAs(taker, "designer", "en");
  await taker.goto("/me/things");
  const theirs = taker.getByRole("region", { name: asset.title });
  await theirs.getByRole("button", { name: /^Pay 1,000.* and take it/ }).click();
  await theirs.getByRole("button", { name: /^Really: Pay 1,000/ }).click();
  await expect(theirs.getByRole("button", { name: "Offer it" })).toBeVisible();
  await expectNothingCutOff(taker);
  await elsewhere.close();
});
