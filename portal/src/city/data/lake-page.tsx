/** Ask a lake in SQL: choose which, see its tables, write, and read the answer. */
import { Select, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { runsQuery, type RunInfo } from "~/api/queries";
import { useSession } from "~/api/session";
import { NoRuns } from "~/city/runs/no-runs";
import { openingRun } from "~/city/runs/opening";
import { useRunName } from "~/city/runs/run-name";
import { Loaded } from "~/design/page";
import { useWords } from "~/words/language";
import { ofRehearsals, ofTheCity } from "./examples";
import { LakeEditor } from "./lake-editor";
import { LakeTables } from "./lake-tables";
import { lakeWords } from "./lake-words";
import styles from "./lake.module.css";
import { lakeQuery, type Where } from "./queries";
import { DataFrame, LAKE_ROLES, LIVING_ROLES, SignInFor } from "./role";
import { dataWords } from "./words";

export default function LakePage() {
  const t = useWords(dataWords);
  const role = useSession()?.role;
  return (
    <DataFrame>
      {role && LAKE_ROLES.includes(role) ? (
        <Lakes mayLiving={LIVING_ROLES.includes(role)} />
      ) : (
        <SignInFor title={t("lakeRolesTitle")} detail={t("lakeRolesDetail")} />
      )}
    </DataFrame>
  );
}

const LIVING = "city";

function Lakes({ mayLiving }: { mayLiving: boolean }) {
  const runs = useQuery(runsQuery);
  return (
    <Loaded from={runs} lines={4} height={96}>
      {(all) =>
        all.length > 0 || mayLiving ? <Chosen runs={all} mayLiving={mayLiving} /> : <NoRuns />
      }
    </Loaded>
  );
}

function Chosen({ runs, mayLiving }: { runs: readonly RunInfo[]; mayLiving: boolean }) {
  const t = useWords(lakeWords);
  const name = useRunName();
  const [params, setParams] = useSearchParams();
  const [days, setDays] = useState({ firstDay: "", lastDay: "" });
  const asked = params.get("lake");
  const known = runs.find(({ run }) => run === asked) ?? openingRun(runs);
  const isLiving = mayLiving && (asked === LIVING || !known);
  const run = isLiving ? "" : (known?.run ?? "");
  const where: Where = { run, ...(isLiving ? days : { firstDay: "", lastDay: "" }) };
  const lake = useQuery({ ...lakeQuery(where), placeholderData: keepPreviousData });
  return (
    <div className={styles.lake}>
      <div className={styles.choice}>
        <Select
          label={t("whichLake")}
          description={isLiving ? t("livingNote") : t("runNote")}
          value={isLiving ? LIVING : run}
          data={[
            ...(mayLiving ? [{ value: LIVING, label: t("living") }] : []),
            ...runs.map((one) => ({ value: one.run, label: name(one) })),
          ]}
          onChange={(chosen) => chosen && setParams({ lake: chosen })}
        />
        {isLiving && <Days days={days} shown={lake.data} onChange={setDays} />}
      </div>
      <Loaded from={lake} lines={3} height={80}>
        {({ tables }) => (
          <LakeEditor
            key={run}
            where={where}
            examples={isLiving ? ofTheCity : ofRehearsals}
            beside={(start) => <LakeTables tables={tables} onStart={start} />}
          />
        )}
      </Loaded>
    </div>
  );
}

interface DaySpan {
  firstDay: string;
  lastDay: string;
}

function Days({
  days,
  shown,
  onChange,
}: {
  days: DaySpan;
  shown: { first_day: string; last_day: string } | undefined;
  onChange: (days: DaySpan) => void;
}) {
  const t = useWords(lakeWords);
  const first = days.firstDay || (shown?.first_day ?? "");
  const last = days.lastDay || (shown?.last_day ?? "");
  return (
    <div className={styles.days}>
      <TextInput
        type="date"
        label={t("firstDay")}
        value={first}
        max={last}
        onChange={(event) => onChange({ firstDay: event.currentTarget.value, lastDay: last })}
      />
      <TextInput
        type="date"
        label={t("lastDay")}
        value={last}
        min={first}
        onChange={(event) => onChange({ firstDay: first, lastDay: event.currentTarget.value })}
      />
    </div>
  );
}
