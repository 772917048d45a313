/** The names of shops where they are known, else the number as a wallet shows it. */
import { useQuery } from "@tanstack/react-query";
import { fullId, shortName } from "./names";
import { openShopsQuery } from "./queries";

export function useNameOf(): (id: string) => string {
  const shops = useQuery(openShopsQuery).data;
  return (id) => shops?.find((shop) => shop.id === fullId(id))?.name ?? shortName(id);
}
