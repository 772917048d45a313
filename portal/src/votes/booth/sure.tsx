/** A step that cannot be taken back: pressed twice, with a way out between. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useWords } from "~/words/language";
import styles from "../votes.module.css";
import { boothWords } from "./words";

export function SureButton({
  name,
  sure,
  isBusy,
  onSure,
}: {
  name: string;
  sure: string;
  isBusy: boolean;
  onSure: () => void;
}) {
  const t = useWords(boothWords);
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) {
    return (
      <div className={styles.row}>
        <Button variant="default" onClick={() => setAsked(true)}>
          {name}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.row}>
      <Button color="red" loading={isBusy} onClick={onSure}>
        {sure}
      </Button>
      <Button variant="default" onClick={() => setAsked(false)}>
        {t("cancel")}
      </Button>
    </div>
  );
}
