/**
 * Ballots sealed here are taken by the city's own code and by the second verifier, and refused
 * where they are not what they should be. RFC 9474's vector is in tests/ledger/ballots.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hexToBytes } from "@noble/hashes/utils.js";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { seal, sign, strike, type Ballot, type Entry } from "~/votes/sealing/ballot";
import { checkEntry, openedAs } from "~/votes/sealing/check";
import { fingerprint } from "~/votes/sealing/group";
import { readyOf, type Poll, type Ready } from "~/votes/sealing/poll";
import {
  isWithin,
  ranked,
  shapeOf,
  slackWeights,
  valuesOf,
  type Contest,
} from "~/votes/sealing/shape";
import { blind, finish, isToken } from "~/votes/sealing/token";
import { requestOf, tokenOf, voterOf } from "~/votes/sealing/voter";

const CITY = join(import.meta.dirname, "../../..");
const python = join(CITY, ".venv/bin/python");

interface Fixed {
  poll: Poll;
  fingerprint: string;
}

vi.setConfig({ testTimeout: 60_000 }); // other programs are asked, on a machine that may be busy

describe("a token", () => {
  const file = readFileSync(join(CITY, "tests/ledger/ballots/rfc9474.json"), "utf8");
  const vectors = JSON.parse(file) as Record<string, string>[];
  const vector = vectors.find(({ name }) => name === "RSABSSA-SHA384-PSS-Deterministic") ?? {};
  const { n = "", prepared_msg = "", salt = "", inv = "", blinded_msg, blind_sig = "" } = vector;

  it("is blinded and finished as in RFC 9474, appendix A", () => {
    const message = hexToBytes(prepared_msg);
    const { blinded, inverse } = withInverse(n, message, salt, inv);
    expect(blinded).toBe(blinded_msg);
    const token = finish(n, message, blind_sig, inverse);
    expect(token).toBe(vector["sig"]);
    expect(isToken(n, hexToBytes("00"), token)).toBe(false);
    expect(() => finish(n, message, blind_sig.replace(/^../, "00"), inverse)).toThrow();
  });
});

/** The vectors name the inverse of the factor: invert it to have the factor. */
function withInverse(n: string, message: Uint8Array, salt: string, inv: string) {
  const factor = blind(n, message, hexToBytes(salt), BigInt(`0x${inv}`)).inverse;
  const made = blind(n, message, hexToBytes(salt), factor);
  expect(made.inverse).toBe(BigInt(`0x${inv}`));
  return { blinded: made.message, inverse: made.inverse };
}

describe("a choice", () => {
  const contest = (kind: Contest["kind"], options: number, more: Partial<Contest>): Contest => ({
    id: kind,
    title: { en: "", ko: "" },
    kind,
    options: Array.from({ length: options }, (_, at) => ({
      id: `o${at}`,
      title: { en: "", ko: "" },
      cost: kind === "budget" ? at + 1 : 0,
    })),
    top: 1,
    least: 0,
    most: 1,
    ...more,
  });

  it("is filled up to the most by slack, for every sum", () => {
    expect(slackWeights(5)).toEqual([1, 2, 2]);
    const budget = contest("budget", 4, { most: 9 });
    for (let bits = 0; bits < 16; bits += 1) {
      const chosen = [0, 1, 2, 3].map((at) => (bits >> at) & 1);
      const cost = chosen.reduce((total, one, at) => total + one * (at + 1), 0);
      if (cost > 9) expect(() => valuesOf(budget, chosen)).toThrow();
      else {
        const slack = valuesOf(budget, chosen).slice(4);
        const filled = slackWeights(9).reduce((all, w, at) => all + w * (slack[at] ?? 0), cost);
        expect(filled).toBe(9);
      }
    }
  });

  it("beyond the limits is refused", () => {
    const choose = contest("choose", 3, { least: 1 });
    expect(isWithin(choose, [0, 1, 0])).toBe(true);
    for (const wrong of [[1, 1, 0], [0, 0, 0], [2, 0, 0], [-1, 1, 1], [0.5, 0.5, 0], [1, 0]])
      expect(() => valuesOf(choose, wrong), String(wrong)).toThrow(); // prettier-ignore
    const rank = contest("rank", 3, { least: 2, most: 2 });
    expect(isWithin(rank, ranked(rank, [2, 0]))).toBe(true);
    expect(isWithin(rank, [1, 1, 0, 0, 0, 0])).toBe(false);
  });
});

describe.skipIf(!existsSync(python))("a ballot (needs the city's Python in .venv)", () => {
  const ask = (question: object): unknown =>
    JSON.parse(
      execFileSync(python, ["-m", "tests.ledger.ballots.portal"], {
        cwd: CITY,
        input: JSON.stringify(question),
        maxBuffer: 1e8,
        encoding: "utf8",
      }),
    );
  const SEED = "5eed".repeat(16);
  const ORDERS = [[0, 1, 0], [1, 0, 1, 1], [5, 0, 2], [2, 0, 3], [1, 0, 1, 0]]; // prettier-ignore
  let ready: Ready;
  let token: string;
  let choices: number[][];
  let cast: Ballot;
  let opening: ReturnType<typeof seal>["opening"];

  beforeAll(() => {
    const { poll, fingerprint } = ask({ poll: null }) as Fixed;
    ready = readyOf(poll, fingerprint);
    token = tokenOf(ready, SEED, ask({ sign: requestOf(ready, SEED).message }) as string);
    choices = ORDERS.map((numbers, at) => {
      const contest = poll.contests[at];
      return contest?.kind === "rank" ? ranked(contest, numbers) : numbers;
    });
    const sealed = seal(ready, choices, voterOf(ready, SEED), token, 1);
    opening = sealed.opening;
    cast = sign(sealed.ballot, voterOf(ready, SEED).secret);
  }, 60_000);

  it("of all five kinds is taken by the city, by the second verifier, and here", async () => {
    const later = seal(ready, choices, voterOf(ready, SEED), token, 2).ballot;
    const board = [cast, sign(later, voterOf(ready, SEED).secret)];
    expect(ask({ check: board })).toEqual([null, null]);
    board.forEach((one) => checkEntry(ready, one));
    const program = join(CITY, "verifier/ballots.mjs");
    const { recount } = (await import(/* @vite-ignore */ program)) as {
      recount: (told: unknown) => string[];
    };
    const told = ask({ export: board }) as { result: { counts: number[][] } };
    expect(recount(told)).toEqual([]);
    expect(told.result.counts).toEqual(choices);
  });

  it("is struck by its own key", () => {
    const struck = strike(ready, voterOf(ready, SEED), token, 2);
    expect(ask({ check: [struck] })).toEqual([null]);
    checkEntry(ready, struck);
  });

  it("that is spoiled shows what it holds, and nothing else", () => {
    const ballot = { ...cast, signature: "" };
    expect(ask({ spoiled: [ballot, opening] })).toEqual(choices);
    expect(openedAs(ready, ballot, opening)).toEqual(choices);
    const lie = structuredClone(opening);
    lie.cells[0] = (lie.cells[0] ?? []).map(([value, nonce]) => [1 - value, nonce]);
    expect(() => openedAs(ready, ballot, lie)).toThrow();
  });

  it("that was altered is refused by the city and here", () => {
    const { secret } = voterOf(ready, SEED);
    const other = seal(ready, choices, voterOf(ready, SEED), token, 3).ballot;
    const altered: Entry[] = [
      { ...cast, revision: 2 },
      { ...cast, signature: `00${cast.signature.slice(2)}` },
      sign({ ...cast, token: `00${cast.token.slice(2)}` }, secret),
      sign({ ...cast, contests: [...cast.contests].reverse() }, secret),
      sign({ ...cast, contests: other.contests.map((of, at) => ({ ...of, limits: cast.contests[at]?.limits ?? [] })) }, secret),
    ]; // prettier-ignore
    for (const fault of ask({ check: altered }) as (string | null)[]) expect(fault).not.toBeNull();
    for (const entry of altered) expect(() => checkEntry(ready, entry)).toThrow();
  });

  it("beyond the range that the poll allows is refused, however it was sealed", () => {
    const [choose, ...others] = ready.poll.contests;
    if (!choose) throw new Error("no contest");
    const generous = { ...choose, most: 2 };
    const forged: Ready = {
      ...ready,
      poll: { ...ready.poll, contests: [generous, ...others] },
      shapes: [shapeOf(generous), ...ready.shapes.slice(1)],
    };
    const voter = voterOf(ready, SEED);
    const twice = seal(forged, [[1, 1, 0], ...choices.slice(1)], voter, token, 1).ballot;
    const double = { ...forged, poll: { ...forged.poll, contests: [{ ...choose, top: 2, most: 2 }, ...others] } }; // prettier-ignore
    const heavy = seal(double, [[2, 0, 0], ...choices.slice(1)], voter, token, 1).ballot;
    const entries = [sign(twice, voter.secret), sign(heavy, voter.secret)];
    for (const fault of ask({ check: entries }) as (string | null)[]) expect(fault).not.toBeNull();
    for (const entry of entries) expect(() => checkEntry(ready, entry)).toThrow();
  });

  it("is not sealed for a poll with another key, label, question or fingerprint", () => {
    const { poll, fingerprint: print } = ready;
    const [first, ...rest] = poll.contests;
    if (!first) throw new Error("no contest");
    const wrong: Poll[] = [
      { ...poll, key: poll.trustees[0]?.commitments[0] ?? "" },
      { ...poll, label: { ...poll.label, en: "for public office" } },
      { ...poll, contests: [{ ...first, most: 4 }, ...rest] },
      { ...poll, threshold: 1 },
      { ...poll, issuer: `7${poll.issuer.slice(1)}` },
    ];
    for (const one of wrong) expect(() => readyOf(one, fingerprint(one))).toThrow();
    expect(() => readyOf({ ...poll, fewest: 2 }, print)).toThrow();
    expect(readyOf(poll, fingerprint(poll)).fingerprint).toBe(print);
  });
});
