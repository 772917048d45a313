/** A poll as ballots name it, checked before anything is sealed for it (docs/ballots.md, 3). */
import { need } from "~/ledger/bytes";
import type { Text } from "~/words/language";
import { fingerprint, point, shown, sum, type GroupPoint } from "./group";
import { logHolds, type Branch } from "./proofs";
import { cellsOf, shapeOf, type Contest, type Kind, type Shape } from "./shape";

export interface Dealing {
  index: number;
  name: Text;
  commitments: readonly string[];
  proof: Branch;
}

export interface Poll {
  kind: "poll";
  id: string;
  title: Text;
  label: Text;
  opens: string;
  closes: string;
  contests: readonly Contest[];
  trustees: readonly Dealing[];
  threshold: number;
  key: string;
  issuer: string;
  fewest: number;
}

/** A poll that was checked, and its keys read. */
export interface Ready {
  poll: Poll;
  fingerprint: string;
  key: GroupPoint;
  shapes: readonly Shape[];
}

export const LABEL: Text = {
  en: "consultative, not for public office",
  ko: "의견 수렴용이며 공직 선거에는 쓰지 않습니다",
};
const MOST_CELLS = 400;
const MOST_TOP = 20;
const MOST_SUM = 1_000_000;
const ISSUER = /^[89a-f][0-9a-f]*[13579bdf]$/;
const WINDOW_BITS = 8; // of the key's table of multiples: a ballot needs dozens

const between = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

const LEAST_OF: Readonly<Record<Kind, (one: Contest) => number>> = {
  choose: ({ least }) => least,
  score: ({ least }) => least,
  approve: () => 0,
  budget: () => 0,
  rank: ({ most }) => most,
};

export function isContest(contest: Contest): boolean {
  const { kind, options, top, least, most } = contest;
  const count = options.length;
  const mostSum = kind === "budget" ? MOST_SUM : kind === "score" ? count * top : count;
  return (
    new Set(options.map(({ id }) => id)).size === count &&
    between(count, 1, 100) &&
    between(top, 1, kind === "score" ? MOST_TOP : 1) &&
    between(most, 1, mostSum) &&
    between(least, 0, most) &&
    least === LEAST_OF[kind](contest) &&
    (kind !== "approve" || most === count) &&
    options.every(({ cost }) => (kind === "budget" ? between(cost, 1, MOST_SUM) : cost === 0)) &&
    cellsOf(contest) <= MOST_CELLS
  );
}

function isDealing(poll: Poll, { index, commitments, proof }: Dealing, at: number): boolean {
  const [first] = commitments.map(point);
  const words = ["hapgang/dealing/1", poll.id, index, ...commitments];
  return (
    index === at + 1 &&
    commitments.length === poll.threshold &&
    first !== undefined &&
    logHolds(words, first, proof)
  );
}

/** Refuse a poll whose votes could not be counted, or whose key is not its trustees'. */
export function readyOf(poll: Poll, known: string): Ready {
  const print = fingerprint(poll);
  need(print === known, "This is not the poll that was fixed.", "확정된 투표와 달라요.");
  need(
    poll.label.en === LABEL.en && poll.label.ko === LABEL.ko,
    "The label is missing.",
    "의견 수렴용이라는 표시가 없어요.",
  );
  const bits = poll.issuer.length * 4;
  need(
    new Set(poll.contests.map(({ id }) => id)).size === poll.contests.length &&
      between(poll.contests.length, 1, 20) &&
      poll.contests.every(isContest) &&
      between(bits, 2048, 4096) &&
      bits % 8 === 0 &&
      ISSUER.test(poll.issuer),
    "The poll's questions or its issuer's key are not right.",
    "문항이나 발급자의 키가 올바르지 않아요.",
  );
  const made = shown(sum(poll.trustees.map(({ commitments }) => point(commitments[0] ?? ""))));
  need(
    between(poll.threshold, 1, poll.trustees.length) &&
      poll.trustees.every((dealing, at) => isDealing(poll, dealing, at)) &&
      made === poll.key,
    "The key is not its trustees'.",
    "투표의 키가 수탁자들의 키가 아니에요.",
  );
  const key = point(poll.key).precompute(WINDOW_BITS);
  return { poll, fingerprint: print, key, shapes: poll.contests.map(shapeOf) };
}
