/** An agency's polls. */
import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Page } from "~/design/page";
import { useWords } from "~/words/language";
import { Label } from "../label";
import { PollList } from "../list-page";
import styles from "../votes.module.css";
import { OnlyAgencies } from "./only";
import { agencyWords } from "./words";

export default function AgencyPage() {
  const t = useWords(agencyWords);
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <OnlyAgencies>
        <div className={styles.stack}>
          <Label />
          <div className={styles.row}>
            <Button component={Link} to="/city/votes/new">
              {t("make")}
            </Button>
          </div>
          <PollList to={(name) => `/city/votes/${name}`} />
        </div>
      </OnlyAgencies>
    </Page>
  );
}
