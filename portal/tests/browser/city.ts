/** What the browser tests share: entering as somebody, in a language, and looking for barriers. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type APIRequestContext, type Page } from "@playwright/test";

export type Who =
  "librarian" | "designer" | "homemaker" | "pupil" | "visitor" | "operator" | "planner" | "counter";

interface SignedIn {
  token: string;
  id: string;
  role: string;
  expires_in_s: number;
}

export async function signInByApi(request: APIRequestContext, who: Who): Promise<SignedIn> {
  const staff = who === "operator" || who === "planner" || who === "counter";
  const identity = `urn:ngsi-ld:${staff ? "Staff" : "Person"}:${who}`;
  const response = await request.post("/api/sign-in", { data: { identity } });
  expect(response.ok(), await response.text()).toBe(true);
  return (await response.json()) as SignedIn;
}

/** Be signed in from the first page on. */
export async function enterAs(page: Page, who: Who, language: "ko" | "en" = "ko"): Promise<string> {
  return enter(page, await signInByApi(page.request, who), language);
}

/** Be somebody whom nobody knows yet, and whom no other test uses at the same time. */
export async function enterAsStranger(page: Page, language: "ko" | "en" = "ko"): Promise<string> {
  const response = await page.request.post("/api/visit");
  expect(response.ok(), await response.text()).toBe(true);
  return enter(page, (await response.json()) as SignedIn, language);
}

async function enter(page: Page, signedIn: SignedIn, language: "ko" | "en"): Promise<string> {
  const { expires_in_s, ...session } = signedIn;
  const expires_at = new Date(Date.now() + expires_in_s * 1000).toISOString();
  await speak(page, language);
  await page.addInitScript(
    (kept) => localStorage.setItem("hapgang.session", kept),
    JSON.stringify({ ...session, expires_at }),
  );
  return session.token;
}

export async function speak(page: Page, language: "ko" | "en"): Promise<void> {
  await page.addInitScript((chosen) => {
    localStorage.setItem("hapgang.tour", '{"city":"seen","me":"seen"}'); // it has a test of its own
    if (!localStorage.getItem("hapgang.language")) localStorage.setItem("hapgang.language", chosen);
  }, language);
}

/** Stand at a position, as if it had been picked from the list of places. */
export async function standAt(page: Page, at: readonly [number, number]): Promise<void> {
  const here = { at, title: { ko: "시험한 곳", en: "the place of the test" }, place: null };
  await page.addInitScript(
    (kept) => localStorage.setItem("hapgang.here", kept),
    JSON.stringify(here),
  );
}

/** No barrier that axe knows of, by WCAG 2.2 AA. */
export async function expectNoBarrier(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor(); // before, there is no page yet
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .setLegacyMode() // for pages without frames of other origins: the same rules in half the time
    .analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html} ${any.map(({ message }) => message).join(" ")}`),
  );
  expect(found, page.url()).toEqual([]);
}

/** Nothing to read or press lies beyond the window's sides, unless its box scrolls that way. */
export async function expectNothingCutOff(page: Page): Promise<void> {
  const cut = await page.locator("main :is(h1, h2, a, button, input):visible").evaluateAll((all) =>
    all
      .filter((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        return width > 1 && (left < -1 || right > innerWidth + 1);
      })
      .filter((one) => {
        for (let box = one.parentElement; box && !box.matches("main"); box = box.parentElement) {
          const { overflowX } = getComputedStyle(box);
          if (overflowX === "auto" || overflowX === "scroll") return false;
        }
        return true;
      })
      .map((one) => one.outerHTML.slice(0, 160)),
  );
  expect(cut, page.url()).toEqual([]);
}
