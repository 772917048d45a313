/** Where a query is written, run, stopped, and mended where it is wrong. */
import { Button, Textarea } from "@mantine/core";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import type { Example } from "./examples";
import { LakeResult } from "./lake-result";
import { lakeWords } from "./lake-words";
import styles from "./lake.module.css";
import { askLake, type LakeAnswer, type Place, type Where } from "./queries";

interface Asked {
  sql: string;
  answer: LakeAnswer;
}

export function LakeEditor({
  where,
  examples,
  beside,
}: {
  where: Where;
  examples: readonly Example[];
  beside: (start: (sql: string) => void) => ReactNode;
}) {
  const t = useWords(lakeWords);
  const [sql, setSql] = useState(examples[0]?.sql ?? "");
  const { asked, error, isRunning, run, stop } = useAsking(where);
  const area = useRef<HTMLTextAreaElement>(null);
  const take = (text: string) => {
    setSql(text);
    void run(text);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void run(sql);
  };
  const place = placeOf(error);
  const goTo = ({ start, length }: Place) => {
    area.current?.focus();
    area.current?.setSelectionRange(start, start + Math.max(length, 1));
  };
  return (
    <div className={styles.desk}>
      <div className={styles.writing}>
        <div role="group" aria-label={t("examples")} className={styles.examples}>
          {examples.map((one) => (
            <Button
              key={one.name}
              size="compact-sm"
              variant="light"
              onClick={() => take(one.sql)}
              disabled={isRunning}
            >
              {t(one.name)}
            </Button>
          ))}
        </div>
        <Textarea
          ref={area}
          classNames={{ input: styles.sql ?? "" }}
          label={t("query")}
          description={t("queryHelp")}
          autosize
          minRows={7}
          maxRows={20}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          value={sql}
          onChange={(event) => setSql(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        <div className={styles.buttons}>
          <Button onClick={() => void run(sql)} loading={isRunning} disabled={!sql.trim()}>
            {t("run")}
          </Button>
          {isRunning && (
            <>
              <Button variant="default" onClick={stop}>
                {t("stop")}
              </Button>
              <span role="status">{t("running")}</span>
            </>
          )}
        </div>
        {error !== null && (
          <>
            <Trouble error={error} />
            {place && (
              <div>
                <Button variant="default" size="sm" onClick={() => goTo(place)}>
                  {t("goToPlace")}
                </Button>
              </div>
            )}
          </>
        )}
      </div>
      {asked && <LakeResult where={where} sql={asked.sql} answer={asked.answer} />}
      <aside className={styles.aside}>{beside(take)}</aside>
    </div>
  );
}

/** One query at a time; a new one, or leaving, stops the old one in the city as well. */
function useAsking(where: Where) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isRunning, setRunning] = useState(false);
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);
  const run = async (sql: string) => {
    current.current?.abort();
    const mine = new AbortController();
    current.current = mine;
    setRunning(true);
    setError(null);
    try {
      const answer = await askLake(where, sql, mine.signal);
      if (current.current === mine) setAsked({ sql, answer });
    } catch (failure) {
      if (current.current !== mine || mine.signal.aborted) return;
      setAsked(null);
      setError(failure);
    } finally {
      if (current.current === mine) setRunning(false);
    }
  };
  const stop = () => {
    current.current?.abort();
    setRunning(false);
  };
  return { asked, error, isRunning, run, stop };
}

function placeOf(error: unknown): Place | null {
  if (typeof error !== "object" || error === null || !("place" in error)) return null;
  return error.place as Place | null;
}
