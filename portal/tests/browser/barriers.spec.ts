import { expect, test, type Page } from "@playwright/test";
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

/** Each page is loaded once and looked at twice: it follows the window and the scheme by itself. */
for (const language of ["ko", "en"] as const) {
  for (const path of [...CITY, ...ME, ...PLAIN, ...OPERATOR]) {
    test(`${path} · ${language}`, async ({ page }) => {
      const [first] = LOOKS;
      await look(page, first);
      await enterAs(page, OPERATOR.includes(path) ? "operator" : "librarian", language);
      await standAt(page, [127.3135, 36.51791]);
      await page.goto(path);
      await expectNoTrouble(page, first);
      for (const next of LOOKS.slice(1)) {
        await look(page, next);
        await expectNoTrouble(page, next);
      }
    });
  }
}

type Look = (typeof LOOKS)[number];

async function look(page: Page, { width, height, scheme }: Look): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
}

async function expectNoTrouble(page: Page, { name, width, scheme }: Look): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", scheme);
  await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  if (new URL(page.url()).pathname === "/city") {
    await expect(page.getByRole("slider")).toBeVisible();
  }
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
  const shown = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(shown, `${name}: the page must not scroll sideways`).toBeLessThanOrEqual(width);
  await expect(page.locator("body", { hasText: /\{\w+\}/ })).toHaveCount(0); // all words are filled in
}
