import type { RunInfo } from "~/api/queries";

/** The counterpart that answers most questions: the same day, seed and people, less a service. */
export function counterpart(run: RunInfo, runs: readonly RunInfo[]): RunInfo | undefined {
  const like = runs.filter(
    (other) =>
      other.run !== run.run && other.seed === run.seed && other.residents === run.residents,
  );
  return like.find((other) => other.scenario === run.scenario) ?? like[0];
}
