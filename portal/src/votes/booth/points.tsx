/** Points for each option, one more or less at a time, with what is left of them. */
import { Button } from "@mantine/core";
import { number } from "~/design/figures";
import { useLanguage, useSay, useWords } from "~/words/language";
import styles from "./booth.module.css";
import { changed, spent } from "./draft";
import type { QuestionProps } from "./question";
import { boothWords } from "./words";

export function Points({ contest, draft, onChange }: QuestionProps) {
  const t = useWords(boothWords);
  const say = useSay();
  const { language } = useLanguage();
  const left = contest.most - spent(contest, draft);
  return (
    <>
      <ul className={styles.choices}>
        {contest.options.map(({ id, title }, at) => {
          const points = draft[at] ?? 0;
          const option = say(title);
          const put = (value: number) => onChange(changed(draft, at, value));
          return (
            <li key={id} className={styles.line}>
              <span>{option}</span>
              <span className={styles.step}>
                <Button
                  variant="default"
                  aria-label={t("fewer", { option })}
                  disabled={points === 0}
                  onClick={() => put(points - 1)}
                >
                  −
                </Button>
                <output aria-label={option}>
                  {t("pointsOf", { count: number(points, language) })}
                </output>
                <Button
                  variant="default"
                  aria-label={t("more", { option })}
                  disabled={points === contest.top || left === 0}
                  onClick={() => put(points + 1)}
                >
                  +
                </Button>
              </span>
            </li>
          );
        })}
      </ul>
      <p className={styles.left} role="status">
        {t("pointsLeft", { left: number(left, language) })}
      </p>
    </>
  );
}
