/** Which tours this browser has seen, and which one is shown. */
import { useSyncExternalStore } from "react";
import type { Face } from "./tour-steps";

export type Shown = { face: Face; at: "offer" | number } | null;

const KEPT_AS = "hapgang.tour";
const listeners = new Set<() => void>();
let shown: Shown = null;

function seen(): Partial<Record<Face, "seen">> {
  try {
    return (JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") ?? {}) as Partial<
      Record<Face, "seen">
    >;
  } catch {
    return {};
  }
}

function change(next: Shown): void {
  shown = next;
  for (const listener of listeners) listener();
}

export const showTour = (face: Face): void => change({ face, at: 0 });
export const goTo = (face: Face, at: number): void => change({ face, at });

/** Ask once, on the first visit of a face. */
export function offerTour(face: Face): void {
  if (!seen()[face] && shown?.face !== face) change({ face, at: "offer" });
}

/** Whoever ends it, or does not want it, is not asked again. */
export function endTour(face: Face): void {
  localStorage.setItem(KEPT_AS, JSON.stringify({ ...seen(), [face]: "seen" }));
  change(null);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useTour = (): Shown => useSyncExternalStore(listen, () => shown);
