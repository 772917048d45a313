import type { RunInfo } from "~/api/queries";

/** The counterpart that answers most questions: a draft's base, else the same day less a service. */
export function counterpart(run: RunInfo, runs: readonly RunInfo[]): RunInfo | undefined {
  const like = runs.filter(
    (other) =>
      other.run !== run.run && other.seed === run.seed && other.residents === run.residents,
  );
  const base =
    run.draft && like.find(({ scenario, without }) => scenario === run.base && !without[0]);
  if (base) return base;
  return like.find((other) => other.scenario === run.scenario) ?? like[0];
}
