/** Money from another city and to it, with a city beside ours that was not written by us. */
import { readFile } from "node:fs/promises";
import { expect, test, type Page } from "@playwright/test";
import { enterAs, expectNoBarrier, expectNothingCutOff } from "./city";
import { Clerk, inDays } from "./money-seed";
import { OtherCity } from "./other-city";

const PHONE = { width: 390, height: 844 };
const SIGNED = { timeout: 45_000 };

interface Agreement {
  id: string;
  note: string;
}

/** Have both cities sign; return the agreement, and what our own log is called. */
async function agreed(clerk: Clerk, other: OtherCity): Promise<{ id: string; own: string }> {
  const city = await clerk.call<{ id: string }>("counter", "POST", "/recognised-cities", {
    title_en: "The city beside",
    title_ko: "옆 도시",
    origin: other.origin,
    keys: [other.key],
    checkpoint: other.beginning,
  });
  await clerk.call("operator", "POST", `/recognised-cities/${city.id}/approve`, {
    keys: [other.key],
  });
  const asked = await clerk.call<Agreement>("counter", "POST", "/currency-agreements", {
    city_name: city.id,
    day_won: 100_000,
    outstanding_won: 1_000_000,
    until: inDays(100),
  });
  const path = `/currency-agreements/${asked.id}`;
  const { note } = await clerk.call<Agreement>("operator", "POST", `${path}/approve`, {});
  const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
  const both = `${text}\n${other.line(text)}`;
  await clerk.call("counter", "POST", `${path}/signature`, { note: both });
  const terms = JSON.parse(text.split("\n")[1] ?? "") as { between: string[] };
  return { id: asked.id, own: terms.between.find((one) => one !== other.origin) ?? "" };
}

async function show(page: Page, file: object): Promise<void> {
  await page
    .getByRole("region", { name: "가져오기" })
    .locator("input[type=file]")
    .setInputFiles({
      name: "money-abroad.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify(file)),
    });
}

test("money comes from another city, once, and goes there", async ({ page }) => {
  const clerk = new Clerk(page.request);
  const other = new OtherCity();
  await page.setViewportSize(PHONE);
  await enterAs(page, "designer", "ko");
  const { id, own } = await agreed(clerk, other);
  await page.goto("/me/wallet");
  await page.getByRole("link", { name: /다른 도시에서 쓰기/ }).click();
  const bring = page.getByRole("region", { name: "가져오기" });
  await bring.getByRole("button", { name: "코드 만들기" }).click();
  const code = (await bring.locator("code").textContent()) ?? "";
  const file = other.slip(own, id, code, 12_000);
  await show(page, { receipt: { fact: {} } });
  await expect(bring.getByRole("alert")).toContainText("증명 파일이 아니에요");
  await show(page, file);
  await expect(bring.getByText("12,000원이 지갑에 들어왔어요.")).toBeVisible();
  await show(page, file);
  await expect(bring.getByText("이 증명의 12,000원은 전에 이미 받았어요.")).toBeVisible();
  await expectNoBarrier(page);
  await expectNothingCutOff(page);

  const take = page.getByRole("region", { name: "가져가기" });
  await take.getByRole("combobox", { name: "도시" }).click();
  await page.getByRole("option", { name: "옆 도시" }).last().click();
  await take.getByLabel("금액").fill("3000");
  await take.getByLabel("그 도시에서 만든 코드").fill("ab".repeat(16));
  await take.getByRole("button", { name: "3,000원 가져가기" }).click();
  await expect(take.getByText("3,000원을 냈어요", { exact: false })).toBeVisible();
  const mine = page.getByRole("region", { name: "가져간 돈" });
  const saved = page.waitForEvent("download", SIGNED);
  await mine.getByRole("button", { name: "3,000원의 증명 파일 저장" }).first().click();
  const taken = await readFile(await (await saved).path(), "utf8");
  expect(taken).toContain('"amount_won":3000');
  expect(taken).not.toContain("designer");
  await expectNoBarrier(page);

  await page.goto("/city/ledger");
  const cities = page.getByRole("region", { name: "인정한 도시" });
  await expect(cities).toContainText(other.origin);
  await expect(page.getByRole("region", { name: "바깥 증인" })).toBeVisible();
  await expectNothingCutOff(page);
});
