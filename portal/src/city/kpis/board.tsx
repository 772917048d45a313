import { useQuery } from "@tanstack/react-query";
import { servicesQuery, type KpiValue } from "~/api/queries";
import { differenceUnit, measured, quantity, unit } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useLanguage, useSay, useWords } from "~/words/language";
import { Bullet } from "./bullet";
import { difference, pairs, standing, tally, type Pair, type Standing } from "./compare";
import { sourceOf } from "./source";
import styles from "./kpis.module.css";
import { kpiWords } from "./words";

/** What stands in one column: a rehearsed day, or the living city today. */
export interface Column {
  name: string;
  kpis: readonly KpiValue[];
}

/** The KPIs by service; beside another column, what differs takes the place of the bar. */
export function Board({ run, beside }: { run: Column; beside: Column | null }) {
  const t = useWords(kpiWords);
  const say = useSay();
  const services = useQuery(servicesQuery).data;
  const { met, judged } = tally(run.kpis);
  const title = (name: string) => {
    const service = services?.find((one) => one.name === name);
    if (service) return say(service.title);
    return name === "city" ? t("wholeCity") : name === "platform" ? t("platform") : name;
  };
  return (
    <>
      <p className={styles.tally}>{judged > 0 ? t("tally", { met, judged }) : t("noTargets")}</p>
      {[...pairs(run.kpis, beside?.kpis ?? null)].map(([service, rows]) => (
        <div key={service} className={styles.scroll} role="region" aria-label={title(service)}>
          <table className={`${styles.table ?? ""} ${styles.board ?? ""}`}>
            <caption>{title(service)}</caption>
            <thead>
              <tr>
                <th scope="col">{t("measure")}</th>
                <th scope="col">{beside ? run.name : t("value")}</th>
                {beside && <th scope="col">{beside.name}</th>}
                <th scope="col">{beside ? t("difference") : t("target")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((pair) => (
                <Row key={pair.first.name} pair={pair} run={run} beside={beside} />
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </>
  );
}

function Row({
  pair: { first, second },
  run,
  beside,
}: {
  pair: Pair;
  run: Column;
  beside: Column | null;
}) {
  const t = useWords(kpiWords);
  const say = useSay();
  const compared = beside !== null;
  return (
    <tr>
      <th scope="row">
        {say(first.title)}
        <small>
          {t("source")}: {say(sourceOf(first))}
        </small>
      </th>
      <td data-name={compared ? run.name : t("value")}>
        <Value kpi={first} judged={compared} />
      </td>
      {compared ? (
        <>
          <td data-name={beside.name}>{second ? <Value kpi={second} judged /> : t("absent")}</td>
          <td data-name={t("difference")}>{second && <Change first={first} second={second} />}</td>
        </>
      ) : (
        <td data-name={t("target")}>
          <Target kpi={first} />
        </td>
      )}
    </tr>
  );
}

function Value({ kpi, judged }: { kpi: KpiValue; judged: boolean }) {
  const t = useWords(kpiWords);
  const { language } = useLanguage();
  if (kpi.value === null) {
    return (
      <span className={styles.soft} title={t("notMeasuredDetail")}>
        {t("notMeasured")}
      </span>
    );
  }
  return (
    <>
      <span className={styles.value}>
        {measured(kpi.value, language)}
        <span className={styles.unit}>{unit(kpi.unit, language)}</span>
      </span>
      <small>
        {kpi.spread === null
          ? t("oneSeed")
          : t("spread", { value: quantity(kpi.spread, kpi.unit, language) })}
      </small>
      {judged && kpi.target !== null && <Chip standing={standing(kpi)} />}
    </>
  );
}

function Target({ kpi }: { kpi: KpiValue }) {
  const t = useWords(kpiWords);
  const { language } = useLanguage();
  const stands = standing(kpi);
  if (kpi.target === null) return <span className={styles.soft}>{t("noTarget")}</span>;
  const value = quantity(kpi.target, kpi.unit, language);
  return (
    <>
      <div className={styles.target}>
        {kpi.better === "higher" ? t("atLeast", { value }) : t("atMost", { value })}
        {stands !== "notMeasured" && <Chip standing={stands} />}
      </div>
      <Bullet kpi={kpi} stands={stands} />
    </>
  );
}

function Chip({ standing: stands }: { standing: Standing }) {
  const t = useWords(kpiWords);
  if (stands !== "met" && stands !== "missed") return null;
  return (
    <span className={`${styles.chip ?? ""} ${styles[stands] ?? ""}`}>
      <Icon name={stands === "met" ? "check" : "cross"} size={14} />
      {t(stands)}
    </span>
  );
}

const TONES = { better: "met", worse: "missed" } as const;

function Change({ first, second }: { first: KpiValue; second: KpiValue }) {
  const t = useWords(kpiWords);
  const { language } = useLanguage();
  const change = difference(first, second);
  if (!change) return <span className={styles.soft}>{t("notMeasured")}</span>;
  const { amount, verdict, sure } = change;
  const sign = amount > 0 ? "+" : amount < 0 ? "−" : "";
  const tone = !sure || !(verdict in TONES) ? "" : styles[TONES[verdict as keyof typeof TONES]];
  return (
    <>
      <span className={styles.value}>
        {sign}
        {measured(Math.abs(amount), language)}
        <span className={styles.unit}>{unit(differenceUnit(first.unit), language)}</span>
      </span>
      <span className={`${styles.chip ?? ""} ${tone ?? ""}`}>{t(verdict)}</span>
      {!sure && <small>{t("directionOnly")}</small>}
    </>
  );
}
