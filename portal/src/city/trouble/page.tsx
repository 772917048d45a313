/** The operator's desk of what failed: dead letters, quarantined input, notifications, feeds, long work. */
import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { Page } from "~/design/page";
import { OperatorsOnly } from "~/shell/operators-only";
import { useWords } from "~/words/language";
import { Deliveries } from "./deliveries";
import { Feeds } from "./feeds";
import { Jobs } from "./jobs";
import { Letters } from "./letters";
import { Quarantine } from "./quarantine";
import styles from "./trouble.module.css";
import { troubleWords } from "./words";

export default function TroublePage() {
  const t = useWords(troubleWords);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <OperatorsOnly>
        <Desk />
      </OperatorsOnly>
    </Page>
  );
}

function Desk() {
  const timeZone = useQuery(cityQuery).data?.time_zone;
  return (
    <div className={styles.desk}>
      <Letters timeZone={timeZone} />
      <Quarantine timeZone={timeZone} />
      <Deliveries timeZone={timeZone} />
      <Feeds timeZone={timeZone} />
      <Jobs timeZone={timeZone} />
    </div>
  );
}
