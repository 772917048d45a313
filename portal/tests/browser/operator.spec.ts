import { expect, test } from "@playwright/test";
import { enterAs } from "./city";

test("an operator sees the fleet and has a rebalancing planned", async ({ page }) => {
  await enterAs(page, "operator");
  await page.goto("/city/services");
  const sharing = page.getByRole("region").filter({ hasText: "mobility.sharing" });
  await sharing.getByRole("link", { name: "운영하기" }).click();
  const all = page.getByRole("row", { name: /^모두/ });
  await expect(all.getByRole("cell").last()).toHaveText(/^[1-9][\d,]*$/);
  await page.getByRole("button", { name: "계획 세우기" }).click();
  await expect(page.getByRole("region", { name: "재배치 계획" }).getByRole("status")).toContainText(
    "계획을 세웠어요",
    { timeout: 50_000 },
  );
});

test("nobody else does", async ({ page }) => {
  await enterAs(page, "designer");
  await page.goto("/city/services/mobility.sharing");
  await expect(page.getByText("운영자의 화면이에요")).toBeVisible();
});
