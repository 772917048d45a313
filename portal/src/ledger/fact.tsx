/** A fact of the log in plain words, whatever its kind. */
import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { dateTime, number, won } from "~/design/figures";
import { useLanguage, useWords, type Language } from "~/words/language";
import styles from "./ledger.module.css";
import type { Fact } from "./verify";
import { factWords } from "./words";

type WordKey = keyof typeof factWords;

const FIRST = ["kind", "title", "amount_won", "debit", "credit", "at", "step", "memo", "sha256"];
const URN = /^urn:ngsi-ld:(Account:)?/; // the same in front of every number

/** The members that say something, what people look for first; the number comes last. */
function tellingOf(fact: Fact): [string, unknown][] {
  const rank = ([name]: [string, unknown]) => {
    const at = FIRST.indexOf(name);
    return at >= 0 ? at : name === "id" ? FIRST.length + 1 : FIRST.length;
  };
  return Object.entries(fact)
    .filter(([, value]) => value !== null && value !== "")
    .sort((a, b) => rank(a) - rank(b));
}

export function FactView({ fact }: { fact: Fact }) {
  const t = useWords(factWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const known = (name: string) =>
    Object.hasOwn(factWords, name) ? t(name as Exclude<WordKey, "byteCount">) : null;
  const value = (name: string, given: unknown) => {
    if (name === "bytes" && typeof given === "number") {
      return t("byteCount", { count: number(given, language) });
    }
    return known(`${name}_${String(given)}`) ?? said(name, given, language, zone);
  };
  return (
    <dl className={styles.fact}>
      {tellingOf(fact).map(([name, given]) => (
        <div key={name}>
          <dt>{known(name) ?? name}</dt>
          <dd>{value(name, given)}</dd>
        </div>
      ))}
    </dl>
  );
}

function said(name: string, given: unknown, language: Language, zone?: string): string {
  if (typeof given === "number") {
    return name.endsWith("_won") ? won(given, language) : number(given, language);
  }
  if (typeof given !== "string") return JSON.stringify(given);
  if ((name === "at" || name === "until") && !Number.isNaN(Date.parse(given))) {
    return dateTime(given, language, zone);
  }
  return given.replace(URN, "");
}
