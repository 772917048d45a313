/** The treasury: do the books agree, what does the money do, what would cards have cost. */
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { number, won } from "~/design/figures";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { dayOf } from "../instants";
import styles from "../money.module.css";
import { Figures, Lines } from "../parts";
import { currencyMonthQuery, experimentsQuery } from "../queries";
import { FeesByCard } from "./fees";
import { newestMonths } from "./months";
import { Reconciliation } from "./reconciliation";
import { treasuryWords } from "./words";

const MONTHS = 12;
const LOOKERS: ReadonlySet<string> = new Set(["operator", "auditor"]);

export default function TreasuryPage() {
  const t = useWords(treasuryWords);
  const session = useSession();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div className={styles.parts}>
        <Panel>
          {LOOKERS.has(session?.role ?? "") ? (
            <Reconciliation />
          ) : (
            <Empty icon="eye" title={t("locked")} detail={t("lockedDetail")} />
          )}
        </Panel>
        <Economy />
        <Trials />
      </div>
    </Page>
  );
}

function Economy() {
  const t = useWords(treasuryWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone ?? "Asia/Seoul";
  const months = newestMonths(dayOf(new Date(), zone), MONTHS);
  const [month, setMonth] = useState(months[0] ?? "");
  const told = useQuery(currencyMonthQuery(month));
  const say = (value: number) => won(value, language);
  return (
    <>
      <Panel>
        <section className={styles.form} aria-label={t("economy")}>
          <h2>{t("economy")}</h2>
          <NativeSelect
            label={t("month")}
            value={month}
            data={months}
            onChange={({ currentTarget }) => setMonth(currentTarget.value)}
          />
          <Loaded from={told} lines={1} height={90}>
            {(found) =>
              typeof found.paid_won === "number" ? (
                <Figures
                  of={[
                    [t("paid"), say(found.paid_won)],
                    [
                      t("local"),
                      typeof found.local_share === "number"
                        ? `${number(found.local_share * 100, language, 1)} %`
                        : "–",
                    ],
                    [
                      t("velocity"),
                      typeof found.velocity === "number"
                        ? t("times", { count: number(found.velocity, language, 1) })
                        : "–",
                    ],
                    [t("circulating"), say(found.circulating_won)],
                  ]}
                />
              ) : (
                <Empty icon="chart" title={t("few")} detail={t("fewDetail")} />
              )
            }
          </Loaded>
        </section>
      </Panel>
      {told.data && typeof told.data.paid_won === "number" && (
        <Panel>
          <FeesByCard
            of={{
              payments: told.data.payments ?? 0,
              paid_won: told.data.paid_won,
              card_fees_won: told.data.card_fees_won ?? 0,
              card_company_won: told.data.card_company_won ?? 0,
              network_won: told.data.network_won ?? 0,
              points_won: told.data.points_won ?? 0,
              points_paid_won: told.data.points_paid_won ?? 0,
            }}
          />
        </Panel>
      )}
    </>
  );
}

function Trials() {
  const t = useWords(treasuryWords);
  const trials = useQuery(experimentsQuery).data ?? [];
  if (trials.length === 0) return null;
  return (
    <Panel>
      <section className={styles.form} aria-label={t("trials")}>
        <h2>{t("trials")}</h2>
        <Lines of={trials} label={t("trials")} none="" noneDetail="">
          {(one) => (
            <li key={one.id}>
              <Link to={`/city/experiments/${encodeURIComponent(one.id)}`}>{one.title}</Link>
            </li>
          )}
        </Lines>
      </section>
    </Panel>
  );
}
