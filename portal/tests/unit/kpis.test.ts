import { describe, expect, it } from "vitest";
import type { KpiValue, RunInfo } from "~/api/queries";
import { difference, pairs, standing, tally } from "~/city/kpis/compare";
import { counterpart } from "~/city/kpis/counterpart";
import { openingRun } from "~/city/runs/opening";

const kpi = (change: Partial<KpiValue>): KpiValue => ({
  service: "mobility.sharing",
  name: "wait",
  title: { en: "Wait", ko: "기다림" },
  unit: "s",
  better: "lower",
  value: 100,
  spread: 5,
  target: 120,
  source: "definition",
  source_ko: "정의",
  ...change,
});

const run = (change: Partial<RunInfo>): RunInfo => ({
  run: "a",
  city: "sejong",
  scenario: "plan",
  without: [],
  residents: 2000,
  seed: 7,
  weather: "clear",
  date: "2026-09-16",
  wall_s: 1,
  digest: "",
  title: null,
  draft: "",
  draft_version: 0,
  base: "",
  ...change,
});

describe("a target", () => {
  it.each([
    [kpi({}), "met"],
    [kpi({ value: 121 }), "missed"],
    [kpi({ value: 120 }), "met"],
    [kpi({ better: "higher" }), "missed"],
    [kpi({ target: null }), "noTarget"],
    [kpi({ value: null }), "notMeasured"],
  ] as const)("is judged by its direction", (value, expected) => {
    expect(standing(value)).toBe(expected);
  });

  it("counts only where it could be judged", () => {
    const board = [kpi({}), kpi({ value: 200 }), kpi({ value: null }), kpi({ target: null })];
    expect(tally(board)).toEqual({ met: 1, judged: 2 });
  });
});

describe("a difference", () => {
  it("is better or worse by the direction that counts", () => {
    expect(difference(kpi({}), kpi({ value: 80 }))).toMatchObject({ verdict: "better" });
    expect(difference(kpi({}), kpi({ value: 130 }))).toMatchObject({ verdict: "worse" });
    expect(
      difference(kpi({ better: "higher" }), kpi({ better: "higher", value: 130 })),
    ).toMatchObject({ verdict: "better" });
  });

  it("may be chance within both spreads together", () => {
    expect(difference(kpi({ spread: 3 }), kpi({ spread: 4, value: 105 }))?.verdict).toBe("unclear");
    expect(difference(kpi({ spread: 3 }), kpi({ spread: 4, value: 106 }))?.verdict).toBe("worse");
  });

  it("is no more than a direction where a spread is unknown", () => {
    expect(difference(kpi({ spread: null }), kpi({ value: 90 }))?.sure).toBe(false);
  });

  it("is none where the digits that are shown would not tell", () => {
    const without = kpi({ spread: null, value: 100 });
    expect(difference(without, kpi({ spread: null, value: 100.4 }))?.verdict).toBe("same");
    expect(difference(without, kpi({ spread: null, value: 100.6 }))?.verdict).toBe("worse");
  });

  it("needs both values", () => {
    expect(difference(kpi({ value: null }), kpi({}))).toBeNull();
  });

  it("pairs by service and name", () => {
    const other = kpi({ name: "other" });
    const found = pairs([kpi({}), other, kpi({ service: "city" })], [other]);
    expect([...found.keys()]).toEqual(["mobility.sharing", "city"]);
    expect(found.get("mobility.sharing")?.map(({ second }) => second)).toEqual([null, other]);
  });
});

describe("among runs", () => {
  const whole = run({ run: "whole" });
  const less = run({ run: "less", without: ["mobility.sharing"] });
  const today = run({ run: "today", scenario: "today" });
  const large = run({ run: "large", residents: 20_000 });

  it("the counterpart is the same day less a service, else another scenario of it", () => {
    expect(counterpart(whole, [large, today, whole, less])).toBe(less);
    expect(counterpart(whole, [large, today, whole])).toBe(today);
    expect(counterpart(large, [large, whole])).toBeUndefined();
  });

  it("the one to open with is whole and large, and there may be none", () => {
    expect(openingRun([less, whole, large])).toBe(large);
    expect(openingRun([less])).toBe(less);
    expect(openingRun([])).toBeUndefined();
  });
});
