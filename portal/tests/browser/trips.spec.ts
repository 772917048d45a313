import { expect, test, type APIRequestContext, type Locator, type Page } from "@playwright/test";
import {
  enterAs,
  expectNoBarrier,
  expectNothingCutOff,
  signInByApi,
  speak,
  standAt,
  type Who,
} from "./city";

const SCHOOL = [127.309345, 36.518214] as const; // some 700 m from the stop of the line to Daejeon
const JOURNEYS = "/api/mobility/maas/journeys";

interface Journey {
  id: string;
  legs: { mode: string; ride: { day: string; trip: string } | null }[];
}

const bearer = async (request: APIRequestContext, who: Who) => ({
  Authorization: `Bearer ${(await signInByApi(request, who)).token}`,
});

async function journeysOf(page: Page, who: Who): Promise<Journey[]> {
  const headers = await bearer(page.request, who);
  return (await (await page.request.get(`${JOURNEYS}/current`, { headers })).json()) as Journey[];
}

/** Give up what is booked: tests begin with nothing. */
async function giveUpAll(page: Page, who: Who): Promise<void> {
  const headers = await bearer(page.request, who);
  for (const { id } of await journeysOf(page, who)) {
    await page.request.delete(`${JOURNEYS}/${id}`, { headers });
  }
}

/** Tomorrow morning: buses run, and no vehicle can be promised yet. */
function tomorrowAt(time: string): string {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Seoul" });
  return `${day.format(Date.now() + 24 * 3_600_000)}T${time}`;
}

const ways = (page: Page): Locator =>
  page.locator("main ol > li").filter({ has: page.locator("h3") });

test("plan, book, show the ticket, and the wallet shows the payment", async ({ page }) => {
  await enterAs(page, "designer");
  await standAt(page, SCHOOL);
  await giveUpAll(page, "designer");
  await page.goto("/me/trips");
  await page.getByRole("combobox", { name: "도착" }).fill("Daejeon City"); // by its English name
  await page.getByRole("option", { name: /대전시청 환승지/ }).click();
  await page.getByText("시간 정하기").click();
  await page.getByLabel("출발 시각").fill(tomorrowAt("08:00"));
  await expect(page.getByRole("status").filter({ hasText: "가지 길" })).toContainText(
    "시험한 곳에서 대전시청 환승지까지",
  );
  const way = ways(page).filter({ hasText: "내일" }).first();
  await way.getByRole("heading", { level: 3 }).getByRole("button").press("Enter");
  await expect(way.getByRole("list", { name: "가는 길", exact: true })).toContainText("버스·BRT");
  await expect(way).toContainText("1,400원을 맡아 두고");
  await way.getByRole("button", { name: "모두 한 번에 예약하기" }).click();

  await expect(page.getByRole("heading", { name: "예약했어요" })).toBeFocused();
  await expect(page.getByRole("region", { name: "예약했어요" })).toContainText("1,400원");
  const journey = page.url();
  await page.goto("/me");
  const next = page.getByRole("region", { name: "다음 여정" });
  await expect(next.getByRole("link", { name: "여정 보기" })).toBeVisible();
  await page.goto(journey);
  await page.getByRole("button", { name: "승차권 보여 주기" }).click();
  const ticket = page.getByRole("region", { name: "승차권" });
  await expect(ticket.getByRole("timer")).toHaveText(/\d\d:\d\d:\d\d/);
  await expect(ticket).toContainText(/번호 [0-9A-F]{8}/);
  await expect(page.getByRole("button", { name: "여정 취소하기" })).toHaveCount(0);
  await expectNoBarrier(page);
  await page.goto("/me/wallet");
  const line = page.getByRole("listitem").filter({ hasText: "여정의 승차권" });
  await expect(line.filter({ hasText: "−1,400원" }).first()).toBeVisible();
});

test("a booked trip is cancelled and nothing stays set aside", async ({ page }) => {
  await enterAs(page, "homemaker", "en");
  await standAt(page, SCHOOL);
  await giveUpAll(page, "homemaker");
  await page.goto(`/me/trips?to=stop.dunsan&at=${tomorrowAt("09:00")}`);
  await ways(page).first().getByRole("heading", { level: 3 }).getByRole("button").click();
  await page.getByRole("button", { name: "Book all legs at once" }).click();
  await expect(page.getByRole("region", { name: "Your trip is booked" })).toContainText(
    "Set aside",
  );
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
  await page.getByRole("button", { name: "Cancel this trip" }).click();
  await expect(page.getByText("This trip is cancelled")).toBeVisible();
  expect(await journeysOf(page, "homemaker")).toEqual([]);
  await page.getByRole("button", { name: "Plan another trip" }).click();
  await expect(page.getByRole("combobox", { name: "To" })).toBeVisible();
});

test("a vehicle that was taken meanwhile is told, and one plans again", async ({ page }) => {
  await enterAs(page, "designer", "en");
  await standAt(page, SCHOOL);
  await giveUpAll(page, "designer");
  await giveUpAll(page, "visitor");
  const before = await journeysOf(page, "designer"); // journeys under way stay
  const answered = page.waitForResponse((one) => one.url().includes("/maas/options"));
  await page.goto("/me/trips?to=stop.hapgang_south");
  const options = (await (await answered).json()) as Journey[];
  const rides = options.findIndex(({ legs }) => legs.some(({ mode }) => mode === "pm"));
  expect(rides, "the city offers a vehicle").toBeGreaterThanOrEqual(0);
  await ways(page).nth(rides).getByRole("heading", { level: 3 }).getByRole("button").click();

  const headers = await bearer(page.request, "visitor");
  const taken = await page.request.post(JOURNEYS, { headers, data: { option: options[rides] } });
  expect(taken.ok(), await taken.text()).toBe(true);
  await page.getByRole("button", { name: "Book all legs at once" }).click();
  await expect(page.getByRole("alert")).toContainText("is taken or not in service");
  expect(await journeysOf(page, "designer")).toEqual(before);
  await page.getByRole("button", { name: "Plan again" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(ways(page).first()).toBeVisible();
  await giveUpAll(page, "visitor");
});

test("a bus that does not run is told with another way, booked with one tap", async ({ page }) => {
  await enterAs(page, "visitor");
  await standAt(page, SCHOOL);
  await giveUpAll(page, "visitor");
  await page.goto(`/me/trips?to=stop.dunsan&at=${tomorrowAt("10:00")}`);
  await ways(page).first().getByRole("heading", { level: 3 }).getByRole("button").click();
  await page.getByRole("button", { name: "모두 한 번에 예약하기" }).click();
  await expect(page.getByRole("region", { name: "예약했어요" })).toBeVisible();

  const [journey] = await journeysOf(page, "visitor");
  const ride = journey?.legs.find((leg) => leg.ride)?.ride;
  const headers = await bearer(page.request, "operator");
  const tell = (cancelled: boolean) =>
    page.request.post("/api/mobility/maas/delays", {
      headers,
      data: { day: ride?.day, trip: ride?.trip, cancelled },
    });
  expect((await tell(true)).ok()).toBe(true);
  try {
    await expect(page.getByRole("heading", { name: "예약한 여정이 바뀌었어요" })).toBeVisible();
    await page.goto("/me/trips"); // told here too, not only where the journey was looked at
    const told = page.getByRole("region", { name: "예약한 여정이 바뀌었어요" });
    await expect(told).toContainText("맡아 둔 돈은 모두 돌려받았어요");
    await expectNoBarrier(page);
    await page.getByRole("button", { name: "이 길로 예약하기" }).click();
    await expect(page.getByRole("region", { name: "예약했어요" })).toBeVisible();
  } finally {
    await tell(false);
    await giveUpAll(page, "visitor");
  }
});

test("who has not signed in plans, and comes back to the same way to book it", async ({ page }) => {
  await speak(page, "ko");
  await standAt(page, SCHOOL);
  await page.goto(`/me/trips?to=stop.dunsan&at=${tomorrowAt("11:00")}`);
  await ways(page).first().getByRole("heading", { level: 3 }).getByRole("button").click();
  await page.getByRole("main").getByRole("link", { name: "로그인하고 예약하기" }).click();
  await page.getByRole("button", { name: /주부/ }).click();
  await expect(page).toHaveURL(/to=stop\.dunsan.*way=/);
  await expect(page.getByRole("button", { name: "모두 한 번에 예약하기" })).toBeVisible();
});

test("home and ways are remembered on the device; a phone shows all of it", async ({ page }) => {
  await enterAs(page, "pupil", "en");
  await standAt(page, SCHOOL);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/me/trips");
  await page.getByRole("button", { name: "Set home" }).click();
  await page.getByRole("combobox", { name: "Where is home?" }).fill("중앙공원");
  await page.getByRole("option", { name: /Central Park/ }).click();
  await expect(page.getByRole("combobox", { name: "To" })).toHaveValue("Home");
  await page.getByText(/Bus and BRT · A balance/).click();
  await page.getByText("My bicycle").click();
  await page.reload();
  await expect(page.getByText(/My bicycle · A balance/)).toBeVisible();
  await ways(page).first().getByRole("heading", { level: 3 }).getByRole("button").click();
  await expect(ways(page).first().getByRole("list", { name: "Step by step" })).toContainText(
    "Central Park",
  );
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
});

test("the vehicle of a journey is unlocked from the journey", async ({ page }) => {
  await enterAs(page, "designer");
  await giveUpAll(page, "designer");
  const headers = await bearer(page.request, "designer");
  const end = "to_lon=127.3205&to_lat=36.5215"; // some streets away: within reach of a vehicle
  const place = `from_lon=${SCHOOL[0]}&from_lat=${SCHOOL[1]}&${end}`;
  const found = await page.request.get(`/api/mobility/maas/options?${place}`, { headers });
  const options = (await found.json()) as { legs: { service: string }[] }[];
  const option = options.find(({ legs }) => legs.some(({ service }) => service));
  expect(option, "the city offers a vehicle").toBeTruthy();
  const booked = await page.request.post(JOURNEYS, { headers, data: { option } });
  const journey = (await booked.json()) as Journey;
  await page.goto(`/me/trips?journey=${encodeURIComponent(journey.id)}`);
  await page.getByRole("button", { name: "잠금 풀고 타기" }).click();
  await expect(page.getByRole("heading", { name: "가고 있어요" })).toBeVisible();
  const back = page.getByRole("link", { name: "이동수단 반납하기" });
  await expect(back).toHaveAttribute("href", "/me/sharing");
  await expectNoBarrier(page);
  const rental = await page.request.get("/api/mobility/sharing/rentals/current", { headers });
  const { id, origin } = (await rental.json()) as { id: string; origin: unknown };
  const returned = await page.request.post(`/api/mobility/sharing/rentals/${id}/return`, {
    headers,
    data: { location: origin, led_m: 500 },
  });
  expect(returned.ok(), await returned.text()).toBe(true);
});

test("a city pass is bought, and rides on it cost nothing", async ({ page }) => {
  await enterAs(page, "homemaker", "en");
  await standAt(page, [127.3135, 36.51791]);
  await page.goto("/me/trips?to=stop.dunsan");
  const pass = page.getByRole("region", { name: "City pass" });
  const buy = pass.getByRole("button", { name: "Buy for 20,000 won" });
  const left = pass.getByText("50,000 won of 50,000 won left");
  await expect(buy.or(left)).toBeVisible();
  if (await buy.isVisible()) await buy.click(); // else an earlier try of this test has
  await expect(left).toBeVisible();
  await expect(page.getByText("Free", { exact: true }).first()).toBeVisible();
  await expectNoBarrier(page);
});
