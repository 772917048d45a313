/** A quarantined document to read, correct as JSON, and take in again. */
import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { recordQuery, replayKept } from "./queries";
import { parsed } from "./parsed";
import styles from "./trouble.module.css";
import { troubleWords } from "./words";

export function Correction({
  record,
  isPersonal,
  onTaken,
  onClose,
}: {
  record: string;
  /** Whether the reason was not told before the record was read. */
  isPersonal: boolean;
  onTaken: () => Promise<unknown>;
  onClose: () => void;
}) {
  const found = useQuery(recordQuery(record));
  return (
    <Loaded from={found} lines={1}>
      {({ body, reason }) => (
        <Form
          record={record}
          came={JSON.stringify(body, null, 2)}
          reason={reason}
          isPersonal={isPersonal}
          onTaken={onTaken}
          onClose={onClose}
        />
      )}
    </Loaded>
  );
}

function Form({
  record,
  came,
  reason,
  isPersonal,
  onTaken,
  onClose,
}: {
  record: string;
  came: string;
  reason: string;
  isPersonal: boolean;
  onTaken: () => Promise<unknown>;
  onClose: () => void;
}) {
  const t = useWords(troubleWords);
  const queries = useQueryClient();
  const [text, setText] = useState(came);
  const read = parsed(text);
  const takeIn = useMutation({
    mutationFn: () => replayKept(record, text === came || "error" in read ? undefined : read.value),
    onSuccess: async (isTaken) => {
      if (!isTaken) await queries.invalidateQueries({ queryKey: ["quarantined", record] });
      await onTaken();
    },
  });
  const isUnfit = takeIn.data === false && !takeIn.isPending;
  return (
    <div className={styles.correction}>
      <p role="status" className={styles.reason}>
        {isUnfit ? t("stillUnfit", { reason }) : isPersonal && reason}
      </p>
      <Textarea
        label={t("document")}
        description={t("documentHelp")}
        classNames={{ input: styles.code ?? "" }}
        error={"error" in read ? t("notJson", { why: read.error }) : null}
        autosize
        minRows={4}
        maxRows={18}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {takeIn.error && <Trouble error={takeIn.error} />}
      <div className={styles.buttons}>
        <Button
          size="sm"
          disabled={"error" in read}
          loading={takeIn.isPending}
          onClick={() => takeIn.mutate()}
        >
          {t("takeIn")}
        </Button>
        <Button size="sm" variant="default" onClick={onClose}>
          {t("close")}
        </Button>
      </div>
    </div>
  );
}
