/** A vote in a demonstration: cast, changed, checked without sign-in, counted again by others. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { enterAs, expectNoBarrier, expectNothingCutOff } from "./city";
import { begin, choose } from "./votes";

const PHONE = { width: 390, height: 844 };

test("a vote is cast, changed, checked and counted", async ({ page, browser }) => {
  test.slow(); // several people, one after another
  const poll = await begin(page.request);
  await page.setViewportSize(PHONE);
  await enterAs(page, "homemaker", "ko");
  await page.goto("/votes"); // while the trustees make the key
  await expect(page.getByRole("link", { name: "시연: 강변 광장" }).first()).toBeVisible();
  await expectNoBarrier(page);
  await page.goto(`/me/votes/${poll}`);
  const second = await page.context().newPage();
  await second.goto(`/me/votes/${poll}`);
  await expect(second.getByRole("button", { name: "이 기기로 투표권 받기" })).toBeVisible();
  await page.getByRole("button", { name: "이 기기로 투표권 받기" }).click();
  await page.getByRole("button", { name: "투표 시작" }).click();
  await choose(page, "주말 장터", "화장실");
  await page.getByRole("button", { name: "보내기" }).click();
  await expect(page.getByText("투표했어요")).toBeVisible();
  await second.getByRole("button", { name: "이 기기로 투표권 받기" }).click(); // as it still shows
  await expect(second.getByText("투표했어요")).toBeVisible(); // and the receipt is not lost
  await second.close();
  await page.getByRole("button", { name: "마음 바꾸기" }).click();
  await choose(page, "나무가 있는 공원", "그늘");
  await page.getByRole("button", { name: "보내기" }).click();
  await expect(page.getByText(/게시판 1번이에요/)).toBeVisible();
  const code = (await page.locator("code", { hasText: /^1-/ }).textContent()) ?? "";

  await expectNoBarrier(page);
  await expectNothingCutOff(page);

  const elsewhere = await browser.newContext({ viewport: PHONE });
  const anybody = await elsewhere.newPage();
  const asked: (string | undefined)[] = [];
  anybody.on("request", (request) => asked.push(request.headers()["authorization"]));
  await anybody.goto(`/votes/${poll}/check`);
  await anybody.getByRole("textbox").fill(code);
  await anybody.getByRole("button", { name: "확인하기" }).click();
  await expect(anybody.getByText(/이 가명의 마지막 투표여서/)).toBeVisible();
  await expectNoBarrier(anybody);
  expect(asked.filter(Boolean)).toEqual([]);

  await page.goto(`/votes/${poll}`);
  await expect(page.getByRole("table").first()).toBeVisible({ timeout: 70_000 });
  await expect(page.getByRole("row", { name: /나무가 있는 공원 1/ })).toBeVisible();
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
  const told = await page.request.get(`/api/polls/${poll}/export`);
  const file = test.info().outputPath("export.json");
  writeFileSync(file, await told.body());
  const saved: Promise<void>[] = [];
  page.on("download", (one) =>
    saved.push(one.saveAs(test.info().outputPath(one.suggestedFilename()))),
  );
  await page.getByRole("button", { name: /ballots.mjs 받기/ }).click();
  await expect.poll(() => saved.length).toBe(3); // the program and what it needs, and nothing else
  await Promise.all(saved);
  const program = test.info().outputPath("ballots.mjs");
  expect(execFileSync("node", [program, file], { encoding: "utf8" })).toContain("right · 맞습니다");
  await elsewhere.close();
});

test("an agency writes a poll, and a shared device has a booth", async ({ page, browser }) => {
  test.slow(); // several people, one after another
  await page.setViewportSize(PHONE);
  await enterAs(page, "counter", "en");
  await page.goto("/city/votes/new");
  await page.getByRole("button", { name: "Add a question" }).click();
  await page.getByLabel("How it is answered").last().selectOption("budget");
  await expect(page.getByLabel("Cost of option 2")).toBeVisible();
  await page.getByLabel("Paste a card").fill("{}");
  await page.getByRole("button", { name: "Add the card" }).click();
  await expect(page.getByText(/This is no card/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Start preparing" })).toBeDisabled();
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
  const shared = await browser.newContext({ viewport: PHONE });
  const kiosk = await shared.newPage();
  await kiosk.goto("/votes/trial-none/kiosk");
  await expect(kiosk.getByRole("alert")).toBeVisible(); // there is no such poll
  await expectNoBarrier(kiosk);
  await shared.close();
});
