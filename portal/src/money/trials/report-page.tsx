/** The report of an experiment: how it was set up, its lots, outcomes with how sure they are. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { asProblem } from "~/api/problem";
import { day, number, won } from "~/design/figures";
import { Empty, Loaded, Page, Panel, Trouble, Waiting } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import styles from "../money.module.css";
import report from "../report.module.css";
import { experimentsQuery, reportQuery, type Experiment } from "../queries";
import { moneyWords } from "../words";
import { Fact, Lots } from "./lots";
import { Outcomes } from "./outcomes";
import { trialWords } from "./words";

export default function ReportPage() {
  const t = useWords(trialWords);
  const m = useWords(moneyWords);
  const { id = "" } = useParams();
  const trials = useQuery(experimentsQuery);
  const trial = trials.data?.find((one) => one.id === id);
  const beside = (
    <div className={`${styles.row ?? ""} ${report.noPrint ?? ""}`}>
      <Link to="/city/treasury">{m("toTreasury")}</Link>
      <Button variant="default" onClick={() => window.print()}>
        {t("print")}
      </Button>
    </div>
  );
  return (
    <div data-print>
      <Page title={trial?.title ?? t("report")} lead={trial?.purpose ?? ""} beside={beside}>
        <Loaded from={trials} lines={3} height={120}>
          {() =>
            trial ? (
              <div className={styles.parts}>
                <Panel>
                  <Design trial={trial} />
                </Panel>
                <Panel>
                  <Lots trial={trial} />
                </Panel>
                <Panel>
                  <Results trial={trial} />
                </Panel>
                <Panel>
                  <Limits />
                </Panel>
              </div>
            ) : (
              <Empty icon="chart" title={t("none")} detail={t("noneDetail")} />
            )
          }
        </Loaded>
      </Page>
    </div>
  );
}

function Design({ trial }: { trial: Experiment }) {
  const t = useWords(trialWords);
  const { language } = useLanguage();
  const { monthly_won, months, treated_pct, starts_on, listed } = trial;
  const amount = won(monthly_won, language);
  return (
    <section className={styles.form} aria-label={t("how")}>
      <h2>{t("how")}</h2>
      <p>{t("design", { pct: treated_pct, amount, months })}</p>
      <dl className={report.facts}>
        <Fact name={t("state")} value={t(trial.state)} />
        {listed > 0 && (
          <Fact name={t("listed")} value={t("people", { count: number(listed, language) })} />
        )}
        {starts_on && <Fact name={t("startsOn")} value={day(starts_on, language)} />}
        {starts_on && (
          <Fact
            name={t("paidMonths")}
            value={t("ofMonths", { part: trial.months_paid, all: months })}
          />
        )}
      </dl>
    </section>
  );
}

function Results({ trial }: { trial: Experiment }) {
  const t = useWords(trialWords);
  const told = useQuery(reportQuery(trial.id));
  return (
    <section className={styles.form} aria-label={t("outcomes")}>
      <h2>{t("outcomes")}</h2>
      {told.data && <Outcomes report={told.data} />}
      {told.isPending && <Waiting lines={2} />}
      {told.error &&
        (asProblem(told.error).status === 409 ? (
          <Early error={told.error} />
        ) : (
          <Trouble error={told.error} onRetry={() => void told.refetch()} />
        ))}
    </section>
  );
}

function Early({ error }: { error: unknown }) {
  const t = useWords(trialWords);
  const { language } = useLanguage();
  return <Empty icon="clock" title={t("early")} detail={asProblem(error).detail[language]} />;
}

function Limits() {
  const t = useWords(trialWords);
  return (
    <section className={styles.form} aria-label={t("not")}>
      <h2>{t("not")}</h2>
      <ul className={report.bullets}>
        {(["not1", "not2", "not3", "not4", "not5"] as const).map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
      </ul>
    </section>
  );
}
