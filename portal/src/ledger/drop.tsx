/** Where one file is dropped or chosen. It is read here and sent nowhere. */
import { useRef, useState, type DragEvent } from "react";
import { Button } from "@mantine/core";
import { useWords } from "~/words/language";
import styles from "./ledger.module.css";
import { ledgerWords } from "./page-words";

export function DropFile({
  prompt,
  accept,
  onFile,
  children,
}: {
  prompt: string;
  accept?: string;
  onFile: (file: File) => void;
  children?: React.ReactNode;
}) {
  const t = useWords(ledgerWords);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    // Dropping is a second way for those with a mouse; the button is the way for everybody.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={styles.drop}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span>{prompt}</span>
      <Button variant="default" onClick={() => input.current?.click()}>
        {t("choose")}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={t("choose")}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) onFile(file);
          currentTarget.value = ""; // the same file may be chosen again
        }}
      />
      {children}
    </div>
  );
}
