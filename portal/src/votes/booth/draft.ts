/** What somebody is choosing: for ranks the options by place, else a number for each option. */
import { cellsOf, isWithin, limitsOf, ranked, sumOf, type Contest } from "../sealing/shape";

export type Draft = readonly number[];

export const emptyDraft = ({ kind, options }: Contest): Draft =>
  kind === "rank" ? [] : options.map(() => 0);

/** The numbers of the counted cells. */
export const cellsFor = (contest: Contest, draft: Draft): number[] =>
  contest.kind === "rank" ? ranked(contest, draft) : [...draft];

export const isReady = (contest: Contest, draft: Draft): boolean =>
  isWithin(contest, cellsFor(contest, draft));

/** The sum that is bounded: of points, of costs, or of what is chosen. */
export function spent(contest: Contest, draft: Draft): number {
  if (contest.kind === "rank") return draft.length;
  const [limit] = limitsOf(contest);
  return limit ? sumOf(limit.weights, draft) : draft.reduce((total, one) => total + one, 0);
}

/** The options by place of a ranking's cells; for showing what was sealed. */
export function orderOf(contest: Contest, cells: readonly number[]): number[] {
  const order: number[] = [];
  for (let cell = 0; cell < cellsOf(contest); cell += 1)
    if (cells[cell] === 1) order[cell % contest.most] = Math.floor(cell / contest.most);
  return order;
}

export const changed = (draft: Draft, at: number, value: number): Draft =>
  draft.map((one, place) => (place === at ? value : one));

export function swapped(draft: Draft, a: number, b: number): Draft {
  const [first, second] = [draft[a], draft[b]];
  if (first === undefined || second === undefined) return draft;
  return draft.map((one, at) => (at === a ? second : at === b ? first : one));
}
