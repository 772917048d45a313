import { describe, expect, it } from "vitest";
import {
  bytes,
  clock,
  distance,
  elapsed,
  measured,
  quantity,
  signedWon,
  walkingMinutes,
} from "~/design/figures";
import { fareSoFar } from "~/services/mobility/sharing/fare";

describe("figures", () => {
  it("carry their unit", () => {
    expect(quantity(18.34, "%", "ko")).toBe("18.3 %");
    expect(quantity(96, "s", "ko")).toBe("96초");
    expect(quantity(96, "s", "en")).toBe("96 s");
    expect(quantity(2.5, "kWh", "en")).toBe("2.5 kWh");
    expect(signedWon(-6120, "ko")).toBe("−6,120원");
    expect(signedWon(50_000, "en")).toBe("+50,000 won");
    expect(bytes(1_904_884, "en")).toBe("1.9 MB");
  });

  it("have about three digits that count", () => {
    expect([12_345.6, 123.4, 12.34, 1.234, 0.1234, 0.00456].map((v) => measured(v, "en"))).toEqual([
      "12,346",
      "123",
      "12.3",
      "1.23",
      "0.12",
      "0.005",
    ]);
  });

  it("tell distances as people do", () => {
    expect([4, 114, 994, 1_240].map((m) => distance(m, "en"))).toEqual([
      "4 m",
      "110 m",
      "990 m",
      "1.2 km",
    ]);
    expect([10, 80, 410].map(walkingMinutes)).toEqual([1, 1, 5]);
  });

  it("tell times, also after midnight", () => {
    expect(clock(29_700)).toBe("08:15");
    expect(clock(86_400 + 1_800)).toBe("24:30");
    expect([0, 61, 3_661].map(elapsed)).toEqual(["00:00", "01:01", "1:01:01"]);
  });
});

describe("the fare of a ride in progress", () => {
  const tariff = {
    unlock_won: 620,
    included_min: 5,
    per_min_won: 100,
    per_km_won: 0,
    most_won: 6_120,
  };
  it.each([
    [0, 620],
    [300, 620],
    [301, 720],
    [100_000, 6_120],
  ])("of %i s is %i won", (seconds, expected) => {
    expect(fareSoFar(tariff, seconds)).toBe(expected);
  });
});
