/** What the tests of votes share: a trial poll that is begun, and a ballot that is sealed. */
import { expect, type APIRequestContext, type Page } from "@playwright/test";

const OPEN_S = 30; // a vote and its change, on a busy machine

/** Begin a short poll, or find that another test's is there, and wait until that is over. */
export async function begin(request: APIRequestContext): Promise<string> {
  let poll = "";
  await expect(async () => {
    const begun = await request.post("/api/trial-polls", { data: { seconds: OPEN_S } });
    expect(begun.ok(), await begun.text()).toBe(true);
    poll = ((await begun.json()) as { poll: string }).poll;
  }).toPass({ timeout: 120_000 });
  return poll;
}

/** Answer all three questions of a trial poll, and seal them. */
export async function choose(page: Page, use: string, first: string): Promise<void> {
  await page.getByRole("radio", { name: use }).check();
  await page.getByRole("button", { name: "다음" }).click();
  await page.getByRole("button", { name: `1위로: ${first}` }).click();
  await page.getByRole("button", { name: "2위로: 자전거 거치대" }).click();
  await page.getByRole("button", { name: "다음" }).click();
  await page.getByRole("checkbox", { name: "놀이터" }).check();
  await expect(page.getByRole("checkbox", { name: "분수" })).toBeDisabled();
  await page.getByRole("button", { name: "다음" }).click();
  await expect(page.getByText(use)).toBeVisible();
  await page.getByRole("button", { name: "봉인하기" }).click();
  await expect(page.getByRole("heading", { name: "봉인했어요" })).toBeVisible();
}
