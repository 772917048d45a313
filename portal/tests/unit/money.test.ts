import { describe, expect, it } from "vitest";
import { wantedOf } from "~/ledger/look-up";
import { firstOf, isFilled, type Field } from "~/money/field";
import { waysOf } from "~/money/giving";
import { dayOf, instantOf, localOf } from "~/money/instants";
import { fullId, listOf, shortName } from "~/money/names";
import type { CampaignLine } from "~/money/queries";
import { newestMonths } from "~/money/treasury/months";
import { isSure, placesOf } from "~/money/trials/interval";
import { isDrawn, lotOf } from "~/money/trials/lot";

const line = (kind: string, amount_won: number, name: string | null = null): CampaignLine => ({
  at: "2026-11-23T00:00:00Z",
  kind,
  amount_won,
  left_won: 0,
  name,
  payee: null,
  transfer: null,
});

describe("the way of each won", () => {
  it("uses what came first", () => {
    const ways = waysOf([
      line("gift", 4_000),
      line("gift", 3_000, "Bert"),
      line("use", 5_000, "saplings"),
      line("gift", 500),
    ]);
    expect(ways.map(({ left_won }) => left_won)).toEqual([0, 2_000, 500]);
    expect(ways.map(({ uses }) => uses.map(({ won }) => won))).toEqual([[4_000], [1_000], []]);
    const inAll = ways.flatMap(({ uses }) => uses).reduce((sum, { won }) => sum + won, 0);
    expect(inAll).toBe(5_000);
  });
});

describe("names", () => {
  it("are the same however they were copied", () => {
    for (const typed of [
      "Person:anne",
      " urn:ngsi-ld:Person:anne",
      "urn:ngsi-ld:Account:Person:anne",
    ]) {
      expect(fullId(typed)).toBe("urn:ngsi-ld:Person:anne");
      expect(shortName(typed)).toBe("Person:anne");
    }
    expect(fullId("  ")).toBe("");
    expect(listOf("a\n b, c\n\n")).toEqual(["a", "b", "c"]);
  });

  it("of facts have their service in front, but for transfers", () => {
    expect(wantedOf("transfer", " x ")).toEqual({ kind: "transfer", id: "x" });
    expect(wantedOf("poll", "p")).toEqual({ kind: "poll", id: "platform/p" });
    expect(wantedOf("poll", "platform/p")).toEqual({ kind: "poll", id: "platform/p" });
    expect(wantedOf("experiment", "urn:ngsi-ld:Experiment:e/list")).toEqual({
      kind: "experiment",
      id: "platform/urn:ngsi-ld:Experiment:e/list",
    });
    expect(wantedOf("document", "mobility.sharing/d")).toEqual({
      kind: "document",
      id: "mobility.sharing/d",
    });
    expect(wantedOf("poll", " ")).toBeNull();
  });
});

describe("instants", () => {
  it("are typed in the city's zone", () => {
    expect(instantOf("2026-11-23T18:30", "Asia/Seoul")).toBe("2026-11-23T09:30:00.000Z");
    expect(instantOf("2026-07-01T12:00", "Europe/Berlin")).toBe("2026-07-01T10:00:00.000Z");
    expect(instantOf("", "Asia/Seoul")).toBe("");
    expect(localOf(new Date("2026-11-23T16:30:00Z"), "Asia/Seoul")).toBe("2026-11-24T01:30");
    expect(dayOf(new Date("2026-11-23T16:30:00Z"), "Asia/Seoul")).toBe("2026-11-24");
  });

  it("count months back over the new year", () => {
    expect(newestMonths("2026-02-03", 3)).toEqual(["2026-02", "2026-01", "2025-12"]);
  });
});

describe("fields", () => {
  const won: Field = { name: "a", label: "a", kind: "won", max: 100 };

  it("take whole won within their bounds", () => {
    expect([0, 1, 100, 101, 1.5, "", "x"].map((value) => isFilled(won, value))).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(isFilled({ ...won, optional: true }, "")).toBe(true);
    expect(isFilled({ ...won, optional: true }, 101)).toBe(false);
  });

  it("want an agreement where there has to be one", () => {
    expect(isFilled({ name: "a", label: "a", kind: "yes", optional: false }, false)).toBe(false);
    expect(isFilled({ name: "a", label: "a", kind: "yes" }, false)).toBe(true);
    expect(firstOf({ name: "a", label: "a", kind: "several" })).toEqual([]);
  });
});

describe("lots and intervals", () => {
  it("are those of the city's own arithmetic", () => {
    // printf 'seed|urn:ngsi-ld:Person:anne' | sha256sum
    const number = lotOf("seed", "urn:ngsi-ld:Person:anne");
    expect(number).toBe("dd3ff5a84c3143ebda1fe09deef2dbf7da19ed767f2fbeafe75f03612b12101f");
    expect(isDrawn(number, number)).toBe(true);
    expect(isDrawn("f".repeat(64), number)).toBe(false);
  });

  it("hold zero on their line", () => {
    const one = { treated: 3, control: 2, difference: 1, low: -1, high: 3 };
    const at = placesOf(one);
    expect(at.low).toBeLessThan(at.zero);
    expect(at.zero).toBeLessThan(at.mid);
    expect(at.mid).toBeLessThan(at.high);
    expect(isSure(one)).toBe(false);
    expect(isSure({ ...one, low: 0.5 })).toBe(true);
  });
});
