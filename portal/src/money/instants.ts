/** Instants as people type them, in the city's own zone whatever their device's is. */

/** Minutes by which a zone's clocks are ahead of UTC at an instant. */
function minutesAhead(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(at);
  const part = (name: string) => Number(parts.find(({ type }) => type === name)?.value);
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
  );
  return Math.round((shown - at.getTime()) / 60_000);
}

/** The instant of `2026-11-23T18:00` in a zone, as the city takes it; empty for what is none. */
export function instantOf(local: string, timeZone: string): string {
  const asUtc = new Date(`${local}Z`);
  if (Number.isNaN(asUtc.getTime())) return "";
  const ahead = minutesAhead(asUtc, timeZone);
  const guess = new Date(asUtc.getTime() - ahead * 60_000);
  const then = minutesAhead(guess, timeZone); // clocks may have been put on in between
  return new Date(asUtc.getTime() - then * 60_000).toISOString();
}

/** What a field of date and time shows of an instant, in a zone. */
export function localOf(at: Date, timeZone: string): string {
  const shown = new Date(at.getTime() + minutesAhead(at, timeZone) * 60_000);
  return shown.toISOString().slice(0, 16);
}

/** The day of an instant in a zone: `2026-11-23`. */
export const dayOf = (at: Date, timeZone: string): string => localOf(at, timeZone).slice(0, 10);
