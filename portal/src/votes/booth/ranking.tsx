/** An order, by buttons: put the next one behind the others, move it, take it out. */
import { Button } from "@mantine/core";
import { useSay, useWords } from "~/words/language";
import styles from "./booth.module.css";
import { swapped } from "./draft";
import type { QuestionProps } from "./question";
import { boothWords } from "./words";

export function Ranking({ contest, draft, onChange }: QuestionProps) {
  const t = useWords(boothWords);
  const say = useSay();
  const titleOf = (option: number) => {
    const found = contest.options[option];
    return found ? say(found.title) : "";
  };
  const rest = contest.options.flatMap((_, at) => (draft.includes(at) ? [] : [at]));
  const isFull = draft.length === contest.most;
  return (
    <>
      <h3>{t("ranking")}</h3>
      {draft.length === 0 && <p className={styles.left}>{t("rankingEmpty")}</p>}
      <ol className={styles.choices}>
        {draft.map((option, at) => (
          <li key={option} className={styles.line}>
            <span>
              <strong>{at + 1}</strong> {titleOf(option)}
            </span>
            <span className={styles.step}>
              <Button
                variant="default"
                aria-label={t("up", { option: titleOf(option) })}
                disabled={at === 0}
                onClick={() => onChange(swapped(draft, at, at - 1))}
              >
                ↑
              </Button>
              <Button
                variant="default"
                aria-label={t("down", { option: titleOf(option) })}
                disabled={at === draft.length - 1}
                onClick={() => onChange(swapped(draft, at, at + 1))}
              >
                ↓
              </Button>
              <Button
                variant="default"
                aria-label={t("out", { option: titleOf(option) })}
                onClick={() => onChange(draft.filter((one) => one !== option))}
              >
                ✕
              </Button>
            </span>
          </li>
        ))}
      </ol>
      {!isFull && (
        <>
          <h3>{t("toRank")}</h3>
          <div className={styles.choices}>
            {rest.map((option) => (
              <Button
                key={option}
                className={styles.add ?? ""}
                variant="default"
                size="lg"
                onClick={() => onChange([...draft, option])}
              >
                {t("asPlace", { place: draft.length + 1, option: titleOf(option) })}
              </Button>
            ))}
          </div>
        </>
      )}
    </>
  );
}
