/** Until when, in the city's own time; in a short poll with the seconds running down. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { cityQuery } from "~/api/queries";
import { dateTime, elapsed } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import styles from "./votes.module.css";
import { votesWords } from "./words";

const SOON_S = 3_600;

interface Times {
  state: string;
  opens_at: string;
  closes_at: string;
}

export function useWhen({ state, opens_at, closes_at }: Times): string {
  const t = useWords(votesWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const at = (iso: string) => dateTime(iso, language, zone);
  if (state === "preparing") return t("opensAt", { at: at(opens_at) });
  return state === "open"
    ? t("closesAt", { at: at(closes_at) })
    : t("closedAt", { at: at(closes_at) });
}

export function State({ state }: { state: string }) {
  const t = useWords(votesWords);
  const known = ["preparing", "open", "closed", "counted", "failed"] as const;
  const name = known.find((one) => one === state);
  return (
    <span className={styles.state} data-state={state}>
      {name ? t(`state_${name}`) : state}
    </span>
  );
}

export function When(times: Times) {
  const t = useWords(votesWords);
  const when = useWhen(times);
  const left = useSecondsLeft(times.state === "open" ? times.closes_at : null);
  return (
    <p className={styles.row}>
      <State state={times.state} />
      <span>{when}</span>
      {left !== null && left < SOON_S && (
        <span role="timer">{t("left", { time: elapsed(left) })}</span>
      )}
    </p>
  );
}

function useSecondsLeft(until: string | null): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (until === null) return undefined;
    const ticking = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(ticking);
  }, [until]);
  return until === null ? null : Math.max(0, Math.ceil((Date.parse(until) - now) / 1_000));
}
