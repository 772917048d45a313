import type { Run } from "~/api/queries";
import { useRunName } from "~/city/runs/run-name";
import { day, number, quantity } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import styles from "./kpis.module.css";
import { kpiWords } from "./words";

/** What was run, so that anybody can run it again and get the same digest. */
export function Provenance({ runs }: { runs: readonly Run[] }) {
  const t = useWords(kpiWords);
  const { language } = useLanguage();
  const name = useRunName();
  return (
    <section aria-label={t("provenance")} className={styles.provenance}>
      <h2>{t("provenance")}</h2>
      <p className={styles.soft}>{t("digestHelp")}</p>
      {runs.map((run) => (
        <dl key={run.run}>
          <div>
            <dt>{t("run")}</dt>
            <dd>{name(run)}</dd>
          </div>
          <div>
            <dt>{t("day")}</dt>
            <dd>{day(run.date, language)}</dd>
          </div>
          <div>
            <dt>{t("took")}</dt>
            <dd>{quantity(run.wall_s, "s", language)}</dd>
          </div>
          <div>
            <dt>{t("residents")}</dt>
            <dd>{t("people", { count: number(run.residents, language) })}</dd>
          </div>
          <div>
            <dt>{t("notMade")}</dt>
            <dd>{t("times", { count: number(run.not_made, language) })}</dd>
          </div>
          <div>
            <dt>{t("refusals")}</dt>
            <dd>{t("times", { count: number(run.refusals, language) })}</dd>
          </div>
          <div>
            <dt>{t("digest")}</dt>
            <dd className={styles.digest}>{run.digest}</dd>
          </div>
        </dl>
      ))}
    </section>
  );
}
