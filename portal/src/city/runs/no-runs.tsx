import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { cityWords } from "~/city/words";
import { Empty } from "~/design/page";
import { useWords } from "~/words/language";

/** Say how to get a first rehearsed day. */
export function NoRuns() {
  const t = useWords(cityWords);
  const city = useQuery(cityQuery).data?.name ?? "sejong";
  return <Empty icon="replay" title={t("noRuns")} detail={t("noRunsDetail", { city })} />;
}
