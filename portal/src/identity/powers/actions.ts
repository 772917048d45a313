/** What may be delegated, in words: everything, or all of a service. */
import { useQuery } from "@tanstack/react-query";
import { servicesQuery } from "~/api/queries";
import { useSay, useWords } from "~/words/language";
import { powerWords } from "./words";

export const EVERYTHING = "*";

export interface Delegable {
  value: string;
  label: string;
}

/** All that can be chosen: each service, then everything. */
export function useDelegable(): Delegable[] {
  const t = useWords(powerWords);
  const say = useSay();
  const services = useQuery(servicesQuery).data ?? [];
  const each = services.map(({ name, title }) => ({
    value: `${name}/${EVERYTHING}`,
    label: t("allOf", { service: say(title) }),
  }));
  return [...each, { value: EVERYTHING, label: t("all") }];
}

/** Actions as people read them; one that is no choice here keeps its own name. */
export function useActionNames(): (actions: readonly string[]) => string {
  const known = useDelegable();
  return (actions) =>
    actions.map((one) => known.find(({ value }) => value === one)?.label ?? one).join(", ");
}
