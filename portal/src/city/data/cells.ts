/** Cells of an answer: how they are written, and which can be drawn. */
import { number } from "~/design/figures";
import type { Language } from "~/words/language";
import type { Across, Form, Point } from "./chart";
import type { Cell, LakeAnswer } from "./queries";

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL)/;
const TIMES = /^(TIMESTAMP|DATE)/;

export const isNumeric = (type: string | undefined): boolean => NUMBERS.test(type ?? "");
export const isTime = (type: string | undefined): boolean => TIMES.test(type ?? "");

export function cellText(cell: Cell, type: string | undefined, language: Language): string {
  if (cell === null) return "–";
  if (typeof cell === "number") return number(cell, language, 6);
  if (typeof cell === "string" && type?.startsWith("TIMESTAMP")) {
    return cell.replace("T", " ").replace(/(\.\d+)?([+-]\d\d:\d\d)?$/, "");
  }
  return String(cell);
}

export interface Axes {
  x: number;
  y: number;
  form: Form;
}

/** What to draw first: the first column across, the first other number up. */
export function likelyAxes({ columns }: LakeAnswer): Axes | null {
  const numbers = columns.flatMap(({ type }, index) => (isNumeric(type) ? [index] : []));
  const y = numbers.find((index) => index > 0) ?? numbers[0];
  if (y === undefined) return null;
  return { x: 0, y, form: isTime(columns[0]?.type) ? "line" : "bars" };
}

/** The points of a chart; rows without a number are left out. */
export function pointsOf({ rows, columns }: LakeAnswer, { x, y, form }: Axes): Point[] {
  const isWord = acrossOf(columns[x]?.type, form) === "category";
  return rows.flatMap((row) => {
    const [across, up] = [row[x] ?? null, row[y]];
    if (typeof up !== "number") return [];
    if (isWord) return [[across === null ? "–" : String(across), up] as Point];
    if (across === null) return [];
    const at = isTime(columns[x]?.type) ? Date.parse(String(across)) : Number(across);
    return Number.isFinite(at) ? [[at, up] as Point] : [];
  });
}

/** Bars stand beside one another by name; lines and points on a scale where there is one. */
export function acrossOf(type: string | undefined, form: Form): Across["kind"] {
  if (isTime(type)) return form === "bars" ? "category" : "time";
  return isNumeric(type) && form !== "bars" ? "value" : "category";
}
