/** Without a net: what was loaded is there, dated; what is to be done waits; nothing stays behind. */
import { expect, test } from "@playwright/test";
import { enterAs, signInByApi, standAt } from "./city";

test.use({ serviceWorkers: "allow" });

const SCHOOL = [127.309345, 36.518214] as const;
const JOURNEYS = "/api/mobility/maas/journeys";

interface Booked {
  id: string;
}

test("a ticket is shown without a net, and gone after signing out", async ({ page, context }) => {
  const { token } = await signInByApi(page.request, "visitor");
  const headers = { Authorization: `Bearer ${token}` };
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Seoul" });
  const leave_at = `${day.format(Date.now() + 24 * 3_600_000)}T08:00:00+09:00`;
  const to = { to_lon: "127.3848", to_lat: "36.3504", ways: "walk,bus" }; // Daejeon's city hall
  const from = { from_lon: `${SCHOOL[0]}`, from_lat: `${SCHOOL[1]}` };
  const query = new URLSearchParams({ ...from, ...to, leave_at });
  const options = (await (
    await page.request.get(`/api/mobility/maas/options?${query}`, { headers })
  ).json()) as { legs: { ride: unknown }[] }[];
  const option = options.find(({ legs }) => legs.some(({ ride }) => ride));
  const made = await page.request.post(JOURNEYS, { headers, data: { option } });
  expect(made.ok(), await made.text()).toBe(true);
  const { id } = (await made.json()) as Booked;

  try {
    await enterAs(page, "visitor", "ko");
    await standAt(page, SCHOOL);
    await page.goto(`/me/trips?journey=${encodeURIComponent(id)}`);
    const booked = page.getByRole("region", { name: "예약했어요" });
    await expect(booked).toBeVisible();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await page.reload(); // now with the worker
    await expect(booked).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await page.waitForFunction(async () => {
      const kept = await (await caches.open("hapgang-mine-1")).keys();
      return kept.some(({ url }) => url.includes("/journeys/"));
    });

    await context.setOffline(true);
    await page.reload();
    await expect(booked).toBeVisible();
    await expect(page.getByText(/오프라인 · .*\d:\d\d 기준/)).toBeVisible();
    await page.getByRole("button", { name: "여정 취소하기" }).click();
    const told = page.getByRole("alert").filter({ hasText: "인터넷이 필요해요" });
    await expect(told).toBeVisible();

    await context.setOffline(false);
    await expect(page.getByText(/오프라인/)).toBeHidden();
    await page.goto("/me/settings");
    await page.getByRole("button", { name: "로그아웃" }).click();
    await expect(page.getByRole("heading", { name: "누구로 시작할까요?" })).toBeVisible();
    const names = () =>
      page.evaluate(async () =>
        (await caches.keys()).filter((name) => name.startsWith("hapgang-mine")),
      );
    await expect.poll(names).toEqual([]);
  } finally {
    await context.setOffline(false);
    await page.request.delete(`${JOURNEYS}/${id}`, { headers });
  }
});
