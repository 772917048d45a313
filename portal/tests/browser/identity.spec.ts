/** From the counter to a proof: a device, a credential in the browser, shown, revoked, refused. */
import { expect, test, type Browser, type Page } from "@playwright/test";
import { named, withAuthenticator } from "./authenticator";
import { enterAs, expectNoBarrier, expectNothingCutOff } from "./city";

const PHONE = { width: 390, height: 844 };

async function asCounter(browser: Browser, baseURL: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL })).newPage();
  await enterAs(page, "counter", "ko");
  return page;
}

/** Ask for an age, and return the address that the code on the counter's screen opens. */
async function askAge(counter: Page): Promise<string> {
  await counter.goto("/city/ask");
  await counter.getByRole("button", { name: "질문 만들기" }).click();
  await counter.getByText("글자로 보기").click();
  return (await counter.locator("code").textContent()) ?? "";
}

async function answer(phone: Page, address: string): Promise<void> {
  await phone.goto("about:blank");
  await phone.goto(address);
  await phone.getByRole("button", { name: "누가 묻는지 보기" }).click();
  await expect(phone.getByText("이것을 보여 줘요")).toBeVisible();
}

test("from the counter to a proof, and to one that is refused", async ({ browser, baseURL }) => {
  test.slow(); // several people, one after another
  const city = named(baseURL);
  const counter = await asCounter(browser, city);
  await counter.goto("/city/counter");
  const entry = counter.getByRole("region", { name: "주민 등록" });
  await entry.getByLabel("이름").fill("홍길동");
  await entry.getByLabel("생년월일").fill("1990-01-01");
  await entry.getByLabel("생활권").fill("5-1");
  await entry.getByLabel("전입일").fill("2024-03-01");
  await entry.getByRole("button", { name: "등록하기" }).click();
  const device = counter.getByRole("region", { name: "기기 등록 코드" });
  await device.getByRole("button", { name: "코드 만들기" }).click();
  await expectNoBarrier(counter);
  await device.getByText("글자로 보기").click();
  const link = (await device.locator("code").textContent()) ?? "";

  const context = await browser.newContext({ baseURL: city, viewport: PHONE });
  const phone = await withAuthenticator(context);
  await phone.goto(link);
  await expectNoBarrier(phone);
  await phone.getByRole("button", { name: "이 기기에 패스키 만들기" }).click();
  await expect(phone).toHaveURL(/\/me$/);
  await phone.getByRole("button", { name: /계정/ }).click();
  await phone.getByRole("menuitem", { name: "로그아웃" }).click();
  await phone.getByRole("button", { name: "패스키로 로그인" }).click();
  await expect(phone).toHaveURL(/\/me$/);

  await phone.goto("/me/credentials");
  await phone.getByRole("button", { name: "나이: 여기에 받기" }).click();
  const card = phone.getByRole("article", { name: "나이" });
  await expect(card.getByText("유효해요")).toBeVisible();
  await expectNoBarrier(phone);
  await expectNothingCutOff(phone);

  await counter.emulateMedia({ colorScheme: "dark" });
  await counter.goto("/city/ask");
  await expect(counter.getByRole("checkbox", { name: "만 19세 이상" })).toBeChecked();
  await expectNoBarrier(counter); // what is chosen can be read at night, too
  await answer(phone, await askAge(counter));
  await expect(phone.getByText("나이 · 만 19세 이상: 예")).toBeVisible();
  await expectNoBarrier(phone);
  await phone.getByRole("button", { name: "보여 주기", exact: true }).click();
  await expect(counter.getByText("확인: 만 19세 이상")).toBeVisible();
  await expectNoBarrier(counter);

  await phone.goto("/me/credentials");
  await card.getByRole("button", { name: "나이: 취소하기" }).click();
  await card.getByRole("button", { name: "취소하기", exact: true }).click();
  await expect(card.getByText("취소됐어요")).toBeVisible();
  await answer(phone, await askAge(counter));
  await phone.getByRole("button", { name: "보여 주기", exact: true }).click();
  await expect(phone.getByRole("alert")).toContainText("도시가 받아들이지 않았어요");
  const later = await counter.waitForResponse(/\/api\/questions\//); // asked for after the refusal
  expect(((await later.json()) as { state: string }).state).toBe("open");
  await expect(counter.getByText("답을 기다리고 있어요.")).toBeVisible();
  await context.close();
  await counter.context().close();
});

test("devices, sessions and codes are one's own to end", async ({ browser, baseURL }) => {
  test.slow(); // several people, one after another
  const context = await browser.newContext({ baseURL: named(baseURL), viewport: PHONE });
  const page = await withAuthenticator(context);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: /주부/ }).click();
  await expect(page).toHaveURL(/\/me$/);
  await page.goto("/me/security");
  await page.getByLabel("이 기기의 이름").fill("시험 전화");
  await page.getByRole("button", { name: "이 기기 추가" }).click();
  await expect(page.getByText("이 기기를 추가했어요.")).toBeVisible();
  await page.getByRole("button", { name: "새 복구 코드 만들기" }).click();
  await page.getByRole("button", { name: "새 복구 코드 만들기" }).click();
  await expect(page.getByText("지금 한 번만 보여 드려요.", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "시험 전화 지우기" }).click();
  await page.getByRole("button", { name: "지우기", exact: true }).click();
  await expect(page.getByText("시험 전화")).toBeHidden();
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
  await page.goto("/me/powers");
  await expect(page.getByRole("heading", { name: "대리", level: 1 })).toBeVisible();
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
  await context.close();
});
