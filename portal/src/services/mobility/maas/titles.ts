/** What the places are called between which a journey goes. */
import { half } from "~/map/spoken";
import type { Here } from "~/me/here";
import type { Language, Text } from "~/words/language";
import type { Leg, Position } from "./queries";

const NEAR_M = 60;
const M_PER_DEGREE = 111_320;

export const metresBetween = (a: Position, b: Position): number =>
  Math.hypot((a[0] - b[0]) * Math.cos((a[1] * Math.PI) / 180), a[1] - b[1]) * M_PER_DEGREE;

/** The nearest of the known places, as far as it is the same place. */
export function titleAt(at: Position, known: readonly Pick<Here, "at" | "title">[]): Text | null {
  let best: Text | null = null;
  let least = NEAR_M;
  for (const { at: there, title } of known) {
    const away = metresBetween(at, there);
    if (away < least) [best, least] = [title, away];
  }
  return best;
}

export interface Ends {
  start: Text;
  end: Text;
  /** Where a vehicle stands that will be taken, and where it is left. */
  vehicle: Text;
  left: Text;
}

const spokenIn = (title: Text, language: Language): string =>
  [title[language], title.ko, title.en].find(Boolean) ?? "";

const isSaid = (title: Text | undefined): title is Text =>
  title !== undefined && title.en + title.ko !== "";

/** The titles of where each leg begins, and of where the last one ends. */
export function titlesOf(legs: readonly Leg[], ends: Ends, language: Language): string[] {
  const titles = legs.map((leg, index) => {
    const said = [legs[index - 1]?.to_title, leg.from_title].find(isSaid);
    if (said) return said;
    if (index === 0) return ends.start;
    return leg.mode === "walk" ? ends.left : ends.vehicle;
  });
  const last = legs.at(-1)?.to_title;
  return [...titles, isSaid(last) ? last : ends.end].map((title) =>
    half(spokenIn(title, language), language),
  );
}
