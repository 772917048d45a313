/** What each operator is owed: made into statements, paid, and taken home as a table. */
import { Button, Checkbox, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cityQuery } from "~/api/queries";
import { number, won } from "~/design/figures";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import { Pager } from "~/design/pager";
import { useLanguage, useWords } from "~/words/language";
import { dateOf } from "../times";
import { useNow } from "../use-now";
import { saveTable } from "./csv";
import styles from "./operators.module.css";
import { useParties } from "./parties";
import { statementsQuery, useSettle, type Statement } from "./queries";
import { settlementWords } from "./settlement-words";
import { OneStatement } from "./statement";
import { dueOf, newestFirst, statementTable, sumsOf } from "./tables";

const PAGE = 10;
const EVERYBODY = "";
const MONTHS_BACK = 12;
const A_MINUTE_MS = 60_000; // the month may end while one looks

export function Settlement() {
  const t = useWords(settlementWords);
  const statements = useQuery(statementsQuery);
  return (
    <Panel label={t("settlement")}>
      <h2>{t("settlement")}</h2>
      <p className={styles.soft}>{t("source")}</p>
      <Settle />
      <Loaded from={statements} lines={3}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon="wallet" title={t("none")} detail={t("noneDetail")} />
          ) : (
            <Statements all={all} />
          )
        }
      </Loaded>
    </Panel>
  );
}

/** This month and those before it, newest first, as the city's calendar has them. */
function monthsBefore(today: string): string[] {
  const [year = 0, month = 1] = today.split("-").map(Number);
  return Array.from({ length: MONTHS_BACK }, (_, back) =>
    new Date(Date.UTC(year, month - 1 - back)).toISOString().slice(0, 7),
  );
}

function Settle() {
  const t = useWords(settlementWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone ?? "UTC";
  const months = monthsBefore(dateOf(useNow(A_MINUTE_MS), zone));
  const [chosen, setChosen] = useState<string | null>(null);
  const month = chosen ?? months[0] ?? "";
  const settle = useSettle();
  const made = settle.data?.length ?? 0;
  return (
    <>
      <div className={styles.settle}>
        <Select
          label={t("month")}
          value={month}
          data={months}
          allowDeselect={false}
          onChange={setChosen}
        />
        <Button loading={settle.isPending} onClick={() => settle.mutate(month)}>
          {t("settle")}
        </Button>
        <p className={styles.soft}>{t("settleHelp")}</p>
      </div>
      {settle.isSuccess && (
        <p role="status">
          {made > 0 ? t("made", { count: number(made, language) }) : t("madeNone")}
        </p>
      )}
      {settle.error && <Trouble error={settle.error} />}
    </>
  );
}

function Statements({ all }: { all: readonly Statement[] }) {
  const t = useWords(settlementWords);
  const titleOf = useParties();
  const [party, setParty] = useState(EVERYBODY);
  const [isOpenOnly, setOpenOnly] = useState(false);
  const [page, setPage] = useState(0);
  const parties = [...new Set(all.map((one) => one.party))].sort();
  const found = newestFirst(all).filter(
    (one) => (party === EVERYBODY || one.party === party) && (!isOpenOnly || dueOf(one) === "open"),
  );
  const last = Math.max(0, Math.ceil(found.length / PAGE) - 1); // paid ones may have left the list
  const at = Math.min(page, last);
  const shown = found.slice(at * PAGE, (at + 1) * PAGE);
  return (
    <>
      <div className={styles.filter}>
        <Select
          label={t("whose")}
          value={party}
          data={[
            { value: EVERYBODY, label: t("everybody") },
            ...parties.map((value) => ({ value, label: titleOf(value) })),
          ]}
          allowDeselect={false}
          onChange={(value) => {
            setParty(value ?? EVERYBODY);
            setPage(0);
          }}
        />
        <Checkbox
          label={t("onlyOpen")}
          checked={isOpenOnly}
          onChange={({ currentTarget }) => {
            setOpenOnly(currentTarget.checked);
            setPage(0);
          }}
        />
        <Button
          variant="default"
          disabled={found.length === 0}
          onClick={() => saveTable(statementTable(found, t, titleOf), "statements.csv")}
        >
          {t("csvAll")}
        </Button>
      </div>
      <Totals of={found} />
      {shown.length === 0 && <p role="status">{t("allPaid")}</p>}
      <ul className={styles.list} aria-label={t("statements")}>
        {shown.map((one) => (
          <li key={one.id}>
            <OneStatement statement={one} title={titleOf(one.party)} />
          </li>
        ))}
      </ul>
      <Pager
        label={t("statements")}
        page={at}
        hasMore={found.length > (at + 1) * PAGE}
        onPage={setPage}
      />
    </>
  );
}

function Totals({ of }: { of: readonly Statement[] }) {
  const t = useWords(settlementWords);
  const { language } = useLanguage();
  const { rides, open_won, paid_won } = sumsOf(of);
  return (
    <dl className={styles.totals}>
      <div>
        <dt>{t("openSum")}</dt>
        <dd>{won(open_won, language)}</dd>
      </div>
      <div>
        <dt>{t("paidSum")}</dt>
        <dd>{won(paid_won, language)}</dd>
      </div>
      <div>
        <dt>{t("ridesSum")}</dt>
        <dd>{t("count", { count: number(rides, language) })}</dd>
      </div>
    </dl>
  );
}
