import { useQuery } from "@tanstack/react-query";
import { cityQuery, type Run } from "~/api/queries";
import { useRunName } from "~/city/runs/run-name";
import { dateTime, number, quantity } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import styles from "./kpis.module.css";
import { kpiWords } from "./words";

/** What was run, so that anybody can run it again and get the same digest. */
export function Provenance({ runs }: { runs: readonly Run[] }) {
  const t = useWords(kpiWords);
  const { language } = useLanguage();
  const name = useRunName();
  const zone = useQuery(cityQuery).data?.time_zone;
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
            <dt>{t("made")}</dt>
            <dd>{dateTime(run.created_at, language, zone)}</dd>
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
            <dt>{t("digest")}</dt>
            <dd className={styles.digest}>{run.digest}</dd>
          </div>
        </dl>
      ))}
    </section>
  );
}
