/** The steps of "check my ballot"; each is told by itself. */
import { queryOptions } from "@tanstack/react-query";
import { asProblem } from "~/api/problem";
import type { Text } from "~/words/language";
import type { Place } from "./receipt";
import type { Entry } from "./sealing/ballot";
import { ask } from "./sealing/desk";
import { fingerprint } from "./sealing/group";
import type { Fixed } from "./sealing/jobs";
import { boardPage, lastOf, logged, type Logged } from "./stranger";

export interface Found {
  entry: Entry | null;
  print: string;
  isSame: boolean;
  /** Why its proofs do not hold; null where they do. */
  why: Text | null;
}

/** Fetch what is on the board at a place, and look at it with all its proofs. */
export const foundQuery = (poll: string, fixed: Fixed, { index, begins }: Place) =>
  queryOptions({
    queryKey: ["votes", "check", poll, index, begins],
    queryFn: async (): Promise<Found> => {
      const [entry] = await boardPage(poll, index, 1);
      if (!entry) return { entry: null, print: "", isSame: false, why: null };
      const print = fingerprint(entry);
      const why = await ask("check", { ...fixed, entry }).then(
        () => null,
        (error: unknown) => asProblem(error).detail,
      );
      return { entry, print, isSame: print.startsWith(begins), why };
    },
    gcTime: 0,
  });

const [ASK_EVERY_MS, MOST_ASKED] = [4_000, 25]; // longer than the minute within which all is signed

/** What the log says of that place, and whether it is the same entry. */
export const loggedQuery = (poll: string, index: number, print: string) =>
  queryOptions({
    queryKey: ["votes", "logged", poll, index, print],
    queryFn: async (): Promise<Logged & { isSame: boolean }> => {
      const found = await logged(poll, index);
      const fact = found.verdict.fact;
      const isSame = fact?.["sha256"] === print && fact["poll"] === poll && fact["index"] === index;
      return { ...found, isSame };
    },
    retry: (times, error) => asProblem(error).status === 503 && times < MOST_ASKED,
    retryDelay: ASK_EVERY_MS,
    gcTime: 0,
  });

export const lastQuery = (poll: string, pseudonym: string) =>
  queryOptions({
    queryKey: ["votes", "last", poll, pseudonym],
    queryFn: () => lastOf(poll, pseudonym),
    gcTime: 0,
  });
