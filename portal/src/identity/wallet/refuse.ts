/** What a wallet does not take: a problem in two languages, as the city's own are. */
import { Problem } from "~/api/problem";
import type { Text } from "~/words/language";

const NOT_PROVEN = -3; // not an answer of the city's: found in this browser

const TITLE: Text = { ko: "증명이 올바르지 않아요", en: "The proof does not hold" };

export function refusal(en: string, ko: string, title: Text = TITLE): Problem {
  return new Problem(NOT_PROVEN, title, { ko, en });
}

export function must(good: boolean, en: string, ko: string): asserts good {
  if (!good) throw refusal(en, ko);
}
