/** Tables as CSV (RFC 4180), in a form that spreadsheets open without running anything. */
import { saveFile } from "~/design/save-file";

export type Cell = string | number;

const FORMULA = /^[=+\-@\t\r]/; // what a spreadsheet would take for something to compute
const SPECIAL = /[",\r\n]/;
const BYTE_ORDER_MARK = "\uFEFF"; // without it Excel reads Hangul as Latin letters

function cell(value: Cell): string {
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => row.map(cell).join(",") + "\r\n").join("");

export function saveTable(rows: readonly (readonly Cell[])[], name: string): void {
  saveFile(new Blob([BYTE_ORDER_MARK, csv(rows)], { type: "text/csv;charset=utf-8" }), name);
}
