/** What the data pages ask the city. */
import { queryOptions } from "@tanstack/react-query";
import { answer, authorization, city } from "~/api/client";
import { problemOf, UNREACHABLE } from "~/api/problem";
import { saveFile } from "~/design/save-file";
import type { components } from "~/api/schema";
import { currentSession, endSession } from "~/api/session";

type Schemas = components["schemas"];
export type TypeInfo = Schemas["TypeView"];
export type Lake = Schemas["LakeView"];
export type LakeTable = Schemas["LakeTable"];
export type HistoryLine = Schemas["HistoryLine"];
export interface Attribute {
  type: string;
  value?: unknown;
  object?: unknown;
  languageMap?: Record<string, string>;
  unitCode?: string;
  observedAt?: string;
}
export interface Entity {
  id: string;
  type: string;
  createdAt: string;
  modifiedAt: string;
  [attribute: string]: unknown;
}
export interface Wanted {
  type: string;
  offset: number;
  id: string;
  q: string;
  purpose: string;
}
export interface Where {
  run: string;
  firstDay: string;
  lastDay: string;
}
export interface LakeAnswer {
  columns: { name: string; type: string }[];
  rows: Cell[][];
  more: boolean;
  seconds: number;
}
export type Cell = string | number | boolean | null;

export const PAGE = 25;
export const MOST_HISTORY = 500;

/** Ask for what the generated client has no words for: lists with a count, files, NGSI-LD. */
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...authorization(), ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(path, { ...init, headers }).catch((error: unknown) =>
    Promise.reject(init.signal?.aborted ? (error as Error) : UNREACHABLE),
  );
  if (response.status === 401 && currentSession()) endSession();
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => null);
  throw Object.assign(problemOf(response.status, body), { place: placeIn(body) });
}

/** Where in a query an error is: characters from its beginning, and how many. */
export interface Place {
  start: number;
  length: number;
}

export function placeIn(body: unknown): Place | null {
  if (typeof body !== "object" || body === null) return null;
  const { start, length } = body as Record<string, unknown>;
  return typeof start === "number" && typeof length === "number" ? { start, length } : null;
}

export const typesQuery = queryOptions({
  queryKey: ["types"],
  queryFn: ({ signal }) => answer(city.GET("/api/types", { signal })),
});

export const entitiesQuery = (wanted: Wanted) =>
  queryOptions({
    queryKey: ["entities", wanted],
    queryFn: async ({ signal }) => {
      const words = new URLSearchParams({
        type: wanted.type,
        limit: String(PAGE),
        offset: String(wanted.offset),
        count: "true",
        options: "sysAttrs",
        ...(wanted.q ? { q: wanted.q } : {}),
        ...(wanted.id ? { id: wanted.id } : {}),
      });
      const response = await ask(`/ngsi-ld/v1/entities?${words.toString()}`, {
        signal,
        headers: purposeHeader(wanted.purpose),
      });
      const total = Number(response.headers.get("NGSILD-Results-Count") ?? 0);
      return { total, entities: (await response.json()) as Entity[] };
    },
  });

export const entityQuery = (id: string, purpose: string) =>
  queryOptions({
    queryKey: ["entity", id, purpose],
    queryFn: async ({ signal }) => {
      const path = `/ngsi-ld/v1/entities/${encodeURIComponent(id)}?options=sysAttrs`;
      const response = await ask(path, { signal, headers: purposeHeader(purpose) });
      return (await response.json()) as Entity;
    },
    retry: false,
  });

/** A header's value is ASCII; other letters would not be sent. */
function purposeHeader(purpose: string): Record<string, string> {
  return /^[\x20-\x7e]+$/.test(purpose) ? { Purpose: purpose } : {};
}

export const historyQuery = (entity: string) =>
  queryOptions({
    queryKey: ["history", entity],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/history/{entity}", { params: { path: { entity } }, signal })),
  });

export const lakeQuery = ({ run, firstDay, lastDay }: Where) =>
  queryOptions({
    queryKey: ["lake", run, firstDay, lastDay],
    queryFn: async ({ signal }) => {
      const words = new URLSearchParams({ run, first_day: firstDay, last_day: lastDay });
      return (await (await ask(`/api/lake?${words.toString()}`, { signal })).json()) as Lake;
    },
  });

function asked(where: Where, sql: string, format: string, signal?: AbortSignal) {
  return ask("/api/lake/query", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      sql,
      run: where.run,
      first_day: where.firstDay,
      last_day: where.lastDay,
      format,
    }),
    ...(signal ? { signal } : {}),
  });
}

export async function askLake(where: Where, sql: string, signal: AbortSignal): Promise<LakeAnswer> {
  return (await (await asked(where, sql, "json", signal)).json()) as LakeAnswer;
}

/** Save a query's answer as a file; say whether it holds all of it. */
export async function download(where: Where, sql: string, format: "csv" | "parquet") {
  const response = await asked(where, sql, format);
  saveFile(await response.blob(), `${where.run || "city"}.${format}`);
  return { isWhole: response.headers.get("Hapgang-More-Rows") !== "true" };
}
