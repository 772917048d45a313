/** A page of things with boxes to select: replay or drop them together, after a question. */
import { Button, Checkbox } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { asProblem } from "~/api/problem";
import { Dialog } from "~/design/dialog";
import { number } from "~/design/figures";
import { Pager } from "~/design/pager";
import { useLanguage, useSay, useWords } from "~/words/language";
import { PAGE } from "./queries";
import styles from "./trouble.module.css";
import { troubleWords } from "./words";

export interface Deed {
  kind: "replay" | "drop";
  /** Do it to one; what is thrown is told, and the others are done all the same. */
  act: (id: string) => Promise<unknown>;
}

interface Outcome {
  done: number;
  failed: number;
  reason: string;
}

export function Bulk<T extends { id: string }>({
  label,
  items,
  page,
  onPage,
  nameOf,
  deeds,
  onDone,
  children,
}: {
  label: string;
  /** One more than a page where there is another. */
  items: readonly T[];
  page: number;
  onPage: (page: number) => void;
  nameOf: (item: T) => string;
  deeds: readonly Deed[];
  onDone: () => Promise<unknown>;
  children: (item: T) => ReactNode;
}) {
  const t = useWords(troubleWords);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const shown = items.slice(0, PAGE);
  const ids = shown.map(({ id }) => id).filter((id) => picked.has(id));
  const pick = (id: string) => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  };
  const isAll = ids.length === shown.length;
  return (
    <>
      <div className={styles.bulk}>
        <Checkbox
          label={t("selectAll")}
          checked={isAll}
          indeterminate={ids.length > 0 && !isAll}
          onChange={() => setPicked(new Set(isAll ? [] : shown.map(({ id }) => id)))}
        />
        <Together ids={ids} deeds={deeds} onDone={onDone} />
      </div>
      <ul className={styles.list} aria-label={label}>
        {shown.map((item) => (
          <li key={item.id}>
            <Checkbox
              aria-label={t("select", { name: nameOf(item) })}
              checked={picked.has(item.id)}
              onChange={() => pick(item.id)}
            />
            <div>{children(item)}</div>
          </li>
        ))}
      </ul>
      <Pager label={label} page={page} hasMore={items.length > PAGE} onPage={onPage} />
    </>
  );
}

function Together({
  ids,
  deeds,
  onDone,
}: {
  ids: readonly string[];
  deeds: readonly Deed[];
  onDone: () => Promise<unknown>;
}) {
  const t = useWords(troubleWords);
  const say = useSay();
  const { language } = useLanguage();
  const [asking, setAsking] = useState<Deed | null>(null);
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const figure = (value: number) => number(value, language);
  const run = async ({ act }: Deed) => {
    setAsking(null);
    setOutcome(null);
    const result: Outcome = { done: 0, failed: 0, reason: "" };
    for (const [index, id] of ids.entries()) {
      setProgress({ done: index, total: ids.length });
      try {
        await act(id);
        result.done += 1;
      } catch (error) {
        result.failed += 1;
        result.reason ||= say(asProblem(error).detail);
      }
    }
    await onDone();
    setProgress(null);
    setOutcome(result);
  };
  const count = figure(ids.length);
  return (
    <>
      {deeds.map((deed) => (
        <Button
          key={deed.kind}
          size="compact-sm"
          variant="default"
          disabled={ids.length === 0 || progress !== null}
          onClick={() => setAsking(deed)}
        >
          {deed.kind === "drop" ? t("dropSelected") : t("replaySelected")}
        </Button>
      ))}
      <span role="status" className={styles.soft}>
        {progress
          ? t("doing", { done: figure(progress.done), total: figure(progress.total) })
          : ids.length > 0 && t("selected", { count })}
      </span>
      {!progress && outcome && (
        <p role="status">
          {outcome.done > 0 && t("bulkDone", { count: figure(outcome.done) })}{" "}
          {outcome.failed > 0 && (
            <span className={styles.reason}>
              {t("bulkFailed", { count: figure(outcome.failed), reason: outcome.reason })}
            </span>
          )}
        </p>
      )}
      <Question deed={asking} count={count} onNo={() => setAsking(null)} onYes={run} />
    </>
  );
}

function Question({
  deed,
  count,
  onNo,
  onYes,
}: {
  deed: Deed | null;
  count: string;
  onNo: () => void;
  onYes: (deed: Deed) => Promise<void>;
}) {
  const t = useWords(troubleWords);
  const isDrop = deed?.kind === "drop";
  const title = t(isDrop ? "confirmDrop" : "confirmReplay", { count });
  return (
    <Dialog opened={deed !== null} onClose={onNo} title={title}>
      <p>{t(isDrop ? "confirmDropDetail" : "confirmReplayDetail")}</p>
      <div className={styles.buttons}>
        <Button onClick={() => deed && void onYes(deed)}>{t(isDrop ? "drop" : "replay")}</Button>
        <Button variant="default" onClick={onNo}>
          {t("cancel")}
        </Button>
      </div>
    </Dialog>
  );
}
