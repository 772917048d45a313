/** An age as the city keeps it, a band of years, in words. */
import { useWords } from "~/words/language";
import { meWords } from "./words";

export function useAge(): (band: string) => string {
  const t = useWords(meWords);
  return (band) =>
    band.endsWith("+")
      ? t("ageOver", { band: band.slice(0, -1) })
      : t("ageBand", { band: band.replace("-", "–") });
}
