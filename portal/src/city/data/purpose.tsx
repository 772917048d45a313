/** Personal data: why it is not here, and the way for who has somebody's consent. */
import { Button, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";
import { useSearchParams } from "react-router";
import { Panel } from "~/design/page";
import { useWords } from "~/words/language";
import styles from "./data.module.css";
import { dataWords } from "./words";

export function PurposeForm() {
  const t = useWords(dataWords);
  const [params, setParams] = useSearchParams();
  const [purpose, setPurpose] = useState(params.get("purpose") ?? "");
  const look = (event: SyntheticEvent) => {
    event.preventDefault();
    setParams(purpose.trim() ? { purpose: purpose.trim() } : {});
  };
  return (
    <div className={styles.spaced}>
      <Panel label={t("personalTitle")}>
        <h3>{t("personalTitle")}</h3>
        <p className={styles.soft}>{t("personalDetail")}</p>
        <form className={styles.filter} onSubmit={look}>
          <TextInput
            label={t("purpose")}
            description={t("purposeHelp")}
            value={purpose}
            maxLength={100}
            onChange={(event) => setPurpose(event.currentTarget.value)}
          />
          <Button type="submit" variant="default">
            {t("lookWithPurpose")}
          </Button>
        </form>
      </Panel>
    </div>
  );
}
