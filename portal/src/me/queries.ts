/** What a person's own pages ask: lists that come page by page, who they are, the sky. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { Transfer } from "~/api/queries";
import type { components } from "~/api/schema";
import type { Access } from "~/api/shapes";

type Schemas = components["schemas"];
export type Outlook = Schemas["Outlook"];
export type Myself = Schemas["Myself"];
export type Walking = Myself["walking"];

export const PAGE = 20;
const SKY_EVERY_MS = 5 * 60_000;

/** What comes after what is there; nothing when the last page was not full. */
export function nextOffset(pages: readonly (readonly unknown[])[]): number | undefined {
  const last = pages.at(-1);
  if (!last || last.length < PAGE) return undefined;
  return pages.reduce((count, page) => count + page.length, 0);
}

function pages<T>(name: string, read: (query: object, signal: AbortSignal) => Promise<T[]>) {
  return infiniteQueryOptions({
    queryKey: ["me", name],
    queryFn: ({ pageParam, signal }) => read({ limit: PAGE, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (_, all: T[][]) => nextOffset(all),
  });
}

export const transfersQuery = pages<Transfer>("transfers", (query, signal) =>
  answer(city.GET("/api/me/transfers", { params: { query: query as never }, signal })),
);

export const accessQuery = pages<Access>(
  "access",
  async (query, signal) =>
    (await answer(
      city.GET("/api/me/access", { params: { query: query as never }, signal }),
    )) as unknown as Access[],
);

export const weatherQuery = queryOptions({
  queryKey: ["weather"],
  queryFn: ({ signal }) => answer(city.GET("/api/weather", { signal })),
  refetchInterval: SKY_EVERY_MS,
});

export const myselfQuery = queryOptions({
  queryKey: ["me", "person"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/person", { signal })),
});
