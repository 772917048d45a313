/** The operator's desk of what failed: dead letters, quarantined input, long work. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "react-router";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { Empty, Page } from "~/design/page";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { Jobs } from "./jobs";
import { Letters } from "./letters";
import { Quarantine } from "./quarantine";
import styles from "./trouble.module.css";
import { troubleWords } from "./words";

export default function TroublePage() {
  const t = useWords(troubleWords);
  const session = useSession();
  return (
    <Page title={t("title")} lead={t("lead")}>
      {session?.role === "operator" ? <Desk /> : <OnlyOperators />}
    </Page>
  );
}

function OnlyOperators() {
  const t = useWords(troubleWords);
  const shell = useWords(shellWords);
  const { pathname } = useLocation();
  return (
    <Empty icon="person" title={t("onlyOperators")} detail={t("onlyOperatorsDetail")}>
      <Button component={Link} to="/sign-in" state={{ from: pathname }}>
        {shell("signIn")}
      </Button>
    </Empty>
  );
}

function Desk() {
  const timeZone = useQuery(cityQuery).data?.time_zone;
  return (
    <div className={styles.desk}>
      <Letters timeZone={timeZone} />
      <Quarantine timeZone={timeZone} />
      <Jobs timeZone={timeZone} />
    </div>
  );
}
