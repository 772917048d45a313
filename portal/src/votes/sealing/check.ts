/** Anybody's look at an entry of a board, and at a ballot that was spoiled (docs/ballots.md, 4, 9). */
import { schnorr } from "@noble/curves/secp256k1.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { need } from "~/ledger/bytes";
import {
  encrypted,
  sealOf,
  weighed,
  type Answers,
  type Ballot,
  type Entry,
  type Opening,
} from "./ballot";
import { point, scalar, shown, type GroupPoint, type Word } from "./group";
import type { Ready } from "./poll";
import { holds, valuesAround } from "./proofs";
import type { Shape } from "./shape";
import { isToken, tokenMessage } from "./token";

const MOST_REVISION = 1_000_000;
const KEY = /^[0-9a-f]{64}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;

/** Refuse an entry that is not whole, entitled, signed and proven. */
export function checkEntry(ready: Ready, entry: Entry): void {
  const { poll, fingerprint } = ready;
  const { pseudonym, revision, signature } = entry;
  need(entry.poll === fingerprint, "It is of another poll.", "다른 투표의 것이에요.");
  need(
    KEY.test(pseudonym) &&
      Number.isInteger(revision) &&
      revision >= 1 &&
      revision <= MOST_REVISION &&
      entry.id === `${poll.id}/${pseudonym}/${revision}`,
    "Its id is not its pseudonym and revision.",
    "id가 가명·차수와 달라요.",
  );
  need(
    isToken(poll.issuer, tokenMessage(fingerprint, pseudonym), entry.token),
    "Its token is not the issuer's.",
    "발급자가 준 투표권이 아니에요.",
  );
  const isSigned =
    SIGNATURE.test(signature) &&
    schnorr.verify(hexToBytes(signature), hexToBytes(sealOf(entry)), hexToBytes(pseudonym));
  need(isSigned, "Its signature is wrong.", "서명이 올바르지 않아요.");
  if (entry.kind === "strike") return;
  need(
    entry.contests.length === ready.shapes.length,
    "It does not answer this poll's questions.",
    "이 투표의 문항과 맞지 않아요.",
  );
  for (const [at, shape] of ready.shapes.entries()) {
    const words = ["hapgang/ballot/1", fingerprint, pseudonym, at];
    checkAnswers(ready.key, shape, words, entry.contests[at] ?? { cells: [], limits: [] });
  }
}

function checkAnswers(
  key: GroupPoint,
  shape: Shape,
  words: readonly Word[],
  { cells, limits }: Answers,
): void {
  need(
    cells.length === shape.tops.length && limits.length === shape.equalities.length,
    "It has too few or too many cells.",
    "칸의 수가 맞지 않아요.",
  );
  const pairs = cells.map(({ alpha, beta }) => [point(alpha), point(beta)] as const);
  for (const [at, { alpha, beta, proof }] of cells.entries()) {
    const about = [...words, "cell", at, alpha, beta];
    const ys = valuesAround(point(beta), 0, shape.tops[at] ?? 0);
    need(
      holds({ words: about, base: key, x: point(alpha), ys }, proof),
      `Cell ${at} is not proven to be in its range.`,
      `${at}번 칸이 범위 안임이 증명되지 않았어요.`,
    );
  }
  for (const [at, { weights, most }] of shape.equalities.entries()) {
    const [x, beta] = weighed(weights, pairs);
    const about = [...words, "limit", at, shown(x), shown(beta)];
    const proof = limits[at];
    need(
      proof !== undefined &&
        holds({ words: about, base: key, x, ys: valuesAround(beta, most, most) }, [proof]),
      `Limit ${at} is not proven to be kept.`,
      `${at}번 한도를 지켰음이 증명되지 않았어요.`,
    );
  }
}

/** What a spoiled ballot holds, for the voter to compare; refused where it was not sealed so. */
export function openedAs(ready: Ready, ballot: Ballot, opening: Opening): number[][] {
  need(
    ballot.poll === ready.fingerprint &&
      opening.seal === sealOf(ballot) &&
      opening.cells.length === ready.shapes.length &&
      ballot.contests.length === ready.shapes.length,
    "The opening is not of this ballot.",
    "이 투표용지를 연 내용이 아니에요.",
  );
  return ready.shapes.map(({ tops, counted }, at) => {
    const [told, cells] = [opening.cells[at] ?? [], ballot.contests[at]?.cells ?? []];
    const isSo =
      told.length === tops.length &&
      cells.length === tops.length &&
      told.every(([value, nonce], cell) => {
        if (!Number.isSafeInteger(value) || value < 0 || scalar(nonce) === 0n) return false;
        const [alpha, beta] = encrypted(ready.key, value, scalar(nonce));
        return shown(alpha) === cells[cell]?.alpha && shown(beta) === cells[cell].beta;
      });
    need(isSo, "The device sealed something else.", "기기가 다른 내용을 암호화했어요.");
    return told.slice(0, counted).map(([value]) => value);
  });
}
