import { Button } from "@mantine/core";
import kpiStyles from "~/city/kpis/kpis.module.css";
import { number } from "~/design/figures";
import { half } from "~/map/spoken";
import { useLanguage, useWords } from "~/words/language";
import type { StreetChange } from "./queries";
import { compareWords } from "./words";

const MOST_ROWS = 10;

/** The most changed streets, for those who do not see maps. */
export function FlowTable({
  streets,
  onShow,
}: {
  streets: readonly StreetChange[];
  onShow: (at: readonly [number, number]) => void;
}) {
  const t = useWords(compareWords);
  const { language } = useLanguage();
  const people = (count: number) => t("people", { count: number(count, language) });
  const nameOf = ({ name }: StreetChange) => (name ? half(name, language) : t("nameless"));
  const rows = streets.filter(({ difference }) => difference !== 0).slice(0, MOST_ROWS);
  if (rows.length === 0) return <p>{t("nothing")}</p>;
  return (
    <div className={kpiStyles.scroll}>
      <table className={`${kpiStyles.table ?? ""} ${kpiStyles.board ?? ""}`}>
        <caption>{t("tableTitle")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("street")}</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col">{t("difference")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.street}>
              <th scope="row">
                <Button
                  variant="subtle"
                  size="compact-sm"
                  aria-label={t("where", { street: `${nameOf(row)} (${row.street})` })}
                  onClick={() => onShow(row.at)}
                >
                  {nameOf(row)}
                </Button>
                <small>{row.street}</small>
              </th>
              <td data-name="A">{people(row.a)}</td>
              <td data-name="B">{people(row.b)}</td>
              <td data-name={t("difference")}>
                {row.difference > 0 ? "+" : "−"}
                {people(Math.abs(row.difference))}
                <small>
                  {row.spread !== null && `± ${people(row.spread)}`}
                  {!row.sure && ` · ${t("maybeChance")}`}
                </small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
