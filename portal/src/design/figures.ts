/** How numbers, money, lengths and times are written: never without a unit. */
import type { Language } from "~/words/language";
import { dateFormat, LOCALES, numberFormat } from "./formats";

export function number(value: number, language: Language, digits = 0): string {
  return numberFormat(LOCALES[language], { maximumFractionDigits: digits }).format(value);
}

/** Digits that a measured value deserves: about three that count, whole numbers whole. */
export function measured(value: number, language: Language): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 100) return number(value, language);
  if (size >= 10) return number(value, language, 1);
  if (size >= 0.1) return number(value, language, 2);
  return numberFormat(LOCALES[language], { maximumSignificantDigits: 1 }).format(value);
}

const UNIT_WORDS: Readonly<Record<string, Record<Language, string>>> = {
  "%": { ko: " %", en: " %" },
  points: { ko: " %p", en: " points" },
  s: { ko: "초", en: " s" },
  min: { ko: "분", en: " min" },
  h: { ko: "시간", en: " h" },
  won: { ko: "원", en: " won" },
  KRW: { ko: "원", en: " won" },
  rides: { ko: "회", en: " rides" },
  m: { ko: " m", en: " m" },
  km: { ko: " km", en: " km" },
  trips: { ko: "회", en: " trips" },
  proofs: { ko: "건", en: " proofs" },
  "1/a": { ko: "회/년", en: " a year" },
};

/** The unit as it follows a number, with the space that belongs to it. */
export function unit(name: string, language: Language): string {
  return UNIT_WORDS[name]?.[language] ?? (name ? ` ${name}` : "");
}

/** The unit of the difference of two values: shares differ by points, not by per cent. */
export const differenceUnit = (name: string): string => (name === "%" ? "points" : name);

export function quantity(value: number, unitName: string, language: Language): string {
  return measured(value, language) + unit(unitName, language);
}

export function won(value: number, language: Language): string {
  return number(value, language) + unit("won", language);
}

export function signedWon(value: number, language: Language): string {
  return `${value < 0 ? "−" : "+"}${won(Math.abs(value), language)}`;
}

export function distance(metres: number, language: Language): string {
  return metres < 995
    ? `${number(Math.round(metres / 10) * 10 || metres, language)} m`
    : `${number(metres / 1000, language, 1)} km`;
}

/** Minutes of an unhurried walk, 4.8 km/h (assumption), never less than one. */
export function walkingMinutes(metres: number): number {
  return Math.max(1, Math.round(metres / (4800 / 60)));
}

/** Seconds after midnight as a clock shows them; a day that runs over ends at 24 and more. */
export function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

export function elapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = clock((whole % 3600) * 60);
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export function dateTime(iso: string, language: Language, timeZone?: string): string {
  return dateFormat(LOCALES[language], {
    dateStyle: "medium",
    timeStyle: "short",
    ...(timeZone ? { timeZone } : {}),
  }).format(new Date(iso));
}

export function timeOfDay(iso: string, language: Language, timeZone?: string): string {
  return dateFormat(LOCALES[language], {
    timeStyle: "short",
    ...(timeZone ? { timeZone } : {}),
  }).format(new Date(iso));
}

export function day(iso: string, language: Language): string {
  return dateFormat(LOCALES[language], { dateStyle: "full", timeZone: "UTC" }).format(
    new Date(`${iso}T00:00:00Z`),
  );
}

/** A day of long ago: nobody asks which of the week it was. */
export function date(iso: string, language: Language): string {
  return dateFormat(LOCALES[language], { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(`${iso}T00:00:00Z`),
  );
}

export function bytes(count: number, language: Language): string {
  return count < 1e6
    ? `${number(count / 1e3, language)} kB`
    : `${number(count / 1e6, language, 1)} MB`;
}
