/** Where somebody is signed in now, with the way to end it. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Loaded, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { endOthers, endSessionOf, sessionsQuery, type OpenSession } from "../api";
import styles from "../identity.module.css";
import { Done, useWhen } from "../parts";
import { securityWords } from "./words";

const MOST_SHOWN = 20; // a demonstration's people are many at once

/** A long label in large letters has lines enough. */
const WRAPPING = {
  root: { height: "auto", minHeight: "var(--button-height)" },
  label: { whiteSpace: "normal" },
} as const;

export function Sessions() {
  const t = useWords(securityWords);
  const queries = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const ending = useMutation({
    mutationFn: endOthers,
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  return (
    <div className={styles.stack}>
      <h2>{t("sessions")}</h2>
      <Loaded from={sessions} lines={2} height={56}>
        {(all) => (
          <>
            <ul className={styles.list}>
              {ordered(all).map((one) => (
                <Line key={one.id} session={one} />
              ))}
            </ul>
            {all.length > 1 && (
              <div className={styles.row}>
                <Button
                  styles={WRAPPING}
                  variant="default"
                  loading={ending.isPending}
                  onClick={() => ending.mutate()}
                >
                  {t("endOthers")}
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
      {ending.isSuccess && <Done>{t("othersEnded")}</Done>}
      {ending.error && <Trouble error={ending.error} />}
    </div>
  );
}

const ordered = (all: readonly OpenSession[]): OpenSession[] =>
  [...all].sort((one, other) => Number(other.is_this) - Number(one.is_this)).slice(0, MOST_SHOWN);

function Line({ session }: { session: OpenSession }) {
  const t = useWords(securityWords);
  const when = useWhen();
  const queries = useQueryClient();
  const ending = useMutation({
    mutationFn: () => endSessionOf(session.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const { label, by, began_at, until, is_this } = session;
  const way = t(`by_${by}`);
  return (
    <li>
      <div>
        <span>
          <strong>{label}</strong>
          {is_this && <span className={styles.here}>{t("thisOne")}</span>}
        </span>
        <small>{t("began", { way, at: when(began_at), until: when(until) })}</small>
      </div>
      {!is_this && (
        <Button
          variant="default"
          size="compact-md"
          aria-label={t("endWhat", { what: label })}
          loading={ending.isPending}
          onClick={() => ending.mutate()}
        >
          {t("end")}
        </Button>
      )}
      {ending.error && <Trouble error={ending.error} />}
    </li>
  );
}
