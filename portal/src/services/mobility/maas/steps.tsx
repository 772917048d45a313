import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { distance } from "~/design/figures";
import { Icon } from "~/design/icons";
import { MODE_COLOURS, MODE_ICONS } from "~/design/modes";
import { useScheme } from "~/design/scheme";
import { useHere, type Here } from "~/me/here";
import { useLanguage, useWords } from "~/words/language";
import { useDestinations } from "./place-picker";
import type { Leg } from "./queries";
import { leaveBy, wordOf } from "./strip";
import styles from "./strip.module.css";
import { duration, minutesBetween, timeOf } from "./times";
import { titleAt, titlesOf } from "./titles";
import { maasWords } from "./words";

/** Leg by leg: when, from where, by what, and where one waits. */
export function Steps({ legs }: { legs: readonly Leg[] }) {
  const t = useWords(maasWords);
  const titles = useTitles(legs);
  const zone = useQuery(cityQuery).data?.time_zone ?? "UTC";
  const last = legs.at(-1);
  const latest = leaveBy(legs);
  return (
    <>
      {latest && <p>{t("leaveBy", { time: timeOf(latest, zone) })}</p>}
      <ol className={styles.steps} aria-label={t("steps")}>
        {legs.map((leg, index) => (
          <Step
            key={index}
            leg={leg}
            title={titles[index] ?? ""}
            wait={minutesBetween(leg.end_at, legs[index + 1]?.start_at ?? leg.end_at)}
            zone={zone}
          />
        ))}
        {last && (
          <li>
            <time dateTime={last.end_at}>{timeOf(last.end_at, zone)}</time>
            <span className={styles.end}>
              <Icon name="place" size={22} />
            </span>
            <strong>{titles.at(-1)}</strong>
          </li>
        )}
      </ol>
    </>
  );
}

function Step({ leg, title, wait, zone }: { leg: Leg; title: string; wait: number; zone: string }) {
  const t = useWords(maasWords);
  const { language } = useLanguage();
  const colour = MODE_COLOURS[useScheme()][leg.mode];
  const line = leg.ride ? ` ${t("line", { route: leg.ride.route })}` : "";
  const time = duration(minutesBetween(leg.start_at, leg.end_at), language);
  return (
    <li>
      <time dateTime={leg.start_at}>{timeOf(leg.start_at, zone)}</time>
      <div
        className={styles.rail}
        data-dotted={leg.mode === "walk"}
        style={{ color: colour }}
        aria-hidden="true"
      >
        <span style={{ background: colour }}>
          <Icon name={MODE_ICONS[leg.mode]} size={16} />
        </span>
        <i />
      </div>
      <div className={styles.step}>
        <strong>{title}</strong>
        <span>
          {t("legWay", {
            mode: t(wordOf(leg)) + line,
            time,
            distance: distance(leg.distance_m, language),
          })}
        </span>
        {wait >= 1 && <span>{t("waitFor", { time: duration(wait, language) })}</span>}
      </div>
    </li>
  );
}

/** Titles of the ends: as the city says, else those of the known places there. */
export function useTitles(legs: readonly Leg[]): string[] {
  const t = useWords(maasWords);
  const { language } = useLanguage();
  const here = useHere();
  const known: Here[] = [...(here ? [here] : []), ...useDestinations().values()];
  const same = (text: string) => ({ ko: text, en: text });
  const origin = legs[0]?.origin.coordinates ?? [0, 0];
  const goal = legs.at(-1)?.destination.coordinates ?? [0, 0];
  const ends = {
    start: titleAt(origin, known) ?? same(t("start")),
    end: titleAt(goal, known) ?? same(t("end")),
    vehicle: same(t("vehicle")),
    left: same(t("left")),
  };
  return titlesOf(legs, ends, language);
}
