/** Dead letters: which handler could not take what, why, and since when. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { dateTime, number } from "~/design/figures";
import { Loaded } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { Failed, OneFailed } from "./failed";
import { dropLetter, letterQuery, lettersQuery, replayLetter, type Letter } from "./queries";
import styles from "./trouble.module.css";
import { troubleWords } from "./words";

export function Letters({ timeZone }: { timeZone: string | undefined }) {
  const t = useWords(troubleWords);
  const words = {
    title: t("letters"),
    lead: t("lettersLead"),
    none: t("noLetters"),
    noneDetail: t("noLettersDetail"),
  };
  return (
    <Failed
      words={words}
      query={lettersQuery}
      nameOf={({ handler, position }) => `${handler} ${position}`}
      replay={replayLetter}
      drop={dropLetter}
    >
      {(letter, onDone) => <OneLetter letter={letter} timeZone={timeZone} onDone={onDone} />}
    </Failed>
  );
}

function OneLetter({
  letter,
  timeZone,
  onDone,
}: {
  letter: Letter;
  timeZone: string | undefined;
  onDone: () => Promise<unknown>;
}) {
  const t = useWords(troubleWords);
  const { language } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const facts = [
    t("tries", { count: number(letter.attempts, language) }),
    t("since", { when: dateTime(letter.at, language, timeZone) }),
    t("position", { position: number(letter.position, language) }),
  ];
  return (
    <>
      <OneFailed
        id={letter.id}
        name={letter.handler}
        reason={letter.reason}
        facts={facts}
        replay={replayLetter}
        drop={dropLetter}
        onDone={onDone}
      >
        <Button
          size="compact-sm"
          variant="subtle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t("whatHappened")}
        </Button>
      </OneFailed>
      {isOpen && <Line letter={letter.id} />}
    </>
  );
}

function Line({ letter }: { letter: string }) {
  const t = useWords(troubleWords);
  const found = useQuery(letterQuery(letter));
  return (
    <Loaded from={found} lines={1}>
      {({ line }) => {
        if (!line) return <p>{t("lineGone")}</p>;
        if (line.is_personal) return <p>{t("sealedLine", { name: line.name })}</p>;
        return (
          <dl className={styles.facts}>
            <dt>{t("whatHappened")}</dt>
            <dd>
              {line.name} ({line.action})
            </dd>
            <dt>{t("about")}</dt>
            <dd>
              <Link to={`/city/data/entities/${encodeURIComponent(line.entity ?? "")}`}>
                {line.entity}
              </Link>
            </dd>
            <dt>{t("content")}</dt>
            <dd>
              <pre className={styles.code}>{JSON.stringify(line.body, null, 2)}</pre>
            </dd>
          </dl>
        );
      }}
    </Loaded>
  );
}
