/** What a desk may ask for, by the names of the city's attributes, as people say it. */
import { ageText } from "../cards/saying";
import type { Language, Text } from "~/words/language";
import { askWords } from "./words";

/** The ages at which a city asks, as `ledger/identity/credentials.py` has them. */
const AGES = ["6", "13", "14", "16", "18", "19", "65", "70"];
/** Categories that a counter meets, by ISO/IEC 18013-1. */
export const CATEGORIES = ["AM", "A", "B", "C", "D"] as const;

const filled = (pattern: Text, category: string): Text => {
  const of = (language: Language) => pattern[language].replace("{category}", category);
  return { ko: of("ko"), en: of("en") };
};

export const NEEDS: readonly { name: string; text: Text }[] = [
  { name: "resident", text: askWords.need_resident },
  ...AGES.map((age) => ({ name: `age.${age}`, text: ageText(age) })),
  ...CATEGORIES.map((one) => ({
    name: `licence.${one}`,
    text: filled(askWords.need_licence, one),
  })),
  { name: "disability", text: askWords.need_disability },
];

export const needText = (name: string): Text =>
  NEEDS.find((one) => one.name === name)?.text ?? { ko: name, en: name };
