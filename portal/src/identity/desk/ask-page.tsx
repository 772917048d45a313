/** For a counter: choose what is to be proven, show a code, and read a yes from across the desk. */
import { Button, Chip, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "~/api/session";
import { Empty, Page, Panel, Trouble } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { askQuestion, questionQuery, type Question } from "../api";
import styles from "../identity.module.css";
import { isAsker } from "./askers";
import { needText, NEEDS } from "./needs";
import { TwoWays } from "./two-ways";
import { askWords } from "./words";

const MOST_PURPOSE = 120;

export default function AskPage() {
  const t = useWords(askWords);
  const session = useSession();
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      {isAsker(session?.role) ? (
        asked ? (
          <Waiting asked={asked} onNext={() => setAsked(null)} />
        ) : (
          <Panel label={t("what")}>
            <Choose onAsked={setAsked} />
          </Panel>
        )
      ) : (
        <Empty icon="key" title={t("notYours")} detail={t("notYoursDetail")} />
      )}
    </Page>
  );
}

type Asked = Awaited<ReturnType<typeof askQuestion>>;

function Choose({ onAsked }: { onAsked: (asked: Asked) => void }) {
  const t = useWords(askWords);
  const say = useSay();
  const [needs, setNeeds] = useState<string[]>(["age.19"]);
  const [purpose, setPurpose] = useState("");
  const ask = useMutation({
    mutationFn: () => {
      const typed = purpose.trim();
      return askQuestion(typed ? { ko: typed, en: typed } : askWords.purposeGiven, needs);
    },
    onSuccess: onAsked,
  });
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (needs.length > 0) ask.mutate();
      }}
    >
      <h2>{t("what")}</h2>
      <div className={styles.row} role="group" aria-label={t("what")}>
        <Chip.Group multiple value={needs} onChange={setNeeds}>
          {NEEDS.map(({ name, text }) => (
            <Chip key={name} value={name} color="river">
              {say(text)}
            </Chip>
          ))}
        </Chip.Group>
      </div>
      <TextInput
        label={t("purpose")}
        placeholder={t("purposeGiven")}
        value={purpose}
        maxLength={MOST_PURPOSE}
        onChange={({ currentTarget }) => setPurpose(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" loading={ask.isPending} disabled={needs.length === 0}>
          {t("ask")}
        </Button>
      </div>
      {ask.error && <Trouble error={ask.error} />}
    </form>
  );
}

function Waiting({ asked, onNext }: { asked: Asked; onNext: () => void }) {
  const t = useWords(askWords);
  const question = useQuery(questionQuery(asked.question));
  const state = question.data?.state ?? "open";
  return (
    <Panel label={t("code")}>
      <div className={styles.stack}>
        {state === "open" ? (
          <Code asked={asked} />
        ) : (
          <Verdict question={question.data} state={state} />
        )}
        {question.error && <Trouble error={question.error} />}
        <div className={styles.row}>
          <Button {...(state === "open" ? { variant: "default" } : {})} onClick={onNext}>
            {t("again")}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

function Code({ asked }: { asked: Asked }) {
  const t = useWords(askWords);
  return (
    <>
      <p role="status">{t("waiting")}</p>
      <TwoWays link={asked.link} page="/me/show" until={asked.until} label={t("code")} />
    </>
  );
}

function Verdict({
  question,
  state,
}: {
  question: Question | undefined;
  state: Exclude<Question["state"], "open">;
}) {
  const t = useWords(askWords);
  const say = useSay();
  const isYes = state === "answered";
  const proven = (question?.needs ?? []).map((name) => say(needText(name))).join(", ");
  return (
    <div className={styles.verdict} data-answer={isYes ? "yes" : "no"} role="status">
      <strong>{t(isYes ? "yes" : state === "refused" ? "declined" : "over")}</strong>
      <p>
        {isYes
          ? t("proven", { what: proven })
          : t(state === "refused" ? "declinedDetail" : "overDetail")}
      </p>
      {isYes && <p className={styles.fine}>{t("notLearned")}</p>}
    </div>
  );
}
