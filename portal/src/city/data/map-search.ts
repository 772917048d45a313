/** Looking through the data map: every word that is looked for has to stand somewhere. */
import type { DataLine, Kind } from "./map-queries";
import type { mapWords } from "./map-words";

const DOMAINS = [
  "mobility",
  "environment",
  "city",
  "health",
  "learning",
  "energy",
  "culture",
  "safety",
  "governance",
  "people",
  "platform",
] as const satisfies readonly (keyof typeof mapWords)[];
export type Domain = (typeof DOMAINS)[number] | "other";

export function fits(set: DataLine, wanted: string, kind: Kind | ""): boolean {
  if (kind && set.kind !== kind) return false;
  const { title, about, owner } = set;
  const texts = [set.id, ...[title, about, owner].flatMap(({ ko, en }) => [ko, en])];
  const heap = texts.join(" ").toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => heap.includes(word));
}

/** The sets by what they are about, in the order in which people meet it. */
export function byDomain(sets: readonly DataLine[]): [Domain, DataLine[]][] {
  const known: readonly string[] = DOMAINS;
  const parts: [Domain, DataLine[]][] = DOMAINS.map((domain) => [
    domain,
    sets.filter((one) => one.domain === domain),
  ]);
  parts.push(["other", sets.filter((one) => !known.includes(one.domain))]);
  return parts.filter(([, some]) => some.length > 0);
}
