/** The parts of the city's scene that pages read as lists. */
import { queryOptions } from "@tanstack/react-query";
import type { FeatureCollection, Point } from "geojson";
import { authorization } from "~/api/client";
import { problemOf, UNREACHABLE } from "~/api/problem";
import type { Language } from "~/words/language";
import { half } from "./spoken";

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

interface Found<P> {
  properties: P;
  at: [number, number];
}

/** Read one layer of the city's scene. */
export async function readLayer<C>(layer: string, signal: AbortSignal): Promise<C> {
  const headers = authorization();
  const response = await fetch(`/api/scene/${layer}`, { signal, headers }).catch((error: unknown) =>
    Promise.reject(signal.aborted ? (error as Error) : UNREACHABLE),
  );
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, body);
  return body as C;
}

async function readPoints<P>(layer: string, signal: AbortSignal): Promise<Found<P>[]> {
  const { features } = await readLayer<FeatureCollection<Point, P>>(layer, signal);
  return features.map(({ geometry, properties }) => ({
    properties,
    at: [geometry.coordinates[0] ?? 0, geometry.coordinates[1] ?? 0],
  }));
}

async function readPlaces(signal: AbortSignal): Promise<Place[]> {
  const found = await readPoints<PlaceProperties>("places", signal);
  return found.map(({ at, properties: { place, kind, title_en, title_ko } }) => ({
    id: place,
    kind,
    title: { en: title_en ?? title_ko ?? place, ko: title_ko ?? title_en ?? place },
    at,
  }));
}

async function readStops(signal: AbortSignal): Promise<Place[]> {
  const found = await readPoints<{ stop: string; name: string }>("stops", signal);
  return found.map(({ at, properties: { stop, name } }) => ({
    id: stop,
    kind: "stop",
    title: { en: half(name, "en"), ko: half(name, "ko") },
    at,
  }));
}

export const placesQuery = queryOptions({
  queryKey: ["scene", "places"],
  queryFn: ({ signal }) => readPlaces(signal),
  staleTime: Infinity,
});

export const stopsQuery = queryOptions({
  queryKey: ["scene", "stops"],
  queryFn: ({ signal }) => readStops(signal),
  staleTime: Infinity,
});
