/** The session that waits in this tab while its owner acts for somebody else. */
import { authorization } from "~/api/client";
import { keepSession, type Session } from "~/api/session";
import type { SignedIn } from "./api";

const OWN = "hapgang.session.own"; // of this tab: who closes it signs in again

/** Go on as the one for whom one acts. */
export function actAs(own: Session, other: SignedIn): void {
  sessionStorage.setItem(OWN, JSON.stringify(own));
  keepSession(other);
}

/** The session to be gone back to; null where it is over, or somebody else's. */
export function waiting(actor: string): Session | null {
  const kept = read();
  return kept?.id === actor && Date.parse(kept.expires_at) > Date.now() ? kept : null;
}

export const forgetWaiting = (): void => sessionStorage.removeItem(OWN);

/** Have the city end what is open in this tab; nobody waits for its answer. */
export function endSessionsHere(): void {
  const own = read();
  const tokens = [authorization(), ...(own ? [{ Authorization: `Bearer ${own.token}` }] : [])];
  for (const headers of tokens) {
    const asked = fetch("/api/sign-out", { method: "POST", headers, keepalive: true });
    asked.catch(() => undefined); // it ends by itself, too
  }
  forgetWaiting();
}

function read(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(OWN) ?? "null") as Session | null;
  } catch {
    return null;
  }
}
