/** When something happens, in the city's own time, and how long it takes, as people say it. */
import { number } from "~/design/figures";
import { dateFormat, LOCALES } from "~/design/formats";
import type { Language, Text } from "~/words/language";

const MINUTE_MS = 60_000;

export const minutesBetween = (start: string, end: string): number =>
  (Date.parse(end) - Date.parse(start)) / MINUTE_MS;

/** Whole minutes of something that takes time: never none. */
export const whole = (minutes: number): number => Math.max(1, Math.round(minutes));

/** "54 min", "1 h 24 min". */
export function duration(minutes: number, language: Language): string {
  const all = whole(minutes);
  const hours = Math.floor(all / 60);
  const rest = all % 60;
  const ko = language === "ko";
  const parts = [];
  if (hours > 0) parts.push(ko ? `${hours}시간` : `${hours} h`);
  if (rest > 0) parts.push(ko ? `${rest}분` : `${rest} min`);
  return parts.join(" ");
}

/** The clock of the city: "08:05". */
export function timeOf(instant: string | number, zone: string): string {
  return dateFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
  }).format(new Date(instant));
}

/** The calendar of the city: "2026-11-22". */
export function dateOf(instant: string | number, zone: string): string {
  return dateFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    timeZone: zone,
  }).format(new Date(instant));
}

const DAY_MS = 24 * 60 * MINUTE_MS;
const TOMORROW: Text = { ko: "내일", en: "tomorrow" };

/** The day as it is said from now: nothing for today, "tomorrow", else "Mon 23 Nov". */
export function dayWord(instant: string, now: number, zone: string, language: Language): string {
  const date = dateOf(instant, zone);
  if (date === dateOf(now, zone)) return "";
  if (date === dateOf(now + DAY_MS, zone)) return TOMORROW[language];
  return dateFormat(LOCALES[language], {
    weekday: "short",
    day: "numeric",
    month: "short",
    timeZone: zone,
  }).format(new Date(instant));
}

const WALL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

/** The instant at which the city's clock shows a wall time like "2026-11-23T08:00". */
export function instantAt(wall: string, zone: string): string | undefined {
  const asUtc = WALL.test(wall) ? Date.parse(`${wall}:00Z`) : Number.NaN;
  if (Number.isNaN(asUtc)) return undefined;
  const shift = (instant: number) =>
    Date.parse(`${dateOf(instant, zone)}T${timeOf(instant, zone)}:00Z`) - instant;
  const near = asUtc - shift(asUtc);
  return new Date(asUtc - shift(near)).toISOString(); // once more, for the night clocks change
}

/** The wall time of the city as a field for date and time wants it. */
export const wallTime = (instant: string | number, zone: string): string =>
  `${dateOf(instant, zone)}T${timeOf(instant, zone)}`;

/** Carbon dioxide with a unit that fits its size. */
export function carbon(grams: number, language: Language): string {
  if (grams < 995) return `${number(Math.round(grams / 5) * 5, language)} g`;
  return `${number(grams / 1000, language, 1)} kg`;
}
