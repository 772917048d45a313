import type { ExpressionSpecification } from "maplibre-gl";
import type { Language } from "~/words/language";

const FIRST_SYLLABLE = "가"; // Hangul syllables begin at U+AC00, behind every Latin letter

/** The title in a language; else the half of a name like "합강 (Hapgang)" that is in it. */
export function spoken(language: Language): ExpressionSpecification {
  const other = language === "ko" ? "en" : "ko";
  const name: ExpressionSpecification = [
    "coalesce",
    ["get", `title_${language}`],
    ["get", `title_${other}`],
    ["get", "name"],
    "",
  ];
  const whole: ExpressionSpecification = ["var", "name"];
  const at: ExpressionSpecification = ["index-of", " (", whole];
  const head: ExpressionSpecification = ["slice", whole, 0, ["var", "at"]];
  const inside: ExpressionSpecification = [
    "slice",
    whole,
    ["+", ["var", "at"], 2],
    ["-", ["length", whole], 1],
  ];
  const startsKorean: ExpressionSpecification = [">=", ["slice", whole, 0, 1], FIRST_SYLLABLE];
  const wantsHead: ExpressionSpecification = language === "ko" ? startsKorean : ["!", startsKorean];
  return [
    "let",
    "name",
    ["to-string", name],
    ["let", "at", at, ["case", ["<", ["var", "at"], 0], whole, wantsHead, head, inside]],
  ];
}

const HANGUL = /[가-힣]/;

/** The half of a name like "합강 (Hapgang)" that is in a language; any other name whole. */
export function half(name: string, language: Language): string {
  const [, head, inside] = /^(.+) \((.+)\)$/.exec(name) ?? [];
  if (!head || !inside || HANGUL.test(head) === HANGUL.test(inside)) return name;
  return HANGUL.test(head) === (language === "ko") ? head : inside;
}
