import { expect, test } from "@playwright/test";
import { enterAs, expectNoBarrier, expectNothingCutOff, standAt } from "./city";

const CITY = ["/city", "/city/kpis", "/city/kpis?with=today", "/city/services", "/city/runs"];
const OPERATOR = ["/city/services/mobility.sharing"];
const ME = [
  "/me",
  "/me/sharing",
  "/me/sharing?vehicle=nobody",
  "/me/trips",
  "/me/trips?to=stop.dunsan",
  "/me/trips?to=central_park&at=2020-01-01T08:00",
  "/me/wallet",
  "/me/inbox",
  "/me/data",
  "/me/settings",
];
const PLAIN = ["/sign-in", "/nowhere"];

const LOOKS = [
  { name: "desktop, light", width: 1280, height: 800, scheme: "light" },
  { name: "phone, dark", width: 360, height: 740, scheme: "dark" },
] as const;

for (const language of ["ko", "en"] as const) {
  for (const look of LOOKS) {
    for (const path of [...CITY, ...ME, ...PLAIN, ...OPERATOR]) {
      test(`${path} · ${language} · ${look.name}`, async ({ page }) => {
        await page.setViewportSize({ width: look.width, height: look.height });
        await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: "reduce" });
        await enterAs(page, OPERATOR.includes(path) ? "operator" : "designer", language);
        await standAt(page, [127.3135, 36.51791]);
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        if (path === "/city") await expect(page.getByRole("slider")).toBeVisible();
        await expectNoBarrier(page);
        await expectNothingCutOff(page);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width, "the page must not scroll sideways").toBeLessThanOrEqual(look.width);
        const untranslated = page.locator("body", { hasText: /\{\w+\}/ });
        await expect(untranslated).toHaveCount(0);
      });
    }
  }
}
