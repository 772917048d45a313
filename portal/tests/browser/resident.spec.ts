/** The resident's side: without an account, with large text, for newcomers, and what matters now. */
import { expect, test } from "@playwright/test";
import {
  enterAs,
  enterAsStranger,
  expectNoBarrier,
  expectNothingCutOff,
  speak,
  standAt,
} from "./city";

const CENTRE = [127.3135, 36.51791] as const;
const PHONE = { width: 390, height: 844 };

test("without an account one looks, and goes on as a visitor to rent", async ({ page }) => {
  await page.setViewportSize(PHONE);
  await speak(page, "ko");
  await standAt(page, CENTRE);
  await page.goto("/");
  await expect(page).toHaveURL(/\/me$/); // the phone's face
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("합강에 오신 걸 환영해요");
  await expectNoBarrier(page);
  await page.getByRole("link", { name: /가까운 이동수단/ }).click();
  const vehicle = page.getByRole("listitem").filter({ hasText: "지붕이 있는" }).first();
  await expect(vehicle).toContainText(/[\d,]+원/);
  await vehicle.getByRole("button", { name: /^이걸로 할게요/ }).click();
  await expect(page.getByText("누가 타고 누가 내는지")).toBeVisible();
  await expectNoBarrier(page);
  await page.getByRole("link", { name: "로그인하고 빌리기" }).click();
  await page.getByRole("button", { name: "방문객으로 계속하기" }).click();
  await expect(page.getByRole("button", { name: "빌리고 출발하기" })).toBeVisible();

  await page.goto("/me/settings");
  await page.getByRole("button", { name: "방문 끝내기" }).click();
  await page.getByRole("button", { name: "정말 끝낼게요" }).click();
  await expect(page.getByRole("heading", { name: "누구로 시작할까요?" })).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem("hapgang.session"))).toBeNull();
});

test("a newcomer is shown round by keyboard, once, and again when they ask", async ({ page }) => {
  await speak(page, "en");
  await page.addInitScript(() => {
    if (!sessionStorage.getItem("begun")) localStorage.removeItem("hapgang.tour");
    sessionStorage.setItem("begun", "yes");
  });
  await page.goto("/city/services");
  const tour = page.getByRole("complementary", { name: "Tour" });
  await tour.getByRole("button", { name: "Show me" }).press("Enter");
  for (const title of ["Map", "KPIs", "Services", "Runs", "City and me"]) {
    await expect(tour.getByRole("heading", { name: title })).toBeFocused();
    if (title === "KPIs") await expectNoBarrier(page);
    await tour.getByRole("button", { name: /Next|Done/ }).press("Enter");
  }
  await expect(tour).toBeHidden();
  await page.getByRole("button", { name: "Help" }).click();
  await page.getByRole("menuitem", { name: "Show the tour again" }).click();
  await expect(tour.getByRole("heading", { name: "Map" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(tour).toBeHidden();
});

test("large text fits a phone, and stays", async ({ page }) => {
  await page.setViewportSize(PHONE);
  await enterAs(page, "librarian", "ko");
  await standAt(page, CENTRE);
  await page.goto("/me/settings");
  await page.getByText("아주 크게").click();
  for (const path of ["/me/settings", "/me", "/me/wallet", "/me/trips", "/me/sharing"]) {
    await page.goto(path);
    await expect(page.locator("html")).toHaveCSS("font-size", "24px");
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await expectNothingCutOff(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, path).toBeLessThanOrEqual(PHONE.width);
  }
});

test("how one walks is said once, and plans know it", async ({ page }) => {
  const token = await enterAsStranger(page, "en");
  await page.goto("/me/settings");
  await page.getByText("Wheelchair", { exact: true }).click();
  await expect(page.getByText("Changed. Your next plan follows it.")).toBeVisible();
  const headers = { Authorization: `Bearer ${token}` };
  const me = (await (await page.request.get("/api/me/person", { headers })).json()) as unknown;
  expect(me).toMatchObject({ walking: "wheelchair", licence: false });
  await page.getByText("Well", { exact: true }).click();
  await expect(page.getByRole("radio", { name: "Well", exact: true })).toBeChecked();
});

test("home shows rain and short money, and else nothing", async ({ page }) => {
  await enterAsStranger(page, "ko");
  await page.goto("/me");
  await expect(page.getByText("지금 챙길 일은 없어요.")).toBeVisible();
  const at = new Date(Date.now() + 3_600_000).toISOString();
  await page.route("**/api/weather", (route) =>
    route.fulfill({ json: { now: null, soon: { at, rain_mm_h: 2, snow_mm_h: 0 } } }),
  );
  await page.route("**/api/me/wallet", async (route) => {
    const wallet = (await (await route.fetch()).json()) as object;
    await route.fulfill({ json: { ...wallet, balance_won: 2_500, held_won: 1_000 } });
  });
  await page.reload();
  await expect(page.getByRole("link", { name: /부터 비가 올 것 같아요/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /1,500원 남았어요/ })).toBeVisible();
  await expect(page.getByText("지금 챙길 일은 없어요.")).toBeHidden();
  await expectNoBarrier(page);
});
