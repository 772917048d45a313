import { expect, test } from "@playwright/test";
import { expectNoBarrier, speak } from "./city";

test("every KPI has a value with its unit and a source", async ({ page }) => {
  await speak(page, "ko");
  await page.goto("/city/kpis");
  const rows = page.locator("table").first().locator("tbody tr");
  await expect(rows.first()).toBeVisible();
  for (const row of await rows.all()) {
    await expect(row.getByRole("rowheader")).toContainText("출처:");
    await expect(row.getByRole("cell").first()).toHaveText(/\d\s?\S+|잴 수 없음/);
  }
  await expect(page.getByRole("heading", { name: "어떻게 다녔나" })).toBeVisible();
  await expect(page.getByText(/^[0-9a-f]{64}$/)).toBeVisible();
});

test("a day stands beside the same day without a service", async ({ page }) => {
  await speak(page, "en");
  await page.goto("/city/runs");
  await page
    .getByRole("listitem")
    .filter({ hasNotText: "without" })
    .filter({ hasText: "Plan" })
    .filter({ has: page.getByRole("link", { name: "Compare" }) })
    .first()
    .getByRole("link", { name: "Compare" })
    .click();
  await expect(page.getByRole("combobox", { name: "Compare with" })).toHaveValue(/without/);
  const city = page.getByRole("region", { name: "The whole city" });
  await expect(city.getByRole("columnheader", { name: "Difference" })).toBeVisible();
  await expect(city.getByRole("cell", { name: /Better|Worse|Same|chance/ }).first()).toBeVisible();
  await expect(page.getByRole("row", { name: /Personal mobility/ })).toContainText("0 trips");
  await expectNoBarrier(page); // every mode's colour is there
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNoBarrier(page);
});

test("a rehearsed day stands beside the living city", async ({ page }) => {
  await speak(page, "en");
  await page.goto("/city/kpis");
  await page.getByRole("combobox", { name: "Compare with" }).click();
  await page.getByRole("option", { name: "The living city, today" }).click();
  await expect(page).toHaveURL(/with=today/);
  await expect(
    page.getByRole("columnheader", { name: "The living city, today" }).first(),
  ).toBeVisible();
});

test("the directory tells level, data and measures of a service", async ({ page }) => {
  await speak(page, "ko");
  await page.goto("/city/services");
  const service = page.getByRole("listitem").filter({ hasText: "mobility.sharing" });
  await expect(service).toContainText("4단계 가운데");
  await expect(service).toContainText("PersonalMobilityVehicle");
  await expect(service.getByRole("link", { name: "서비스 열기" })).toBeVisible();
});
