import { describe, expect, it } from "vitest";
import { half } from "~/map/spoken";
import type { Leg } from "~/services/mobility/maas/queries";
import { leaveBy, nameOf, partsOf, shares } from "~/services/mobility/maas/strip";
import {
  carbon,
  dayWord,
  duration,
  instantAt,
  timeOf,
  wallTime,
} from "~/services/mobility/maas/times";
import { titleAt, titlesOf } from "~/services/mobility/maas/titles";

const SEOUL = "Asia/Seoul";
const NONE = { ko: "", en: "" };

function leg(mode: Leg["mode"], start: string, end: string, more: Partial<Leg> = {}): Leg {
  return {
    mode,
    start_at: `2026-11-22T${start}:00+09:00`,
    end_at: `2026-11-22T${end}:00+09:00`,
    origin: { type: "Point", coordinates: [127.31, 36.52] },
    destination: { type: "Point", coordinates: [127.32, 36.53] },
    from_title: NONE,
    to_title: NONE,
    distance_m: 500,
    fare_won: 0,
    ride: null,
    service: "",
    item: "",
    known_at: null,
    ...more,
  };
}

const NORTH = { ko: "합강 북측 (Hapgang North)", en: "합강 북측 (Hapgang North)" };
const RIDE = { day: "2026-11-22", run: 14, trip: "t13", route: "1001" };
const BUS = leg("bus", "12:28", "13:22", {
  from_title: NORTH,
  ride: { ...RIDE, from_stop: "north", to_stop: "dunsan" },
});

describe("the strip of a journey", () => {
  it("is to scale, waiting included", () => {
    const parts = partsOf([leg("walk", "12:00", "12:18"), BUS]);
    expect(parts.map(({ mode, minutes }) => [mode, minutes])).toEqual([
      ["walk", 18],
      ["wait", 10],
      ["bus", 54],
    ]);
    expect(parts.map(({ share }) => Math.round(share))).toEqual([22, 12, 66]);
  });

  it("leaves every part wide enough to be seen, and all together the whole", () => {
    const widths = shares([1, 0, 300, 2, 100]);
    expect(Math.min(...widths)).toBe(4);
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(100);
    expect((widths[2] ?? 0) / (widths[4] ?? 1)).toBeCloseTo(3);
    expect(shares([0, 0])).toEqual([50, 50]);
    expect(shares([])).toEqual([]);
  });

  it("tells when to leave for the first ride, if that is later than planned", () => {
    expect(leaveBy([leg("walk", "12:00", "12:18"), BUS])).toBe("2026-11-22T03:10:00.000Z");
    expect(leaveBy([leg("walk", "12:09", "12:27"), BUS])).toBeNull();
    expect(leaveBy([leg("walk", "12:00", "12:18")])).toBeNull();
    expect(leaveBy([leg("pm", "12:00", "12:18"), BUS])).toBeNull();
  });

  it("has a name by what is ridden, the same at another minute", () => {
    const kept = leg("pm", "12:00", "12:02", { item: "urn:ngsi-ld:Vehicle:C0017" });
    expect(nameOf({ legs: [kept, BUS] })).toBe("pm.C0017~bus.t13.north.dunsan");
  });
});

describe("times", () => {
  it("are those of the city", () => {
    expect(timeOf("2026-11-22T03:05:00Z", SEOUL)).toBe("12:05");
    expect(timeOf("2026-11-22T15:00:00Z", SEOUL)).toBe("00:00");
    expect(wallTime("2026-11-22T15:30:00Z", SEOUL)).toBe("2026-11-23T00:30");
  });

  it("are read from a wall clock, in summer and winter", () => {
    expect(instantAt("2026-11-23T08:00", SEOUL)).toBe("2026-11-22T23:00:00.000Z");
    expect(instantAt("2026-07-01T08:00", "America/Sao_Paulo")).toBe("2026-07-01T11:00:00.000Z");
    expect(instantAt("2026-10-25T12:00", "Europe/Berlin")).toBe("2026-10-25T11:00:00.000Z");
    expect(instantAt("soon", SEOUL)).toBeUndefined();
  });

  it("say how long in words", () => {
    expect([0.2, 54, 60, 84.4].map((minutes) => duration(minutes, "en"))).toEqual([
      "1 min",
      "54 min",
      "1 h",
      "1 h 24 min",
    ]);
    expect(duration(84, "ko")).toBe("1시간 24분");
  });

  it("name the day only when it is another one", () => {
    const now = Date.parse("2026-11-22T14:30:00Z"); // 23:30 in Seoul
    expect(dayWord("2026-11-22T14:50:00Z", now, SEOUL, "en")).toBe("");
    expect(dayWord("2026-11-22T15:10:00Z", now, SEOUL, "ko")).toBe("내일");
    expect(dayWord("2026-11-25T15:10:00Z", now, SEOUL, "en")).toContain("26");
  });

  it("weigh carbon with a unit that fits", () => {
    expect(carbon(29.5, "en")).toBe("30 g");
    expect(carbon(2352, "ko")).toBe("2.4 kg");
  });
});

describe("titles", () => {
  it("are the half in the reader's language", () => {
    expect(half("합강 북측 (Hapgang North)", "ko")).toBe("합강 북측");
    expect(half("Hapgang North (합강 북측)", "ko")).toBe("합강 북측");
    expect(half("한국개발연구원 (KDI)", "en")).toBe("KDI");
    expect(half("Clinic (east)", "ko")).toBe("Clinic (east)");
  });

  it("are those of the city, else of what stands there", () => {
    const same = (text: string) => ({ ko: text, en: text });
    const ends = {
      start: same("home"),
      end: same("work"),
      vehicle: same("vehicle"),
      left: same("left"),
    };
    const legs = [
      leg("walk", "12:00", "12:02"),
      leg("pm", "12:02", "12:08", { service: "mobility.sharing" }),
      BUS,
      leg("walk", "13:22", "13:30"),
    ];
    expect(titlesOf(legs, ends, "en")).toEqual([
      "home",
      "vehicle",
      "Hapgang North",
      "left",
      "work",
    ]);
    const school = { at: [127.3101, 36.5201] as const, title: same("school") };
    expect(titleAt([127.31, 36.52], [school])).toEqual(school.title);
    expect(titleAt([127.32, 36.52], [school])).toBeNull();
  });
});
