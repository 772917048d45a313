/** The booth's way with a device's store, the worker and the city: right, seal, cast, strike. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { asProblem, Problem } from "~/api/problem";
import { useSession } from "~/api/session";
import type { KeptVoter, Store } from "../kept";
import { signBlinded } from "../queries";
import type { Ballot, Entry } from "../sealing/ballot";
import { ask } from "../sealing/desk";
import { chance, fingerprint } from "../sealing/group";
import type { Fixed, Tell } from "../sealing/jobs";
import { cast, lastOf, type Cast } from "../stranger";
import { boothWords } from "./words";

/** Somebody who did not sign in: a name for this visit only, and how their right is signed. */
export interface Guest {
  id: string;
  sign: (poll: string, blinded: string) => Promise<string>;
}

const SEED_BYTES = 32;
const [MOST_TRIES, PAUSE_MS] = [4, 2_000];

/** Send an entry; a busy city is asked again, which changes nothing if it has it already. */
async function sent(poll: string, entry: Entry, print: string): Promise<Cast> {
  for (let tries = 1; ; tries += 1) {
    try {
      const done = await cast(poll, entry);
      if (done.receipt.ballot === print) return done;
      throw new Problem(422, boothWords.receipt, boothWords.mismatch);
    } catch (error) {
      if (tries === MOST_TRIES || !asProblem(error).passing) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Take the right of a seed, or take it again: the same seed asks for the same signature. */
async function entitled(
  store: Store,
  id: string,
  name: string,
  fixed: Fixed,
  given: string | null,
  sign: Guest["sign"],
) {
  const known = await store.get(id);
  if (known?.token && given === null) return known; // another window of this browser took it
  const seed = given ?? known?.seed ?? bytesToHex(chance(SEED_BYTES));
  const { pseudonym, blinded } = await ask("request", { ...fixed, seed });
  const before: KeptVoter = {
    id,
    poll: name,
    seed,
    token: null,
    pseudonym,
    revision: 0,
    isStruck: false,
    receipt: null,
    castAt: null,
  };
  await store.put(before); // or the right would be lost with an answer that is
  try {
    const signed = await sign(name, blinded);
    const token = await ask("token", { ...fixed, seed, signed });
    const last = given === null ? null : await lastOf(name, pseudonym); // voted elsewhere before
    const after = {
      ...before,
      token,
      ...(last && { revision: last.revision, isStruck: last.is_struck }),
    };
    await store.put(after);
    return after;
  } catch (error) {
    const isRefused = [403, 409].includes(asProblem(error).status);
    if (isRefused) await (known ? store.put(known) : store.drop(id)); // nothing for this seed
    throw error;
  }
}

export function useBooth(name: string, fixed: Fixed, store: Store, guest?: Guest) {
  const session = useSession();
  const queries = useQueryClient();
  const id = fingerprint([guest?.id ?? session?.id ?? "", fixed.print]);
  const key = ["votes", "kept", store.place, id];
  const kept = useQuery({ queryKey: key, queryFn: () => store.get(id) });
  const refresh = async () => {
    queries.setQueryData(key, await store.get(id));
    await queries.invalidateQueries({ queryKey: ["me", "polls", name] });
    await queries.invalidateQueries({ queryKey: ["polls", name] });
  };

  /** Another device with the same backup code voted meanwhile: the next revision is after its. */
  const catchUp = async (error: Error) => {
    const voter = kept.data;
    if (asProblem(error).status !== 409 || !voter) return;
    const last = await lastOf(name, voter.pseudonym);
    if (last) await store.put({ ...voter, revision: last.revision, isStruck: last.is_struck });
    await refresh();
  };

  const take = useMutation({
    mutationFn: (seed: string | null) =>
      entitled(store, id, name, fixed, seed, guest?.sign ?? signBlinded),
    onSettled: refresh,
  });

  const seal = useMutation({
    mutationFn: ({ choices, tell }: { choices: number[][]; tell: Tell }) => {
      const { seed, token, revision: last } = owned(kept.data);
      const revision = last + 1;
      return ask("seal", { ...fixed, seed, token, revision, choices }, tell);
    },
  });

  const send = useMutation({
    mutationFn: async (ballot: Ballot) => {
      const voter = owned(kept.data);
      const signed = await ask("sign", { ...fixed, seed: voter.seed, ballot });
      const { receipt } = await sent(name, signed.entry, signed.fingerprint);
      const castAt = new Date().toISOString();
      await store.put({ ...voter, revision: ballot.revision, receipt, castAt });
    },
    onSuccess: refresh,
    onError: catchUp,
  });

  const strike = useMutation({
    mutationFn: async () => {
      const voter = owned(kept.data);
      const { seed, token } = voter;
      const revision = voter.revision + 1;
      const made = await ask("strike", { ...fixed, seed, token, revision });
      await sent(name, made.entry, made.fingerprint);
      await store.put({ ...voter, revision, isStruck: true });
    },
    onSuccess: refresh,
    onError: catchUp,
  });

  const forget = useMutation({ mutationFn: () => store.drop(id), onSuccess: refresh });

  /** Many use this device: nothing may be left on it, no file either. */
  const isShared = store.place === "nowhere";
  return { kept, take, seal, send, strike, forget, isShared };
}

export type Booth = ReturnType<typeof useBooth>;

function owned(voter: KeptVoter | null | undefined): KeptVoter & { token: string } {
  if (!voter?.token) throw new Error("there is no right to vote on this device");
  return { ...voter, token: voter.token };
}
