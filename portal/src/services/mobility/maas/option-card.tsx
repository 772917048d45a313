import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useId, type ReactNode } from "react";
import { cityQuery } from "~/api/queries";
import { won } from "~/design/figures";
import { Icon, type IconName } from "~/design/icons";
import { Waiting } from "~/design/page";
import { useLanguage, useSay, useWords } from "~/words/language";
import { LineStrip } from "./line-strip";
import styles from "./maas.module.css";
import card from "./option.module.css";
import type { Leg, Option } from "./queries";
import { Steps } from "./steps";
import { carbon, dayWord, duration, minutesBetween, timeOf } from "./times";
import { useNow } from "./use-now";
import { maasWords } from "./words";

const LOOK_AT_CLOCK_MS = 60_000;
const WayMap = lazy(() => import("./way-map"));

/** One way of the list: opened, it shows its legs, the map, and what `children` offer to do. */
export function OptionCard({
  option,
  open,
  onToggle,
  children,
}: {
  option: Option;
  open: boolean;
  onToggle: () => void;
  children: ReactNode;
}) {
  const say = useSay();
  const t = useWords(maasWords);
  const details = useId();
  return (
    <li className={card.option} data-open={open}>
      <div className={card.summary}>
        <h3>
          <button type="button" aria-expanded={open} aria-controls={details} onClick={onToggle}>
            <Span legs={option.legs} />
          </button>
        </h3>
        {option.best.length > 0 && (
          <ul className={card.badges}>
            {option.best.map((best) => (
              <li key={best}>{t(best)}</li>
            ))}
          </ul>
        )}
        <LineStrip legs={option.legs} />
        <Facts option={option} />
        <p className={card.why}>{say(option.why)}</p>
        {option.alerts.length > 0 && (
          <ul className={card.alerts}>
            {option.alerts.map((alert) => (
              <li key={alert.en}>
                <Icon name="warning" size={16} />
                {say(alert)}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div id={details} hidden={!open}>
        {open && (
          <div className={`${styles.details ?? ""} ${card.inside ?? ""}`}>
            <WayOf legs={option.legs} />
            {children}
          </div>
        )}
      </div>
    </li>
  );
}

/** From when to when, and how long: "12:28 – 13:22, 54 min". */
export function Span({ legs }: { legs: readonly Leg[] }) {
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone ?? "UTC";
  const leaves = legs[0]?.start_at ?? "";
  const arrives = legs.at(-1)?.end_at ?? "";
  const now = useNow(LOOK_AT_CLOCK_MS);
  if (!leaves) return null;
  const day = dayWord(leaves, now, zone, language);
  return (
    <span className={card.span}>
      {day && <small>{day} </small>}
      <time dateTime={leaves}>{timeOf(leaves, zone)}</time>
      {" – "}
      <time dateTime={arrives}>{timeOf(arrives, zone)}</time>
      <small> {duration(minutesBetween(leaves, arrives), language)}</small>
    </span>
  );
}

export function Facts({ option }: { option: Option }) {
  const t = useWords(maasWords);
  const { language } = useLanguage();
  const { fare_won, walk_min, transfers, co2_g } = option;
  const facts: readonly [IconName, string, string][] = [
    ["wallet", t("fare"), fare_won > 0 ? won(fare_won, language) : t("free")],
    ["walk", t("walking"), t("minutes", { count: Math.round(walk_min) })],
    ["change", t("changes"), t("times", { count: transfers })],
    ["leaf", t("co2"), carbon(co2_g, language)],
  ];
  return (
    <dl className={card.facts}>
      {facts.map(([icon, name, value]) => (
        <div key={name}>
          <dt>
            <Icon name={icon} size={16} />
            {name}
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Leg by leg, with the map beside it. */
export function WayOf({ legs }: { legs: readonly Leg[] }) {
  const t = useWords(maasWords);
  return (
    <div className={styles.wayOf}>
      <div>
        <Steps legs={legs} />
      </div>
      <figure>
        <div className={styles.map} role="region" aria-label={t("mapLabel")}>
          <Suspense fallback={<Waiting lines={1} height={280} />}>
            <WayMap legs={legs} />
          </Suspense>
        </div>
        <figcaption>{t("mapNote")}</figcaption>
      </figure>
    </div>
  );
}
