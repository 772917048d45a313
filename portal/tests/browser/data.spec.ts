import { expect, test } from "@playwright/test";
import { enterAs, expectNoBarrier, expectNothingCutOff, speak } from "./city";

const MAST = "urn:ngsi-ld:WeatherObserved:test-mast";
const OBSERVED = {
  id: MAST,
  type: "WeatherObserved",
  temperature: 3.5,
  relativeHumidity: 60,
  windSpeed: 2,
  location: { type: "Point", coordinates: [127.31, 36.51] },
};

test("a planner looks from types to one thing and its history", async ({ page }) => {
  const token = await enterAs(page, "planner", "en");
  const headers = { Authorization: `Bearer ${token}` };
  await page.request.post("/ngsi-ld/v1/entities", { headers, data: OBSERVED });
  await page.request.patch(`/ngsi-ld/v1/entities/${MAST}`, { headers, data: { temperature: 8 } });
  await page.goto("/city/data");
  await page.getByRole("textbox", { name: "Find a type" }).fill("weatherobs");
  await page.getByRole("link", { name: "WeatherObserved" }).click();
  await page.getByRole("textbox", { name: "Find by id" }).fill("WeatherObserved:test-mast");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("link", { name: "test-mast", exact: true }).click();
  await expect(page.getByRole("row", { name: /^temperature 8°C/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "temperature" })).toContainText("3.5");
  await expectNoBarrier(page);
  await page.goto("/city/data/types/Person");
  await expect(page.getByText("It is shown to the person only", { exact: false })).toBeVisible();
  await expect(page.getByText("There is none now, or none that you may see.")).toBeVisible();
  await page.request.delete(`/ngsi-ld/v1/entities/${MAST}`, { headers });
});

test("a planner asks a rehearsed day in SQL, on a phone", async ({ page }) => {
  await enterAs(page, "planner");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/city/runs");
  await page.getByRole("button", { name: "더 보기" }).click();
  await page.getByRole("menuitem", { name: "자료" }).click();
  await page.getByRole("link", { name: "쌓인 기록" }).click();
  await page.getByRole("button", { name: "무엇을 타고 다녔나" }).click();
  const answer = page.getByRole("region", { name: "답" });
  await expect(answer.getByRole("cell", { name: "walk" })).toBeVisible();
  await answer.getByText("그림", { exact: true }).click();
  await expect(answer.locator("svg").last()).toBeVisible();
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
  const file = page.waitForEvent("download");
  await answer.getByRole("button", { name: "내려받기 CSV" }).click();
  expect((await file).suggestedFilename()).toMatch(/\.csv$/);
  const query = page.getByRole("textbox", { name: "질의 (SQL)" });
  await query.fill("SELECT mod FROM trip");
  await query.press("Control+Enter");
  await expect(page.getByRole("alert")).toContainText("1번째 줄 8번째 글자");
  await query.fill("SELECT * FROM read_text('/etc/hostname')");
  await page.getByRole("button", { name: "실행" }).click();
  await expect(page.getByRole("alert")).toContainText("read_text 함수는 여기서 쓸 수 없습니다");
});

test("an operator mends what was quarantined, and drops the rest", async ({ page }) => {
  const token = await enterAs(page, "operator", "en");
  const hot = { ...OBSERVED, id: `${MAST}-2`, temperature: "hot" };
  const headers = { Authorization: `Bearer ${token}` };
  const left = await page.request.get("/api/quarantine", { headers }); // by an earlier try of this test
  for (const { id } of (await left.json()) as { id: string }[]) {
    await page.request.delete(`/api/quarantine/${id}`, { headers });
  }
  await page.goto("/city/trouble");
  await expect(page.getByText("No dead letters")).toBeVisible();
  await page.request.post("/api/collect", {
    headers,
    data: { origin: "browser test", records: [hot, "rubbish"] },
  });
  const kept = page.getByRole("list", { name: "Quarantine" }).getByRole("listitem");
  await expect(kept).toHaveCount(2);
  await kept.first().getByRole("button", { name: "Read and correct" }).click();
  const document = page.getByRole("textbox", { name: "Document (JSON)" });
  await document.fill((await document.inputValue()).replace('"hot"', "4"));
  await page.getByRole("button", { name: "Take in" }).click();
  await expect(kept).toHaveCount(1);
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await page.getByRole("button", { name: "Drop selected" }).click();
  await expectNoBarrier(page);
  await page.getByRole("dialog").getByRole("button", { name: "Drop", exact: true }).click();
  await expect(page.getByText("Nothing is in quarantine")).toBeVisible();
  await page.request.delete(`/ngsi-ld/v1/entities/${hot.id}`, { headers });
  await expectNoBarrier(page);
});

test("nobody else sees either", async ({ page }) => {
  await enterAs(page, "designer", "en");
  await page.goto("/city/trouble");
  await expect(page.getByText("This page is for operators")).toBeVisible();
  await page.goto("/city/data/lake");
  await expect(page.getByText("For planners, operators, auditors and companies")).toBeVisible();
});

test("a stranger finds the trees by keyboard, and how to get them", async ({ page }) => {
  await speak(page, "en");
  await page.goto("/city/data");
  await page.getByRole("textbox", { name: "What are you looking for?" }).focus();
  await page.keyboard.type("trees");
  await expect(page.getByText("Sets of data: 1", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Trees", exact: true }).press("Enter");
  await expect(page.getByRole("heading", { name: "Trees", level: 2 })).toBeVisible();
  const way = page.getByRole("link", { name: "On a map (OGC API Features, GeoJSON)" });
  const items = await page.request.get((await way.getAttribute("href")) ?? "");
  expect(((await items.json()) as { type: string }).type).toBe("FeatureCollection");
  await page.goto("/ogc?f=html");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("열린 자료");
  await expectNoBarrier(page);
});
