/** The polls that the signed-in resident may answer. */
import { Link } from "react-router";
import { Page } from "~/design/page";
import { useWords } from "~/words/language";
import { Label } from "./label";
import { PollList } from "./list-page";
import styles from "./votes.module.css";
import { votesWords } from "./words";

export default function MyVotesPage() {
  const t = useWords(votesWords);
  return (
    <Page narrow title={t("mine")} lead={t("lead")}>
      <div className={styles.stack}>
        <Label />
        <PollList to={(name) => `/me/votes/${name}`} />
        <p>
          <Link to="/votes">{t("all")}</Link>
        </p>
      </div>
    </Page>
  );
}
