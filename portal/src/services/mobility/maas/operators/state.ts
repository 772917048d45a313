/** How it goes with an operator outside, and what to do where it does not go well. */
import type { Known } from "./queries";

export type OperatorState = "off" | "resting" | "failing" | "guests" | "unheard" | "fine";

export function stateOf(known: Known, now: number): OperatorState {
  const { operator, failures, quiet_until, heard_at } = known;
  if (!operator.active) return "off";
  if (quiet_until !== null && Date.parse(quiet_until) > now) return "resting";
  if (failures > 0) return "failing";
  if (operator.modes.length === 0) return "guests"; // it only books with us and is asked nothing
  return heard_at === null ? "unheard" : "fine";
}

export type Advice = "adviceFile" | "adviceToken" | "adviceAddress" | "adviceWait" | "adviceTheirs";

const CAUSES: readonly (readonly [RegExp, Advice])[] = [
  [/operators\.toml/, "adviceFile"],
  [/HTTP 40[13]/, "adviceToken"],
  [/HTTP [34]\d\d|address|gaierror|Certificate|SSL|no port/i, "adviceAddress"],
  [/HTTP 5\d\d|no answer|Refused|Reset|closed in the middle/, "adviceWait"],
];

/** What to do about the reason that the city noted, which is written for those who read logs. */
export const adviceFor = (reason: string): Advice =>
  CAUSES.find(([cause]) => cause.test(reason))?.[1] ?? "adviceTheirs";
