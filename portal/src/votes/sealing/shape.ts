/** What is asked, as the mathematics sees it: cells, limits, and slack (docs/ballots.md, 3). */
import { need } from "~/ledger/bytes";
import type { Text } from "~/words/language";

export type Kind = "choose" | "approve" | "score" | "rank" | "budget";

export interface Option {
  id: string;
  title: Text;
  cost: number;
}

export interface Contest {
  id: string;
  title: Text;
  kind: Kind;
  options: readonly Option[];
  top: number;
  least: number;
  most: number;
}

/** A weighted sum of cells that lies in least … most; weights are [cell, weight]. */
export interface Limit {
  weights: readonly (readonly [number, number])[];
  least: number;
  most: number;
}

export interface Shape {
  /** For each cell the most it may hold: first those that are counted, then the slack. */
  tops: readonly number[];
  counted: number;
  /** Sums that are exact, slack included. */
  equalities: readonly Pick<Limit, "weights" | "most">[];
}

export const cellsOf = (contest: Contest): number =>
  contest.options.length * (contest.kind === "rank" ? contest.most : 1);

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

export function limitsOf({ kind, options, least, most }: Contest): Limit[] {
  const all = range(options.length);
  if (kind === "approve") return [];
  if (kind === "budget")
    return [{ weights: options.map(({ cost }, at) => [at, cost] as const), least, most }];
  if (kind !== "rank") return [{ weights: all.map((at) => [at, 1] as const), least, most }];
  const cell = (option: number, place: number) => [option * most + place, 1] as const;
  const rows = all.map((option) => range(most).map((place) => cell(option, place)));
  const columns = range(most).map((place) => all.map((option) => cell(option, place)));
  const isFull = most === options.length;
  return [
    ...rows.map((weights) => ({ weights, least: isFull ? 1 : 0, most: 1 })),
    ...columns.map((weights) => ({ weights, least: 1, most: 1 })),
  ];
}

/** Weights of 0/1 cells whose sums are all numbers 0 … span: 1, 2, 4 … and a rest. */
export function slackWeights(span: number): number[] {
  const weights: number[] = [];
  for (let left = span, weight = 1; left > 0; weight *= 2) {
    const next = Math.min(weight, left);
    weights.push(next);
    left -= next;
  }
  return weights;
}

export function shapeOf(contest: Contest): Shape {
  const counted = cellsOf(contest);
  const tops = range(counted).map(() => contest.top);
  const equalities = limitsOf(contest).map(({ weights, least, most }) => {
    const first = tops.length;
    const slack = slackWeights(most - least).map((weight, at) => [first + at, weight] as const);
    tops.push(...slack.map(() => 1));
    return { weights: [...weights, ...slack], most };
  });
  return { tops, counted, equalities };
}

/** Which slack cells are 1 so that their weights sum to what is missing: the largest first. */
function slackFor(span: number, missing: number): number[] {
  const weights = slackWeights(span);
  const found = weights.map(() => 0);
  const order = range(weights.length).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  let left = missing;
  for (const at of order) {
    const weight = weights[at] ?? 0;
    if (left < weight) continue;
    found[at] = 1;
    left -= weight;
  }
  return found;
}

export const sumOf = (weights: Limit["weights"], numbers: readonly number[]): number =>
  weights.reduce((total, [cell, weight]) => total + weight * (numbers[cell] ?? 0), 0);

/** The numbers of the counted cells, and whether they are a choice that may be made. */
export const isWithin = (contest: Contest, numbers: readonly number[]): boolean =>
  numbers.length === cellsOf(contest) &&
  numbers.every((one) => Number.isInteger(one) && one >= 0 && one <= contest.top) &&
  limitsOf(contest).every(({ weights, least, most }) => {
    const total = sumOf(weights, numbers);
    return total >= least && total <= most;
  });

/** The cells of a ranking: options by place, the best first. */
export function ranked(contest: Contest, order: readonly number[]): number[] {
  const numbers = range(cellsOf(contest)).map(() => 0);
  for (const [place, option] of order.entries()) numbers[option * contest.most + place] = 1;
  return numbers;
}

/** The numbers of all cells, slack too; refused where the choice is beyond the limits. */
export function valuesOf(contest: Contest, numbers: readonly number[]): number[] {
  need(
    isWithin(contest, numbers),
    `The choice is beyond the limits of the question ${contest.id}.`,
    `${contest.id} 문항의 한도를 벗어난 선택이에요.`,
  );
  const slack = limitsOf(contest).flatMap(({ weights, least, most }) =>
    slackFor(most - least, most - sumOf(weights, numbers)),
  );
  return [...numbers, ...slack];
}
