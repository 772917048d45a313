/** What is in a set of data: each attribute, what it looks like, its unit, how often it is there. */
import { number } from "~/design/figures";
import { useLanguage, useWords, type Language, type Translate } from "~/words/language";
import data from "./data.module.css";
import type { DataColumn, DataQuality } from "./map-queries";
import styles from "./map.module.css";
import { mapWords } from "./map-words";
import { unitOf } from "./values";

export function SetColumns({
  columns,
  filled,
}: {
  columns: readonly DataColumn[];
  filled: DataQuality["filled"];
}) {
  const t = useWords(mapWords);
  const { language } = useLanguage();
  const share = (name: string) => filled.find((one) => one.name === name)?.share_pct;
  return (
    <section aria-label={t("columns")}>
      <h3 className={styles.title}>{t("columns")}</h3>
      <div className={data.scroll}>
        <table className={data.table}>
          <caption className="unseen">{t("columns")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("name")}</th>
              <th scope="col">{t("form")}</th>
              <th scope="col">{t("unit")}</th>
              <th scope="col">{t("filled")}</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => {
              const there = share(column.name);
              return (
                <tr key={column.name}>
                  <th scope="row">
                    <code>{column.name}</code>
                    {column.required && <small>{t("required")}</small>}
                  </th>
                  <td data-name={t("form")}>{formOf(column, t, language)}</td>
                  <td data-name={t("unit")}>{unitOf(column.unit, language).trim() || "–"}</td>
                  <td data-name={t("filled")}>
                    {there === undefined ? "–" : `${number(there, language, 1)} %`}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** What a value looks like, with its choices or bounds. */
export function formOf(
  { form, choices, least, most }: DataColumn,
  t: Translate<typeof mapWords>,
  language: Language,
): string {
  if (form === "choice") return t("choice", { choices: choices.join(", ") });
  const word = t(form === "list" ? "list_of" : form);
  const figure = (value: number) => number(value, language, 3);
  if (least !== null && most !== null) {
    return t("between", { form: word, least: figure(least), most: figure(most) });
  }
  if (least !== null) return t("atLeast", { form: word, least: figure(least) });
  return most === null ? word : t("atMost", { form: word, most: figure(most) });
}
