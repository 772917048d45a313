/** One question: large targets, by finger, keyboard or screen reader. */
import { Checkbox, Radio } from "@mantine/core";
import { number } from "~/design/figures";
import { useLanguage, useSay, useWords } from "~/words/language";
import { ruleOf } from "../questions";
import type { Contest } from "../sealing/shape";
import { votesWords } from "../words";
import styles from "./booth.module.css";
import { changed, emptyDraft, spent, type Draft } from "./draft";
import { Points } from "./points";
import { Ranking } from "./ranking";
import { boothWords } from "./words";

export interface QuestionProps {
  contest: Contest;
  draft: Draft;
  onChange: (draft: Draft) => void;
}

export function Question(props: QuestionProps) {
  const { contest } = props;
  const t = useWords(votesWords);
  const say = useSay();
  const { language } = useLanguage();
  const rule = ruleOf(contest, t, (value) => number(value, language));
  return (
    <fieldset className={styles.question}>
      <legend>{say(contest.title)}</legend>
      <p className={styles.rule}>{rule}</p>
      <Inputs {...props} />
    </fieldset>
  );
}

function Inputs(props: QuestionProps) {
  const { kind, most } = props.contest;
  if (kind === "rank") return <Ranking {...props} />;
  if (kind === "score") return <Points {...props} />;
  return kind === "choose" && most === 1 ? <One {...props} /> : <Several {...props} />;
}

const NONE = "none";

function One({ contest, draft, onChange }: QuestionProps) {
  const t = useWords(boothWords);
  const say = useSay();
  const chosen = draft.indexOf(1);
  const choose = (value: string) =>
    onChange(value === NONE ? emptyDraft(contest) : changed(emptyDraft(contest), Number(value), 1));
  return (
    <Radio.Group
      aria-label={say(contest.title)}
      value={chosen < 0 ? (contest.least === 0 ? NONE : "") : String(chosen)}
      onChange={choose}
    >
      <div className={styles.choices}>
        {contest.options.map(({ id, title }, at) => (
          <Radio
            key={id}
            className={styles.choice}
            size="md"
            value={String(at)}
            label={say(title)}
          />
        ))}
        {contest.least === 0 && (
          <Radio className={styles.choice} size="md" value={NONE} label={t("abstain")} />
        )}
      </div>
    </Radio.Group>
  );
}

/** Several of them: as many as are allowed, or as the budget reaches for. */
function Several({ contest, draft, onChange }: QuestionProps) {
  const t = useWords(boothWords);
  const v = useWords(votesWords);
  const say = useSay();
  const { language } = useLanguage();
  const figure = (value: number) => number(value, language);
  const isBudget = contest.kind === "budget";
  const left = contest.most - spent(contest, draft);
  const status = isBudget
    ? t("sumLeft", { left: figure(left), most: figure(contest.most) })
    : t("chosen", { count: figure(spent(contest, draft)) });
  return (
    <>
      <div className={styles.choices}>
        {contest.options.map(({ id, title, cost }, at) => {
          const isChosen = draft[at] === 1;
          const isOut = !isChosen && left < (isBudget ? cost : 1);
          const about = isBudget ? v("cost", { cost: figure(cost) }) : "";
          return (
            <Checkbox
              key={id}
              className={styles.choice}
              size="md"
              label={say(title)}
              description={isOut && isBudget ? `${about} · ${t("tooDear")}` : about}
              checked={isChosen}
              disabled={isOut}
              onChange={({ currentTarget }) =>
                onChange(changed(draft, at, currentTarget.checked ? 1 : 0))
              }
            />
          );
        })}
      </div>
      <p className={styles.left} role="status">
        {status}
      </p>
      {isBudget && (
        <progress
          className={styles.budget}
          max={contest.most}
          value={contest.most - left}
          aria-label={status}
        />
      )}
    </>
  );
}
