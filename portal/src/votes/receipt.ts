/** A receipt: the file that the verifiers take, and a short code for people. */
import type { components } from "~/api/schema";

export type Receipt = components["schemas"]["BallotReceipt"];

/** What a code says: where on the board, and how the ballot's fingerprint begins. */
export interface Place {
  index: number;
  begins: string;
}

const DIGITS = 32; // 128 bits: nobody finds another ballot that begins so
const CODE = /^(\d{1,8})-([0-9a-f]{32,64})$/;
const PRINT = /^[0-9a-f]{64}$/;

export const receiptCode = ({ index, ballot }: Pick<Receipt, "index" | "ballot">): string =>
  `${index}-${(ballot.slice(0, DIGITS).match(/.{4}/g) ?? []).join("-")}`;

export function placeOf(typed: string): Place | null {
  const [, index, begins] = CODE.exec(
    typed
      .trim()
      .toLowerCase()
      .replace(/[\s–—]/g, "-")
      .replace(/-+/g, (dash, at: number, all: string) =>
        /^\d{1,8}$/.test(all.slice(0, at)) ? dash : "",
      ),
  ) ?? [null, null, null];
  return index && begins ? { index: Number(index), begins } : null;
}

/** Read a receipt's file. */
export function receiptOf(text: string): Receipt | null {
  try {
    const read = JSON.parse(text) as Partial<Receipt> | null;
    const isWhole =
      Number.isSafeInteger(read?.index) &&
      Number.isSafeInteger(read?.revision) &&
      [read?.poll, read?.pseudonym, read?.ballot].every(
        (one) => typeof one === "string" && PRINT.test(one),
      );
    return isWhole ? (read as Receipt) : null;
  } catch {
    return null;
  }
}

/** Under which name the log has an entry of a board. */
export const factOf = (poll: string, index: number): string =>
  `platform/${poll}/${String(index).padStart(8, "0")}`;
