import { expect, test, type Page } from "@playwright/test";
import { enterAs, signInByApi, standAt, type Who } from "./city";

const CENTRE = [127.3135, 36.51791] as const;

/** The nearest that anybody with a licence may ride. */
async function chooseNearest(page: Page): Promise<void> {
  await page
    .getByRole("listitem")
    .filter({ hasText: "지붕이 있는 소형 이동수단" })
    .first()
    .getByRole("button", { name: /^이걸로 할게요/ })
    .click();
}

async function rentNearest(page: Page): Promise<void> {
  await page.goto("/me/sharing");
  await chooseNearest(page);
  await expect(page.getByRole("heading", { name: "빌리기 전에 확인해 주세요" })).toBeVisible();
  await page.getByRole("button", { name: "빌리고 출발하기" }).click();
  await expect(page.getByRole("region", { name: "타고 있어요" })).toBeVisible();
}

test("rent, ride, return, and the wallet shows the payment", async ({ page }) => {
  await enterAs(page, "designer");
  await standAt(page, CENTRE);
  await rentNearest(page);
  await expect(page.getByRole("timer")).toHaveText(/00:\d\d/);
  await expect(page.getByText("맡아 둔 돈", { exact: false })).toBeVisible();

  await page.getByRole("button", { name: "반납하러 가기" }).click();
  await page.getByRole("radio").nth(1).check(); // the nearest place where it may stand
  await page.getByRole("button", { name: "여기에 반납하기" }).click();
  await expect(page.getByRole("heading", { name: "반납했어요" })).toBeFocused();
  const paid = (await page.getByText("낸 요금").locator("..").locator("dd").innerText()).trim();
  expect(paid).toMatch(/^[1-9][\d,]*원$/);

  await page.getByRole("link", { name: "지갑에서 보기" }).click();
  const line = page.getByRole("listitem").filter({ hasText: "이동수단 이용" });
  await expect(line.filter({ hasText: `−${paid}` }).first()).toBeVisible();
});

test("a reservation is kept and can be cancelled", async ({ page }) => {
  await enterAs(page, "homemaker");
  await standAt(page, CENTRE);
  await page.goto("/me/sharing");
  await chooseNearest(page);
  await page.getByRole("button", { name: "잠깐 맡아 두기" }).click();
  await expect(page.getByRole("heading", { name: "이동수단을 맡아 두었어요" })).toBeVisible();
  await page.getByRole("button", { name: "맡아 둔 것 취소" }).click();
  await expect(page.getByText("가까운 순서로")).toBeVisible();
});

test("a forbidden place is refused with what to do, and nothing is lost", async ({ page }) => {
  const scene = await page.request.get("/api/scene/areas");
  const middle = middleOf((await scene.json()) as Areas, "water");
  await enterAs(page, "homemaker");
  await standAt(page, CENTRE);
  await rentNearest(page);
  await page.evaluate(
    (kept) => localStorage.setItem("hapgang.here", kept),
    JSON.stringify({ at: middle, title: { ko: "물 위", en: "on the water" }, place: null }),
  );
  await page.addInitScript(
    (kept) => localStorage.setItem("hapgang.here", kept),
    JSON.stringify({ at: middle, title: { ko: "물 위", en: "on the water" }, place: null }),
  );
  await page.reload();
  await page.getByRole("button", { name: "반납하러 가기" }).click();
  await page.getByRole("button", { name: "여기에 반납하기" }).click();
  await expect(page.getByRole("alert")).toContainText("이용은 계속됩니다");
  await expect(page.getByRole("region", { name: "타고 있어요" })).toBeVisible();
  await endRide(page, "homemaker");
});

test("a vehicle that is gone is said to be gone", async ({ page }) => {
  await enterAs(page, "visitor");
  await standAt(page, CENTRE);
  await page.goto("/me/sharing?vehicle=nobody");
  await expect(page.getByText("그 이동수단은 이제 빌릴 수 없어요")).toBeVisible();
  await page.getByRole("button", { name: "다시 고르기" }).click();
  await expect(page.getByText("가까운 순서로")).toBeVisible();
});

test("what the city tells somebody arrives in the inbox and is read there", async ({ page }) => {
  const token = await enterAs(page, "visitor");
  await standAt(page, CENTRE);
  await rentNearest(page);
  await endRide(page, "visitor", token, 900_000); // an odometer that cannot be true is looked at
  await page.goto("/me");
  await page
    .getByRole("main")
    .getByRole("link", { name: /읽지 않은 편지/ })
    .click();
  const letter = page.getByRole("listitem").filter({ hasText: "새 편지" }).first();
  await expect(letter).toContainText("지난 이용을 확인하고 있습니다");
  const before = await page.getByText("새 편지").count();
  await letter.getByRole("button", { name: /읽음으로 표시/ }).click();
  await expect(page.getByText("새 편지")).toHaveCount(before - 1);
});

test("whoever looked at my data is listed", async ({ page }) => {
  await enterAs(page, "designer");
  await page.goto("/me/data");
  await expect(page.getByRole("heading", { name: "열람 기록", exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "열람 기록" })).toContainText(
    /왜:|아직 아무도 보지 않았어요/,
  );
});

async function endRide(page: Page, who: Who, token?: string, distance_m?: number): Promise<void> {
  const bearer = token ?? (await signInByApi(page.request, who)).token;
  const headers = { Authorization: `Bearer ${bearer}` };
  const current = await page.request.get("/api/mobility/sharing/rentals/current", { headers });
  const { id } = (await current.json()) as { id: string };
  const near = await page.request.get(
    `/api/mobility/sharing/parking?lon=${CENTRE[0]}&lat=${CENTRE[1]}`,
  );
  const [place] = (await near.json()) as { location: unknown }[];
  const ended = await page.request.post(`/api/mobility/sharing/rentals/${id}/return`, {
    headers,
    data: { location: place?.location, ...(distance_m ? { distance_m } : {}) },
  });
  expect(ended.ok(), await ended.text()).toBe(true);
}

interface Areas {
  features: {
    properties: { kind: string };
    geometry: { coordinates: [number, number][][] };
  }[];
}

function middleOf(areas: Areas, kind: string): [number, number] {
  const ring = areas.features.find(({ properties }) => properties.kind === kind)?.geometry
    .coordinates[0];
  if (!ring) throw new Error(`the scene has no ${kind}`);
  const mean = (axis: 0 | 1) => ring.reduce((sum, at) => sum + at[axis], 0) / ring.length;
  return [mean(0), mean(1)];
}
