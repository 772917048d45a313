/** What is wanted of an escrow, as somebody fills it in. */
import { wonOf } from "~/me/pay/amount";
import { fullId } from "~/money/names";
import type { Wish } from "./queries";

export type Kind = "confirmed" | "happens" | "day";
export const KINDS: readonly Kind[] = ["confirmed", "happens", "day"];
export const MOST_DAYS = 365; // as the city takes it
export const BLANK = {
  kind: "confirmed" as Kind,
  title: "",
  payee: "",
  confirmer: "",
  entity: "",
  q: "",
};

export type Filled = typeof BLANK & { amount: number | string; days: number | string };

/** What was filled in as the city takes it, or null while something is missing. */
export function wishOf({ kind, amount, days, ...words }: Filled): Wish | null {
  const said = Object.fromEntries(
    Object.entries(words).map(([name, value]) => [name, value.trim()]),
  ) as Omit<typeof BLANK, "kind">;
  const amount_won = wonOf(amount);
  const length = Number(days);
  if (!said.title || !said.payee || amount_won === null) return null;
  if (!Number.isInteger(length) || length < 1 || length > MOST_DAYS) return null;
  if (kind === "confirmed" && !said.confirmer) return null;
  if (kind === "happens" && !(said.entity && said.q)) return null;
  return {
    payee: fullId(said.payee),
    title: said.title,
    amount_won,
    days: length,
    confirmer: kind === "confirmed" ? fullId(said.confirmer) : null,
    when: kind === "happens" ? { entity: said.entity, q: said.q } : null,
  };
}
