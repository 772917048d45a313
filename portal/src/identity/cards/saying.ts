/** What a credential says, in words: names by its issuer, values as people read them. */
import type { Language, Text } from "~/words/language";
import { date } from "~/design/figures";
import { isObject, type Json } from "../wallet/jose";
import { identityWords, valueWords } from "../words";

const AGES = "age_equal_or_over";
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NOT_SAID = new Set(["iss", "vct", "iat", "nbf", "exp", "cnf", "status", "sub"]);

export interface Saying {
  name: Text;
  value: Text;
}

const both = (text: string): Text => ({ ko: text, en: text });

const fill = (pattern: Text, slots: Readonly<Record<string, string>>): Text => {
  const of = (language: Language) =>
    pattern[language].replace(/\{(\w+)\}/g, (whole, slot: string) => slots[slot] ?? whole);
  return { ko: of("ko"), en: of("en") };
};

export const ageText = (age: string): Text => fill(identityWords.ageOrOver, { age });

/** One value that is told, with the path on which it stands. */
export function sayingOf(name: Text, path: readonly (string | number)[], value: unknown): Saying {
  const age = path[0] === AGES && path.length > 1 ? String(path[1]) : null;
  return age === null
    ? { name, value: valueText(value) }
    : { name: ageText(age), value: valueText(value) };
}

/** All that a credential says, a line for each claim; ages as those that were reached. */
export function sayings(claims: Json, names: Readonly<Record<string, Text>>): Saying[] {
  return Object.entries(claims)
    .filter(([name]) => !NOT_SAID.has(name))
    .map(([name, value]) => ({
      name: names[name] ?? both(name),
      value: name === AGES && isObject(value) ? agesText(value) : valueText(value),
    }));
}

function agesText(ages: Json): Text {
  const reached = Object.entries(ages).flatMap(([age, yes]) => (yes === true ? [age] : []));
  return reached.length === 0
    ? identityWords.notAtIssue
    : fill(identityWords.ageOrOver, { age: reached.join(", ") });
}

function valueText(value: unknown): Text {
  if (value === true) return identityWords.yes;
  if (value === false) return identityWords.no;
  if (Array.isArray(value)) return joined((value as unknown[]).map(valueText));
  if (typeof value !== "string") return both(JSON.stringify(value));
  if (DAY.test(value)) return { ko: date(value, "ko"), en: date(value, "en") };
  return Object.hasOwn(valueWords, value) ? valueWords[value as keyof typeof valueWords] : both(value); // prettier-ignore
}

const joined = (parts: readonly Text[]): Text => ({
  ko: parts.map(({ ko }) => ko).join(", "),
  en: parts.map(({ en }) => en).join(", "),
});
