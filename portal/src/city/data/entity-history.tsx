/** What an entity was: one attribute over time as a chart with its table, or every line. */
import { Button, Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { Empty } from "~/design/page";
import { useWords } from "~/words/language";
import { Plot } from "./chart";
import styles from "./data.module.css";
import { bodyOf, mostTelling, stepsOf, type Step } from "./history";
import { MOST_HISTORY, type HistoryLine } from "./queries";
import { useMoment, useSpeech } from "./role";
import { numberIn, textOf, unitOf } from "./values";
import { dataWords } from "./words";

const AT_FIRST = 20;

export function History({ lines }: { lines: readonly HistoryLine[] }) {
  const t = useWords(dataWords);
  const steps = useMemo(() => stepsOf(lines), [lines]);
  const [chosen, setChosen] = useState<string | null>(null);
  if (lines.length === 0) {
    return <Empty icon="clock" title={t("noHistory")} detail={t("noHistoryDetail")} />;
  }
  const shown = chosen ?? mostTelling(steps);
  const ofShown = steps.get(shown);
  return (
    <section className={styles.sections} aria-label={t("history")}>
      <div>
        <h3>{t("history")}</h3>
        <p className={styles.soft}>{t("historyLead", { count: MOST_HISTORY })}</p>
      </div>
      <Select
        className={styles.finder ?? ""}
        label={t("show")}
        value={shown}
        data={[
          { value: "", label: t("everything") },
          ...[...steps.keys()].sort().map((name) => ({ value: name, label: name })),
        ]}
        onChange={(name) => setChosen(name ?? "")}
      />
      {ofShown ? <OfAttribute key={shown} name={shown} steps={ofShown} /> : <Lines lines={lines} />}
    </section>
  );
}

function OfAttribute({ name, steps }: { name: string; steps: readonly Step[] }) {
  const t = useWords(dataWords);
  const speech = useSpeech();
  const moment = useMoment();
  const unitCode = steps.findLast(({ attribute }) => attribute?.unitCode)?.attribute?.unitCode;
  const unit = unitOf(unitCode, speech.language).trim();
  const numbers = steps.flatMap(({ at, attribute }) => {
    const value = numberIn(attribute);
    return value === null ? [] : [[Date.parse(at), value] as [number, number]];
  });
  const rows = [...steps].reverse().map(({ at, attribute }, index) => ({
    key: `${at} ${index}`,
    cells: [
      moment(at),
      attribute
        ? textOf({ ...(unitCode ? { unitCode } : {}), ...attribute }, speech)
        : t("removed"),
    ],
  }));
  return (
    <>
      {numbers.length > 1 && (
        <Plot
          points={numbers}
          form="steps"
          across={{ kind: "time", name: t("when") }}
          up={unit ? `${name} (${unit})` : name}
        />
      )}
      <Paged caption={name} heads={[t("when"), t("value")]} rows={rows} />
    </>
  );
}

function Lines({ lines }: { lines: readonly HistoryLine[] }) {
  const t = useWords(dataWords);
  const moment = useMoment();
  const words: Record<string, string> = {
    created: t("kindCreated"),
    updated: t("kindUpdated"),
    measured: t("kindMeasured"),
    closed: t("kindClosed"),
    deleted: t("kindDeleted"),
  };
  const rows = lines.map((line) => ({
    key: String(line.position),
    cells: [
      moment(line.at),
      words[line.kind] ?? t("kindEvent", { name: line.name }),
      Object.keys(bodyOf(line)).join(", "),
    ],
  }));
  return (
    <Paged caption={t("everything")} heads={[t("when"), t("what"), t("attributes")]} rows={rows} />
  );
}

interface TableRow {
  key: string;
  cells: string[];
}

function Paged({
  caption,
  heads,
  rows,
}: {
  caption: string;
  heads: readonly string[];
  rows: readonly TableRow[];
}) {
  const t = useWords(dataWords);
  const [most, setMost] = useState(AT_FIRST);
  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways */}
      <div className={styles.scroll} role="region" aria-label={caption} tabIndex={0}>
        <table className={styles.plain}>
          <caption className="unseen">{caption}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th scope="col" key={head}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map(({ key, cells }) => (
              <tr key={key}>
                {cells.map((cell, column) => (
                  <td key={heads[column]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most && (
        <Button variant="default" size="sm" onClick={() => setMost(most + 5 * AT_FIRST)}>
          {t("moreLines")}
        </Button>
      )}
    </>
  );
}
