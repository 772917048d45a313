/** Question after question, then a look at all of it, then the seal. */
import { Button, Progress } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Panel, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import type { Sealed } from "../sealing/ballot";
import type { Contest } from "../sealing/shape";
import styles from "../votes.module.css";
import { Answers } from "./answers";
import { cellsFor, emptyDraft, isReady, type Draft } from "./draft";
import { Question } from "./question";
import type { Booth } from "./use-booth";
import { boothWords } from "./words";

export function Choosing({
  contests,
  first,
  booth,
  onSealed,
  onCancel,
}: {
  contests: readonly Contest[];
  /** What was chosen before, where a test is sealed anew. */
  first: readonly Draft[] | null;
  booth: Booth;
  onSealed: (sealed: Sealed, drafts: readonly Draft[]) => void;
  onCancel: () => void;
}) {
  const t = useWords(boothWords);
  const [drafts, setDrafts] = useState(first ?? contests.map(emptyDraft));
  const [at, setAt] = useState(first ? contests.length : 0);
  const top = useFocusOn(at);
  const contest = contests[at];
  const draft = drafts[at];
  const put = (next: Draft) => setDrafts(drafts.map((one, place) => (place === at ? next : one)));
  return (
    <div ref={top} tabIndex={-1} className={styles.flow}>
      {contest && draft ? (
        <Panel label={t("question", { at: at + 1, all: contests.length })}>
          <div className={styles.stack}>
            <p className={styles.fine}>{t("question", { at: at + 1, all: contests.length })}</p>
            <Question contest={contest} draft={draft} onChange={put} />
            <div className={`${styles.row ?? ""} ${styles.apart ?? ""}`}>
              <Button variant="default" onClick={() => (at === 0 ? onCancel() : setAt(at - 1))}>
                {t(at === 0 ? "cancel" : "before")}
              </Button>
              <Button size="md" disabled={!isReady(contest, draft)} onClick={() => setAt(at + 1)}>
                {t("next")}
              </Button>
            </div>
          </div>
        </Panel>
      ) : (
        <Review
          contests={contests}
          drafts={drafts}
          booth={booth}
          onChange={() => setAt(0)}
          onSealed={(sealed) => onSealed(sealed, drafts)}
        />
      )}
    </div>
  );
}

/** The focus goes where the content changed, so that the next key and word are of it. */
export function useFocusOn(what: unknown) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef(what);
  useEffect(() => {
    if (shown.current === what) return;
    shown.current = what;
    place.current?.focus();
  }, [what]);
  return place;
}

function Review({
  contests,
  drafts,
  booth,
  onChange,
  onSealed,
}: {
  contests: readonly Contest[];
  drafts: readonly Draft[];
  booth: Booth;
  onChange: () => void;
  onSealed: (sealed: Sealed) => void;
}) {
  const t = useWords(boothWords);
  const [done, setDone] = useState(0);
  const choices = contests.map((contest, at) => cellsFor(contest, drafts[at] ?? []));
  const { seal } = booth;
  const start = () => {
    const tell = (part: number, all: number) => setDone((100 * part) / all);
    seal.mutate({ choices, tell }, { onSuccess: onSealed });
  };
  return (
    <Panel label={t("review")}>
      <div className={styles.stack}>
        <h2>{t("review")}</h2>
        <Answers contests={contests} choices={choices} />
        <p className={styles.fine}>{t("reviewDetail")}</p>
        <div className={`${styles.row ?? ""} ${styles.apart ?? ""}`}>
          <Button variant="default" disabled={seal.isPending} onClick={onChange}>
            {t("change")}
          </Button>
          <Button size="md" loading={seal.isPending} onClick={start}>
            {t("seal")}
          </Button>
        </div>
        {seal.isPending && (
          <div role="status">
            <p>{t("sealing")}</p>
            <Progress value={done} aria-label={t("sealing")} />
          </div>
        )}
        {seal.error && <Trouble error={seal.error} />}
      </div>
    </Panel>
  );
}
