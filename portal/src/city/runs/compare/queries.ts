import { queryOptions } from "@tanstack/react-query";
import { authorization } from "~/api/client";
import { problemOf, UNREACHABLE } from "~/api/problem";
import type { components } from "~/api/schema";

export type Comparison = components["schemas"]["SideBySide"];
export type StreetChange = Comparison["streets"][number];
export type KpiChange = Comparison["kpis"][number];

async function read(a: string, b: string, mode: string, signal: AbortSignal): Promise<Comparison> {
  const words = mode ? `?${new URLSearchParams({ mode }).toString()}` : "";
  const path = `/api/runs/${encodeURIComponent(a)}/against/${encodeURIComponent(b)}${words}`;
  const response = await fetch(path, { signal, headers: authorization() }).catch((error: unknown) =>
    Promise.reject(signal.aborted ? (error as Error) : UNREACHABLE),
  );
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, body);
  return body as Comparison;
}

export const comparisonQuery = (a: string, b: string, mode = "") =>
  queryOptions({
    queryKey: ["comparison", a, b, mode],
    queryFn: ({ signal }) => read(a, b, mode, signal),
  });
