/** Statements, and what one is made of, as tables for a spreadsheet. */
import type { Translate } from "~/words/language";
import type { Cell } from "./csv";
import { nameOf, type Earning, type Statement } from "./queries";
import type { settlementWords } from "./settlement-words";

type T = Translate<typeof settlementWords>;
export type Due = "open" | "paid" | "nothingDue";

export const dueOf = ({ due_won, paid_by }: Statement): Due =>
  paid_by !== null ? "paid" : due_won > 0 ? "open" : "nothingDue";

/** The last one that was made first. */
export const newestFirst = (all: readonly Statement[]): Statement[] =>
  [...all].sort(
    (a, b) =>
      b.made_at.localeCompare(a.made_at) || a.party.localeCompare(b.party) || b.number - a.number,
  );

export interface Sums {
  rides: number;
  open_won: number;
  paid_won: number;
}

export function sumsOf(all: readonly Statement[]): Sums {
  const sums = { rides: 0, open_won: 0, paid_won: 0 };
  for (const one of all) {
    sums.rides += one.legs;
    if (dueOf(one) === "open") sums.open_won += one.due_won;
    if (dueOf(one) === "paid") sums.paid_won += one.due_won;
  }
  return sums;
}

export function statementTable(
  all: readonly Statement[],
  t: T,
  titleOf: (party: string) => string,
): Cell[][] {
  const money = (["gross", "refunds", "fee", "carried", "net"] as const).map((what) =>
    t("won", { what: t(what) }),
  );
  const head = [t("id"), t("operator"), t("period"), t("rides"), ...money, t("state")];
  return [
    [...head, t("payment"), t("created")],
    ...all.map((one) => [
      nameOf(one.id),
      titleOf(one.party),
      one.month,
      one.legs,
      one.gross_won,
      one.refunds_won,
      one.fee_won,
      one.carried_won,
      one.due_won,
      t(dueOf(one)),
      one.paid_by === null ? "" : nameOf(one.paid_by),
      one.made_at,
    ]),
  ];
}

export function lineTable(lines: readonly Earning[], t: T): Cell[][] {
  return [
    [
      t("payment"),
      t("what"),
      t("period"),
      t("rides"),
      t("metres"),
      t("won", { what: t("amount") }),
    ],
    ...lines.map((one) => [
      nameOf(one.transfer),
      t(one.what),
      one.month,
      one.legs,
      Math.round(one.distance_m),
      one.amount_won,
    ]),
  ];
}
