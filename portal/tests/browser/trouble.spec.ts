import { expect, test } from "@playwright/test";
import { enterAs, speak } from "./city";

test("a city without a rehearsed day says how to get one", async ({ page }) => {
  await speak(page, "en");
  await page.route("**/api/runs", (route) => route.fulfill({ json: [] }));
  for (const path of ["/city", "/city/kpis", "/city/runs"]) {
    await page.goto(path);
    await expect(page.getByText("Run hapgang rehearse sejong in a terminal")).toBeVisible();
  }
});

test("a city that cannot be reached is said to be, and tried again", async ({ page }) => {
  await enterAs(page, "designer", "ko");
  await page.route("**/api/me/wallet", (route) => route.abort());
  await page.goto("/me/wallet");
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("도시와 연결되지 않아요", { timeout: 40_000 });
  await page.unroute("**/api/me/wallet");
  await alert.getByRole("button", { name: "다시 시도" }).click();
  await expect(page.getByRole("region", { name: "쓸 수 있는 돈" })).toContainText("원");
});

test("an hour that cannot be fetched stops the day, and play tries again", async ({ page }) => {
  await speak(page, "ko");
  const hour = "**/api/runs/*/playback/*";
  await page.route(hour, (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      json: {
        title: "Busy",
        title_ko: "바빠요",
        detail: "Wait.",
        detail_ko: "잠시 기다려 주세요.",
      },
    }),
  );
  await page.goto("/city");
  const alert = page.getByRole("region", { name: "하루 재생" }).getByRole("alert");
  await expect(alert).toContainText("잠시 기다려 주세요.", { timeout: 40_000 });
  await page.unroute(hour);
  await alert.getByRole("button", { name: "다시 시도" }).click();
  await expect(alert).toBeHidden();
});

test("a session that has ended leads to signing in again", async ({ page }) => {
  await enterAs(page, "designer", "ko");
  await page.route("**/api/me/wallet", (route) =>
    route.fulfill({ status: 401, json: { detail: "Sign in.", detail_ko: "로그인하세요." } }),
  );
  await page.goto("/me/wallet");
  await expect(page.getByRole("heading", { name: "먼저 로그인해 주세요" })).toBeVisible();
});

test("a post is sent with a key of its own, and once more when the answer is lost", async ({
  page,
}) => {
  await enterAs(page, "designer", "ko");
  const keys: string[] = [];
  await page.route("**/api/me/top-up", async (route) => {
    keys.push((await route.request().headerValue("idempotency-key")) ?? "");
    if (keys.length === 1) await route.abort();
    else await route.continue();
  });
  await page.goto("/me/wallet");
  await page.getByRole("button", { name: "충전하기" }).click();
  await expect(page.getByText("10,000원을 충전했어요")).toBeVisible();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
});
