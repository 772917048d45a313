import { describe, expect, it } from "vitest";
import { askedOf, cardOf, emptyPlan, type Plan } from "~/votes/agency/plan";
import { codeOf, seedOf } from "~/votes/backup";
import {
  cellsFor,
  changed,
  emptyDraft,
  isReady,
  orderOf,
  spent,
  swapped,
} from "~/votes/booth/draft";
import { factOf, placeOf, receiptCode, receiptOf } from "~/votes/receipt";
import type { Contest, Kind } from "~/votes/sealing/shape";

const POLL = "ab".repeat(32);
const SEED = `00${"5c".repeat(31)}`;
const said = (text: string) => ({ ko: text, en: text });

const contest = (kind: Kind, least: number, most: number, costs = [0, 0, 0], top = 1): Contest => ({
  id: kind,
  title: said(kind),
  kind,
  options: costs.map((cost, at) => ({ id: `o${at}`, title: said(`${at}`), cost })),
  top,
  least,
  most,
});

describe("a backup code", () => {
  const code = codeOf(POLL, SEED);

  it("brings its seed back, however it is typed", () => {
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4} ){13}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(seedOf(POLL, code)).toBe(SEED);
    expect(seedOf(POLL, code.toLowerCase().replace(/ /g, "-").replace(/0/g, "o"))).toBe(SEED);
  });

  it("of another poll, or typed wrongly, is none", () => {
    expect(seedOf("cd".repeat(32), code)).toBeNull();
    expect(seedOf(POLL, code.slice(1))).toBeNull();
    expect(
      seedOf(
        POLL,
        code.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      ),
    ).toBeNull();
    expect(seedOf(POLL, `Z${code.slice(1)}`)).toBeNull(); // more than 256 bits
    expect(seedOf(POLL, "U".repeat(56))).toBeNull();
  });
});

describe("a receipt", () => {
  const receipt = { poll: POLL, pseudonym: POLL, revision: 1, ballot: "0f".repeat(32), index: 12 };

  it("has a code that says where the ballot is and how it begins", () => {
    const code = receiptCode(receipt);
    expect(code).toBe(`12-${"0f0f-".repeat(8).slice(0, -1)}`);
    const place = { index: 12, begins: "0f".repeat(16) };
    expect(placeOf(code)).toEqual(place);
    expect(placeOf(` ${code.toUpperCase().replace(/-/g, " ")} `)).toEqual(place);
    for (const wrong of ["", "12", code.slice(0, -1), `x${code}`, code.replace("12-", "")])
      expect(placeOf(wrong), wrong).toBeNull();
  });

  it("is read from its file, whole or not at all", () => {
    expect(receiptOf(JSON.stringify(receipt))).toEqual(receipt);
    expect(receiptOf(JSON.stringify({ ...receipt, ballot: "0f" }))).toBeNull();
    expect(receiptOf("null")).toBeNull();
    expect(receiptOf("{")).toBeNull();
    expect(factOf("square", 12)).toBe("platform/square/00000012");
  });
});

describe("a choice that is being made", () => {
  it("is ready only within its limits", () => {
    const rank = contest("rank", 2, 2);
    expect(isReady(rank, emptyDraft(rank))).toBe(false);
    expect(isReady(rank, [2, 0])).toBe(true);
    expect(orderOf(rank, cellsFor(rank, [2, 0]))).toEqual([2, 0]);
    expect(swapped([2, 0], 0, 1)).toEqual([0, 2]);
    expect(swapped([2, 0], 1, 2)).toEqual([2, 0]);
    const budget = contest("budget", 0, 7, [3, 4, 5]);
    expect(spent(budget, [1, 0, 1])).toBe(8);
    expect(isReady(budget, [1, 0, 1])).toBe(false);
    expect(isReady(budget, changed([1, 0, 1], 2, 0))).toBe(true);
    expect(isReady(contest("score", 1, 4, [0, 0, 0], 3), [0, 0, 0])).toBe(false);
  });
});

describe("a poll that is being written", () => {
  const card = { name: said("가"), sealing: "1".repeat(64), signing: "2".repeat(64) };
  const option = (text: string) => ({ title: said(text), cost: 3 });
  const plan: Plan = {
    ...emptyPlan(),
    name: "square-2027",
    title: said("광장"),
    reason: said("주민"),
    opens: "2027-03-01T09:00",
    closes: "2027-03-15T09:00",
    threshold: 1,
    trustees: [card],
    contests: [
      { title: said("?"), kind: "approve", options: [option("가"), option("나")], top: 9, least: 1, most: 1 },
    ],
  }; // prettier-ignore

  it("is sent with what its kind fixes, and only when nothing is missing", () => {
    expect(askedOf(plan)?.contests[0]).toMatchObject({ top: 1, least: 0, most: 2 });
    expect(askedOf(plan)?.contests[0]?.options[0]).toEqual({
      id: "o1",
      title: said("가"),
      cost: 0,
    });
    const wrong: Partial<Plan>[] = [
      { name: "Square" },
      { title: { ko: "광장", en: " " } },
      { closes: plan.opens },
      { threshold: 2 },
      { trustees: [card, card], threshold: 1 },
      { contests: plan.contests.map((one) => ({ ...one, kind: "rank", most: 3 })) },
    ];
    for (const part of wrong)
      expect(askedOf({ ...plan, ...part }), JSON.stringify(part)).toBeNull();
  });

  it("takes trustees' cards as they print them", () => {
    expect(cardOf(JSON.stringify(card))).toEqual(card);
    expect(cardOf(JSON.stringify({ ...card, signing: "2" }))).toBeNull();
    expect(cardOf("null")).toBeNull();
    expect(cardOf("[]")).toBeNull();
  });
});
