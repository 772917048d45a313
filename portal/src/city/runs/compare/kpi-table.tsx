import { useQuery } from "@tanstack/react-query";
import { servicesQuery } from "~/api/queries";
import { kpiWords } from "~/city/kpis/words";
import kpiStyles from "~/city/kpis/kpis.module.css";
import { differenceUnit, measured, quantity, unit } from "~/design/figures";
import { useLanguage, useSay, useWords } from "~/words/language";
import type { Comparison, KpiChange } from "./queries";
import { compareWords } from "./words";

type Verdict = "better" | "worse" | "same" | "unclear" | "notMeasured";
const TONES: Partial<Record<Verdict, string | undefined>> = {
  better: kpiStyles.met,
  worse: kpiStyles.missed,
};

/** Every KPI of both days with its difference, by service. */
export function KpiTable({ comparison: { kpis } }: { comparison: Comparison }) {
  const t = useWords(compareWords);
  const k = useWords(kpiWords);
  const say = useSay();
  const services = useQuery(servicesQuery).data;
  const names = [...new Set(kpis.map(({ service }) => service))];
  const title = (name: string) => {
    const service = services?.find((one) => one.name === name);
    if (service) return say(service.title);
    return name === "city" ? k("wholeCity") : name === "platform" ? k("platform") : name;
  };
  return (
    <section aria-label={t("kpis")} className={kpiStyles.results}>
      <h2>{t("kpis")}</h2>
      <p className={kpiStyles.soft}>{t("kpisCaption")}</p>
      {names.map((service) => (
        <div key={service} className={kpiStyles.scroll} role="region" aria-label={title(service)}>
          <table className={`${kpiStyles.table ?? ""} ${kpiStyles.board ?? ""}`}>
            <caption>{title(service)}</caption>
            <thead>
              <tr>
                <th scope="col">{t("measure")}</th>
                <th scope="col">A</th>
                <th scope="col">B</th>
                <th scope="col">{t("difference")}</th>
              </tr>
            </thead>
            <tbody>
              {kpis
                .filter((kpi) => kpi.service === service)
                .map((kpi) => (
                  <Row key={kpi.name} kpi={kpi} />
                ))}
            </tbody>
          </table>
        </div>
      ))}
    </section>
  );
}

function Row({ kpi }: { kpi: KpiChange }) {
  const t = useWords(compareWords);
  const k = useWords(kpiWords);
  const say = useSay();
  const { language } = useLanguage();
  const value = (amount: number | null) =>
    amount === null ? k("notMeasured") : quantity(amount, kpi.unit, language);
  const verdict = kpi.verdict as Verdict;
  const apart = kpi.difference;
  const sign = apart === null || apart === 0 ? "" : apart > 0 ? "+" : "−";
  const apartUnit = differenceUnit(kpi.unit);
  return (
    <tr>
      <th scope="row">{say(kpi.title)}</th>
      <td data-name="A">{value(kpi.a)}</td>
      <td data-name="B">{value(kpi.b)}</td>
      <td data-name={t("difference")}>
        {apart !== null && (
          <span className={kpiStyles.value}>
            {sign}
            {measured(Math.abs(apart), language)}
            <span className={kpiStyles.unit}>{unit(apartUnit, language)}</span>
          </span>
        )}
        <span className={`${kpiStyles.chip ?? ""} ${TONES[verdict] ?? ""}`}>{k(verdict)}</span>
        <small>
          {kpi.spread === null
            ? k("oneSeed")
            : k("spread", { value: quantity(kpi.spread, apartUnit, language) })}
        </small>
      </td>
    </tr>
  );
}
