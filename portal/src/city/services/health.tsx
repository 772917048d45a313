/** How a service is doing: one word with its colour and icon, and the figures behind it. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useLanguage, useWords } from "~/words/language";
import styles from "./services.module.css";
import { serviceWords } from "./words";

const LOOK_AGAIN_MS = 15_000;

const healthQuery = queryOptions({
  queryKey: ["services", "health"],
  queryFn: ({ signal }) => answer(city.GET("/api/services/health", { signal })),
  refetchInterval: LOOK_AGAIN_MS,
});

export function Health({ service }: { service: string }) {
  const t = useWords(serviceWords);
  const { language } = useLanguage();
  const found = useQuery(healthQuery).data?.find((one) => one.service === service);
  if (!found) return <span className={styles.small}>{t("healthUnknown")}</span>;
  const { state } = found;
  return (
    <>
      <span className={styles.health} data-state={state}>
        <Icon name={state === "well" ? "check" : "warning"} size={16} />
        {t(state)}
      </span>
      <p className={styles.small}>
        {state === "ill"
          ? t("illMeans", { count: number(found.dead_letters, language) })
          : t(state === "well" ? "wellMeans" : "strainedMeans")}{" "}
        {t("healthFacts", {
          runs: number(found.runs, language),
          longest: number(found.longest_ms, language, 1),
          faults: number(found.faults, language),
          waiting: number(found.waiting, language),
        })}
      </p>
    </>
  );
}
