/** How people travelled: a bar of shares for each run, and the same numbers as a table. */
import type { ReactNode } from "react";
import { useScheme } from "~/design/scheme";
import type { Run } from "~/api/queries";
import { useRunName } from "~/city/runs/run-name";
import { number } from "~/design/figures";
import { isMode, MODE_COLOURS, MODES, modeWords } from "~/design/modes";
import { useLanguage, useWords } from "~/words/language";
import styles from "./kpis.module.css";
import { kpiWords } from "./words";

const NARROWEST_LABEL_PCT = 6;

/** Modes in their usual order, then any that a later city brings. */
function modesOf(runs: readonly Run[]): string[] {
  const found = new Set(runs.flatMap(({ trips }) => Object.keys(trips)));
  return [...MODES.filter((mode) => found.has(mode)), ...[...found].filter((m) => !isMode(m))];
}

const all = (run: Run) => Object.values(run.trips).reduce((sum, count) => sum + count, 0);
const letter = (index: number) => (index === 0 ? "A" : "B");
const percent = (run: Run, mode: string) => ((run.trips[mode] ?? 0) / Math.max(all(run), 1)) * 100;

export function ModeShares({ run, beside }: { run: Run; beside: Run | null }) {
  const t = useWords(kpiWords);
  const names = useWords(modeWords);
  const scheme = useScheme();
  const runs = beside ? [run, beside] : [run];
  const modes = modesOf(runs);
  if (modes.length === 0) return null;
  const nameOf = (mode: string) => (isMode(mode) ? names(mode) : mode);
  const colour = (mode: string) => (isMode(mode) ? MODE_COLOURS[scheme][mode] : "#777777");
  return (
    <section aria-label={t("modes")} className={styles.modes}>
      <h2>{t("modes")}</h2>
      {runs.map((one, index) => (
        <Bar key={one.run} name={beside ? letter(index) : ""}>
          {modes.map((mode) => (
            <Share key={mode} colour={colour(mode)} sharePct={percent(one, mode)} />
          ))}
        </Bar>
      ))}
      <div className={styles.scroll}>
        <ModeTable runs={runs} modes={modes} nameOf={nameOf} colour={colour} />
      </div>
    </section>
  );
}

/** Shares in per cent side by side; whoever cannot see them has the table below. */
function Bar({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.bar} aria-hidden="true">
      {name && <strong>{name}</strong>}
      <div>{children}</div>
    </div>
  );
}

function Share({ colour, sharePct }: { colour: string; sharePct: number }) {
  return (
    <span style={{ background: `color-mix(in srgb, ${colour} 84%, black)`, width: `${sharePct}%` }}>
      {sharePct >= NARROWEST_LABEL_PCT && `${Math.round(sharePct)} %`}
    </span>
  );
}

function ModeTable({
  runs,
  modes,
  nameOf,
  colour,
}: {
  runs: readonly Run[];
  modes: readonly string[];
  nameOf: (mode: string) => string;
  colour: (mode: string) => string;
}) {
  const t = useWords(kpiWords);
  const { language } = useLanguage();
  const runName = useRunName();
  return (
    <table className={styles.table}>
      <caption className={styles.small}>{t("modesCaption")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("mode")}</th>
          {runs.map((run, index) => (
            <th scope="col" key={run.run}>
              {runs.length > 1 ? `${letter(index)} · ` : ""}
              {runName(run)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {modes.map((mode) => (
          <tr key={mode}>
            <th scope="row">
              <span className={styles.swatch} style={{ background: colour(mode) }} />
              {nameOf(mode)}
            </th>
            {runs.map((run) => (
              <td key={run.run}>
                <strong>{t("share", { percent: number(percent(run, mode), language, 1) })}</strong>{" "}
                <span className={styles.soft}>
                  {t("trips", { count: number(run.trips[mode] ?? 0, language) })}
                </span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
