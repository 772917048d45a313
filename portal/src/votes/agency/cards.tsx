/** The trustees' cards: files that they gave, or their text. */
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { DropFile } from "~/ledger/drop";
import { useSay, useWords } from "~/words/language";
import type { Card } from "../queries";
import styles from "../votes.module.css";
import { Whole } from "./fields";
import { cardOf } from "./plan";
import { agencyWords } from "./words";

const [MOST_TRUSTEES, MOST_BYTES] = [20, 4_000];

export function Cards({
  cards,
  threshold,
  onCards,
  onThreshold,
}: {
  cards: readonly Card[];
  threshold: number;
  onCards: (cards: readonly Card[]) => void;
  onThreshold: (threshold: number) => void;
}) {
  const t = useWords(agencyWords);
  const say = useSay();
  const [typed, setTyped] = useState("");
  const [isWrong, setWrong] = useState(false);
  const add = (text: string) => {
    const card = text.length > MOST_BYTES ? null : cardOf(text);
    const isKnown = cards.some(({ signing }) => signing === card?.signing);
    setWrong(card === null || isKnown);
    if (!card || isKnown || cards.length === MOST_TRUSTEES) return;
    onCards([...cards, card]);
    setTyped("");
  };
  return (
    <div className={styles.stack}>
      <h2>{t("trustees")}</h2>
      <p className={styles.fine}>{t("trusteesHelp")}</p>
      <ol className={styles.ordered}>
        {cards.map((card) => (
          <li key={card.signing}>
            {say(card.name)}{" "}
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => onCards(cards.filter((one) => one !== card))}
            >
              {t("removeCard", { name: say(card.name) })}
            </Button>
          </li>
        ))}
      </ol>
      <DropFile
        prompt={t("dropCard")}
        accept="application/json,.json"
        onFile={(file) => void file.text().then(add, () => setWrong(true))}
      />
      <Textarea
        label={t("pasteCard")}
        value={typed}
        rows={3}
        maxLength={MOST_BYTES}
        spellCheck={false}
        error={isWrong ? t("wrongCard") : null}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button
          variant="default"
          size="sm"
          disabled={typed.trim() === ""}
          onClick={() => add(typed)}
        >
          {t("addCard")}
        </Button>
      </div>
      <Whole
        label={t("threshold")}
        description={t("thresholdHelp")}
        value={threshold}
        least={1}
        most={MOST_TRUSTEES}
        onChange={onThreshold}
      />
    </div>
  );
}
