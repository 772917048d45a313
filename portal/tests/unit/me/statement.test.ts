import { describe, expect, it } from "vitest";
import { memoWord, stepWord } from "~/me/memos";
import { isPaidBy } from "~/me/pay/paid";

describe("a statement's line", () => {
  it("is told in the reader's words where the city wrote it", () => {
    expect(memoWord("welcome", "Agency:treasury")).toBe("memoWelcome");
    expect(stepWord("held")).toBe("stepHeld");
  });

  it("stays as people wrote it: nobody's gift looks like the city's", () => {
    expect(memoWord("welcome", "Person:pupil")).toBeUndefined();
  });

  it.each(["constructor", "toString", "__proto__"])("may say %s", (memo) => {
    expect(memoWord(memo, "Shop:noodles")).toBeUndefined();
    expect(stepWord(memo)).toBeUndefined();
  });
});

describe("a code that is shown", () => {
  const payload = "00020101021226360012city.hapgang0116ab41481724910ad362290516c561274d4846de56";

  it("was paid by the payment that its number names", () => {
    expect(isPaidBy(payload, "urn:ngsi-ld:PaymentCode:c561274d4846de56:paid")).toBe(true);
  });

  it.each(["urn:ngsi-ld:PaymentCode:0000000000000000:paid", "urn:ngsi-ld:Account:Person:pupil:1"])(
    "was not paid by %s",
    (transfer) => expect(isPaidBy(payload, transfer)).toBe(false),
  );
});
