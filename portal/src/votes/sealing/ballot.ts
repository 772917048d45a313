/** Sealing, signing and striking, on the voter's own device (docs/ballots.md, 4 and 9). */
import { schnorr } from "@noble/curves/secp256k1.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { need } from "~/ledger/bytes";
import {
  chance,
  drawn,
  fingerprint,
  hidden,
  mod,
  Point,
  shown,
  sum,
  times,
  written,
  type GroupPoint,
  type Word,
} from "./group";
import type { Ready } from "./poll";
import { prove, valuesAround, type Branch } from "./proofs";
import { valuesOf, type Limit, type Shape } from "./shape";
import type { Voter } from "./voter";

export interface Cell {
  alpha: string;
  beta: string;
  proof: Branch[];
}

export interface Answers {
  cells: Cell[];
  limits: Branch[];
}

export interface Ballot {
  kind: "ballot";
  id: string;
  poll: string;
  pseudonym: string;
  revision: number;
  token: string;
  contests: Answers[];
  signature: string;
}

export type Strike = Omit<Ballot, "kind" | "contests"> & { kind: "strike" };
export type Entry = Ballot | Strike;

/** What a device tells of a ballot that is spoiled: each cell's number and nonce. */
export interface Opening {
  kind: "opening";
  seal: string;
  cells: [value: number, nonce: string][][];
}

export interface Sealed {
  ballot: Ballot;
  opening: Opening;
}

export type Pair = readonly [alpha: GroupPoint, beta: GroupPoint];

export const sealOf = (entry: Entry): string => fingerprint({ ...entry, signature: "" });

/** The weighted sum of ciphertexts; all of it is public. */
export function weighed(weights: Limit["weights"], pairs: readonly Pair[]): Pair {
  const part = (which: 0 | 1) =>
    sum(weights.map(([cell, weight]) => times(pairs[cell]?.[which] ?? Point.ZERO, BigInt(weight))));
  return [part(0), part(1)];
}

/** (ρG, ρK + vG) */
export const encrypted = (key: GroupPoint, value: number, nonce: bigint): Pair => [
  hidden(Point.BASE, nonce),
  hidden(key, nonce).add(times(Point.BASE, BigInt(value))),
];

function answersOf(
  key: GroupPoint,
  shape: Shape,
  words: readonly Word[],
  secrets: readonly (readonly [value: number, nonce: bigint])[],
  tell: () => void,
): Answers {
  const pairs = secrets.map(([value, nonce]) => encrypted(key, value, nonce));
  const cells = secrets.map(([value, nonce], at) => {
    const [alpha, beta] = pairs[at] ?? encrypted(key, value, nonce);
    const [a, b] = [shown(alpha), shown(beta)];
    const ys = valuesAround(beta, 0, shape.tops[at] ?? 0);
    const claim = { words: [...words, "cell", at, a, b], base: key, x: alpha, ys };
    tell();
    return { alpha: a, beta: b, proof: prove(claim, value, nonce) };
  });
  const limits = shape.equalities.flatMap(({ weights, most }, at) => {
    const [x, beta] = weighed(weights, pairs);
    const about = [...words, "limit", at, shown(x), shown(beta)];
    const secret = weights.reduce(
      (total, [cell, weight]) => total + BigInt(weight) * (secrets[cell]?.[1] ?? 0n),
      0n,
    );
    const ys = valuesAround(beta, most, most);
    return prove({ words: about, base: key, x, ys }, 0, mod(secret));
  });
  return { cells, limits };
}

/**
 * Seal a choice: for each contest the numbers of its counted cells. The ballot is not signed yet.
 * Every nonce is drawn anew; the opening stays here unless the ballot is spoiled.
 */
export function seal(
  ready: Ready,
  choices: readonly (readonly number[])[],
  voter: Voter,
  token: string,
  revision: number,
  tell: (done: number, all: number) => void = () => undefined,
): Sealed {
  const { poll, shapes, key } = ready;
  need(
    choices.length === poll.contests.length,
    "Each question needs an answer.",
    "모든 문항에 답해야 해요.",
  );
  const secrets = poll.contests.map((contest, at) =>
    valuesOf(contest, choices[at] ?? []).map((value) => [value, drawn()] as const),
  );
  const all = secrets.reduce((total, { length }) => total + length, 0);
  let done = 0;
  const contests = shapes.map((shape, at) => {
    const words = ["hapgang/ballot/1", ready.fingerprint, voter.pseudonym, at];
    return answersOf(key, shape, words, secrets[at] ?? [], () => tell((done += 1), all));
  });
  const ballot = { kind: "ballot" as const, ...named(ready, voter, token, revision), contests };
  const cells = secrets.map((of) =>
    of.map(([value, nonce]): [number, string] => [value, written(nonce)]),
  );
  return { ballot, opening: { kind: "opening", seal: sealOf(ballot), cells } };
}

const named = (ready: Ready, { pseudonym }: Voter, token: string, revision: number) => ({
  id: `${ready.poll.id}/${pseudonym}/${revision}`,
  poll: ready.fingerprint,
  pseudonym,
  revision,
  token,
  signature: "",
});

/** Sign with the pseudonym's key (BIP 340): what was sealed is cast. */
export function sign<E extends Entry>(entry: E, secret: string): E {
  const message = hexToBytes(sealOf(entry));
  const signature = schnorr.sign(message, hexToBytes(secret), chance(32));
  return { ...entry, signature: bytesToHex(signature) };
}

/** Take a pseudonym out of the count, by its own key: its person votes on paper. */
export const strike = (ready: Ready, voter: Voter, token: string, revision: number): Strike =>
  sign({ kind: "strike", ...named(ready, voter, token, revision) }, voter.secret);
