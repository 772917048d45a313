/** What somebody does with their money beyond paying at a shop. */
import { useQuery } from "@tanstack/react-query";
import { useSession } from "~/api/session";
import { Link } from "react-router";
import type { IconName } from "~/design/icons";
import { Page } from "~/design/page";
import { CardLink } from "~/me/card-link";
import { agreementWords } from "~/registry/words";
import { useWords } from "~/words/language";
import styles from "../money.module.css";
import { duesQuery, moneyRequestsQuery, splitsQuery } from "../queries";
import { moneyWords } from "../words";
import { mineWords } from "./words";

const PARTS = [
  ["people", "change"],
  ["splits", "grid"],
  ["standing", "replay"],
  ["vouchers", "ticket"],
  ["benefits", "leaf"],
  ["dues", "stamp"],
  ["giving", "person"],
  ["wards", "eye"],
  ["safety", "gear"],
  ["trials", "chart"],
] as const satisfies readonly (readonly [string, IconName])[];

type Part = (typeof PARTS)[number][0];
const RESIDENTS_ONLY: ReadonlySet<Part> = new Set(["trials"]);

export default function MoneyPage() {
  const t = useWords(mineWords);
  const a = useWords(agreementWords);
  const m = useWords(moneyWords);
  const session = useSession();
  const waiting = useWaiting();
  const shown = PARTS.filter(([part]) => session?.role === "resident" || !RESIDENTS_ONLY.has(part));
  return (
    <Page
      narrow
      title={t("title")}
      lead={t("lead")}
      beside={<Link to="/me/wallet">{m("toWallet")}</Link>}
    >
      <div className={styles.cards}>
        {shown.map(([part, icon]) => {
          const count = waiting[part as "people"] ?? 0;
          const open = t(part === "dues" ? "toPay" : "waiting", { count });
          const detail = count > 0 ? open : t(`${part}Detail`);
          return (
            <CardLink
              key={part}
              to={`/me/money/${part}`}
              icon={icon}
              title={t(part)}
              detail={detail}
            />
          );
        })}
        <CardLink to="/me/agreements" icon="ticket" title={a("title")} detail={a("detail")} />
      </div>
    </Page>
  );
}

/** How much of each part waits for an answer of the reader. */
function useWaiting(): Partial<Record<Part, number>> {
  const session = useSession();
  const requests = useQuery(moneyRequestsQuery).data;
  const splits = useQuery(splitsQuery).data;
  const dues = useQuery(duesQuery).data;
  const mine = (payers: readonly string[]) => payers.indexOf(session?.id ?? "");
  const open = splits?.filter(({ payers, holds }) => mine(payers) >= 0 && !holds[mine(payers)]);
  return {
    people: requests?.to_me.length ?? 0,
    splits: open?.length ?? 0,
    dues: dues?.length ?? 0,
  };
}
