import { describe, expect, it } from "vitest";
import {
  addingPark,
  allowing,
  closing,
  compassOf,
  inherited,
  linksOf,
  metresBetween,
  movingStop,
  piecesOf,
  reopening,
  runningEvery,
  speeding,
  stepFrom,
} from "~/city/studio/changes";
import type { Change, Street } from "~/city/studio/queries";

const street = (change: Partial<Street>): Street => ({
  street: "a",
  links: ["a", "ar"],
  name: "Ring",
  kind: "ring",
  length_m: 100,
  lanes: 1,
  speed_kmh: 50,
  modes: ["walk", "car"],
  at: [127, 36],
  heading_deg: 10,
  ...change,
});
const BASE: Change[] = [
  { do: "restrict", source: "plan", area: "core", kind: null, links: null, modes: ["car"] },
];

describe("a street", () => {
  it("is closed once, however often it is asked for, and opened again", () => {
    const once = closing(BASE, ["a", "ar"]);
    const twice = closing(once, ["ar", "a"]);
    expect(twice).toHaveLength(2);
    expect(reopening(twice, ["a", "ar"], ["car"])).toEqual(BASE);
  });

  it("that something else closed is opened to those who used it", () => {
    const opened = reopening(BASE, ["a"], ["walk", "car"]);
    expect(opened.at(-1)).toMatchObject({ do: "open", links: ["a"], modes: ["walk", "car"] });
  });

  it("has its newest speed only", () => {
    const changes = speeding(speeding(BASE, ["a"], 30), ["a"], 20);
    expect(changes).toHaveLength(2);
    expect(changes[1]).toMatchObject({ do: "speed", max_kmh: 20, raises: true });
    expect(speeding(changes, ["b"], 20)).toHaveLength(3);
  });

  it("is opened and closed to the modes that differ", () => {
    const changes = allowing([], ["a"], ["walk", "car"], ["walk", "bicycle"]);
    expect(changes.map((change) => [change.do, "modes" in change ? change.modes : []])).toEqual([
      ["restrict", ["car"]],
      ["open", ["bicycle"]],
    ]);
    expect(allowing([], ["a"], ["walk"], ["walk"])).toEqual([]);
  });

  it("is a piece or all of its name, one way or both", () => {
    const all = [
      street({}),
      street({ street: "b", links: ["b"] }),
      street({ street: "c", name: null }),
    ];
    expect(piecesOf(street({}), all).map((one) => one.street)).toEqual(["a", "b"]);
    expect(piecesOf(street({ street: "c", name: null }), all)).toHaveLength(1);
    expect(linksOf(all.slice(0, 2), "both")).toEqual(["a", "ar", "b"]);
    expect(linksOf(all.slice(0, 2), "back")).toEqual(["ar", "b"]);
  });

  it("leads somewhere", () => {
    expect([0, 44, 46, 181, 350, -90, 720].map(compassOf)).toEqual([
      "north", "northeast", "northeast", "south", "north", "west", "north",
    ]); // prettier-ignore
  });
});

describe("points", () => {
  it("a stop stands where it was put last, or where it was", () => {
    const moved = movingStop(movingStop(BASE, "s", [127, 36]), "s", [127.1, 36]);
    expect(moved.filter((change) => change.do === "stop")).toHaveLength(1);
    expect(movingStop(moved, "s", null)).toEqual(BASE);
  });

  it("every car park gets a name of its own", () => {
    const park = { name: "P", capacity: 10, at: [127, 36] as const };
    const two = addingPark(addingPark([], park), park);
    expect(new Set(two.map((one) => (one.do === "car_park" ? one.place : ""))).size).toBe(2);
  });

  it("steps are as long as they say", () => {
    expect(metresBetween([127, 36.5], stepFrom([127, 36.5], 25, 0))).toBeCloseTo(25, 3);
    expect(metresBetween([127, 36.5], stepFrom([127, 36.5], 30, 40))).toBeCloseTo(50, 3);
  });
});

it("a line runs as it was said last", () => {
  expect(runningEvery(runningEvery([], "B0", 8), "B0", 5)).toEqual([
    { do: "headway", source: "", route: "B0", minutes: 5 },
  ]);
});

it("what came with the base is known", () => {
  expect(inherited(closing(BASE, ["a"]), BASE)).toEqual([true, false]);
});
