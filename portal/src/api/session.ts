/** Who is signed in at this browser. */
import { useSyncExternalStore } from "react";
import { forgetMine } from "~/api/kept";
import type { components } from "~/api/schema";

type SignedIn = components["schemas"]["SignedIn"];
export type Session = Omit<SignedIn, "expires_in_s"> & { expires_at: string };
export type Role = Session["role"];

const KEPT_AS = "hapgang.session";
const listeners = new Set<() => void>();
let session: Session | null = read();

function read(): Session | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") as Session | null;
    return kept && Date.parse(kept.expires_at) > Date.now() ? kept : null;
  } catch {
    return null; // an older form of the portal kept something else: sign in again
  }
}

function change(next: Session | null): void {
  if (session?.id !== next?.id) forgetMine();
  session = next;
  if (next) localStorage.setItem(KEPT_AS, JSON.stringify(next));
  else localStorage.removeItem(KEPT_AS);
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  const fromElsewhere = (event: StorageEvent) => {
    if (event.key === KEPT_AS) change(read());
  };
  listeners.add(listener);
  window.addEventListener("storage", fromElsewhere);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", fromElsewhere);
  };
}

export const currentSession = (): Session | null => session;

export function keepSession({ expires_in_s, ...who }: SignedIn): void {
  change({ ...who, expires_at: new Date(Date.now() + expires_in_s * 1000).toISOString() });
}

export const endSession = (): void => change(null);

export function useSession(): Session | null {
  return useSyncExternalStore(listen, currentSession);
}

/** Residents and visitors get the phone's face, everybody else the city's. */
export const isPerson = (who: Pick<Session, "role"> | null): boolean =>
  who?.role === "resident" || who?.role === "visitor";
