/** The backup code: shown and saved where somebody has a right, typed where it was taken before. */
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { saveFile } from "~/design/save-file";
import { useWords } from "~/words/language";
import { codeOf, seedOf } from "../backup";
import styles from "../votes.module.css";
import { boothWords } from "./words";

const CODE_LETTERS = 80; // 56, and what people put between them

export function ShowBackup({
  poll,
  print,
  seed,
  isShared,
}: {
  poll: string;
  print: string;
  seed: string;
  isShared: boolean;
}) {
  const t = useWords(boothWords);
  const code = codeOf(print, seed);
  const save = () => saveFile(new Blob([`${poll}\n${code}\n`]), `backup-${poll}.txt`);
  return (
    <details className={styles.more}>
      <summary>{t("showBackup")}</summary>
      <div className={styles.stack}>
        <p className={styles.fine}>{t("backupHelp")}</p>
        <code className={styles.code}>{code}</code>
        {!isShared && (
          <div className={styles.row}>
            <Button variant="default" size="sm" onClick={save}>
              {t("saveBackup")}
            </Button>
          </div>
        )}
      </div>
    </details>
  );
}

export function Restore({
  print,
  isBusy,
  onSeed,
}: {
  print: string;
  isBusy: boolean;
  onSeed: (seed: string) => void;
}) {
  const t = useWords(boothWords);
  const [typed, setTyped] = useState("");
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        const seed = seedOf(print, typed);
        setWrong(seed === null);
        if (seed !== null) onSeed(seed);
      }}
    >
      <TextInput
        label={t("backup")}
        value={typed}
        maxLength={CODE_LETTERS}
        spellCheck={false}
        autoComplete="off"
        error={isWrong ? t("wrongBackup") : null}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" variant="default" loading={isBusy} disabled={typed.trim() === ""}>
          {t("go")}
        </Button>
      </div>
    </form>
  );
}
