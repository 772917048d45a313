/** What those are called whom fares belong to. */
import { useQuery } from "@tanstack/react-query";
import { useSay, useWords } from "~/words/language";
import { nameOf, operatorsQuery } from "./queries";
import { settlementWords } from "./settlement-words";

/** An operator by its title; an agency of the timetable by its id there. */
export function useParties(): (party: string) => string {
  const t = useWords(settlementWords);
  const say = useSay();
  const known = useQuery(operatorsQuery).data ?? [];
  return (party) => {
    const found = known.find(({ operator }) => operator.id === party);
    return found ? say(found.operator.title) : t("agency", { name: nameOf(party) });
  };
}
