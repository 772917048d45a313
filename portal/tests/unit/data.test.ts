import { describe, expect, it } from "vitest";
import { acrossOf, cellText, likelyAxes, pointsOf } from "~/city/data/cells";
import { qOf } from "~/city/data/filter";
import { mostTelling, sinceOf, stepsOf } from "~/city/data/history";
import { placeIn, type HistoryLine, type LakeAnswer } from "~/city/data/queries";
import { attributesOf, fullId, textOf, unitOf, type Speech } from "~/city/data/values";
import { parsed } from "~/city/trouble/parsed";

const speech: Speech = {
  language: "en",
  timeZone: "UTC",
  points: (kind, count) => `${kind} of ${count}`,
  yes: "yes",
  no: "no",
};

function line(at: string, kind: string, body: unknown): HistoryLine {
  return { position: 1, at, action: "a", kind, name: "T", body };
}

describe("a condition", () => {
  it.each([
    ["battery", ">", "20", "battery>20"],
    ["state", "==", "free", 'state=="free"'],
    ["state", "!=", 'say "no" \\', 'state!="say \\"no\\" \\\\"'],
    ["on", "==", "true", "on==true"],
    ["at", ">=", "2026-11-20T08:00:00Z", "at>=2026-11-20T08:00:00Z"],
    ["", "==", "x", ""],
    ["a", "==", " ", ""],
  ] as const)("%s %s %s is %s", (attribute, sign, value, q) => {
    expect(qOf({ attribute, sign, value })).toBe(q);
  });
});

describe("an attribute", () => {
  it.each([
    [{ type: "Property", value: 12.345, unitCode: "CEL" }, "12.3°C"],
    [{ type: "Property", value: 5, unitCode: "XYZ" }, "5 XYZ"],
    [{ type: "Property", value: true }, "yes"],
    [
      { type: "Property", value: { "@type": "DateTime", "@value": "2026-01-02T03:04:00Z" } },
      "2 Jan 2026, 03:04",
    ],
    [
      { type: "GeoProperty", value: { type: "Point", coordinates: [127.1, 36.5] } },
      "127.10000, 36.50000",
    ],
    [
      {
        type: "GeoProperty",
        value: {
          type: "Polygon",
          coordinates: [
            [
              [0, 0],
              [1, 1],
              [0, 1],
            ],
          ],
        },
      },
      "Polygon of 3",
    ],
    [{ type: "Relationship", object: ["urn:a:1", "urn:a:2"] }, "urn:a:1, urn:a:2"],
    [{ type: "LanguageProperty", languageMap: { ko: "집", en: "home" } }, "home"],
    [{ type: "Property", value: [1, { a: 2 }] }, '[1,{"a":2}]'],
  ])("is read with its unit: %o", (attribute, text) => {
    expect(textOf(attribute, speech)).toBe(text);
  });

  it("is not what every entity has", () => {
    const entity = {
      id: "i",
      type: "T",
      createdAt: "c",
      modifiedAt: "m",
      a: { type: "Property", value: 1 },
    };
    expect(attributesOf(entity).map(([name]) => name)).toEqual(["a"]);
    expect(unitOf("KRW", "ko")).toBe("원");
  });

  it("is found by a short id", () => {
    expect(fullId(" T:1 ")).toBe("urn:ngsi-ld:T:1");
    expect(fullId("urn:x:1")).toBe("urn:x:1");
    expect(fullId("")).toBe("");
  });
});

describe("a history", () => {
  const lines = [
    line("t4", "event", { a: { type: "Property", value: 99 } }),
    line("t3", "measured", { a: { type: "Property", value: 3, observedAt: "t2.5" } }),
    line("t2", "updated", { b: null }),
    line("t1", "created", {
      a: { type: "Property", value: 1 },
      b: { type: "Property", value: "x" },
    }),
  ];

  it("becomes what each attribute was, oldest first", () => {
    const steps = stepsOf(lines);
    expect(steps.get("a")?.map(({ at, attribute }) => [at, attribute?.value])).toEqual([
      ["t1", 1],
      ["t2.5", 3],
    ]);
    expect(steps.get("b")?.map(({ attribute }) => attribute)).toEqual([
      { type: "Property", value: "x" },
      null,
    ]);
    expect(mostTelling(steps)).toBe("a");
    expect(mostTelling(new Map())).toBe("");
  });

  it("tells since when, as far as it reaches", () => {
    const steps = stepsOf(lines);
    expect(sinceOf(steps.get("a"), "t1", true)).toEqual({ kind: "at", at: "t2.5" });
    expect(sinceOf(undefined, "t1", false)).toEqual({ kind: "before", at: "t1" });
    expect(sinceOf(undefined, "t1", true)).toEqual({ kind: "none" });
  });
});

describe("an answer", () => {
  const answer: LakeAnswer = {
    columns: [
      { name: "hour", type: "TIMESTAMP WITH TIME ZONE" },
      { name: "n", type: "BIGINT" },
    ],
    rows: [
      ["2026-11-20T08:00:00+09:00", 3],
      [null, 4],
      ["2026-11-20T09:00:00+09:00", null],
    ],
    more: false,
    seconds: 0.1,
  };

  it("is drawn by its first column, over time as a line", () => {
    const axes = likelyAxes(answer);
    expect(axes).toEqual({ x: 0, y: 1, form: "line" });
    expect(axes && pointsOf(answer, axes)).toEqual([[Date.parse("2026-11-19T23:00:00Z"), 3]]);
    expect(pointsOf(answer, { x: 0, y: 1, form: "bars" })).toHaveLength(2);
    expect(likelyAxes({ ...answer, columns: [{ name: "a", type: "VARCHAR" }] })).toBeNull();
    expect(acrossOf("DOUBLE", "dots")).toBe("value");
    expect(acrossOf("DOUBLE", "bars")).toBe("category");
  });

  it("is written plainly", () => {
    expect(cellText(null, "BIGINT", "en")).toBe("–");
    expect(cellText(1234.5, "DOUBLE", "en")).toBe("1,234.5");
    expect(cellText("2026-11-20T08:00:00.5+09:00", "TIMESTAMP", "en")).toBe("2026-11-20 08:00:00");
    expect(cellText("2026-11-20T08", "VARCHAR", "en")).toBe("2026-11-20T08");
  });

  it("names the place of an error", () => {
    expect(placeIn({ start: 3, length: 2, detail: "x" })).toEqual({ start: 3, length: 2 });
    expect(placeIn({ detail: "x" })).toBeNull();
    expect(placeIn(null)).toBeNull();
  });
});

describe("a correction", () => {
  it("is JSON, or says why not", () => {
    expect(parsed('{"a": 1}')).toEqual({ value: { a: 1 } });
    expect(parsed("{")).toHaveProperty("error");
  });
});
