/** One's own lot, computed here: the number of `seed|id`, held against the bound of an age group. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

export const lotOf = (seed: string, person: string): string =>
  bytesToHex(sha256(utf8ToBytes(`${seed}|${person}`)));

/** Whether somebody was drawn: their number is not above the bound, both of 64 hexadecimal digits. */
export const isDrawn = (number: string, bound: string): boolean => number <= bound;
