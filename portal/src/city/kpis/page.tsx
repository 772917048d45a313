/** The KPI board: one rehearsed day, or two side by side with what differs between them. */
import { Select } from "@mantine/core";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import {
  runQuery,
  runsQuery,
  todayQuery,
  type KpiValue,
  type Run,
  type RunInfo,
} from "~/api/queries";
import { NoRuns } from "~/city/runs/no-runs";
import { openingRun } from "~/city/runs/opening";
import { useRunName } from "~/city/runs/run-name";
import { RunSelect } from "~/city/runs/run-select";
import { Empty, Loaded, Page } from "~/design/page";
import { useWords } from "~/words/language";
import { Board, type Column } from "./board";
import { counterpart } from "./counterpart";
import styles from "./kpis.module.css";
import { ModeShares } from "./mode-shares";
import { Provenance } from "./provenance";
import { kpiWords } from "./words";

export default function KpiPage() {
  const t = useWords(kpiWords);
  const runs = useQuery(runsQuery);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Loaded from={runs} lines={4} height={96}>
        {(all) => (all.length > 0 ? <Chosen runs={all} /> : <NoRuns />)}
      </Loaded>
    </Page>
  );
}

const TODAY = "today";

function Chosen({ runs }: { runs: RunInfo[] }) {
  const t = useWords(kpiWords);
  const name = useRunName();
  const [params, setParams] = useSearchParams();
  const chosen = runs.find(({ run }) => run === params.get("run")) ?? openingRun(runs);
  const asked = params.get("with") ?? "";
  const other = runs.find(({ run }) => run === asked && run !== chosen?.run);
  const first = useQuery(runQuery(chosen?.run ?? ""));
  const second = useQuery(
    other ? runQuery(other.run) : { queryKey: ["run", "none"], queryFn: skipToken },
  );
  const today = useQuery({ ...todayQuery, enabled: asked === TODAY });
  if (!chosen) return null;
  const choose = (run: string) => setParams({ run, ...(asked ? { with: asked } : {}) });
  const compare = (run: string) => setParams({ run: chosen.run, ...(run ? { with: run } : {}) });
  const board = (run: Run, beside: Column | null, otherRun: Run | null = null) => (
    <Results run={{ ...run, name: name(run) }} beside={beside} otherRun={otherRun} />
  );
  return (
    <>
      <div className={styles.choice}>
        <RunSelect visibleLabel runs={runs} value={chosen.run} onChange={choose} label={t("run")} />
        <CompareSelect runs={runs} chosen={chosen} value={asked} onChange={compare} />
      </div>
      <Loaded from={first} lines={5} height={80}>
        {(run) => {
          if (asked === TODAY) {
            return (
              <Loaded from={today} lines={5} height={80}>
                {(kpis) => board(run, { name: t("today"), kpis: kpis.map(observed) })}
              </Loaded>
            );
          }
          if (!other) return board(run, null);
          return (
            <Loaded from={second} lines={5} height={80}>
              {(beside) => board(run, { name: name(beside), kpis: beside.kpis }, beside)}
            </Loaded>
          );
        }}
      </Loaded>
    </>
  );
}

/** What was observed was observed once: it has no spread. */
const observed = (kpi: Omit<KpiValue, "spread">): KpiValue => ({ ...kpi, spread: null });

function CompareSelect({
  runs,
  chosen,
  value,
  onChange,
}: {
  runs: readonly RunInfo[];
  chosen: RunInfo;
  value: string;
  onChange: (run: string) => void;
}) {
  const t = useWords(kpiWords);
  const name = useRunName();
  const likely = counterpart(chosen, runs)?.run;
  const others = runs
    .filter(({ run }) => run !== chosen.run)
    .sort((a, b) => Number(b.run === likely) - Number(a.run === likely));
  return (
    <Select
      label={t("compareWith")}
      size="md"
      value={value}
      data={[
        { value: "", label: t("alone") },
        { value: TODAY, label: t("today") },
        ...others.map((run) => ({ value: run.run, label: name(run) })),
      ]}
      onChange={(run) => onChange(run ?? "")}
    />
  );
}

function Results({
  run,
  beside,
  otherRun,
}: {
  run: Run & Column;
  beside: Column | null;
  otherRun: Run | null;
}) {
  const t = useWords(kpiWords);
  return (
    <div className={styles.results}>
      {run.kpis.length > 0 ? (
        <Board run={run} beside={beside} />
      ) : (
        <Empty icon="chart" title={t("noKpis")} detail={t("noKpisDetail")} />
      )}
      <ModeShares run={run} beside={otherRun} />
      <Provenance runs={otherRun ? [run, otherRun] : [run]} />
    </div>
  );
}
