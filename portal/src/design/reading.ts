/** How somebody reads on this device: the size of the text, and whether things may move. */
import { useReducedMotion } from "@mantine/hooks";
import { useSyncExternalStore } from "react";

export const SIZES = [100, 115, 130, 150] as const;
export type Size = (typeof SIZES)[number];

export interface Reading {
  /** Per cent of the browser's own size of text. */
  size: Size;
  /** Whether less is to move than the device asks for. */
  still: boolean;
}

const KEPT_AS = "hapgang.reading";
const FIRST: Reading = { size: 100, still: false };
const listeners = new Set<() => void>();

/** Read what was kept; what an older form of the portal kept otherwise is as if never said. */
export function readReading(text: string | null): Reading {
  try {
    const said = (JSON.parse(text ?? "{}") ?? {}) as Partial<Record<keyof Reading, unknown>>;
    const size = SIZES.find((one) => one === said.size) ?? FIRST.size;
    return { size, still: said.still === true };
  } catch {
    return FIRST;
  }
}

let reading = readReading(
  typeof localStorage === "undefined" ? null : localStorage.getItem(KEPT_AS),
);

/** All lengths of the portal follow the root's text, so that nothing is cut off when it grows. */
export function applyReading(): void {
  const root = document.documentElement;
  root.style.fontSize = reading.size === 100 ? "" : `${reading.size}%`;
  root.toggleAttribute("data-still", reading.still);
}

export function setReading(change: Partial<Reading>): void {
  reading = { ...reading, ...change };
  localStorage.setItem(KEPT_AS, JSON.stringify(reading));
  applyReading();
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Choices side by side, or one above the other where large text leaves no room for that. */
export const useOrientation = (): "horizontal" | "vertical" =>
  useReading().size >= 130 ? "vertical" : "horizontal";

export const useReading = (): Reading => useSyncExternalStore(listen, () => reading);

/** Whether nothing may move by itself: the device asks for it, or the person. */
export function useStill(): boolean {
  const device = useReducedMotion();
  const { still } = useReading();
  return device || still;
}
