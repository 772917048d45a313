/** docs/ballots.md as it stands in the repository, so that nobody has to look for it. */
import { Button } from "@mantine/core";
import { Page } from "~/design/page";
import { saveFile } from "~/design/save-file";
import { useWords } from "~/words/language";
import specification from "../../../docs/ballots.md?raw";
import { Label } from "./label";
import styles from "./votes.module.css";
import { votesWords } from "./words";

const NAME = "ballots.md";

export default function SpecificationPage() {
  const t = useWords(votesWords);
  return (
    <Page title={t("specification")} lead={t("specificationLead")}>
      <div className={styles.stack}>
        <Label />
        <div className={styles.row}>
          <Button variant="default" onClick={() => saveFile(new Blob([specification]), NAME)}>
            {t("saveAs", { name: NAME })}
          </Button>
        </div>
        <pre className={styles.text} lang="en">
          {specification}
        </pre>
      </div>
    </Page>
  );
}
