/** Agreements that the ledger carries out: conditional payments, plans, drives. */
import { useQuery } from "@tanstack/react-query";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import styles from "~/me/me.module.css";
import { useWords } from "~/words/language";
import { Drives } from "./drives";
import { EscrowCard } from "./escrow";
import { Plans } from "./plans";
import { escrowsQuery } from "./queries";
import { SetAside } from "./set-aside";
import { agreementWords } from "./words";

export default function AgreementsPage() {
  const t = useWords(agreementWords);
  const escrows = useQuery(escrowsQuery);
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <section className={styles.section} aria-label={t("waiting")}>
        <h2>{t("waiting")}</h2>
        <Loaded from={escrows} lines={2}>
          {(all) =>
            all.length === 0 ? (
              <Empty icon="wallet" title={t("noneWaiting")} detail={t("noneWaitingDetail")} />
            ) : (
              all.map((one) => <EscrowCard key={one.id} escrow={one} />)
            )
          }
        </Loaded>
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
