import { expect, test, type Page } from "@playwright/test";
import { enterAs, expectNoBarrier, expectNothingCutOff } from "./city";

const PAGE = "/city/services/mobility.maas";
const STATEMENTS = "**/api/mobility/maas/statements";

const statement = (number: number, paid_by: string | null) => ({
  id: `urn:ngsi-ld:MobilityStatement:2026-10-${String(number)}-sctc`,
  party: "urn:ngsi-ld:TransitAgency:sctc",
  month: "2026-10",
  number,
  earnings: [],
  legs: 12,
  gross_won: 16_800,
  refunds_won: 1_400,
  fee_won: 0,
  carried_won: 0,
  due_won: 15_400,
  made_at: `2026-11-01T00:00:${String(number).padStart(2, "0")}Z`,
  paid_by,
});

/** The city's books are not the test's to fill: a page of statements is answered here. */
async function answerStatements(page: Page): Promise<string[]> {
  const paid: string[] = [];
  await page.route(STATEMENTS, (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ json: [] })
      : route.fulfill({
          json: Array.from({ length: 12 }, (_, number) =>
            statement(number, number === 11 ? (paid[0] ?? null) : "urn:ngsi-ld:Transfer:x"),
          ),
        }),
  );
  await page.route(`${STATEMENTS}/*/pay`, (route) => {
    const { transfer } = route.request().postDataJSON() as { transfer: string };
    paid.push(`urn:ngsi-ld:Transfer:settlement-${transfer}`);
    return route.fulfill({ json: statement(11, paid[0] ?? null) });
  });
  return paid;
}

test("an operator outside is invited, told what is missing, and suspended", async ({ page }) => {
  await enterAs(page, "operator");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(PAGE);
  await page.getByRole("button", { name: "사업자 부르기" }).click();
  await page.getByRole("button", { name: "저장하기" }).click();
  await expect(page.getByText("https://로 시작하는 주소를")).toBeVisible();
  const name = `t${Date.now().toString(36)}`;
  await page.getByLabel("이름 (영문 소문자, 숫자, -)").fill(name);
  await page.getByLabel("TOMP-API 주소").fill("https://shuttle.example/tomp");
  await page.getByLabel("보이는 이름 (한국어)").fill(`시험 ${name}`);
  await page.getByLabel("보이는 이름 (영어)").fill(`Test ${name}`);
  await page.getByRole("checkbox", { name: "셔틀" }).check();
  await expectNoBarrier(page);
  await page.getByRole("button", { name: "저장하기" }).click();
  await expect(page.getByRole("status").filter({ hasText: "operators.toml" })).toContainText(name);
  const card = page.getByRole("article", { name: `시험 ${name}` });
  await expect(card).toContainText("이 이름과 주소를 똑같이 적어 주세요");
  await expectNothingCutOff(page);
  await card.getByRole("button", { name: "멈추기" }).click();
  await expect(card.getByRole("button", { name: "다시 시작" })).toBeVisible();
  await expect(card.getByRole("heading")).toContainText("멈춤");
});

test("what is owed is settled, paid once, and taken home as a table", async ({ page }) => {
  await enterAs(page, "operator", "en");
  const paid = await answerStatements(page);
  await page.goto(PAGE);
  await page.getByRole("button", { name: "Settle now" }).click();
  await expect(page.getByText("Nothing to settle")).toBeVisible();
  const list = page.getByRole("list", { name: "Statements" });
  await expect(list.getByRole("article")).toHaveCount(10);
  await page.getByRole("button", { name: "Next" }).click();
  await expect(list.getByRole("article")).toHaveCount(2);
  await page.getByRole("checkbox", { name: "To be paid only" }).check();
  const open = list.getByRole("article", { name: "Public transport sctc 2026-10 11" });
  await expect(open).toContainText("15,400 won");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const text = await (await saved).createReadStream();
  const rows = Buffer.concat((await text.toArray()) as Buffer[])
    .toString("utf8")
    .split("\r\n");
  expect(rows[0]).toContain("Net (won)");
  expect(rows[1]).toContain(
    "2026-10-11-sctc,Public transport sctc,2026-10,12,16800,1400,0,0,15400,",
  );
  await open.getByRole("button", { name: "Pay", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Pay 15,400 won to Public transport sctc?");
  await expectNoBarrier(page);
  await dialog.getByRole("button", { name: "Pay", exact: true }).click();
  await expect(page.getByText("Nothing here is left to pay.")).toBeVisible();
  expect(paid).toEqual(["urn:ngsi-ld:Transfer:settlement-2026-10-11-sctc"]);
});

test("a booking in dispute is told with its reason, and closed", async ({ page }) => {
  await enterAs(page, "operator");
  await page.setViewportSize({ width: 390, height: 844 });
  const order = {
    id: "urn:ngsi-ld:MobilityOrder:7",
    operator: "urn:ngsi-ld:MobilityOperator:bikes",
    ride: "urn:ngsi-ld:MobilityOutsideRide:7",
    state: "disputed",
    next_at: "2026-11-01T00:00:00Z",
    until: "2026-11-01T00:00:00Z",
    theirs: "bk-7",
    leg: "bk-7-leg",
    made_at: null,
    unsure: false,
    said_no: false,
    tries: 0,
    price_won: null,
    reason: "it is CANCELLED there and ridden here",
  };
  let open = [order, { ...order, id: "urn:ngsi-ld:MobilityOrder:8", state: "in_use" }];
  await page.route("**/api/mobility/maas/orders", (route) => route.fulfill({ json: open }));
  await page.route("**/api/mobility/maas/orders/*", (route) => {
    expect(route.request().method()).toBe("DELETE");
    open = open.slice(1);
    return route.fulfill({ json: null });
  });
  await page.goto(PAGE);
  const disputes = page.getByRole("region", { name: "맞지 않는 예약" });
  await expect(disputes).toContainText("it is CANCELLED there and ridden here");
  await expect(page.getByText("묻고 있거나 타고 있는 예약 1건")).toBeVisible();
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
  await page.screenshot({ path: "test-results/pages/disputes.png", fullPage: true });
  await disputes.getByRole("button", { name: "확인했어요, 닫기" }).click();
  await expect(disputes).toHaveCount(0);
});

test("nobody else sees what operators are owed", async ({ page }) => {
  await enterAs(page, "designer");
  await page.goto(PAGE);
  await expect(page.getByText("운영자의 화면이에요")).toBeVisible();
});
