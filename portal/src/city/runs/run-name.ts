/** What a run is called where it stands among others. */
import type { RunInfo } from "~/api/queries";
import { cityWords } from "~/city/words";
import { number } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";

export type Without = RunInfo["without"];

export function useRunName(): (run: RunInfo) => string {
  const t = useWords(cityWords);
  const { language } = useLanguage();
  const scenario = (name: string) =>
    name === "today" ? t("scenarioToday") : name === "plan" ? t("scenarioPlan") : name;
  return (run) =>
    [
      scenario(run.scenario),
      ...run.without.map((service) => t("without", { service })),
      t("residents", { count: number(run.residents, language) }),
      t("seed", { seed: run.seed }),
    ].join(" · ");
}
