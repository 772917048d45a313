/** A desk gives a pass, and who has no phone votes with it on a device that forgets them. */
import { expect, test, type Page } from "@playwright/test";
import { enterAs, expectNoBarrier, expectNothingCutOff, speak } from "./city";
import { begin, choose } from "./votes";

const [VOTER, PAPER, HELD] = ["librarian", "designer", /^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/];

async function passFor(desk: Page, before = ""): Promise<string> {
  const form = desk.getByRole("region", { name: "투표소 이용 번호" });
  await form.getByLabel("사람의 번호").fill(VOTER);
  await form.getByRole("button", { name: "번호 만들기" }).click();
  const pass = form.locator("code").filter({ hasNotText: before || "no pass" });
  await expect(pass).toHaveText(HELD);
  return (await pass.textContent()) ?? "";
}

test("a pass of the desk is a vote at a kiosk, once", async ({ page: desk, browser }) => {
  test.slow(); // it may have to wait until another test's poll is over
  await enterAs(desk, "counter", "ko");
  const poll = await begin(desk.request);
  const hall = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const kiosk = await hall.newPage();
  const named: string[] = [];
  kiosk.on("request", (one) => named.push(one.headers()["authorization"] ?? ""));
  await kiosk.clock.install();
  await speak(kiosk, "ko");
  await kiosk.goto(`/votes/${poll}/kiosk`);
  await desk.goto(`/city/votes/${poll}`);
  const lost = await passFor(desk);
  const pass = await passFor(desk, lost);

  const typed = kiosk.getByLabel("창구에서 받은 번호");
  const start = kiosk.getByRole("button", { name: "이 번호로 시작" });
  await typed.fill(lost); // the second replaced it
  await start.click();
  await expect(kiosk.getByRole("alert")).toContainText("번호가 맞지 않거나");
  await typed.fill(pass.toLowerCase().replaceAll("-", " "));
  await start.click();
  await expect(kiosk.getByRole("button", { name: "투표 시작" })).toBeVisible();
  await kiosk.clock.fastForward(100_000); // somebody who reads for long keeps their right
  await kiosk.getByText("보관 번호 보기").click();
  await expect(kiosk.locator("code")).toHaveText(/^\w{4}( \w{4}){13}$/);
  await expect(kiosk.getByRole("button", { name: /받기/ })).toHaveCount(0);
  await expectNoBarrier(kiosk);
  await kiosk.getByRole("button", { name: "투표 시작" }).click();
  await choose(kiosk, "주말 장터", "화장실");
  await kiosk.getByRole("button", { name: "보내기" }).click();
  await expect(kiosk.getByText("투표했어요")).toBeVisible();
  await expectNothingCutOff(kiosk);
  const leaving = kiosk.getByRole("link").or(kiosk.getByRole("button", { name: /받기/ }));
  await expect(leaving).toHaveCount(0); // no file stays here, and no page of theirs for the next

  const paper = desk.getByRole("region", { name: "종이 투표 창구" });
  await paper.getByLabel("사람의 번호").fill(VOTER);
  await paper.getByRole("button", { name: /종이 주기/ }).click();
  await expect(paper.getByRole("alert")).toContainText("가명을 먼저 말소해야");
  await paper.getByLabel("사람의 번호").fill(PAPER);
  await paper.getByRole("button", { name: /종이 주기/ }).click();
  await expect(paper.getByRole("status")).toContainText("모두 1명");

  await expect(kiosk.getByText("마감, 집계 중")).toBeVisible({ timeout: 60_000 });
  await expect(kiosk.locator("code", { hasText: /^0-/ })).toBeVisible(); // the receipt is still there
  await kiosk.clock.fastForward(61_000);
  await expect(kiosk.getByText("투표했어요")).toHaveCount(0);
  expect(named.filter(Boolean)).toEqual([]);
  expect(await kiosk.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  const left = await kiosk.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  expect(left).not.toContain(pass);
  await hall.close();
});
