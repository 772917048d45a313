import { expect, test } from "@playwright/test";
import { enterAs, speak } from "./city";

test("a resident signs in by keyboard and signs out again", async ({ page }) => {
  await speak(page, "ko");
  await page.goto("/me/wallet");
  await page.getByRole("main").getByRole("link", { name: "로그인" }).press("Enter");
  await page.getByRole("button", { name: /디자이너/ }).press("Enter");
  await expect(page).toHaveURL(/\/me\/wallet$/); // back to where one wanted to go
  await expect(page.getByRole("heading", { name: "지갑", level: 1 })).toBeVisible();

  await page.getByRole("button", { name: /계정/ }).click();
  await page.getByRole("menuitem", { name: "로그아웃" }).click();
  await expect(page.getByRole("heading", { name: "누구로 시작할까요?" })).toBeVisible();
});

test("each role comes to its own face", async ({ page }) => {
  await speak(page, "en");
  await page.goto("/sign-in");
  await page.getByRole("button", { name: /planner/i }).click();
  await expect(page).toHaveURL(/\/city$/);
  await page.goto("/me/wallet");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/residents and visitors/);
});

test("language and appearance are chosen and remembered", async ({ page }) => {
  await enterAs(page, "designer", "ko");
  await page.goto("/me/settings");
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await page.getByRole("main").getByText("English").click();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByRole("main").getByText("Dark", { exact: true }).click();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
});

test("the first stop of the keyboard skips to the content", async ({ page }) => {
  await speak(page, "ko");
  await page.goto("/city/services");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "본문으로 건너뛰기" });
  await expect(skip).toBeFocused();
  await skip.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});
