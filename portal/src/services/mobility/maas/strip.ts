/** A journey as parts of a line, waiting included, and how wide each is drawn. */
import type { Mode } from "~/design/modes";
import type { Leg, Option } from "./queries";
import { minutesBetween } from "./times";

/** What a leg is called: of a bicycle or a car it matters whose it is. */
export type LegWord = Mode | "rentedBicycle" | "rentedCar";

export function wordOf({ mode, service }: Pick<Leg, "mode" | "service">): LegWord {
  if (service && mode === "bicycle") return "rentedBicycle";
  return service && mode === "car" ? "rentedCar" : mode;
}

export interface Part {
  mode: Mode | "wait";
  word: LegWord | "wait";
  minutes: number;
  /** Per cent of the line. */
  share: number;
}

const LEAST_WAIT_MIN = 1;
const LEAST_SHARE = 4; // per cent: still to be seen on a phone

export function partsOf(legs: readonly Leg[]): Part[] {
  const parts: Omit<Part, "share">[] = [];
  legs.forEach((leg, index) => {
    const before = legs[index - 1];
    const wait = before ? minutesBetween(before.end_at, leg.start_at) : 0;
    if (wait >= LEAST_WAIT_MIN) parts.push({ mode: "wait", word: "wait", minutes: wait });
    const minutes = minutesBetween(leg.start_at, leg.end_at);
    parts.push({ mode: leg.mode, word: wordOf(leg), minutes });
  });
  const widths = shares(parts.map(({ minutes }) => minutes));
  return parts.map((part, index) => ({ ...part, share: widths[index] ?? 0 }));
}

/** To scale and 100 together, but none below `least`: what short ones gain, the others give. */
export function shares(minutes: readonly number[], least = LEAST_SHARE): number[] {
  const short = new Set<number>();
  for (;;) {
    const left = 100 - short.size * least;
    const total = minutes.reduce((sum, value, at) => (short.has(at) ? sum : sum + value), 0);
    const width = (value: number) => (total > 0 ? (value / total) * left : 100 / minutes.length);
    const found = minutes.findIndex((value, at) => !short.has(at) && width(value) < least);
    if (found < 0) return minutes.map((value, at) => (short.has(at) ? least : width(value)));
    short.add(found);
  }
}

const WORTH_TELLING_MIN = 3;

/** The latest to set out on foot for the first ride, when that is later than planned. */
export function leaveBy(legs: readonly Leg[]): string | null {
  const first = legs.findIndex(({ mode }) => mode !== "walk");
  const [walk, ride] = [legs[0], legs[first]];
  if (first !== 1 || !walk || !ride?.ride) return null;
  const spare = Date.parse(ride.start_at) - Date.parse(walk.end_at);
  if (spare < WORTH_TELLING_MIN * 60_000) return null;
  return new Date(Date.parse(walk.start_at) + spare).toISOString();
}

/** What tells one way of a list from the others, and is the same after planning again. */
export const nameOf = ({ legs }: Pick<Option, "legs">): string =>
  legs
    .map(({ mode, ride, item }) =>
      [mode, ...(ride ? [ride.trip, ride.from_stop, ride.to_stop] : []), item.split(":").pop()]
        .filter(Boolean)
        .join("."),
    )
    .join("~");
