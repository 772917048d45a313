/** Dead letters: which handler could not take what, why, and since when. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { dateTime, number } from "~/design/figures";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { Bulk } from "./bulk";
import { dropLetter, letterQuery, lettersQuery, replayLetter, type Letter } from "./queries";
import styles from "./trouble.module.css";
import { troubleWords } from "./words";

export function Letters({ timeZone }: { timeZone: string | undefined }) {
  const t = useWords(troubleWords);
  const queries = useQueryClient();
  const [page, setPage] = useState(0);
  const letters = useQuery(lettersQuery(page));
  const refresh = () => queries.invalidateQueries({ queryKey: ["dead-letters"] });
  return (
    <Panel label={t("letters")}>
      <h2>{t("letters")}</h2>
      <p className={styles.lead}>{t("lettersLead")}</p>
      <Loaded from={letters} lines={2}>
        {(all) =>
          all.length === 0 && page === 0 ? (
            <Empty icon="check" title={t("noLetters")} detail={t("noLettersDetail")} />
          ) : (
            <Bulk
              label={t("letters")}
              items={all}
              page={page}
              onPage={setPage}
              nameOf={({ handler, position }) => `${handler} ${position}`}
              deeds={[
                { kind: "replay", act: replayLetter },
                { kind: "drop", act: dropLetter },
              ]}
              onDone={refresh}
            >
              {(letter) => <OneLetter letter={letter} timeZone={timeZone} onDone={refresh} />}
            </Bulk>
          )
        }
      </Loaded>
    </Panel>
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
  const replay = useMutation({ mutationFn: () => replayLetter(letter.id), onSuccess: onDone });
  const drop = useMutation({ mutationFn: () => dropLetter(letter.id), onSuccess: onDone });
  const isBusy = replay.isPending || drop.isPending;
  return (
    <>
      <strong className={styles.name}>{letter.handler}</strong>
      <p className={styles.reason}>{letter.reason}</p>
      <p className={styles.soft}>
        {t("tries", { count: number(letter.attempts, language) })} ·{" "}
        {t("since", { when: dateTime(letter.at, language, timeZone) })} ·{" "}
        {t("position", { position: number(letter.position, language) })}
      </p>
      <div className={styles.buttons}>
        <Button
          size="compact-sm"
          disabled={isBusy}
          loading={replay.isPending}
          onClick={() => replay.mutate()}
        >
          {t("replay")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={isBusy}
          loading={drop.isPending}
          onClick={() => drop.mutate()}
        >
          {t("drop")}
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t("whatHappened")}
        </Button>
      </div>
      {replay.error && <Trouble error={replay.error} />}
      {drop.error && <Trouble error={drop.error} />}
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
