/** What is chosen, in words: before it is sealed, and when a test is opened. */
import { number } from "~/design/figures";
import { useLanguage, useSay, useWords } from "~/words/language";
import type { Contest } from "../sealing/shape";
import styles from "../votes.module.css";
import booth from "./booth.module.css";
import { orderOf } from "./draft";
import { boothWords } from "./words";

export function Answers({
  contests,
  choices,
}: {
  contests: readonly Contest[];
  choices: readonly (readonly number[])[];
}) {
  const say = useSay();
  return (
    <dl className={booth.answers}>
      {contests.map((contest, at) => (
        <div key={contest.id}>
          <dt>{say(contest.title)}</dt>
          <dd>
            <Answer contest={contest} cells={choices[at] ?? []} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Answer({ contest, cells }: { contest: Contest; cells: readonly number[] }) {
  const t = useWords(boothWords);
  const say = useSay();
  const { language } = useLanguage();
  const titleOf = (option: number) => {
    const found = contest.options[option];
    return found ? say(found.title) : String(option);
  };
  if (contest.kind === "rank") {
    return (
      <ol className={styles.ordered}>
        {orderOf(contest, cells).map((option) => (
          <li key={option}>{titleOf(option)}</li>
        ))}
      </ol>
    );
  }
  const chosen = contest.options.flatMap((option, at) => {
    const value = cells[at] ?? 0;
    if (value === 0) return [];
    const points = contest.kind === "score" && t("pointsOf", { count: number(value, language) });
    return [points ? `${say(option.title)} (${points})` : say(option.title)];
  });
  return <>{chosen.length === 0 ? t("nothing") : chosen.join(", ")}</>;
}
