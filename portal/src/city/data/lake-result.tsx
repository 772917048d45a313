/** The answer of a lake: as a table or a chart with its table, and as a file. */
import { Button, SegmentedControl } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { number } from "~/design/figures";
import { Empty, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { cellText, isNumeric } from "./cells";
import data from "./data.module.css";
import { LakeChart } from "./lake-chart";
import { lakeWords } from "./lake-words";
import styles from "./lake.module.css";
import { download, type LakeAnswer, type Where } from "./queries";

const AT_FIRST = 100;

export function LakeResult({
  where,
  sql,
  answer,
}: {
  where: Where;
  sql: string;
  answer: LakeAnswer;
}) {
  const t = useWords(lakeWords);
  const { language } = useLanguage();
  const [shown, setShown] = useState("table");
  const count = number(answer.rows.length, language);
  return (
    <section className={styles.answer} aria-label={t("answer")}>
      <div className={styles.answerHead}>
        <h2>{t("answer")}</h2>
        <p role="status">
          {t("answered", { count, seconds: number(answer.seconds, language, 2) })}{" "}
          {answer.more && <strong>{t("more", { count })}</strong>}
        </p>
        <SegmentedControl
          aria-label={t("showAs")}
          value={shown}
          data={[
            { value: "table", label: t("asTable") },
            { value: "chart", label: t("asChart") },
          ]}
          onChange={setShown}
        />
        <Files where={where} sql={sql} />
      </div>
      {shown === "chart" && <LakeChart answer={answer} />}
      {answer.rows.length === 0 ? (
        <Empty icon="search" title={t("noRows")} detail={t("noRowsDetail")} />
      ) : (
        <AnswerTable answer={answer} />
      )}
    </section>
  );
}

function Files({ where, sql }: { where: Where; sql: string }) {
  const t = useWords(lakeWords);
  const file = useMutation({
    mutationFn: (format: "csv" | "parquet") => download(where, sql, format),
  });
  return (
    <>
      <div role="group" aria-label={t("download")} className={styles.buttons}>
        {(["csv", "parquet"] as const).map((format) => (
          <Button
            key={format}
            variant="default"
            size="sm"
            loading={file.isPending && file.variables === format}
            disabled={file.isPending}
            onClick={() => file.mutate(format)}
            aria-label={`${t("download")} ${t(format)}`}
          >
            {t(format)}
          </Button>
        ))}
      </div>
      {file.error && <Trouble error={file.error} />}
      {file.data && !file.data.isWhole && <p role="status">{t("downloadMore")}</p>}
    </>
  );
}

function AnswerTable({ answer }: { answer: LakeAnswer }) {
  const t = useWords(lakeWords);
  const { language } = useLanguage();
  const [most, setMost] = useState(AT_FIRST);
  const place = (index: number) => (isNumeric(answer.columns[index]?.type) ? data.figure : "");
  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways */}
      <div className={data.scroll} role="region" aria-label={t("answerTable")} tabIndex={0}>
        <table className={data.plain}>
          <caption className="unseen">{t("answer")}</caption>
          <thead>
            <tr>
              {answer.columns.map(({ name }, index) => (
                <th scope="col" key={`${index} ${name}`} className={place(index)}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.rows.slice(0, most).map((row, line) => (
              <tr key={line}>
                {row.map((cell, index) => (
                  <td key={index} className={place(index)}>
                    {cellText(cell, answer.columns[index]?.type, language)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {answer.rows.length > most && (
        <Button variant="default" size="sm" onClick={() => setMost(most + 3 * AT_FIRST)}>
          {t("showMore")}
        </Button>
      )}
    </>
  );
}
