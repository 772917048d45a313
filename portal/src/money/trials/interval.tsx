/** A difference with its interval, drawn on a line with zero on it. */
import { useWords } from "~/words/language";
import report from "../report.module.css";
import type { MeanDifference } from "../queries";
import { trialWords } from "./words";

const WIDTH = 300;
const HEIGHT = 26;
const EDGE = 12;

/** Where values stand on a line that holds the interval and zero. */
export function placesOf({ low, high, difference }: MeanDifference): {
  zero: number;
  low: number;
  high: number;
  mid: number;
} {
  const least = Math.min(low, 0);
  const span = Math.max(high, 0) - least || 1;
  const at = (value: number) => EDGE + ((value - least) / span) * (WIDTH - 2 * EDGE);
  return { zero: at(0), low: at(low), high: at(high), mid: at(difference) };
}

export const isSure = ({ low, high }: MeanDifference): boolean => low > 0 || high < 0;

export function Interval({
  of,
  what,
  say,
}: {
  of: MeanDifference;
  what: string;
  say: (value: number) => string;
}) {
  const t = useWords(trialWords);
  const { zero, low, high, mid } = placesOf(of);
  const middle = HEIGHT / 2;
  const label = t("intervalOf", {
    what,
    gap: say(of.difference),
    low: say(of.low),
    high: say(of.high),
  });
  return (
    <svg
      className={report.interval}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <line x1={0} x2={WIDTH} y1={middle} y2={middle} stroke="var(--line)" />
      <line x1={zero} x2={zero} y1={2} y2={HEIGHT - 2} stroke="var(--ink-soft)" />
      <line x1={low} x2={high} y1={middle} y2={middle} stroke="var(--river)" strokeWidth={4} />
      <circle cx={mid} cy={middle} r={6} fill="var(--river)" />
    </svg>
  );
}
