/** Proofs in the browser: a line of the statement, a file, the log itself; and when they are false. */
import { readFile } from "node:fs/promises";
import { expect, test, type Page } from "@playwright/test";
import { enterAsStranger, expectNoBarrier, expectNothingCutOff, speak } from "./city";

const PHONE = { width: 390, height: 844 };
const SIGNED = { timeout: 45_000 }; // a checkpoint is made each minute, or when somebody asks

test("a line is proved, kept as a file, and checked by anybody without the city", async ({
  page,
  context,
  browser,
}) => {
  await page.setViewportSize(PHONE);
  await enterAsStranger(page, "ko");
  await page.goto("/me/wallet");
  await page.getByRole("button", { name: /^증명 보기: 도시가 준 환영금/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("증명되었어요", { exact: true })).toBeVisible(SIGNED);
  await expect(dialog).toContainText("20,000원");
  await expect(dialog).toContainText("적힌 내용이 사실이라는 것");
  await expectNoBarrier(page);
  const saved = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "증명서 저장" }).click();
  const receipt = await readFile(await (await saved).path(), "utf8");
  const key = await (await page.request.get("/api/log/key")).text();
  await context.close();

  const elsewhere = await browser.newContext();
  const stranger = await elsewhere.newPage();
  await speak(stranger, "en");
  await stranger.goto("/verify");
  await stranger.getByLabel("Verification key").fill(key);
  await elsewhere.setOffline(true);
  await stranger
    .locator("input[type=file]")
    .setInputFiles({ name: "r.json", mimeType: "application/json", buffer: Buffer.from(receipt) });
  await expect(stranger.getByText("Proved", { exact: true })).toBeVisible();
  const pasted = stranger.getByLabel("Or paste what it says");
  await pasted.fill(receipt.replace("20000", "90000"));
  await expect(stranger.getByRole("alert")).toContainText("Not proved");
  await pasted.fill(receipt);
  await stranger.getByLabel("Verification key").fill("");
  await expect(stranger.getByText("Only partly checked")).toBeVisible();
  await expectNoBarrier(stranger);
  await elsewhere.close();
});

test("a file is certified by its fingerprint, and found by whoever has it", async ({ page }) => {
  await page.setViewportSize(PHONE);
  await enterAsStranger(page, "ko");
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  const content = `계약 ${Date.now()}`;
  await page.goto("/me/documents");
  await choose(page, content);
  await page.getByRole("button", { name: "공증하기" }).click();
  await page.getByRole("button", { name: /^증명 보기: contract.txt/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("증명되었어요", { exact: true })).toBeVisible(SIGNED);
  expect(sent.join()).not.toContain("계약");
  await page.goto("/verify/file");
  await choose(page, content);
  await expect(page.getByText("이 파일은 공증되었어요")).toBeVisible();
  await expectNoBarrier(page);
  await choose(page, `${content}.`);
  await expect(page.getByText("공증된 적이 없는 파일이에요")).toBeVisible();
  await expectNothingCutOff(page);
});

function choose(page: Page, content: string): Promise<void> {
  const buffer = Buffer.from(content);
  return page
    .locator("input[type=file]")
    .setInputFiles({ name: "contract.txt", mimeType: "text/plain", buffer });
}

test("what was seen of the log has to be the beginning of today's", async ({ page }) => {
  await enterAsStranger(page, "en");
  await page.goto("/city/ledger");
  await expect(page.getByText(/Seen for the first time/)).toBeVisible(SIGNED);
  await expectNoBarrier(page);
  const note = await page.getByText(/^hapgang\/\S+\s+\d+\s/).textContent();
  await page.getByRole("button", { name: "Check again" }).click();
  await expect(page.getByText(/It is all there|Unchanged/)).toBeVisible();
  await page.getByLabel(/Paste a checkpoint/).fill(note ?? "");
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByText(/The same log/)).toBeVisible();

  await page.route("**/api/log/checkpoint", (route) =>
    route.fulfill({ contentType: "text/plain", body: shorter(note ?? "") }),
  );
  await page.getByRole("button", { name: "Check again" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The log does not hold");
  await expect(page.getByRole("button", { name: "Save the evidence" })).toBeVisible();
  await expectNoBarrier(page);
});

/** The same signature under a log of one fact. */
const shorter = (note: string) => `${note.trim()}\n`.replace(/^(\S+\n)\d+/, "$11");
