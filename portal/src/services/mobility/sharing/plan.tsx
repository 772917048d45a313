import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { number } from "~/design/figures";
import { Panel, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { isOver, jobQuery, useCancelJob, usePlan, type Job } from "./operator-queries";
import { operatorWords } from "./operator-words";
import styles from "./operator.module.css";

/** Start the planning job and watch it to its end. */
export function Plan() {
  const t = useWords(operatorWords);
  const plan = usePlan();
  return (
    <Panel label={t("plan")}>
      <h2>{t("plan")}</h2>
      <p className={styles.source}>{t("planHelp")}</p>
      {plan.data && <Watched id={plan.data} />}
      {plan.error && <Trouble error={plan.error} />}
      <Button loading={plan.isPending} onClick={() => plan.mutate()}>
        {t("planNow")}
      </Button>
    </Panel>
  );
}

function Watched({ id }: { id: string }) {
  const queries = useQueryClient();
  const job = useQuery(jobQuery(id));
  const over = job.data ? isOver(job.data) : false;
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: ["sharing", "tasks"] });
  }, [over, queries]);
  if (job.error) return <Trouble error={job.error} onRetry={() => void job.refetch()} />;
  return job.data && <Progress job={job.data} />;
}

function Progress({ job }: { job: Job }) {
  const t = useWords(operatorWords);
  const { language } = useLanguage();
  const cancel = useCancelJob(job.id);
  const percent = t("progress", { percent: number(job.progress_pct, language) });
  const words = {
    waiting: t("jobWaiting"),
    running: `${t("jobRunning")} · ${percent}`,
    done: t("jobDone"),
    failed: t("jobFailed", { error: job.error ?? "" }),
    cancelled: t("jobCancelled"),
  };
  return (
    <div className={styles.job}>
      <p role="status">{words[job.state]}</p>
      {!isOver(job) && (
        <>
          <progress aria-label={t("plan")} max={100} value={job.progress_pct} />
          <Button
            variant="default"
            size="compact-sm"
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {t("cancel")}
          </Button>
        </>
      )}
    </div>
  );
}
