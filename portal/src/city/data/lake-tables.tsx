/** The tables of a lake: what each tells, its columns, how many rows. */
import { Button } from "@mantine/core";
import { number } from "~/design/figures";
import { Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { lakeWords } from "./lake-words";
import styles from "./lake.module.css";
import type { LakeTable } from "./queries";

type TableName = Extract<keyof typeof lakeWords, `table${string}`>;

export function LakeTables({
  tables,
  onStart,
}: {
  tables: readonly LakeTable[];
  onStart: (sql: string) => void;
}) {
  const t = useWords(lakeWords);
  const { language } = useLanguage();
  const about = (name: string) => {
    const key = `table${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return key in lakeWords ? t(key as TableName) : "";
  };
  return (
    <Panel label={t("tables")}>
      <h2 className={styles.small}>{t("tables")}</h2>
      {tables.map((table) => (
        <details key={table.name} className={styles.table}>
          <summary>
            <code>{table.name}</code>
            <span>{t("rows", { count: number(table.rows, language) })}</span>
            <small>{about(table.name)}</small>
          </summary>
          <table>
            <caption className="unseen">{t("columns", { table: table.name })}</caption>
            <thead className="unseen">
              <tr>
                <th scope="col">{t("column")}</th>
                <th scope="col">{t("sqlType")}</th>
              </tr>
            </thead>
            <tbody>
              {table.columns.map(({ name, type }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{type.replace(" WITH TIME ZONE", "TZ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => onStart(`SELECT *\nFROM ${table.name}\nLIMIT 100`)}
          >
            {t("startWith")}
          </Button>
        </details>
      ))}
    </Panel>
  );
}
