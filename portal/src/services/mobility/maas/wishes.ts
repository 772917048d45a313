/** What the device remembers of how somebody travels: their ways, what they prefer, their home. */
import { useMemo, useSyncExternalStore } from "react";
import type { Here } from "~/me/here";

export const WAYS = ["walk", "pm", "bus", "bicycle", "car"] as const;
export type Way = (typeof WAYS)[number];
export const PREFERENCES = [
  "balanced",
  "fast",
  "cheap",
  "few_changes",
  "little_walking",
  "green",
  "dry",
] as const;
export type Prefer = (typeof PREFERENCES)[number];

export interface Wishes {
  ways: readonly Way[];
  prefer: Prefer;
  home: Here | null;
  /** The journey that was booked last, and by whom: it may fail, and then it is told here. */
  booked: { person: string; journey: string } | null;
}

const KEPT_AS = "hapgang.trips";
const FIRST: Wishes = { ways: ["walk", "pm", "bus"], prefer: "balanced", home: null, booked: null };

const listeners = new Set<() => void>();
let kept = localStorage.getItem(KEPT_AS);

/** Read what was kept; what an older form of the portal kept otherwise is as if never said. */
export function readWishes(text: string | null): Wishes {
  let said: Partial<Record<keyof Wishes, unknown>>;
  try {
    said = (JSON.parse(text ?? "{}") ?? {}) as typeof said;
  } catch {
    said = {};
  }
  const chosen = Array.isArray(said.ways) ? said.ways : [];
  const ways = WAYS.filter((way) => chosen.includes(way));
  return {
    ways: ways.length > 0 ? ways : FIRST.ways,
    prefer: PREFERENCES.find((one) => one === said.prefer) ?? FIRST.prefer,
    home: isHere(said.home) ? said.home : null,
    booked: isBooked(said.booked) ? said.booked : null,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isHere = (value: unknown): value is Here =>
  isRecord(value) && Array.isArray(value["at"]) && isRecord(value["title"]);

const isBooked = (value: unknown): value is NonNullable<Wishes["booked"]> =>
  isRecord(value) && typeof value["person"] === "string" && typeof value["journey"] === "string";

export function wish(change: Partial<Wishes>): void {
  kept = JSON.stringify({ ...readWishes(kept), ...change });
  localStorage.setItem(KEPT_AS, kept);
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useWishes(): Wishes {
  const text = useSyncExternalStore(listen, () => kept);
  return useMemo(() => readWishes(text), [text]);
}
