/** What operators ask about what failed, and what they do about it. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type Letter = Schemas["DeadLetter"];
export type Kept = Schemas["QuarantineLine"];
export type Feed = Schemas["FeedView"];
export type Job = Schemas["Job"];

export const PAGE = 20;
const LOOK_AGAIN_MS = 20_000; // what is somebody's is not in the stream of news
const WATCH_MS = 1_500;

interface Words {
  limit: number;
  offset: number;
}

/** One more than is shown, to know whether there is another page. */
const pageAt = (page: number): Words => ({ limit: PAGE + 1, offset: page * PAGE });

/** The city describes these lists without their words: it reads them by hand. */
const withWords = (query: Words) => ({ params: { query: query as never } });

export const lettersQuery = (page: number) =>
  queryOptions({
    queryKey: ["dead-letters", page],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/dead-letters", { ...withWords(pageAt(page)), signal })),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const letterQuery = (letter: string) =>
  queryOptions({
    queryKey: ["dead-letter", letter],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/dead-letters/{letter}", { params: { path: { letter } }, signal })),
  });

export const quarantineQuery = (page: number) =>
  queryOptions({
    queryKey: ["quarantine", page],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/quarantine/lines", { params: { query: pageAt(page) }, signal })),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const feedsQuery = queryOptions({
  queryKey: ["feeds"],
  queryFn: ({ signal }) => answer(city.GET("/api/feeds", { signal })),
  refetchInterval: LOOK_AGAIN_MS,
});

/** A record as it came; of somebody's data, the person can see that it was read. */
export const recordQuery = (record: string) =>
  queryOptions({
    queryKey: ["quarantined", record],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/quarantine/{record}", { params: { path: { record } }, signal })),
    staleTime: Infinity, // not read again, and logged again, because a window got the focus
  });

export const isOver = ({ state }: Pick<Job, "state">): boolean =>
  state !== "waiting" && state !== "running";

export const jobsQuery = (page: number) =>
  queryOptions({
    queryKey: ["jobs", "page", page],
    queryFn: ({ signal }) => answer(city.GET("/api/jobs", { ...withWords(pageAt(page)), signal })),
    refetchInterval: ({ state }) =>
      state.data?.some((job) => !isOver(job)) ? WATCH_MS : LOOK_AGAIN_MS,
  });

export const cancelJob = (job: string) =>
  answer(city.POST("/api/jobs/{job}/cancel", { params: { path: { job } } }));

export const replayLetter = (letter: string) =>
  answer(city.POST("/api/dead-letters/{letter}/replay", { params: { path: { letter } } }));

export const dropLetter = (letter: string) =>
  answer(city.DELETE("/api/dead-letters/{letter}", { params: { path: { letter } } }));

export const dropKept = (record: string) =>
  answer(city.DELETE("/api/quarantine/{record}", { params: { path: { record } } }));

/** Take a record in again; whether it was taken. */
export async function replayKept(record: string, body?: unknown): Promise<boolean> {
  const { accepted } = await answer(
    city.POST("/api/quarantine/{record}/replay", {
      params: { path: { record } },
      body: body === undefined ? {} : { body },
    }),
  );
  return accepted > 0;
}
