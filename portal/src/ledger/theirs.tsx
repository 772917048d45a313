/** A checkpoint that somebody else was shown, against what the city shows here. */
import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "~/api/problem";
import { Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { NotProved } from "./bytes";
import { checkGrown } from "./growth";
import styles from "./ledger.module.css";
import { ledgerWords } from "./page-words";
import { GrowthView } from "./seen";

const MOST_LETTERS = 20_000;

export function Theirs({ logKey }: { logKey: string }) {
  const t = useWords(ledgerWords);
  const [note, setNote] = useState("");
  const compare = useMutation({
    mutationFn: (given: string) => compared(given, logKey),
  });
  const isAhead = compare.data && compare.data.sizes.from > compare.data.sizes.to;
  return (
    <form
      className={styles.proof}
      onSubmit={(event) => {
        event.preventDefault();
        if (note.trim()) compare.mutate(note);
      }}
    >
      <h2>{t("theirs")}</h2>
      <Textarea
        label={t("theirsHelp")}
        value={note}
        rows={5}
        maxLength={MOST_LETTERS}
        spellCheck={false}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" variant="default" loading={compare.isPending}>
          {t("compare")}
        </Button>
      </div>
      {compare.error && <Trouble error={compare.error} />}
      {isAhead ? (
        <p role="status">{t("ahead")}</p>
      ) : (
        compare.data && <GrowthView growth={compare.data} isTheirs />
      )}
    </form>
  );
}

/** A pasted note may have lost the end of its last line. */
async function compared(given: string, key: string) {
  try {
    return await checkGrown(`${given.trim()}\n`, key, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof NotProved)) throw error;
    throw new Problem(422, error.why, UNREAD);
  }
}

const UNREAD = {
  ko: "체크포인트 전체를 빈 줄과 서명까지 붙여 넣으세요.",
  en: "Paste the whole checkpoint, with its empty line and its signature.",
};
