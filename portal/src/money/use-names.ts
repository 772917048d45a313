/** The names of shops and of the treasury; of others the number as a wallet shows it. */
import { useQuery } from "@tanstack/react-query";
import { useWords } from "~/words/language";
import { fullId, shortName, TREASURY } from "./names";
import { openShopsQuery } from "./queries";
import { moneyWords } from "./words";

export function useNameOf(): (id: string) => string {
  const t = useWords(moneyWords);
  const shops = useQuery(openShopsQuery).data;
  return (id) => {
    const full = fullId(id);
    if (full === TREASURY) return t("treasury");
    return shops?.find((shop) => shop.id === full)?.name ?? shortName(id);
  };
}
