/** What the pages of the log ask the city. What a proof needs is never taken from what was kept. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { asProblem, OFFLINE } from "~/api/problem";
import { trust, type TrustedKey } from "./remembered";
import { verifyReceipt, type ReceiptVerdict } from "./verify";

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** An answer of the city itself, now; the service worker's older one would look like a lie. */
async function fresh<T>(asked: Promise<Answered<T>>): Promise<T> {
  const answered = await asked;
  if (answered.response.headers.has("hapgang-kept-at")) throw OFFLINE;
  return answer(Promise.resolve(answered));
}

const TEXT = { parseAs: "text" } as const;

export const askKey = async (signal?: AbortSignal): Promise<string> =>
  (await fresh(city.GET("/api/log/key", { ...TEXT, ...(signal ? { signal } : {}) }))).trim();

export const askCheckpoint = (signal: AbortSignal): Promise<string> =>
  fresh(city.GET("/api/log/checkpoint", { ...TEXT, signal }));

export const askGrowth = (from: string, signal: AbortSignal) =>
  fresh(city.GET("/api/log/consistency", { params: { query: { from } as never }, signal }));

/** How far the log has come, and how it stands on its chain: the city's word, nothing is proved. */
export const stateQuery = queryOptions({
  queryKey: ["log", "state"],
  queryFn: ({ signal }) => answer(city.GET("/api/log", { signal })),
  refetchInterval: 30_000,
});

/** What of the log the receipt is asked for: one's own payment, or another fact. */
export interface Wanted {
  kind: string;
  id: string;
}

function askReceipt({ kind, id }: Wanted, signal: AbortSignal): Promise<unknown> {
  if (kind === "transfer") {
    const path = { transfer: id };
    return fresh(
      city.GET("/api/me/transfers/{transfer}/receipt", { params: { path: path as never }, signal }),
    );
  }
  const path = { kind, fact: id };
  return fresh(
    city.GET("/api/log/facts/{kind}/{fact}/receipt", { params: { path: path as never }, signal }),
  );
}

export interface Proof {
  receipt: unknown;
  verdict: ReceiptVerdict;
  key: TrustedKey;
}

const ASK_EVERY_MS = 4_000;
const MOST_ASKED = 25; // times: longer than the minute within which everything is signed

export const isUnsigned = (error: unknown): boolean => asProblem(error).status === 503;

/** A receipt and what this browser found in it; asked for again until it is signed. */
export const proofQuery = (wanted: Wanted) =>
  queryOptions({
    queryKey: ["me", "proof", wanted.kind, wanted.id],
    queryFn: async ({ signal }): Promise<Proof> => {
      const receipt = await askReceipt(wanted, signal);
      const key = trust(await askKey(signal));
      return { receipt, verdict: await verifyReceipt(receipt, key.key), key };
    },
    retry: (times, error) => isUnsigned(error) && times < MOST_ASKED,
    retryDelay: ASK_EVERY_MS,
    gcTime: 0, // a proof that is looked at again is made again
  });
