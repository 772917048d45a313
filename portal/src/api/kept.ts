/** The service worker, from the pages' side: what it keeps, and that a person's part is forgotten. */
import { useSyncExternalStore } from "react";

const KEPT_AT = "hapgang-kept-at"; // a header that only the worker sets
const MINE = "hapgang-mine-";

/** Throw away what is kept of a person: somebody else may sit here next. */
export function forgetMine(): void {
  if (!("serviceWorker" in globalThis.navigator)) return;
  navigator.serviceWorker.controller?.postMessage("forget");
  void caches
    .keys()
    .then((names) => names.filter((name) => name.startsWith(MINE)))
    .then((names) => Promise.all(names.map((name) => caches.delete(name))));
}

/** Start the worker, and tell it what this page has loaded without it. */
export async function startWorker(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/sw.js");
  const { active } = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
  active?.postMessage({ keep: [...new Set(loaded)].filter((path) => path.startsWith("/assets/")) });
}

export interface Line {
  offline: boolean;
  /** When the oldest of what is on screen was true; null while nothing kept is shown. */
  asOf: string | null;
}

const ONLINE: Line = { offline: false, asOf: null };
const listeners = new Set<() => void>();
let line: Line = { offline: typeof window !== "undefined" && !navigator.onLine, asOf: null };

function change(next: Line): void {
  if (next.offline === line.offline && next.asOf === line.asOf) return;
  line = next;
  for (const listener of listeners) listener();
}

/** Learn from an answer whether it came from the city or from what was kept. */
export function noteAnswer(response: Response): void {
  const keptAt = response.headers.get(KEPT_AT);
  if (keptAt) {
    const older = line.asOf === null || keptAt < line.asOf;
    change({ offline: true, asOf: older ? keptAt : line.asOf });
  } else if (response.ok && navigator.onLine) {
    change(ONLINE);
  }
}

if (typeof window !== "undefined") {
  window.addEventListener("offline", () => change({ ...line, offline: true }));
  window.addEventListener("online", () => change(ONLINE));
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useLine = (): Line => useSyncExternalStore(listen, () => line);
