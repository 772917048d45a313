/** What a measured value means beside its target, and beside the same value of another run. */
import type { KpiValue } from "~/api/queries";

export type Standing = "met" | "missed" | "noTarget" | "notMeasured";

export function standing({ value, target, better }: KpiValue): Standing {
  if (value === null) return "notMeasured";
  if (target === null) return "noTarget";
  return (better === "higher" ? value >= target : value <= target) ? "met" : "missed";
}

export type Verdict = "better" | "worse" | "same" | "unclear";

export interface Difference {
  amount: number;
  verdict: Verdict;
  /** Whether both spreads are known, so that the verdict is more than a direction. */
  sure: boolean;
}

/** Values are shown with some three digits: a difference below this share of them is none. */
const TELLING_SHARE = 0.005;

/**
 * How the second value differs from the first. "unclear" is a difference no larger than the two
 * spreads together (root of the sum of squares): it may be chance.
 */
export function difference(first: KpiValue, second: KpiValue): Difference | null {
  if (first.value === null || second.value === null) return null;
  const amount = second.value - first.value;
  const sure = first.spread !== null && second.spread !== null;
  const noise = Math.hypot(first.spread ?? 0, second.spread ?? 0);
  const telling = TELLING_SHARE * Math.max(Math.abs(first.value), Math.abs(second.value));
  if (Math.abs(amount) <= telling) return { amount, verdict: "same", sure };
  if (Math.abs(amount) <= noise) return { amount, verdict: "unclear", sure };
  const risen = amount > 0;
  return { amount, verdict: risen === (first.better === "higher") ? "better" : "worse", sure };
}

export interface Pair {
  first: KpiValue;
  second: KpiValue | null;
}

const nameOf = (kpi: KpiValue) => `${kpi.service}/${kpi.name}`;

/** The KPIs of one run, each beside its like in another, by service. */
export function pairs(
  first: readonly KpiValue[],
  second: readonly KpiValue[] | null,
): Map<string, Pair[]> {
  const others = new Map((second ?? []).map((kpi) => [nameOf(kpi), kpi]));
  const found = new Map<string, Pair[]>();
  for (const kpi of first) {
    const rows = found.get(kpi.service) ?? [];
    rows.push({ first: kpi, second: others.get(nameOf(kpi)) ?? null });
    found.set(kpi.service, rows);
  }
  return found;
}

/** How many of the targets are met, of how many that could be measured. */
export function tally(kpis: readonly KpiValue[]): { met: number; judged: number } {
  const standings = kpis.map(standing);
  const met = standings.filter((one) => one === "met").length;
  return { met, judged: met + standings.filter((one) => one === "missed").length };
}
