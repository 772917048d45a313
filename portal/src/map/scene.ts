/** The parts of the city's scene that pages read as lists. */
import { queryOptions } from "@tanstack/react-query";
import type { FeatureCollection, Point } from "geojson";
import { authorization } from "~/api/client";
import { problemOf, UNREACHABLE } from "~/api/problem";
import type { Language } from "~/words/language";

export interface PlaceProperties {
  place: string;
  kind: string;
  title_en: string | null;
  title_ko: string | null;
}

export interface Place {
  id: string;
  kind: string;
  title: Record<Language, string>;
  at: [number, number];
}

async function readPlaces(signal: AbortSignal): Promise<Place[]> {
  const response = await fetch("/api/scene/places", { signal, headers: authorization() }).catch(
    (error: unknown) => Promise.reject(signal.aborted ? (error as Error) : UNREACHABLE),
  );
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, body);
  const { features } = body as FeatureCollection<Point, PlaceProperties>;
  return features.map(({ geometry, properties: { place, kind, title_en, title_ko } }) => ({
    id: place,
    kind,
    title: { en: title_en ?? title_ko ?? place, ko: title_ko ?? title_en ?? place },
    at: [geometry.coordinates[0] ?? 0, geometry.coordinates[1] ?? 0],
  }));
}

export const placesQuery = queryOptions({
  queryKey: ["scene", "places"],
  queryFn: ({ signal }) => readPlaces(signal),
  staleTime: Infinity,
});
