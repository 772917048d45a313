/** The KPI board: one rehearsed day, or two side by side with what differs between them. */
import { Select } from "@mantine/core";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { runQuery, runsQuery, type Run, type RunInfo } from "~/api/queries";
import { NoRuns } from "~/city/runs/no-runs";
import { useRunName } from "~/city/runs/run-name";
import { RunSelect } from "~/city/runs/run-select";
import { Empty, Loaded, Page } from "~/design/page";
import { useWords } from "~/words/language";
import { Board } from "./board";
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

function Chosen({ runs }: { runs: RunInfo[] }) {
  const t = useWords(kpiWords);
  const [params, setParams] = useSearchParams();
  const chosen = runs.find(({ run }) => run === params.get("run")) ?? runs[0];
  const asked = params.get("with");
  const other = runs.find(({ run }) => run === asked && run !== chosen?.run);
  const first = useQuery(runQuery(chosen?.run ?? ""));
  const second = useQuery(
    other ? runQuery(other.run) : { queryKey: ["run", "none"], queryFn: skipToken },
  );
  if (!chosen) return null;
  const choose = (run: string) => setParams({ run, ...(asked ? { with: asked } : {}) });
  const compare = (run: string) => setParams({ run: chosen.run, ...(run ? { with: run } : {}) });
  return (
    <>
      <div className={styles.choice}>
        <RunSelect visibleLabel runs={runs} value={chosen.run} onChange={choose} label={t("run")} />
        <CompareSelect runs={runs} chosen={chosen} other={other} onChange={compare} />
      </div>
      <Loaded from={first} lines={5} height={80}>
        {(run) =>
          other ? (
            <Loaded from={second} lines={5} height={80}>
              {(beside) => <Results run={run} beside={beside} />}
            </Loaded>
          ) : (
            <Results run={run} beside={null} />
          )
        }
      </Loaded>
    </>
  );
}

function CompareSelect({
  runs,
  chosen,
  other,
  onChange,
}: {
  runs: readonly RunInfo[];
  chosen: RunInfo;
  other: RunInfo | undefined;
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
      value={other?.run ?? ""}
      data={[
        { value: "", label: t("alone") },
        ...others.map((run) => ({ value: run.run, label: name(run) })),
      ]}
      onChange={(run) => onChange(run ?? "")}
    />
  );
}

function Results({ run, beside }: { run: Run; beside: Run | null }) {
  const t = useWords(kpiWords);
  return (
    <div className={styles.results}>
      {run.kpis.length > 0 ? (
        <Board run={run} beside={beside} />
      ) : (
        <Empty icon="chart" title={t("noKpis")} detail={t("noKpisDetail")} />
      )}
      <ModeShares run={run} beside={beside} />
      <Provenance runs={beside ? [run, beside] : [run]} />
    </div>
  );
}
