/** Whether the log that somebody saw before is the beginning of today's: asked, and verified here. */
import { queryOptions } from "@tanstack/react-query";
import { asProblem } from "~/api/problem";
import { readCheckpoint } from "./note";
import { askCheckpoint, askGrowth, askKey } from "./queries";
import { remember, remembered, trust, type TrustedKey } from "./remembered";
import { verifyGrowth, type Verdict } from "./verify";

/** What a consistency receipt is: what was seen, what is now, and the path between them. */
export interface GrowthReceipt {
  from: string;
  to: string;
  path: readonly string[];
}

export interface Growth {
  receipt: GrowthReceipt;
  verdict: Verdict;
  sizes: { from: bigint; to: bigint };
}

/** Check a checkpoint of before against today's; a log that became shorter is no error but a find. */
export async function checkGrown(from: string, key: string, signal: AbortSignal): Promise<Growth> {
  const before = readCheckpoint(from).size;
  let to = await askCheckpoint(signal);
  let path: readonly string[] = [];
  if (before > 0n && before < readCheckpoint(to).size) {
    ({ to, path } = await askGrowth(String(before), signal));
  }
  const receipt = { from, to, path };
  const verdict = await verifyGrowth(receipt, key);
  return { receipt, verdict, sizes: { from: before, to: readCheckpoint(to).size } };
}

export interface Watched extends Growth {
  key: TrustedKey;
  /** Nothing was known before: this checkpoint is the first. */
  isFirst: boolean;
}

/** Today's log against the last that this browser saw; what continues it is remembered instead. */
async function watch(signal: AbortSignal): Promise<Watched> {
  const key = trust(await askKey(signal));
  const known = remembered()?.checkpoint ?? null;
  const growth = await checkGrown(known ?? (await askCheckpoint(signal)), key.key, signal);
  const now = new Date().toISOString();
  if (growth.verdict.outcome === "proved") {
    const checkpoint = growth.receipt.to;
    remember({ key: key.key, since: key.since ?? now, checkpoint, checkedAt: now });
  }
  return { ...growth, key, isFirst: known === null };
}

const EMPTY_ASKED_EVERY_MS = 10_000; // the first line is signed within a minute

export const watchQuery = queryOptions({
  queryKey: ["log", "watched"],
  queryFn: ({ signal }) => watch(signal),
  staleTime: 0,
  gcTime: 0,
  refetchOnWindowFocus: false,
  refetchInterval: ({ state: { error } }) =>
    error && asProblem(error).status === 404 ? EMPTY_ASKED_EVERY_MS : false,
});
