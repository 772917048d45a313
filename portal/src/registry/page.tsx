/** Agreements that the ledger carries out: conditional payments, plans, drives. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import styles from "~/me/me.module.css";
import { Told } from "~/money/told";
import { moneyWords } from "~/money/words";
import { useWords } from "~/words/language";
import { Drives } from "./drives";
import { EscrowCard } from "./escrow";
import { Plans } from "./plans";
import { escrowsQuery } from "./queries";
import { SetAside } from "./set-aside";
import { agreementWords } from "./words";

export default function AgreementsPage() {
  const t = useWords(agreementWords);
  const m = useWords(moneyWords);
  const escrows = useQuery(escrowsQuery);
  return (
    <Page
      narrow
      title={t("title")}
      lead={t("lead")}
      beside={<Link to="/me/money">{m("back")}</Link>}
    >
      <section className={styles.section} aria-label={t("waiting")}>
        <h2>{t("waiting")}</h2>
        <Told>
          <Loaded from={escrows} lines={2}>
            {(all) =>
              all.length === 0 ? (
                <Empty icon="wallet" title={t("noneWaiting")} detail={t("noneWaitingDetail")} />
              ) : (
                all.map((one) => <EscrowCard key={one.id} escrow={one} />)
              )
            }
          </Loaded>
        </Told>
      </section>
      <section className={styles.section} aria-label={t("setAside")}>
        <h2>{t("setAside")}</h2>
        <Panel>
          <SetAside />
        </Panel>
      </section>
      <Plans />
      <Drives />
    </Page>
  );
}
