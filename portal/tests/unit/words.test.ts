import { describe, expect, it } from "vitest";
import { fillIn, firstLanguage, type Dictionary } from "~/words/language";

const modules = import.meta.glob<Record<string, unknown>>(
  ["../../src/**/*words.ts", "../../src/words/shell.ts", "../../src/design/modes.ts"],
  { eager: true },
);
const dictionaries = Object.entries(modules).flatMap(([file, exports]) =>
  Object.entries(exports)
    .filter(([name]) => name.endsWith("Words"))
    .map(([name, words]) => [`${file} ${name}`, words as Dictionary] as const),
);
const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe("every dictionary", () => {
  it("is found", () => {
    expect(dictionaries.length).toBeGreaterThanOrEqual(9);
  });

  it.each(dictionaries)("%s says as much in both languages", (_, words) => {
    for (const [key, { ko, en }] of Object.entries(words)) {
      expect(ko.trim(), key).not.toBe("");
      expect(en.trim(), key).not.toBe("");
      expect(slots(ko), key).toEqual(slots(en));
    }
  });
});

describe("a sentence", () => {
  it("takes its slots, and shows those that nobody filled", () => {
    expect(fillIn("{a} of {b}", { a: 1, b: 2 })).toBe("1 of 2");
    expect(fillIn("{a} of {b}", { a: 1 })).toBe("1 of {b}");
  });
});

describe("the first language", () => {
  it.each([
    [null, ["ko-KR", "en"], "ko"],
    [null, ["en-GB"], "en"],
    [null, ["ja"], "ko"],
    ["en", ["ko-KR"], "en"],
    ["xx", ["en", "ko"], "ko"],
  ] as const)("kept %s, spoken %s: %s", (kept, spoken, expected) => {
    expect(firstLanguage(kept, spoken)).toBe(expected);
  });
});
