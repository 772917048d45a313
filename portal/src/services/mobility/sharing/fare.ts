import type { Tariff } from "./queries";

/** The fare of a ride by its time, won, as the service reckons it: begun minutes, up to a most. */
export function fareSoFar(tariff: Tariff, seconds: number): number {
  const minutes = Math.max(0, Math.ceil(seconds / 60) - tariff.included_min);
  return Math.min(tariff.unlock_won + minutes * tariff.per_min_won, tariff.most_won);
}
