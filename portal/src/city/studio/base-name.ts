import { useQuery } from "@tanstack/react-query";
import { useSay } from "~/words/language";
import { scenariosQuery } from "./queries";

/** What a scenario of the city's folder is called. */
export function useBaseName(): (base: string) => string {
  const say = useSay();
  const scenarios = useQuery(scenariosQuery).data;
  return (base) => {
    const found = scenarios?.find(({ name }) => name === base);
    return found ? say(found.title) : base;
  };
}
