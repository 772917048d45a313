/** All rehearsed days, with the ways to look at each. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { runsQuery, type RunInfo } from "~/api/queries";
import { counterpart } from "~/city/kpis/counterpart";
import { kpiWords } from "~/city/kpis/words";
import { day, quantity } from "~/design/figures";
import { Loaded, Page, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { NoRuns } from "./no-runs";
import { useRunName } from "./run-name";
import styles from "./runs.module.css";
import { runWords } from "./words";

export default function RunsPage() {
  const t = useWords(runWords);
  const runs = useQuery(runsQuery);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Loaded from={runs} lines={3} height={110}>
        {(all) =>
          all.length === 0 ? (
            <NoRuns />
          ) : (
            <ul className={styles.list}>
              {all.map((run) => (
                <li key={run.run}>
                  <RunCard run={run} beside={counterpart(run, all)} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

function RunCard({ run, beside }: { run: RunInfo; beside: RunInfo | undefined }) {
  const t = useWords(runWords);
  const k = useWords(kpiWords);
  const { language } = useLanguage();
  const name = useRunName()(run);
  const query = new URLSearchParams({ run: run.run });
  const both = new URLSearchParams({ run: run.run, with: beside?.run ?? "" });
  const sides = new URLSearchParams({ a: beside?.run ?? "", b: run.run });
  return (
    <Panel label={name}>
      <h2 className={styles.name}>{name}</h2>
      <p className={styles.facts}>
        {k("day")} {day(run.date, language)} · {k("took")} {quantity(run.wall_s, "s", language)}
      </p>
      <p className={styles.digest}>
        {k("digest")}: {run.digest}
      </p>
      <div className={styles.ways}>
        <Button component={Link} to={`/city?${query.toString()}`} size="sm">
          {t("playBack")}
        </Button>
        <Button component={Link} to={`/city/kpis?${query.toString()}`} variant="default" size="sm">
          {t("results")}
        </Button>
        {beside && (
          <Button component={Link} to={`/city/kpis?${both.toString()}`} variant="default" size="sm">
            {t("compare")}
          </Button>
        )}
        {beside && (
          <Button
            component={Link}
            to={`/city/runs/compare?${sides.toString()}`}
            variant="default"
            size="sm"
          >
            {t("sideBySide")}
          </Button>
        )}
      </div>
    </Panel>
  );
}
