/** What the studio asks the city. */
import { queryOptions } from "@tanstack/react-query";
import { answer, authorization, city } from "~/api/client";
import { problemOf } from "~/api/problem";
import type { components } from "~/api/schema";
import type { Role } from "~/api/session";
import { saveFile } from "~/design/save-file";

type Schemas = components["schemas"];
export type Change = Schemas["DraftView"]["changes"][number];
export type Draft = Schemas["DraftView"];
export type ScenarioInfo = Schemas["ScenarioView"];
export type StudioModel = Schemas["StudioModel"];
export type Street = Schemas["StreetFacts"];
export type Stop = Schemas["StopFacts"];
export type Checked = Schemas["Checked"];
export type Rehearsal = Schemas["RehearsalView"];

/** Who may draw, and how much at once; the city itself holds these bounds. */
export const BOUNDS: Partial<Record<Role, { residents: number; seeds: number }>> = {
  planner: { residents: 10_000, seeds: 5 },
  operator: { residents: 10_000, seeds: 5 },
  company: { residents: 3_000, seeds: 3 },
  resident: { residents: 2_000, seeds: 2 },
  visitor: { residents: 500, seeds: 1 },
};
export const SIZES = [200, 500, 1000, 2000, 3000, 5000, 10_000] as const;
export type Size = (typeof SIZES)[number];
export const SKIES = ["clear", "rain", "dust", "heat", "drawn"] as const;
export type Sky = (typeof SKIES)[number];

export const scenariosQuery = queryOptions({
  queryKey: ["scenarios"],
  queryFn: ({ signal }) => answer(city.GET("/api/scenarios", { signal })),
});

export const modelQuery = queryOptions({
  queryKey: ["scenarios", "model"],
  queryFn: ({ signal }) => answer(city.GET("/api/scenarios/model", { signal })),
  staleTime: Infinity,
});

export const draftsQuery = queryOptions({
  queryKey: ["drafts"],
  queryFn: ({ signal }) => answer(city.GET("/api/scenario-drafts", { signal })),
});

export const draftQuery = (draft: string) =>
  queryOptions({
    queryKey: ["drafts", draft],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/scenario-drafts/{draft}", { params: { path: { draft } }, signal })),
  });

/** What a draft's changes do; asked again for every version. */
export const checkQuery = ({ id, version, base, changes }: Draft) =>
  queryOptions({
    queryKey: ["drafts", id, "check", version],
    queryFn: ({ signal }) =>
      answer(city.POST("/api/scenarios/check", { body: { base, changes } as never, signal })),
    staleTime: Infinity,
  });

/** What the base of a draft does by itself, to tell the draft's own changes from it. */
export const baseCheckQuery = (base: string, changes: readonly Change[]) =>
  queryOptions({
    queryKey: ["scenarios", "check", base],
    queryFn: ({ signal }) =>
      answer(city.POST("/api/scenarios/check", { body: { base, changes } as never, signal })),
    staleTime: Infinity,
  });

export const isUnderWay = ({ state }: Rehearsal) => state === "waiting" || state === "running";
const UNDER_WAY_MS = 1_500;

export const rehearsalsQuery = queryOptions({
  queryKey: ["rehearsals"],
  queryFn: ({ signal }) => answer(city.GET("/api/rehearsals", { signal })),
  refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? UNDER_WAY_MS : false),
});

export async function download(scenario: string, file: string): Promise<void> {
  const response = await fetch(`/api/scenarios/${encodeURIComponent(scenario)}/file`, {
    headers: authorization(),
  });
  if (!response.ok) throw problemOf(response.status, await response.json().catch(() => null));
  saveFile(await response.blob(), file);
}
