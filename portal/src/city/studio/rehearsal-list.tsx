/** Rehearsals that people want or wanted: how far they are, and what to look at then. */
import { Button, Progress } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { answer, city } from "~/api/client";
import { useSession } from "~/api/session";
import { dateTime, number } from "~/design/figures";
import { Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { useBaseName } from "./base-name";
import { isUnderWay, rehearsalsQuery, type Rehearsal } from "./queries";
import styles from "./studio.module.css";
import { studioWords } from "./words";

const MOST_SHOWN = 8;

/** Of one draft, or of everybody. */
export function RehearsalList({ draft }: { draft?: string }) {
  const t = useWords(studioWords);
  const client = useQueryClient();
  const signedIn = useSession() !== null;
  const found = useQuery({ ...rehearsalsQuery, enabled: signedIn });
  const shown = (found.data ?? [])
    .filter((one) => !draft || one.draft === draft)
    .slice(0, MOST_SHOWN);
  const busy = shown.filter(isUnderWay).length;
  const before = useRef(busy);
  useEffect(() => {
    if (busy < before.current) void client.invalidateQueries({ queryKey: ["runs"] });
    before.current = busy;
  }, [busy, client]);
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />;
  if (shown.length === 0) return null;
  return (
    <section className={styles.list} aria-label={t("rehearsals")}>
      <h2>{t("rehearsals")}</h2>
      <ul className={styles.rows}>
        {shown.map((one) => (
          <li key={one.id}>
            <Row rehearsal={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ rehearsal }: { rehearsal: Rehearsal }) {
  const t = useWords(studioWords);
  const session = useSession();
  const { language } = useLanguage();
  const client = useQueryClient();
  const { state, progress_pct, mine, version, draft, scenario } = rehearsal;
  const baseName = useBaseName();
  const title = draft === null ? baseName(scenario) : rehearsal.title;
  const stop = useMutation({
    mutationFn: () =>
      answer(
        city.POST("/api/rehearsals/{rehearsal}/cancel", {
          params: { path: { rehearsal: rehearsal.id } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["rehearsals"] }),
  });
  const percent = number(progress_pct, language);
  const told =
    state === "waiting"
      ? t("stateWaiting")
      : state === "running"
        ? t("stateRunning", { percent })
        : state === "done"
          ? t("stateDone")
          : t(state === "cancelled" ? "stateCancelled" : "stateFailed");
  return (
    <div className={styles.rehearsal}>
      <strong>{title}</strong>
      <small>
        {version !== null && `${t("versionOf", { version })} · `}
        {t("people", { count: number(rehearsal.residents, language) })} · {t("seeds")}{" "}
        {rehearsal.seeds} · {dateTime(rehearsal.wanted_at, language)}
      </small>
      <p role="status">{told}</p>
      {state === "failed" && <small className={styles.bad}>{t("failedHelp")}</small>}
      {isUnderWay(rehearsal) && (
        <Progress value={progress_pct} aria-label={told} transitionDuration={300} />
      )}
      <Ways rehearsal={rehearsal} />
      {isUnderWay(rehearsal) && (mine || session?.role === "operator") && (
        <div className={styles.ways}>
          <Button
            size="sm"
            variant="default"
            loading={stop.isPending}
            onClick={() => stop.mutate()}
          >
            {t("cancel")}
          </Button>
        </div>
      )}
      {stop.error && <Trouble error={stop.error} />}
    </div>
  );
}

function Ways({ rehearsal: { state, runs, beside } }: { rehearsal: Rehearsal }) {
  const t = useWords(studioWords);
  const [run] = runs;
  const [base] = beside;
  if (state !== "done" || !run) return null;
  const compare = base && new URLSearchParams({ a: base, b: run }).toString();
  return (
    <div className={styles.ways}>
      {compare && (
        <Button component={Link} to={`/city/runs/compare?${compare}`} size="sm">
          {t("compare")}
        </Button>
      )}
      <Button
        component={Link}
        to={`/city?${new URLSearchParams({ run }).toString()}`}
        size="sm"
        variant="default"
      >
        {t("seeRun")}
      </Button>
    </div>
  );
}
