/**
 * What this browser remembers of the city's log: its key when first seen, and the newest checkpoint
 * that was shown to continue the one before. Nobody can take that back from here.
 */
export interface Remembered {
  key: string;
  /** When the key, and so the log, was first seen. */
  since: string;
  checkpoint: string | null;
  checkedAt: string | null;
}

const KEPT_AS = "hapgang.log";

export function remembered(): Remembered | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") as Partial<Remembered> | null;
    if (typeof kept?.key !== "string" || typeof kept.since !== "string") return null;
    const { key, since, checkpoint = null, checkedAt = null } = kept;
    return { key, since, checkpoint, checkedAt };
  } catch {
    return null; // not ours: begin anew
  }
}

export function remember(next: Remembered): void {
  localStorage.setItem(KEPT_AS, JSON.stringify(next));
}

export const forgetLog = (): void => localStorage.removeItem(KEPT_AS);

export interface TrustedKey {
  key: string;
  /** When this browser first saw it; null where that is now. */
  since: string | null;
  /** The city now gives another one. */
  changed: boolean;
}

/** The key of old where there is one, else the city's, which is remembered from now on. */
export function trust(given: string, now = new Date()): TrustedKey {
  const known = remembered();
  if (known) return { key: known.key, since: known.since, changed: known.key !== given };
  remember({ key: given, since: now.toISOString(), checkpoint: null, checkedAt: null });
  return { key: given, since: null, changed: false };
}
