import { expect, test, type Page } from "@playwright/test";
import { enterAs, expectNoBarrier } from "./city";

async function copied(page: Page): Promise<void> {
  await page.goto("/city/studio");
  await page.getByRole("button", { name: "Copy and edit" }).first().click();
  await expect(page).toHaveURL(/draft=/);
}

async function thrownAway(page: Page, token: string): Promise<void> {
  const draft = new URL(page.url()).searchParams.get("draft") ?? "";
  const headers = { Authorization: `Bearer ${token}` };
  await page.request.delete(`/api/scenario-drafts/${draft}`, { headers });
}

test("a planner closes a street by keyboard alone, undoes it, and moves a stop", async ({
  page,
}) => {
  const token = await enterAs(page, "planner", "en");
  await copied(page);
  const finder = page.getByRole("combobox", { name: "Find a street or a stop" });
  const changes = page.getByRole("region", { name: "Changes", exact: true });
  await finder.fill("Outer Ring Road 3");
  await page.getByRole("option", { name: /^Outer Ring Road 3 / }).click();
  await page.getByRole("button", { name: "Close it" }).press("Enter");
  await expect(changes.getByText("Close Outer Ring Road")).toBeVisible();
  await expect(changes.getByText("2 directed pieces differ").first()).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(changes.getByText("Close Outer Ring Road")).toBeHidden();
  await page.getByRole("button", { name: "Redo" }).press("Enter");
  await expect(changes.getByText("Close Outer Ring Road")).toBeVisible();
  await finder.fill("Hapgang South");
  await page.getByRole("option", { name: "Hapgang South", exact: true }).click();
  for (let steps = 0; steps < 4; steps += 1) {
    await page.getByRole("button", { name: "25 m north" }).press("Enter");
  }
  await page.getByRole("button", { name: "Move it here" }).press("Enter");
  await expect(changes.getByText("Move the stop Hapgang South by 100 m")).toBeVisible();
  await expectNoBarrier(page);
  await thrownAway(page, token);
});

test("a street is pressed on the map", async ({ page }) => {
  const token = await enterAs(page, "planner", "en");
  await copied(page);
  const finder = page.getByRole("combobox", { name: "Find a street or a stop" });
  await finder.fill("Outer Ring Road 3");
  await page.getByRole("option", { name: /^Outer Ring Road 3 / }).click();
  await expect(page.getByText("Drawing the city")).toBeHidden({ timeout: 40_000 });
  const card = page.getByRole("radiogroup", { name: "How much of it" });
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await expect(card).toBeHidden();
  const map = page.locator(".maplibregl-canvas").first();
  await expect(async () => {
    await map.click(); // what was found lies in its middle
    await expect(card).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await page.getByRole("radio", { name: /All of “Outer Ring Road”/ }).check();
  await page.getByRole("button", { name: "Close it" }).click();
  await expect(page.getByText("26 directed pieces differ")).toBeVisible();
  await thrownAway(page, token);
});

test("a scenario of the city is rehearsed as it is", async ({ page }) => {
  await enterAs(page, "planner", "en");
  const ordered: unknown[] = [];
  await page.route("**/api/rehearsals", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    ordered.push(route.request().postDataJSON()); // a day takes long: that it is ordered is enough
    return route.fulfill({ json: {} });
  });
  await page.goto("/city/studio");
  const today = page.getByRole("listitem").filter({ hasText: "1 changes" });
  await today.getByRole("button", { name: "Rehearse it" }).click();
  const dialog = page.getByRole("dialog");
  await expectNoBarrier(page);
  await dialog.getByRole("button", { name: "Start the rehearsal" }).click();
  await expect(today.getByRole("status")).toContainText("It is ordered");
  expect(ordered).toEqual([{ scenario: "today", residents: 2000, seeds: 2, weather: "clear" }]);
});

test("two kept days stand side by side", async ({ page }) => {
  const response = await page.request.get("/api/runs");
  const runs = (await response.json()) as { run: string; without: string[]; seed: number }[];
  const first = runs.find(({ without }) => without.length === 0);
  const other = runs.find(({ run, seed }) => run !== first?.run && seed === first?.seed) ?? first;
  await enterAs(page, "designer", "en");
  const words = new URLSearchParams({ a: first?.run ?? "", b: other?.run ?? "" });
  await page.goto(`/city/runs/compare?${words.toString()}`);
  const city = page.getByRole("region", { name: "The whole city" });
  await expect(city.getByRole("columnheader", { name: "Difference (B − A)" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Map of how flows differ" })).toBeVisible();
  await expectNoBarrier(page);
});
