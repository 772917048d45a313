/** The lines of the city's streets by name, for pages that draw on some of them. */
import { queryOptions } from "@tanstack/react-query";
import type { FeatureCollection, LineString } from "geojson";
import { authorization } from "~/api/client";
import { problemOf, UNREACHABLE } from "~/api/problem";

export type StreetShapes = ReadonlyMap<string, LineString>;

async function read(signal: AbortSignal): Promise<StreetShapes> {
  const headers = authorization();
  const response = await fetch("/api/scene/streets", { signal, headers }).catch((error: unknown) =>
    Promise.reject(signal.aborted ? (error as Error) : UNREACHABLE),
  );
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, body);
  const { features } = body as FeatureCollection<LineString, { link: string }>;
  return new Map(features.map(({ geometry, properties }) => [properties.link, geometry]));
}

export const streetShapesQuery = queryOptions({
  queryKey: ["scene", "street shapes"],
  queryFn: ({ signal }) => read(signal),
  staleTime: Infinity,
});
