/** Whether an instant is over, as of some seconds ago. */
import { useSyncExternalStore } from "react";

const EVERY_MS = 5_000;

function ticking(listen: () => void): () => void {
  const timer = setInterval(listen, EVERY_MS);
  return () => clearInterval(timer);
}

export const useIsPast = (at: string): boolean =>
  useSyncExternalStore(ticking, () => Date.parse(at) <= Date.now());
