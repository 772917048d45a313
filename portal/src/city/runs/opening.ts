import type { RunInfo } from "~/api/queries";

/**
 * The run to open with: of the city's own scenarios rather than of somebody's draft, with every
 * service in it, of the most people, the newest of these.
 */
export function openingRun(all: readonly RunInfo[]): RunInfo | undefined {
  const own = all.filter(({ draft }) => !draft);
  const runs = own.length > 0 ? own : all;
  const whole = runs.filter(({ without }) => without.length === 0);
  const most = (best: RunInfo, run: RunInfo) => (run.residents > best.residents ? run : best);
  const from = whole.length > 0 ? whole : runs;
  return from.length > 0 ? from.reduce(most) : undefined;
}
