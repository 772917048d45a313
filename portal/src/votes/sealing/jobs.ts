/** What the worker does: each job from plain values to plain values; secrets go nowhere else. */
import { seal, sign, strike, type Ballot, type Entry, type Opening } from "./ballot";
import { checkEntry, openedAs } from "./check";
import { fingerprint } from "./group";
import { readyOf, type Poll, type Ready } from "./poll";
import { requestOf, tokenOf, voterOf } from "./voter";

/** A poll, and the fingerprint under which it was fixed. */
export interface Fixed {
  poll: Poll;
  print: string;
}

interface Mine extends Fixed {
  seed: string;
}

interface Entitled extends Mine {
  token: string;
  revision: number;
}

const read = new Map<string, Ready>();

function ready({ poll, print }: Fixed): Ready {
  const found = read.get(print) ?? readyOf(poll, print);
  read.set(print, found);
  return found;
}

export type Tell = (done: number, all: number) => void;

export const jobs = {
  request: (asked: Mine) => ({
    pseudonym: voterOf(ready(asked), asked.seed).pseudonym,
    blinded: requestOf(ready(asked), asked.seed).message,
  }),

  token: (asked: Mine & { signed: string }) => tokenOf(ready(asked), asked.seed, asked.signed),

  seal: (asked: Entitled & { choices: readonly (readonly number[])[] }, tell: Tell) => {
    const known = ready(asked);
    const voter = voterOf(known, asked.seed);
    return seal(known, asked.choices, voter, asked.token, asked.revision, tell);
  },

  sign: (asked: Mine & { ballot: Ballot }) => {
    const entry = sign(asked.ballot, voterOf(ready(asked), asked.seed).secret);
    return { entry, fingerprint: fingerprint(entry) };
  },

  strike: (asked: Entitled) => {
    const known = ready(asked);
    const entry = strike(known, voterOf(known, asked.seed), asked.token, asked.revision);
    return { entry, fingerprint: fingerprint(entry) };
  },

  check: (asked: Fixed & { entry: Entry }) => {
    checkEntry(ready(asked), asked.entry);
    return fingerprint(asked.entry);
  },

  opened: (asked: Fixed & { ballot: Ballot; opening: Opening }) =>
    openedAs(ready(asked), asked.ballot, asked.opening),
} as const;

export type Jobs = typeof jobs;
export type JobName = keyof Jobs;

export interface Asked {
  number: number;
  job: JobName;
  words: unknown;
}

export type Said =
  | { number: number; done: number; all: number }
  | { number: number; result: unknown }
  | { number: number; why: { ko: string; en: string } };
