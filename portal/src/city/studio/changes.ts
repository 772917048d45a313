/** Changes as a list that people edit: pure functions, the newest word about a street wins. */
import type { Change, Street } from "./queries";

export type OnLinks = Extract<Change, { links: string[] | null }>;
type Do = Change["do"];

/** Ways of moving that a street may be opened or closed to, in the order of the city's own bits. */
export const STREET_MODES = ["walk", "bicycle", "pm", "car", "bus", "shuttle", "service"] as const;
export type StreetMode = (typeof STREET_MODES)[number];

export const isOnLinks = (change: Change): change is OnLinks => "links" in change;

const namesOf = (links: readonly string[] | null) => [...(links ?? [])].sort().join("\n");

/** Whether a change speaks of exactly these links, by name. */
function isOf(change: Change, kind: Do, links: readonly string[]): change is OnLinks {
  return (
    change.do === kind &&
    isOnLinks(change) &&
    change.area === null &&
    change.kind === null &&
    namesOf(change.links) === namesOf(links)
  );
}

const without = (changes: readonly Change[], kinds: readonly Do[], links: readonly string[]) =>
  changes.filter((change) => !kinds.some((kind) => isOf(change, kind, links)));

const on = (links: readonly string[]) => ({
  source: "",
  area: null,
  kind: null,
  links: [...links],
});

export function closing(changes: readonly Change[], links: readonly string[]): Change[] {
  return [...without(changes, ["close", "open", "restrict"], links), { do: "close", ...on(links) }];
}

/** Open again what was closed here; what something else closed is opened to who used it before. */
export function reopening(
  changes: readonly Change[],
  links: readonly string[],
  built: readonly string[],
): Change[] {
  const kept = without(changes, ["close", "open", "restrict"], links);
  if (kept.length < changes.length) return kept;
  return [...kept, { do: "open", ...on(links), modes: [...built] }];
}

export function speeding(
  changes: readonly Change[],
  links: readonly string[],
  max_kmh: number,
): Change[] {
  const kept = without(changes, ["speed"], links);
  return [...kept, { do: "speed", ...on(links), max_kmh, raises: true }];
}

/** Let exactly these modes use the links, from what they are open to now. */
export function allowing(
  changes: readonly Change[],
  links: readonly string[],
  now: readonly string[],
  wanted: readonly string[],
): Change[] {
  const shut = now.filter((mode) => !wanted.includes(mode));
  const opened = wanted.filter((mode) => !now.includes(mode));
  const next = [...changes];
  if (shut.length > 0) next.push({ do: "restrict", ...on(links), modes: shut });
  if (opened.length > 0) next.push({ do: "open", ...on(links), modes: opened });
  return next;
}

export function movingStop(
  changes: readonly Change[],
  stop: string,
  at: readonly [number, number] | null,
): Change[] {
  const kept = changes.filter((change) => !(change.do === "stop" && change.stop === stop));
  if (!at) return kept;
  return [...kept, { do: "stop", source: "", stop, lon: at[0], lat: at[1] }];
}

export function addingPark(
  changes: readonly Change[],
  park: { name: string; capacity: number; at: readonly [number, number] },
): Change[] {
  const taken = new Set(changes.map((change) => (change.do === "car_park" ? change.place : "")));
  let number = 1;
  while (taken.has(`studio_car_park_${number}`)) number += 1;
  const title = { en: park.name, ko: park.name };
  const [lon, lat] = park.at;
  const place = `studio_car_park_${number}`;
  return [
    ...changes,
    { do: "car_park", source: "", place, title, capacity: park.capacity, lon, lat },
  ];
}

export function runningEvery(changes: readonly Change[], route: string, minutes: number): Change[] {
  const kept = changes.filter((change) => !(change.do === "headway" && change.route === route));
  return [...kept, { do: "headway", source: "", route, minutes }];
}

/** Which changes of a draft are its base's own, as they are there. */
export function inherited(changes: readonly Change[], base: readonly Change[]): boolean[] {
  const known = new Set(base.map((change) => JSON.stringify(change)));
  return changes.map((change) => known.has(JSON.stringify(change)));
}

/** The links that a wish for a street means: this piece or all of its name, one way or both. */
export function linksOf(pieces: readonly Street[], direction: "both" | "there" | "back"): string[] {
  return pieces.flatMap(({ links }) => {
    if (direction === "both" || links.length < 2) return [...links];
    return [links[direction === "there" ? 0 : 1] ?? ""];
  });
}

export const piecesOf = (street: Street, streets: readonly Street[]): Street[] =>
  street.name ? streets.filter(({ name }) => name === street.name) : [street];

const EARTH_M_PER_DEGREE = 111_320;

/** Metres between two near points given as longitude and latitude. */
export function metresBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const north = (b[1] - a[1]) * EARTH_M_PER_DEGREE;
  const east = (b[0] - a[0]) * EARTH_M_PER_DEGREE * Math.cos((a[1] * Math.PI) / 180);
  return Math.hypot(north, east);
}

/** The point some metres east and north of another. */
export function stepFrom(
  [lon, lat]: readonly [number, number],
  east_m: number,
  north_m: number,
): [number, number] {
  const scale = EARTH_M_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
  return [lon + east_m / scale, lat + north_m / EARTH_M_PER_DEGREE];
}

export const COMPASS = [
  "north",
  "northeast",
  "east",
  "southeast",
  "south",
  "southwest",
  "west",
  "northwest",
] as const;

export function compassOf(heading_deg: number): (typeof COMPASS)[number] {
  return COMPASS[Math.round((((heading_deg % 360) + 360) % 360) / 45) % 8] ?? "north";
}
