import { describe, expect, it } from "vitest";
import { noteAnswer } from "~/api/kept";
import { readReading } from "~/design/reading";
import { nextOffset, PAGE } from "~/me/queries";

describe("how somebody reads", () => {
  it.each([
    [null, 100, false],
    ['{"size":130,"still":true}', 130, true],
    ['{"size":999,"still":"yes"}', 100, false],
    ["null", 100, false],
    ["rubbish", 100, false],
  ])("is read from %s", (text, size, still) => {
    expect(readReading(text)).toEqual({ size, still });
  });
});

describe("a long list", () => {
  const full = Array.from({ length: PAGE });

  it("goes on after a full page, and ends with one that is not", () => {
    expect(nextOffset([full])).toBe(PAGE);
    expect(nextOffset([full, full])).toBe(2 * PAGE);
    expect(nextOffset([full, full.slice(1)])).toBeUndefined();
    expect(nextOffset([full, []])).toBeUndefined();
    expect(nextOffset([])).toBeUndefined();
  });
});

describe("an answer", () => {
  it("that was kept is noted without a browser's net", () => {
    const kept = new Response("{}", { headers: { "hapgang-kept-at": "2026-11-22T00:12:00Z" } });
    expect(() => noteAnswer(kept)).not.toThrow();
  });
});
