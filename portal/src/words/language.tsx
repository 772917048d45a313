/** The two languages of the portal: a dictionary is complete in both, or it does not compile. */
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

export type Language = "ko" | "en";
export type Text = Readonly<Record<Language, string>>;
export type Dictionary = Readonly<Record<string, Text>>;

/** The names between braces: "{count} trips" has the slot "count". */
type Slots<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Slots<Rest>
  : never;
type Fill<S extends string> = [Slots<S>] extends [never]
  ? []
  : [Readonly<Record<Slots<S>, string | number>>];
export type Translate<D extends Dictionary> = <K extends keyof D & string>(
  key: K,
  ...fill: Fill<D[K]["en"]>
) => string;

export function defineWords<const D extends Dictionary>(words: D): D {
  return words;
}

export function fillIn(pattern: string, slots: Readonly<Record<string, string | number>> = {}) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => String(slots[name] ?? whole));
}

interface Speech {
  language: Language;
  setLanguage: (language: Language) => void;
}

const SpeechContext = createContext<Speech | null>(null);
const KEPT_AS = "hapgang.language";

/** Korean first: English only for those who chose it or whose browser knows no Korean but English. */
export function firstLanguage(kept: string | null, spoken: readonly string[]): Language {
  if (kept === "ko" || kept === "en") return kept;
  const known = spoken.map((tag) => tag.slice(0, 2));
  return known.includes("en") && !known.includes("ko") ? "en" : "ko";
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() =>
    firstLanguage(localStorage.getItem(KEPT_AS), navigator.languages),
  );
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(KEPT_AS, language);
  }, [language]);
  const speech = useMemo(() => ({ language, setLanguage }), [language]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export function useLanguage(): Speech {
  const speech = use(SpeechContext);
  if (!speech) throw new Error("useLanguage needs a LanguageProvider above it");
  return speech;
}

/** Return how a dictionary is spoken in the chosen language. */
export function useWords<D extends Dictionary>(words: D): Translate<D> {
  const { language } = useLanguage();
  return useMemo(() => {
    const translate = (key: keyof D & string, slots?: Readonly<Record<string, string | number>>) =>
      fillIn(words[key]?.[language] ?? key, slots);
    return translate;
  }, [words, language]);
}

/** Return how a text that the city itself wrote is spoken. */
export function useSay(): (text: Text) => string {
  const { language } = useLanguage();
  return useMemo(() => (text: Text) => text[language] || text.ko || text.en, [language]);
}
