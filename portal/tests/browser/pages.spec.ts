/**
 * Each page in both languages and at two widths: no barrier, nothing cut off, all words there.
 * Pictures of what was looked at are left in test-results/pages.
 */
import { expect, test, type Page } from "@playwright/test";
import { enterAs, expectNoBarrier, expectNothingCutOff, standAt, type Who } from "./city";

const PAGES: Partial<Record<Who, readonly string[]>> = {
  librarian: [
    "/city",
    "/city/kpis",
    "/city/kpis?with=today",
    "/city/services",
    "/city/runs",
    "/city/ledger",
    "/city/data/map",
    "/city/data/map/type.PersonalMobilityStation",
    "/me",
    "/me/sharing",
    "/me/sharing?vehicle=nobody",
    "/me/trips",
    "/me/trips?to=stop.dunsan",
    "/me/trips?to=central_park&at=2020-01-01T08:00",
    "/me/wallet",
    "/me/documents",
    "/me/inbox",
    "/me/data",
    "/me/settings",
    "/verify",
    "/sign-in",
    "/nowhere",
  ],
  planner: ["/city/studio", "/city/runs/compare", "/city/data", "/city/data/lake"],
  operator: [
    "/city/services/mobility.sharing",
    "/city/services/mobility.maas",
    "/city/trouble",
    "/city/data/types/PersonalMobilityStation",
  ],
};

const LOOKS = [
  { name: "desktop", width: 1280, height: 800, scheme: "light" },
  { name: "phone", width: 360, height: 740, scheme: "dark" },
] as const;
type Look = (typeof LOOKS)[number];

const SWITCH = { ko: "한국어", en: "English" } as const;
const LANGUAGES = ["ko", "en"] as const;
type Language = (typeof LANGUAGES)[number];

/** Each page is loaded once: it follows the language, the window and the scheme by itself. */
for (const [who, paths] of Object.entries(PAGES) as [Who, readonly string[]][]) {
  for (const path of paths) {
    test(path, async ({ page }) => {
      await look(page, LOOKS[0]);
      await enterAs(page, who, "ko");
      await standAt(page, [127.3135, 36.51791]);
      await page.goto(path);
      for (const language of LANGUAGES) {
        await speakNow(page, language);
        for (const next of language === "ko" ? LOOKS : LOOKS.toReversed()) {
          await look(page, next);
          await expectWhole(page, next);
          if (language === "ko") await expectNoBarrier(page); // parts and colours, in any language
          await picture(page, path, language, next);
        }
      }
    });
  }
}

async function look(page: Page, { width, height, scheme }: Look): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme });
}

async function speakNow(page: Page, language: Language): Promise<void> {
  const button = page.getByRole("button", { name: SWITCH[language] });
  if ((await page.locator("html").getAttribute("lang")) !== language) await button.click();
  await expect(page.locator("html")).toHaveAttribute("lang", language);
}

async function expectWhole(page: Page, { name, width, scheme }: Look): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", scheme);
  await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  if (new URL(page.url()).pathname === "/city") {
    await expect(page.getByRole("slider")).toBeVisible();
  }
  await expectNothingCutOff(page);
  const shown = await page.evaluate(() =>
    Math.max(...[...document.querySelectorAll("html, main")].map((one) => one.scrollWidth)),
  );
  expect(shown, `${name}: the page must not scroll sideways`).toBeLessThanOrEqual(width);
  await expect(page.locator("body", { hasText: /\{\w+\}/ })).toHaveCount(0); // all words are filled in
}

async function picture(page: Page, path: string, language: Language, { name }: Look) {
  const file = path.replace(/\W+/g, "-").replace(/^-/, "");
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `test-results/pages/${file}.${language}.${name}.png` });
}
