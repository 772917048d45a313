/** What an agency is writing, and what of it the city takes. */
import type { components } from "~/api/schema";
import type { Text } from "~/words/language";
import type { Card } from "../queries";
import { isContest } from "../sealing/poll";
import type { Contest, Kind } from "../sealing/shape";

export const KINDS: readonly Kind[] = ["choose", "approve", "score", "rank", "budget"];
export const AGES = [
  "0-9",
  "10-19",
  "20-29",
  "30-39",
  "40-49",
  "50-59",
  "60-69",
] as const satisfies readonly components["schemas"]["AgeBand"][];

export interface OptionPlan {
  title: Text;
  cost: number;
}

export interface ContestPlan {
  title: Text;
  kind: Kind;
  options: readonly OptionPlan[];
  top: number;
  least: number;
  most: number;
}

export interface Plan {
  name: string;
  title: Text;
  contests: readonly ContestPlan[];
  opens: string;
  closes: string;
  trustees: readonly Card[];
  threshold: number;
  fewest: number;
  ageFrom: (typeof AGES)[number];
  reason: Text;
}

const NOTHING: Text = { ko: "", en: "" };
export const emptyOption = (): OptionPlan => ({ title: NOTHING, cost: 1 });
export const emptyContest = (): ContestPlan => ({
  title: NOTHING,
  kind: "choose",
  options: [emptyOption(), emptyOption()],
  top: 1,
  least: 1,
  most: 1,
});

export const emptyPlan = (): Plan => ({
  name: "",
  title: NOTHING,
  contests: [emptyContest()],
  opens: "",
  closes: "",
  trustees: [],
  threshold: 3,
  fewest: 10,
  ageFrom: "10-19",
  reason: NOTHING,
});

const isSaid = ({ ko, en }: Text): boolean => ko.trim() !== "" && en.trim() !== "";

/** A contest with the members that its kind fixes, whatever stood in the form before. */
export function contestOf(plan: ContestPlan, at: number): Contest {
  const { kind, title, options } = plan;
  const most = kind === "approve" ? options.length : plan.most;
  const least = { choose: plan.least, score: plan.least, approve: 0, budget: 0, rank: most }[kind];
  return {
    id: `q${at + 1}`,
    title,
    kind,
    options: options.map((option, place) => ({
      id: `o${place + 1}`,
      title: option.title,
      cost: kind === "budget" ? option.cost : 0,
    })),
    top: kind === "score" ? plan.top : 1,
    least,
    most,
  };
}

const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** What is sent; null while something is missing. The city looks at all of it again. */
export function askedOf(plan: Plan) {
  const contests = plan.contests.map(contestOf);
  const texts = [plan.title, plan.reason, ...contests.flatMap((one) => [one.title, ...one.options.map(({ title }) => title)])]; // prettier-ignore
  const isWhole =
    NAME.test(plan.name) &&
    texts.every(isSaid) &&
    contests.every(isContest) &&
    plan.opens !== "" &&
    plan.closes > plan.opens &&
    plan.trustees.length > 0 &&
    plan.threshold > Math.floor(plan.trustees.length / 2) &&
    plan.threshold <= plan.trustees.length;
  if (!isWhole) return null;
  return {
    name: plan.name,
    title: plan.title,
    contests,
    opens_at: new Date(plan.opens).toISOString(),
    closes_at: new Date(plan.closes).toISOString(),
    trustees: [...plan.trustees],
    threshold: plan.threshold,
    fewest: plan.fewest,
    electorate: { age_from: plan.ageFrom, reason: plan.reason },
  };
}

const KEY = /^[0-9a-f]{64}$/;

export function cardOf(text: string): Card | null {
  try {
    const { name, sealing, signing } = JSON.parse(text) as Partial<Card>;
    const isCard =
      typeof name?.en === "string" &&
      typeof name.ko === "string" &&
      [sealing, signing].every((key) => typeof key === "string" && KEY.test(key));
    return isCard ? { name, sealing: sealing ?? "", signing: signing ?? "" } : null;
  } catch {
    return null;
  }
}
