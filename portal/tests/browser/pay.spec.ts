/** Paying at a shop: the payer reads its bill, and its till reads the code that the payer shows. */
import { expect, test, type APIRequestContext } from "@playwright/test";
import {
  enterAs,
  enterAsStranger,
  expectNoBarrier,
  expectNothingCutOff,
  signInByApi,
} from "./city";

const PHONE = { width: 390, height: 844 };

/** A shop of the homemaker's, let in by the city. */
async function openShop(request: APIRequestContext, name: string): Promise<string> {
  const headersOf = async (who: "homemaker" | "operator") => ({
    Authorization: `Bearer ${(await signInByApi(request, who)).token}`,
  });
  const headers = await headersOf("homemaker");
  const asked = await request.post("/api/shops", { headers, data: { name, business: "56" } });
  expect(asked.ok(), await asked.text()).toBe(true);
  const { id } = (await asked.json()) as { id: string };
  const data = { is_local: true };
  const admitted = await request.post(`/api/shops/${id}/admit`, {
    headers: await headersOf("operator"),
    data,
  });
  expect(admitted.ok(), await admitted.text()).toBe(true);
  return id;
}

test("a bill is paid, and a payer's code is taken and given back", async ({ page, browser }) => {
  const shop = await openShop(page.request, "Noodles");
  await page.setViewportSize(PHONE);
  await enterAs(page, "homemaker", "ko");
  await page.goto(`/me/shops/${encodeURIComponent(shop)}`);
  const bill = page.getByRole("region", { name: "계산서 보여 주기" });
  await bill.getByLabel("금액 (원)").fill("9500");
  await bill.getByRole("button", { name: "계산서 만들기" }).click();
  await expect(bill.getByRole("timer")).toContainText("14:");
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
  const asText = async (of: typeof page | typeof bill) => {
    await of.getByText("글자로 보기").first().click();
    return (await of.locator("code").first().textContent()) ?? "";
  };
  const payload = await asText(bill);

  const elsewhere = await browser.newContext({ viewport: PHONE });
  const payer = await elsewhere.newPage();
  await enterAsStranger(payer, "ko");
  await payer.goto("/me/pay");
  await payer.getByLabel("코드의 글자").fill(payload);
  await payer.getByRole("button", { name: "누구에게 내는지 보기" }).click();
  await expect(payer.getByText("Noodles에 내요")).toBeVisible();
  await payer.getByRole("button", { name: "9,500원 내기" }).click();
  await expect(payer.getByRole("status").getByText(/Noodles에 9,500원/)).toBeVisible();
  await expect(bill.getByText("손님이 9,500원을 냈어요")).toBeVisible(); // without asking anew
  await expect(bill.getByRole("timer")).toHaveCount(0);
  await expectNoBarrier(payer);
  await payer.getByText("내 코드 보이기").click();
  await payer.getByRole("button", { name: "코드 만들기" }).click();
  await expect(payer.getByRole("timer")).toBeVisible();
  await expectNoBarrier(payer);
  const mine = await asText(payer);

  const take = page.getByRole("region", { name: "손님의 코드로 받기" });
  await take.getByLabel("금액 (원)").fill("4200");
  await take.getByLabel("코드의 글자").fill(mine);
  await take.getByRole("button", { name: "4,200원 받기" }).click();
  await expect(payer.getByText("Noodles에 4,200원을 냈어요")).toBeVisible(); // whose code it was
  const taken = page.getByRole("region", { name: "방금 받은 돈" });
  const newest = taken.getByRole("listitem").filter({ hasText: "4,200원" });
  await newest.getByRole("button", { name: "돌려주기" }).click();
  const back = newest.getByRole("form", { name: "돌려주기" });
  await back.getByRole("button", { name: "돌려주기" }).click();
  await back.getByRole("button", { name: "정말 돌려주기" }).click();
  await expect(newest.getByText("모두 돌려주었어요")).toBeVisible();
  await take.getByLabel("금액 (원)").fill("4200"); // the next one pays another amount
  await take.getByLabel("코드의 글자").fill(mine);
  await take.getByRole("button", { name: "4,200원 받기" }).click();
  await expect(page.getByRole("alert")).toContainText("이미 사용한 코드");
  await elsewhere.close();
});
