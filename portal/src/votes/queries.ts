/** What the pages of votes ask the city, where it may know who asks. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";
import type { Fixed } from "./sealing/jobs";
import type { Poll } from "./sealing/poll";
import type { Contest } from "./sealing/shape";

type Schemas = components["schemas"];
export type PollLine = Schemas["PollLine"];
export type Trustee = Schemas["PollTrustee"];
export type Stage = Schemas["Consultation"]["state"];
export type Card = Schemas["Card"];

export interface Result {
  ballots: number;
  paper: number;
  counts: number[][];
}

/** All that is public of a poll; what the description leaves open is written down here. */
export interface PollView extends Omit<Schemas["PollView"], "poll"> {
  poll: Omit<Schemas["Consultation"], "contests" | "poll" | "result" | "close" | "roll"> & {
    contests: Contest[];
    poll: Poll | null;
    result: Result | null;
    close: { entries: number; board: string; counted: number } | null;
    roll: { eligible: number; tokens: number; paper: number } | null;
  };
}

const [SOON_MS, LATER_MS] = [2_500, 15_000];
const SHORT_MS = 3_600_000;

/** How often it is worth asking again: a poll of minutes changes sooner than one of weeks. */
function askAgain({ poll }: PollView): number | false {
  if (poll.state === "counted" || poll.state === "failed") return false;
  const isShort = Date.parse(poll.closes_at) - Date.parse(poll.opens_at) <= SHORT_MS;
  return isShort || poll.state === "closed" ? SOON_MS : LATER_MS;
}

export const pollsQuery = queryOptions({
  queryKey: ["polls"],
  queryFn: ({ signal }) => answer(city.GET("/api/polls", { signal })),
  refetchInterval: LATER_MS,
  staleTime: 2_000,
});

export const pollQuery = (poll: string) =>
  queryOptions({
    queryKey: ["polls", poll],
    queryFn: async ({ signal }) =>
      (await answer(
        city.GET("/api/polls/{poll}", { params: { path: { poll } }, signal }),
      )) as unknown as PollView,
    refetchInterval: ({ state }) => (state.data ? askAgain(state.data) : false),
    staleTime: 1_000,
  });

export const myPollQuery = (poll: string) =>
  queryOptions({
    queryKey: ["me", "polls", poll],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/me/polls/{poll}", { params: { path: { poll } }, signal })),
  });

/** The poll as ballots name it; null until all trustees have confirmed it. */
export const fixedOf = ({ poll }: PollView): Fixed | null =>
  poll.poll && poll.fingerprint ? { poll: poll.poll, print: poll.fingerprint } : null;

export const signBlinded = async (poll: string, blinded: string): Promise<string> =>
  (
    await answer(
      city.POST("/api/me/polls/{poll}/token", { params: { path: { poll } }, body: { blinded } }),
    )
  ).signed;

export const beginTrial = (seconds: number) =>
  answer(city.POST("/api/trial-polls", { body: { seconds } }));

export const exportAddress = (poll: string): string =>
  `/api/polls/${encodeURIComponent(poll)}/export`;
