import { describe, expect, it } from "vitest";
import { columnsOf } from "~/city/data/lineage";
import type { DataColumn, DataLine, Lineage } from "~/city/data/map-queries";
import { byDomain, fits } from "~/city/data/map-search";
import { mapWords } from "~/city/data/map-words";
import { formOf } from "~/city/data/set-columns";
import { fillIn, type Translate } from "~/words/language";

const text = (word: string) => ({ ko: word, en: word });

function set(id: string, more: Partial<DataLine> = {}): DataLine {
  return {
    id,
    kind: "layer",
    domain: "city",
    title: { ko: "나무", en: "Trees" },
    about: text("one by one"),
    owner: text("The city"),
    access: "open",
    licence: null,
    number: null,
    ...more,
  };
}

describe("the data map", () => {
  it("finds by every word, in both languages, whatever the case", () => {
    expect(fits(set("layer.trees"), "", "")).toBe(true);
    expect(fits(set("layer.trees"), "나무", "layer")).toBe(true);
    expect(fits(set("layer.trees"), "TREES  one", "")).toBe(true);
    expect(fits(set("layer.trees"), "trees buses", "")).toBe(false);
    expect(fits(set("layer.trees"), "trees", "type")).toBe(false);
  });

  it("puts domains in order, and what it does not know last", () => {
    const sets = [set("a", { domain: "unheard" }), set("b"), set("c", { domain: "mobility" })];
    expect(byDomain(sets).map(([domain, some]) => [domain, some.length])).toEqual([
      ["mobility", 1],
      ["city", 1],
      ["other", 1],
    ]);
  });
});

describe("a lineage", () => {
  const node = (id: string, kind: "data" | "service") => ({ id, kind, title: text(id) });
  const edge = (source: string, target: string) => ({ source, target, purpose: null });
  const lineage: Lineage = {
    nodes: [
      node("me", "data"),
      node("maker", "service"),
      node("in", "data"),
      node("user", "service"),
      node("out", "data"),
      node("told", "data"),
    ],
    edges: [
      edge("maker", "me"),
      edge("in", "maker"),
      edge("me", "user"),
      edge("user", "out"),
      edge("me", "told"),
    ],
  };

  it("has five columns, from what it is made of to what comes of it", () => {
    const ids = columnsOf("me", lineage).map(({ boxes }) => boxes.map(({ id }) => id));
    expect(ids).toEqual([["in"], ["maker"], ["me"], ["user"], ["out", "told"]]);
  });

  it("shows what writes back on both sides once", () => {
    const both = { ...lineage, edges: [...lineage.edges, edge("user", "me")] };
    const ids = columnsOf("me", both).map(({ boxes }) => boxes.map(({ id }) => id));
    expect(ids[1]).toEqual(["maker", "user"]);
    expect(ids[3]).toEqual(["user"]);
    expect(ids.flat().filter((id) => id === "me")).toEqual(["me"]);
  });
});

describe("a column", () => {
  const t = ((key: keyof typeof mapWords, slots?: Record<string, string>) =>
    fillIn(mapWords[key].en, slots)) as Translate<typeof mapWords>;
  const column: DataColumn = {
    name: "depth",
    form: "number",
    unit: "MTR",
    required: true,
    choices: [],
    least: 0,
    most: 100,
  };

  it("says its form with bounds and choices", () => {
    expect(formOf(column, t, "en")).toBe("number from 0 to 100");
    expect(formOf({ ...column, most: null }, t, "en")).toBe("number, at least 0");
    expect(formOf({ ...column, least: null }, t, "en")).toBe("number, at most 100");
    expect(formOf({ ...column, form: "choice", choices: ["a", "b"] }, t, "en")).toBe(
      "one of: a, b",
    );
  });
});
