/** What one of two counters counted on paper: a number for each option, and for each place. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city } from "~/api/client";
import { number } from "~/design/figures";
import { Panel, Trouble } from "~/design/page";
import { useLanguage, useSay, useWords } from "~/words/language";
import type { PollView } from "../queries";
import { cellsOf, type Contest } from "../sealing/shape";
import styles from "../votes.module.css";
import agency from "./agency.module.css";
import { Whole } from "./fields";
import { agencyWords } from "./words";

export function PaperCounts({ view: { poll } }: { view: PollView }) {
  const t = useWords(agencyWords);
  const { language } = useLanguage();
  const paper = poll.roll?.paper ?? 0;
  const isOver = paper === 0 || poll.paper !== null;
  return (
    <Panel label={t("counts")}>
      <div className={styles.stack}>
        <h2>{t("counts")}</h2>
        {isOver ? (
          <p>{t(paper === 0 ? "countsNone" : "countsDone")}</p>
        ) : (
          <>
            <p className={styles.fine}>{t("countsHelp", { paper: number(paper, language) })}</p>
            <CountForm poll={poll.name} contests={poll.contests} />
          </>
        )}
      </div>
    </Panel>
  );
}

function CountForm({ poll, contests }: { poll: string; contests: readonly Contest[] }) {
  const t = useWords(agencyWords);
  const say = useSay();
  const queries = useQueryClient();
  const [counts, setCounts] = useState(() =>
    contests.map((contest) => Array.from({ length: cellsOf(contest) }, () => 0)),
  );
  const enter = useMutation({
    mutationFn: () =>
      answer(
        city.POST("/api/polls/{poll}/paper/counts", {
          params: { path: { poll } },
          body: { counts },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["polls", poll] }),
  });
  const put = (question: number, cell: number, value: number) =>
    setCounts(
      counts.map((of, q) => (q === question ? of.map((one, c) => (c === cell ? value : one)) : of)),
    );
  const nameOf = (contest: Contest, cell: number) => {
    const width = contest.kind === "rank" ? contest.most : 1;
    const found = contest.options[Math.floor(cell / width)];
    const option = found ? say(found.title) : "";
    return width === 1 && contest.kind !== "rank"
      ? option
      : t("countAt", { option, place: (cell % width) + 1 });
  };
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        enter.mutate();
      }}
    >
      {contests.map((contest, question) => (
        <section key={contest.id} className={styles.tight}>
          <h3>{say(contest.title)}</h3>
          <div className={agency.pair}>
            {counts[question]?.map((value, cell) => (
              <Whole
                key={cell}
                label={nameOf(contest, cell)}
                value={value}
                onChange={(typed) => put(question, cell, typed)}
              />
            ))}
          </div>
        </section>
      ))}
      <div className={styles.row}>
        <Button type="submit" loading={enter.isPending}>
          {t("enter")}
        </Button>
      </div>
      {enter.isSuccess && <p role="status">{t(enter.data ? "countsHold" : "countsWait")}</p>}
      {enter.error && <Trouble error={enter.error} />}
    </form>
  );
}
