import { expect, test } from "vitest";
import { wishOf } from "~/registry/wish";

const filled = {
  kind: "confirmed" as const,
  title: " A shed ",
  payee: " Person:x ",
  confirmer: "urn:ngsi-ld:Person:y",
  entity: "",
  q: "",
  amount: 5_000,
  days: 30,
};

test("a wish is whole or none", () => {
  expect(wishOf(filled)).toEqual({
    payee: "urn:ngsi-ld:Person:x",
    title: "A shed",
    amount_won: 5_000,
    days: 30,
    confirmer: "urn:ngsi-ld:Person:y",
    when: null,
  });
  for (const missing of [{ title: " " }, { payee: "" }, { confirmer: "" }, { amount: "" }]) {
    expect(wishOf({ ...filled, ...missing })).toBeNull();
  }
  for (const days of [0, 366, 1.5, ""]) expect(wishOf({ ...filled, days })).toBeNull();
});

test("what happens needs both its words, a day needs nobody", () => {
  expect(wishOf({ ...filled, kind: "happens", entity: "urn:e" })).toBeNull();
  const happens = wishOf({ ...filled, kind: "happens", entity: "urn:e", q: "x>1" });
  expect(happens).toMatchObject({ confirmer: null, when: { entity: "urn:e", q: "x>1" } });
  expect(wishOf({ ...filled, kind: "day", confirmer: "" })).toMatchObject({
    confirmer: null,
    when: null,
  });
});
