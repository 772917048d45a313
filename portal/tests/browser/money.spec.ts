/** Money beyond paying at a till: a resident's, a shop's books, the office, the treasury, a report. */
import { expect, test, type Page } from "@playwright/test";
import { enterAs, enterAsStranger, expectNoBarrier, expectNothingCutOff } from "./city";
import { Clerk, dayIn, openTrial, programmes } from "./money-seed";

const PHONE = { width: 390, height: 844 };

async function look(page: Page): Promise<void> {
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
}

test("a resident's vouchers, bonus, dues and gifts, each won followed", async ({ page }) => {
  test.slow(); // several people, one after another
  const clerk = new Clerk(page.request);
  const shop = await clerk.shop("빵과 차");
  const { tag, campaign } = await programmes(clerk);
  const mine = page.getByRole("listitem").filter({ hasText: tag }).first();
  await page.setViewportSize(PHONE);
  await enterAs(page, "designer");
  await page.goto("/me/money");
  await look(page);
  await page.getByRole("link", { name: /바우처/ }).click();
  await expect(mine.getByText(/쓸 수 있는 곳: 음식점/)).toBeVisible();
  await mine.getByRole("button", { name: "이 바우처로 내기" }).click();
  await mine.getByLabel("코드의 글자").fill(await clerk.code(shop));
  await mine.getByLabel("금액 (원)").fill("4000");
  await look(page);
  await mine.getByRole("button", { name: "4,000원 내기" }).click();
  await expect(mine.getByText("빵과 차에 4,000원을 냈어요")).toBeVisible();
  await mine.getByLabel("코드의 글자").fill(await clerk.code(shop));
  await mine.getByLabel("금액 (원)").fill("5000"); // all that is left: its form goes, its word stays
  await mine.getByRole("button", { name: "5,000원 내기" }).click();
  await expect(page.getByText("빵과 차에 5,000원을 냈어요")).toBeVisible();

  await page.goto("/me/money/benefits");
  await mine.getByRole("button", { name: "혜택과 함께 충전하기" }).click();
  await mine.getByLabel("금액 (원)").fill("10000");
  await mine.getByRole("button", { name: "혜택과 함께 충전하기" }).nth(1).click();
  await expect(mine.getByText(/충전했어요. 지갑에/)).toBeVisible();
  await expect(mine.getByText(/혜택 199,000원 남음/)).toBeVisible();
  await look(page);

  await page.goto("/me/money/dues");
  await mine.getByRole("button", { name: /^내기/ }).click();
  await mine.getByRole("button", { name: /^정말 내기/ }).click();
  await expect(mine).toHaveCount(0);
  await expect(page.getByText(/^했어요: 내기 · 쓰레기 봉투 요금/)).toBeFocused();

  await page.goto("/me/money/giving");
  await mine.getByRole("button", { name: "기부하기" }).click();
  await mine.getByLabel("금액 (원)").fill("3000");
  await mine.getByRole("button", { name: "기부하기" }).nth(1).click();
  await mine.getByRole("button", { name: "정말 기부하기" }).click();
  await expect(mine.getByText("기부했어요")).toBeVisible();
  await clerk.call("operator", "POST", `/campaigns/${campaign}/uses`, {
    payee: shop,
    amount_won: 1_000,
    what_for: "묘목",
    transfer: "1",
  });
  await mine.getByRole("button", { name: "준 돈의 길" }).click();
  await expect(mine.getByText("1,000원 → 묘목 (빵과 차)")).toBeVisible();
  await expect(mine.getByText("2,000원 → 아직 모금함에")).toBeVisible();
  await expect(mine.getByText("나", { exact: true })).toBeVisible();
  await look(page);
});

test("a phone that is gone stops the account; money is asked for and shared", async ({ page }) => {
  await new Clerk(page.request).call("designer", "GET", "/me/account");
  await page.setViewportSize(PHONE);
  await enterAsStranger(page, "en");
  await page.goto("/me/money/people");
  await page.getByLabel("Account of whom you ask").fill("Person:designer");
  await page.getByLabel("Amount in won").nth(1).fill("500");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(page.getByText("Asked of Person:designer")).toBeVisible();
  await look(page);
  await page.getByRole("button", { name: /^Withdraw/ }).click();
  await expect(page.getByText("You wait for nobody")).toBeVisible();
  await page.goto("/me/money/standing");
  await page.getByLabel("Account of who gets it").fill("Person:designer");
  await page.getByLabel("Amount in won").fill("300");
  await page.getByLabel("First on").fill(dayIn(2));
  await page.getByRole("button", { name: "Make" }).click();
  await page.getByRole("button", { name: /^Pause/ }).click();
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  await look(page);
  await page.goto("/me/money/safety");
  await look(page);
  await page.getByRole("button", { name: "Stop all payments" }).click();
  await page.getByRole("button", { name: /^Really/ }).click();
  await expect(page.getByRole("heading", { name: "Payments are stopped" })).toBeVisible();
});

test("a shop's books: takings of the day, several refunds of one payment, cash-out", async ({
  page,
}) => {
  const clerk = new Clerk(page.request);
  const shop = await clerk.shop("국수집");
  await clerk.pay("librarian", shop, 10_000);
  await page.setViewportSize(PHONE);
  await enterAs(page, "homemaker");
  await page.goto(`/me/shops/${encodeURIComponent(shop)}/books`);
  const fees = page.getByRole("region", { name: "카드로 냈다면" });
  await expect(fees.getByRole("row", { name: /가게가 내는 수수료/ })).toContainText("250원");
  for (const part of ["3000", "2000"]) {
    await page.getByRole("button", { name: "돌려주기" }).first().click();
    const back = page.getByRole("form", { name: "돌려주기" });
    await back.getByLabel("금액 (원)").fill(part);
    await back.getByRole("button", { name: "돌려주기" }).click();
    await back.getByRole("button", { name: "정말 돌려주기" }).click();
    await expect(page.getByText(`${part === "3000" ? "3,000" : "5,000"}원 돌려줌`)).toBeVisible();
    await page.getByRole("button", { name: "돌려주기" }).first().click(); // put the form away
  }
  await expect(page.getByText("돌려준 돈 (2건)")).toBeVisible();
  const cash = page.getByRole("form", { name: "은행 계좌로 환전" });
  await cash.getByLabel("금액 (원)").fill("4000");
  await cash.getByLabel("예금주").fill("국수집");
  await cash.getByLabel("은행 (BIC)").fill("koexkrse");
  await cash.getByLabel("은행 계좌 번호").fill("123-456-789");
  await cash.getByRole("button", { name: "환전하기" }).click();
  await cash.getByRole("button", { name: "정말 환전하기" }).click();
  await expect(page.getByText("은행을 기다리는 환전")).toBeVisible();
  await look(page);
});

test("the office admits a shop, freezes with two approvals, and makes a bank's file", async ({
  page,
}) => {
  test.slow(); // several people, one after another
  const clerk = new Clerk(page.request);
  const tag = Date.now().toString(36);
  const paying = await clerk.shop(`문방구 ${tag}`);
  const waiting = `새 가게 ${tag}`;
  await clerk.shop(waiting, true);
  await clerk.pay("librarian", paying, 700);
  await clerk.call("homemaker", "POST", `/shops/${paying}/cash-outs`, {
    amount_won: 700,
    name: "문방구",
    bank: "KOEXKRSE",
    bank_account: "123-456-789",
  });
  await clerk.call("counter", "POST", "/account-orders", {
    person: paying,
    kind: "freeze",
    reason: "압류",
    case: "2026카단1",
    until: new Date(Date.now() + 9 * 86_400_000).toISOString(),
  });
  await enterAs(page, "operator");
  await page.goto("/city/money");
  await page.getByRole("button", { name: `지역 가게로 받기: ${waiting}` }).click();
  await expect(page.getByRole("button", { name: waiting })).toHaveCount(0);
  await look(page);
  await page.getByRole("link", { name: "계좌 조치" }).click();
  const order = page.getByRole("listitem").filter({ hasText: `문방구 ${tag}` });
  await expect(order.getByText(/승인 0\/2/)).toBeVisible();
  await order.getByRole("button", { name: /^승인하기/ }).click();
  await order.getByRole("button", { name: /^정말 승인하기/ }).click();
  await expect(order.getByText(/승인 1\/2: Staff:operator/)).toBeVisible();
  await look(page);
  await page.getByRole("link", { name: "은행" }).click();
  await page.getByLabel("지급할 날").fill(dayIn(2));
  await page.getByLabel("지급하는 예금주").fill("Sejong");
  await page.getByLabel("은행 (BIC)").fill("NACFKRSE");
  await page.getByLabel("은행 계좌 번호").fill("301-0001");
  await page.getByRole("button", { name: "파일 만들기" }).click();
  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: "pain.001 내려받기" }).first().click();
  expect((await file).suggestedFilename()).toMatch(/^pain\.001-.*\.xml$/);
  await look(page);
  await page.getByRole("link", { name: "바우처" }).click(); // the form with all kinds of fields
  await expect(page.getByRole("form", { name: "만들기" })).toBeVisible();
  await look(page);
  await page.goto("/city/treasury");
  await expect(page.getByText("모두 맞아요")).toBeVisible();
  await look(page);
});

test("a trial's report: lots with proof, outcomes with uncertainty, limits", async ({ page }) => {
  test.slow(); // until the log is signed
  const clerk = new Clerk(page.request);
  const trial = await openTrial(clerk);
  for (const who of ["pupil", "librarian"] as const) {
    await clerk.call(who, "POST", `/experiments/${trial}/join`);
  }
  await clerk.call("operator", "POST", `/experiments/${trial}/list`, {
    seed_source: "12월 5일 복권",
    draws_on: dayIn(3),
  });
  const both = { treated: 41_000, control: 33_000, difference: 8_000, low: 1_500, high: 14_500 };
  const share = { treated: 0.61, control: 0.58, difference: 0.03, low: -0.02, high: 0.08 };
  const whole = { treated: 60, control: 58, treated_left: 0, control_left: null };
  const small = { treated: null, control: null, treated_left: null, control_left: null };
  await page.route("**/api/experiments/*/report", (route) =>
    route.fulfill({
      json: {
        experiment: {},
        months: 2,
        groups: [
          { stratum: "", ...whole, spent_won: both, local_share: share },
          { stratum: "70+", ...small, spent_won: null, local_share: null },
        ],
      },
    }),
  ); // a month has to pass before there is one
  await page.setViewportSize(PHONE);
  await enterAs(page, "pupil", "en");
  await page.goto(`/city/experiments/${encodeURIComponent(trial)}`);
  await expect(page.getByText("Zero lies outside")).toBeVisible();
  await expect(page.getByText("may well be chance")).toBeVisible();
  await expect(page.getByText("fewer than 5: not told").first()).toBeVisible();
  await expect(page.getByText("Money spent outside the currency.")).toBeVisible();
  await look(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await expect(page.getByRole("heading", { name: "What it does not show" })).toBeVisible();
  await page.emulateMedia({ media: "screen" });
  await page.goto("/city/ledger");
  await page.getByLabel("What", { exact: true }).selectOption("experiment");
  await page.getByLabel("Number", { exact: true }).fill(`${trial}/list`);
  await page.getByRole("button", { name: "Find", exact: true }).click();
  const found = page.getByRole("region", { name: "What was found" });
  await expect(found.getByText("Proved", { exact: true })).toBeVisible({ timeout: 90_000 });
});
