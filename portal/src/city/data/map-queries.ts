/** What the data map asks the city. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type DataLine = Schemas["SetLine"];
export type DataSet = Schemas["SetView"];
export type DataColumn = Schemas["DataColumn"];
export type DataQuality = Schemas["DataQuality"];
export type Lineage = Schemas["Lineage"];
export type Access = DataLine["access"];
export type Kind = DataLine["kind"];

const FRESH_MS = 60_000;

export const mapQuery = (who: string) =>
  queryOptions({
    queryKey: ["data-map", who], // each role hears of other sets
    queryFn: ({ signal }) => answer(city.GET("/api/data", { signal })),
    staleTime: FRESH_MS,
  });

export const setQuery = (id: string, who: string) =>
  queryOptions({
    queryKey: ["data-map", who, id],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/data/{dataset}", { params: { path: { dataset: id } }, signal })),
    refetchInterval: FRESH_MS,
  });
