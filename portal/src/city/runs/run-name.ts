/** What a run is called where it stands among others. */
import { useQuery } from "@tanstack/react-query";
import { servicesQuery, type RunInfo } from "~/api/queries";
import { cityWords } from "~/city/words";
import { number } from "~/design/figures";
import { useLanguage, useSay, useWords } from "~/words/language";

type WeatherKey = Extract<keyof typeof cityWords, `weather${string}`>;
type Named = Pick<RunInfo, "scenario" | "weather" | "without" | "residents" | "seed"> &
  Partial<Pick<RunInfo, "title" | "draft" | "draft_version">>;

export function useRunName(): (run: Named) => string {
  const t = useWords(cityWords);
  const say = useSay();
  const { language } = useLanguage();
  const services = useQuery(servicesQuery).data;
  const title = (name: string) => {
    const service = services?.find((one) => one.name === name);
    return service ? say(service.title) : name;
  };
  const scenario = ({ scenario: name, title: told, draft, draft_version }: Named) => {
    if (draft && told) return t("draftVersion", { title: say(told), version: draft_version ?? 1 });
    if (name === "today") return t("scenarioToday");
    if (name === "plan") return t("scenarioPlan");
    return told ? say(told) : name;
  };
  const weather = (name: string) => {
    const key = `weather${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return key in cityWords ? t(key as WeatherKey) : name;
  };
  return (run) =>
    [
      scenario(run),
      weather(run.weather),
      ...run.without.map((service) => t("without", { service: title(service) })),
      t("residents", { count: number(run.residents, language) }),
      t("seed", { seed: run.seed }),
    ]
      .filter(Boolean)
      .join(" · ");
}
