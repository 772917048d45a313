/** Two rehearsed days side by side: key figures, flows on streets, and both days at once. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { runsQuery, type RunInfo } from "~/api/queries";
import { Empty, Loaded, Page } from "~/design/page";
import { useWords } from "~/words/language";
import { NoRuns } from "../no-runs";
import { RunSelect } from "../run-select";
import { BothDays } from "./both-days";
import styles from "./compare.module.css";
import { Flows } from "./flows";
import { KpiTable } from "./kpi-table";
import { comparisonQuery, type Comparison } from "./queries";
import { compareWords } from "./words";

export default function ComparePage() {
  const t = useWords(compareWords);
  const runs = useQuery(runsQuery);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Loaded from={runs} lines={3} height={96}>
        {(all) => (all.length > 0 ? <Chosen runs={all} /> : <NoRuns />)}
      </Loaded>
    </Page>
  );
}

function Chosen({ runs }: { runs: RunInfo[] }) {
  const t = useWords(compareWords);
  const [params, setParams] = useSearchParams();
  const known = (name: string) => runs.find(({ run }) => run === params.get(name))?.run ?? "";
  const a = known("a");
  const b = known("b");
  const choose = (next: { a?: string; b?: string }) => setParams({ a, b, ...next });
  return (
    <>
      <div className={styles.choice}>
        <RunSelect
          visibleLabel
          runs={runs}
          value={a}
          label={t("first")}
          onChange={(run) => choose({ a: run })}
        />
        <Button variant="default" disabled={!a || !b} onClick={() => choose({ a: b, b: a })}>
          {t("swap")}
        </Button>
        <RunSelect
          visibleLabel
          runs={runs}
          value={b}
          label={t("second")}
          onChange={(run) => choose({ b: run })}
        />
      </div>
      {a && b ? (
        <Compared key={`${a} ${b}`} a={a} b={b} />
      ) : (
        <Empty icon="change" title={t("chooseTwo")} detail={t("chooseTwoDetail")} />
      )}
    </>
  );
}

function Compared({ a, b }: { a: string; b: string }) {
  const found = useQuery(comparisonQuery(a, b));
  return (
    <Loaded from={found} lines={4} height={120}>
      {(comparison) => (
        <div className={styles.parts}>
          <Fairness comparison={comparison} />
          <KpiTable comparison={comparison} />
          <Flows a={a} b={b} first={comparison} />
          <BothDays a={comparison.a} b={comparison.b} />
        </div>
      )}
    </Loaded>
  );
}

const UNLIKE = {
  city: "unlikeCity",
  residents: "unlikeResidents",
  weather: "unlikeWeather",
  date: "unlikeDate",
  days: "unlikeDays",
  without: "unlikeWithout",
} as const;

/** What is compared, and how far to trust it. */
function Fairness({ comparison: { seeds, unlike } }: { comparison: Comparison }) {
  const t = useWords(compareWords);
  const what = unlike
    .map((name) => (name in UNLIKE ? t(UNLIKE[name as keyof typeof UNLIKE]) : name))
    .join(", ");
  return (
    <div>
      <p>{t("seedsBoth", { seeds: seeds.join(", ") })}</p>
      {seeds.length === 1 && <p className={styles.soft}>{t("oneSeed")}</p>}
      {unlike.length > 0 && <Empty icon="warning" title={t("unlike", { what })} detail="" />}
    </div>
  );
}
