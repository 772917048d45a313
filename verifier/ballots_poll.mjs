// Sections 3 and 4 of docs/ballots.md for ballots.mjs: the poll, and whether an entry is right.
import { createPublicKey } from "node:crypto";

import {
  G,
  H,
  N,
  canonical,
  combination,
  count,
  fingerprint,
  hex,
  holds,
  list,
  members,
  need,
  point,
  power,
  scalar,
  shown,
  signed,
  tokenHolds,
  whole,
} from "./ballots_group.mjs";

const LABEL = {
  en: "consultative, not for public office",
  ko: "의견 수렴용이며 공직 선거에는 쓰지 않습니다",
};
// 3. The poll

export function limits({ kind, options, least, most }) {
  const m = options.length;
  if (kind === "approve") return [];
  if (kind !== "rank")
    return [
      { weights: options.map(({ cost }, i) => [i, kind === "budget" ? cost : 1]), least, most },
    ];
  const rows = count(m).map((i) => count(most).map((j) => [i * most + j, 1]));
  const columns = count(most).map((j) => count(m).map((i) => [i * most + j, 1]));
  return [
    ...rows.map((weights) => ({ weights, least: most === m ? 1 : 0, most: 1 })),
    ...columns.map((weights) => ({ weights, least: 1, most: 1 })),
  ];
}

export function shape(contest) {
  const counted = contest.options.length * (contest.kind === "rank" ? contest.most : 1);
  const tops = count(counted).map(() => contest.top);
  const sums = limits(contest).map(({ weights, least, most }) => {
    const filled = [...weights];
    for (let span = most - least, weight = 1; span > 0; weight *= 2) {
      filled.push([tops.length, Math.min(weight, span)]);
      span -= filled.at(-1)[1];
      tops.push(1);
    }
    return { weights: filled, most };
  });
  return { counted, tops, sums };
}

export function checkContest(contest) {
  const { kind, options } = members(contest, "id title kind options top least most");
  const m = whole(list(options).length, 1, 100);
  need(["choose", "approve", "score", "rank", "budget"].includes(kind), "unknown kind");
  const top = whole(contest.top, 1, kind === "score" ? 20 : 1);
  const most = whole(
    contest.most,
    1,
    kind === "score" ? m * top : kind === "budget" ? 1_000_000 : m,
  );
  const least = whole(contest.least, 0, most);
  need(kind !== "approve" || (most === m && least === 0), "approval has a limit");
  need(kind !== "rank" || least === most, "ranks fill all places");
  need(kind !== "budget" || least === 0, "a budget has no least");
  for (const option of options) {
    const bounds = kind === "budget" ? [1, 1_000_000] : [0, 0];
    whole(members(option, "id title cost").cost, ...bounds);
  }
  need(new Set(options.map(({ id }) => id)).size === m, "options have the same id");
  need(m * (kind === "rank" ? most : 1) <= 400, "too many cells");
}

export function readPoll(poll) {
  members(poll, "kind id title label opens closes contests trustees threshold key issuer fewest");
  need(poll.kind === "poll" && canonical(poll.label) === canonical(LABEL), "the label is missing");
  whole(list(poll.contests).length, 1, 20);
  const n = whole(list(poll.trustees).length, 1, 20);
  poll.contests.forEach(checkContest);
  need(
    new Set(poll.contests.map(({ id }) => id)).size === poll.contests.length,
    "contests have the same id",
  );
  const threshold = whole(poll.threshold, 1, n);
  whole(poll.fewest, 1, Number.MAX_SAFE_INTEGER);
  const dealt = poll.trustees.map((trustee, at) => {
    members(trustee, "index name commitments proof");
    need(trustee.index === at + 1, "trustees are out of order");
    const points = list(trustee.commitments, threshold).map(point);
    const [c, r] = list(trustee.proof, 2).map(scalar);
    const said = shown(combination([r, G], [-c, points[0]]));
    const asked = H("hapgang/dealing/1", poll.id, at + 1, ...trustee.commitments, said);
    need(asked === c, `trustee ${at + 1} does not prove its part of the key`);
    return points;
  });
  const key = combination(...dealt.map(([first]) => [1n, first]));
  need(key !== null && shown(key) === poll.key, "the key is not the trustees'");
  const at = (j) =>
    dealt.flatMap((points) => points.map((p, k) => [power(BigInt(j), BigInt(k), N), p]));
  const shares = new Map(count(n).map((i) => [i + 1, combination(...at(i + 1))]));
  const size = whole(poll.issuer.length * 4, 2048, 4096);
  const modulus = hex(poll.issuer, size / 8);
  need(modulus >> BigInt(size - 1) === 1n && modulus & 1n, "no RSA modulus");
  const jwk = { kty: "RSA", n: Buffer.from(poll.issuer, "hex").toString("base64url"), e: "AQAB" };
  const issuer = createPublicKey({ key: jwk, format: "jwk" });
  const { id, contests } = poll;
  return {
    id,
    contests,
    key,
    threshold,
    shares,
    issuer,
    fingerprint: fingerprint(poll),
    shapes: contests.map(shape),
  };
}

// 4. Entries

export function checkEntry(poll, entry) {
  const isBallot = entry?.kind === "ballot";
  members(entry, `kind id poll pseudonym revision token signature${isBallot ? " contests" : ""}`);
  need(isBallot || entry.kind === "strike", "neither ballot nor strike");
  need(entry.poll === poll.fingerprint, "of another poll");
  hex(entry.pseudonym, 32);
  whole(entry.revision, 1, 1_000_000);
  need(entry.id === `${poll.id}/${entry.pseudonym}/${entry.revision}`, "wrong id");
  const token = canonical(["hapgang/token/1", poll.fingerprint, entry.pseudonym]);
  need(tokenHolds(poll.issuer, token, entry.token), "unknown pseudonym: its token is wrong");
  hex(entry.signature, 64);
  const seal = Buffer.from(fingerprint({ ...entry, signature: "" }), "hex");
  need(signed(entry.pseudonym, seal, entry.signature), "the signature is wrong");
  if (!isBallot) return;
  list(entry.contests, poll.contests.length).forEach((answers, q) =>
    checkAnswers(poll, entry.pseudonym, q, answers),
  );
}

export const weighed = (weights, points, half) =>
  combination(...weights.map(([i, w]) => [BigInt(w), points[i][half]]));

export function checkAnswers(poll, pseudonym, q, answers) {
  const { tops, sums } = poll.shapes[q];
  members(answers, "cells limits");
  const words = (what, i, a, b) => [
    "hapgang/ballot/1",
    poll.fingerprint,
    pseudonym,
    q,
    what,
    i,
    shown(a),
    shown(b),
  ];
  const points = list(answers.cells, tops.length).map((cell, i) => {
    members(cell, "alpha beta proof");
    const [a, b] = [point(cell.alpha), point(cell.beta)];
    const ys = count(tops[i] + 1).map((v) => combination([1n, b], [BigInt(-v), G]));
    const right = holds(words("cell", i, a, b), poll.key, a, ys, cell.proof);
    need(right, `contest ${q}, cell ${i}: not proven to be within 0 .. ${tops[i]}`);
    return [a, b];
  });
  list(answers.limits, sums.length).forEach((proof, i) => {
    const [a, b] = [weighed(sums[i].weights, points, 0), weighed(sums[i].weights, points, 1)];
    const ys = [combination([1n, b], [BigInt(-sums[i].most), G])];
    need(
      holds(words("limit", i, a, b), poll.key, a, ys, [proof]),
      `contest ${q}, limit ${i}: not proven to be kept`,
    );
  });
}
