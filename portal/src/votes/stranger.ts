/**
 * The way to the city for ballots, boards and proofs of them: nothing in it says who asks. Who is
 * signed in would otherwise tell the city which pseudonym is theirs.
 */
import createClient from "openapi-fetch";
import { answer } from "~/api/client";
import { OFFLINE, UNREACHABLE } from "~/api/problem";
import type { components, paths } from "~/api/schema";
import { trust, type TrustedKey } from "~/ledger/remembered";
import { verifyReceipt, type ReceiptVerdict } from "~/ledger/verify";
import { factOf } from "./receipt";
import type { Entry } from "./sealing/ballot";

export type Cast = components["schemas"]["Cast"];

const stranger = createClient<paths>({
  credentials: "omit",
  referrerPolicy: "no-referrer",
  cache: "no-store",
  fetch: (request) =>
    fetch(request).catch(() => Promise.reject(navigator.onLine ? UNREACHABLE : OFFLINE)),
});

stranger.use({
  onResponse({ response }) {
    if (response.headers.has("hapgang-kept-at")) throw OFFLINE; // an older answer proves nothing
  },
});

/** Put an entry on the board; the same one again is where it was. */
export const cast = (poll: string, entry: Entry): Promise<Cast> =>
  answer(
    stranger.POST("/api/polls/{name}/ballots", {
      params: { path: { name: poll } },
      body: entry as never, // the description has ballots only; strikes go the same way
    }),
  );

/** Take a right by a desk's pass: the same message again has the same answer. */
export const signByPass = async (poll: string, pass: string, blinded: string): Promise<string> =>
  (
    await answer(
      stranger.POST("/api/polls/{poll}/kiosk-token", {
        params: { path: { poll } },
        body: { pass, blinded },
      }),
    )
  ).signed;

export async function boardPage(poll: string, first: number, limit: number): Promise<Entry[]> {
  const page = await answer(
    stranger.GET("/api/polls/{poll}/board", {
      params: { path: { poll }, query: { first, limit } as never },
    }),
  );
  return page.entries as Entry[];
}

/** Where a pseudonym's last entry is; null where it has none, or the poll was counted. */
export async function lastOf(poll: string, pseudonym: string) {
  const asked = await stranger.GET("/api/polls/{poll}/pseudonyms/{pseudonym}", {
    params: { path: { poll, pseudonym } },
  });
  return asked.response.status === 404 ? null : answer(Promise.resolve(asked));
}

export interface Logged {
  verdict: ReceiptVerdict;
  key: TrustedKey;
}

/** Prove, in this browser, what the log says of an entry of the board. */
export async function logged(poll: string, index: number): Promise<Logged> {
  const path = { kind: "ballot", fact: factOf(poll, index) };
  const receipt: unknown = await answer(
    stranger.GET("/api/log/facts/{kind}/{fact}/receipt", { params: { path: path as never } }),
  );
  const given = await answer(stranger.GET("/api/log/key", { parseAs: "text" }));
  const key = trust(given.trim());
  return { verdict: await verifyReceipt(receipt, key.key), key };
}
