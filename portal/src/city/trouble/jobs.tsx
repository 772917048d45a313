/** Long work: how far it is, and the way to stop it. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { dateTime, number } from "~/design/figures";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import { Pager } from "~/design/pager";
import { useLanguage, useSay, useWords } from "~/words/language";
import { cancelJob, isOver, jobsQuery, PAGE, type Job } from "./queries";
import styles from "./trouble.module.css";
import { troubleWords } from "./words";

export function Jobs({ timeZone }: { timeZone: string | undefined }) {
  const t = useWords(troubleWords);
  const [page, setPage] = useState(0);
  const jobs = useQuery(jobsQuery(page));
  return (
    <Panel label={t("jobs")}>
      <h2>{t("jobs")}</h2>
      <p className={styles.lead}>{t("jobsLead")}</p>
      <Loaded from={jobs} lines={2}>
        {(all) =>
          all.length === 0 && page === 0 ? (
            <Empty icon="clock" title={t("noJobs")} detail={t("noJobsDetail")} />
          ) : (
            <>
              <ul className={styles.list} aria-label={t("jobs")}>
                {all.slice(0, PAGE).map((job) => (
                  <li key={job.id}>
                    <OneJob job={job} timeZone={timeZone} />
                  </li>
                ))}
              </ul>
              <Pager label={t("jobs")} page={page} hasMore={all.length > PAGE} onPage={setPage} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

function OneJob({ job, timeZone }: { job: Job; timeZone: string | undefined }) {
  const t = useWords(troubleWords);
  const say = useSay();
  const { language } = useLanguage();
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelJob(job.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["jobs"] }),
  });
  const states = {
    waiting: t("stateWaiting"),
    running: t("stateRunning"),
    done: t("stateDone"),
    failed: t("stateFailed"),
    cancelled: t("stateCancelled"),
  };
  const percent = number(job.progress_pct, language);
  return (
    <div>
      <strong className={styles.name}>{say(job.title)}</strong>{" "}
      <span className={styles.chip}>{states[job.state]}</span>
      <p className={styles.soft}>
        {job.service} · {t("began", { when: dateTime(job.started_at, language, timeZone) })}
      </p>
      {job.error && <p className={styles.reason}>{job.error}</p>}
      {!isOver(job) && (
        <div className={styles.buttons}>
          <progress aria-label={say(job.title)} max={100} value={job.progress_pct} />
          <span>{t("jobProgress", { percent })}</span>
          <Button
            size="compact-sm"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {t("cancelJob")}
          </Button>
        </div>
      )}
      {cancel.error && <Trouble error={cancel.error} />}
    </div>
  );
}
