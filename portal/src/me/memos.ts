/** What a statement's line says in the reader's words; what people wrote themselves stays theirs. */
import type { meWords } from "./words";

type Word = keyof typeof meWords;

const STEPS = new Map<string, Word>([
  ["posted", "stepPosted"],
  ["held", "stepHeld"],
  ["captured", "stepCaptured"],
  ["released", "stepReleased"],
]);

const MEMOS = new Map<string, Word>([
  ["welcome", "memoWelcome"],
  ["top-up", "memoTopUp"],
  ["PM ride", "memoRide"],
  ["journey", "memoTrip"],
  ["ride outside", "memoOutside"],
  ["refund", "memoRefund"],
  ["city pass", "memoPass"],
  ["bonus", "memoBonus"],
  ["voucher", "memoVoucher"],
  ["returned", "memoReturned"],
  ["cash-out", "memoCashOut"],
]);

type Plain = "memoWelcome"; // any of them: none has a slot

export const stepWord = (step: string) => STEPS.get(step) as Plain | undefined;

/** None where the memo is to be told as it stands: a person could call their gift a top-up. */
export const memoWord = (memo: string, other: string) =>
  (other.startsWith("Person:") ? undefined : MEMOS.get(memo)) as Plain | undefined;
