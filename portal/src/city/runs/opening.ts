import type { RunInfo } from "~/api/queries";

/** The run to open with: with every service in it, of the most people, the newest of these. */
export function openingRun(runs: readonly RunInfo[]): RunInfo | undefined {
  const whole = runs.filter(({ without }) => without.length === 0);
  const most = (best: RunInfo, run: RunInfo) => (run.residents > best.residents ? run : best);
  const from = whole.length > 0 ? whole : runs;
  return from.length > 0 ? from.reduce(most) : undefined;
}
