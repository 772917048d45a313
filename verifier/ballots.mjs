// Count a poll again, trusting nobody: node ballots.mjs EXPORT [--receipt FILE]
// Or check a spoiled ballot: node ballots.mjs spoiled FILE
// Written from docs/ballots.md alone; the numbers in the comments are its sections. Needs node 20 and no
// packages. Ends with 0 if all is right, else with 1.
import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

import {
  G,
  N,
  Wrong,
  combination,
  count,
  fingerprint,
  holds,
  inverse,
  list,
  members,
  mod,
  need,
  point,
  scalar,
  shown,
  sum,
  whole,
} from "./ballots_group.mjs";
import { checkEntry, limits, readPoll } from "./ballots_poll.mjs";

function checkBoard(poll, board, wrong) {
  const latest = new Map();
  board.forEach((entry, index) => {
    attempt(wrong, `board, entry ${index}`, () => {
      checkEntry(poll, entry);
      const before = latest.get(entry.pseudonym);
      need(before?.kind !== "strike", "its pseudonym was struck");
      need(
        !before || before.revision < entry.revision,
        "a second vote: its revision is not after the last one's",
      );
      latest.set(entry.pseudonym, entry);
    });
  });
  return latest;
}

function attempt(wrong, where, what) {
  try {
    what();
  } catch (error) {
    if (!(error instanceof Wrong || error instanceof TypeError)) throw error;
    wrong.push(where ? `${where}: ${error.message}` : error.message);
  }
}

// 5. Close and roll

function checkClose(poll, board, close, counted) {
  members(close, "kind id poll entries board counted");
  need(close.kind === "close" && close.id === `${poll.id}/close`, "wrong close");
  need(close.poll === poll.fingerprint, "the close is of another poll");
  need(
    close.board === fingerprint(board.map(fingerprint)),
    "the board is not the one that was closed",
  );
  need(close.entries === board.length && close.counted === counted, "the close miscounts");
}

function checkRoll(poll, roll, latest) {
  members(roll, "kind id poll eligible tokens paper");
  need(roll.kind === "roll" && roll.id === `${poll.id}/roll`, "wrong roll");
  need(roll.poll === poll.fingerprint, "the roll is of another poll");
  for (const name of ["eligible", "tokens", "paper"]) whole(roll[name], 0, 100_000_000);
  const struck = [...latest.values()].filter(({ kind }) => kind === "strike").length;
  need(
    latest.size <= roll.tokens && roll.tokens <= roll.eligible,
    "more pseudonyms than tokens, or than rights",
  );
  need(roll.tokens - struck + roll.paper <= roll.eligible, "more votes than rights");
}

// 6. Shares

function checkShare(poll, board, sums, share) {
  members(share, "kind id poll board trustee contests");
  const j = whole(share.trustee, 1, poll.shares.size);
  need(share.kind === "share" && share.id === `${poll.id}/share/${j}`, "wrong id");
  need(share.poll === poll.fingerprint && share.board === board, "of another board");
  return list(share.contests, sums.length).map((parts, q) =>
    list(parts, sums[q].length).map((part, i) => {
      members(part, "share proof");
      const m = part.share === "00" ? null : point(part.share);
      const [a] = sums[q][i];
      const words = ["hapgang/share/1", poll.fingerprint, board, j, q, i, shown(a), shown(m)];
      const right = holds(words, a, poll.shares.get(j), [m], [part.proof]);
      need(right, `contest ${q}, cell ${i}: the decryption is not proven`);
      return m;
    }),
  );
}

function checkShares(poll, board, sums, shares, wrong) {
  const found = new Map();
  list(shares).forEach((share, index) => {
    attempt(wrong, `share ${index}, of trustee ${share?.trustee}`, () => {
      const points = checkShare(poll, board, sums, share);
      need(!found.has(share.trustee), "the trustee has two shares");
      found.set(share.trustee, points);
    });
  });
  if (found.size < poll.threshold)
    wrong.push(`${found.size} shares are right, ${poll.threshold} are needed`);
  return found;
}

// 7. Result

function paperCounts(poll, roll, paper) {
  if (paper === null) {
    need(roll.paper === 0, "the paper ballots' counts are missing");
    return poll.shapes.map(({ counted }) => count(counted).map(() => 0));
  }
  members(paper, "kind id poll ballots counts");
  need(paper.kind === "paper" && paper.id === `${poll.id}/paper`, "wrong paper counts");
  need(paper.poll === poll.fingerprint, "the paper counts are of another poll");
  const ballots = whole(paper.ballots, roll.paper, roll.paper);
  list(paper.counts, poll.shapes.length).forEach((counts, q) => {
    list(counts, poll.shapes[q].counted).forEach((each) =>
      whole(each, 0, ballots * poll.contests[q].top),
    );
    for (const { weights, most } of limits(poll.contests[q])) {
      const total = weights.reduce((before, [i, weight]) => before + weight * counts[i], 0);
      need(total <= most * ballots, "impossible paper counts");
    }
  });
  return paper.counts;
}

function checkResult(poll, { result, close, roll, paper }, ballots, sums, shares) {
  const added = paperCounts(poll, roll, paper);
  members(result, "kind id poll board ballots paper counts");
  need(result.kind === "result" && result.id === `${poll.id}/result`, "wrong result");
  const right = result.poll === poll.fingerprint && result.board === close.board;
  need(
    right && result.ballots === ballots && result.paper === roll.paper,
    "the result is about something else",
  );
  const chosen = [...shares.keys()].sort((a, b) => a - b).slice(0, poll.threshold);
  const factor = (j) =>
    chosen
      .filter((k) => k !== j)
      .reduce((f, k) => mod(f * BigInt(k) * inverse(BigInt(k - j), N), N), 1n);
  const factors = chosen.map((j) => [j, factor(j)]);
  list(result.counts, sums.length).forEach((counts, q) =>
    list(counts, sums[q].length).forEach((each, i) => {
      const v = BigInt(whole(each, 0, Number.MAX_SAFE_INTEGER) - added[q][i]);
      const opened = combination(
        [1n, sums[q][i][1]],
        ...factors.map(([j, f]) => [-f, shares.get(j)[q][i]]),
      );
      need(
        shown(opened) === shown(combination([v, G])),
        `contest ${q}, cell ${i}: ${each} is not what was voted`,
      );
    }),
  );
}

function addUp(poll, ballots) {
  const total = (q, i, half) =>
    sum(ballots.map((each) => [1n, point(each.contests[q].cells[i][half])]));
  return poll.shapes.map(({ counted }, q) =>
    count(counted).map((i) => [total(q, i, "alpha"), total(q, i, "beta")]),
  );
}

// 8. The export; 9. Spoiled ballots

/** What is wrong, as a list of texts. */
export function recount(told, receipt) {
  const wrong = [];
  attempt(wrong, "", () => {
    members(told, "poll roll board close paper shares result");
    const poll = readPoll(told.poll);
    const latest = checkBoard(poll, list(told.board), wrong);
    const ballots = [...latest.values()].filter(({ kind }) => kind === "ballot");
    checkClose(poll, told.board, told.close, ballots.length);
    checkRoll(poll, told.roll, latest);
    if (receipt) {
      const entry = told.board[whole(receipt.index, 0, told.board.length - 1)];
      need(fingerprint(entry) === receipt.ballot, "the receipt's ballot is not there");
      console.log(
        `receipt: entry ${receipt.index}, ${ballots.includes(entry) ? "counts · 집계됨" : "was replaced or struck · 교체되거나 철회됨"}`,
      );
    }
    const sums = addUp(poll, ballots);
    const shares = checkShares(poll, told.close.board, sums, told.shares, wrong);
    if (!wrong.length) checkResult(poll, told, ballots.length, sums, shares);
  });
  return wrong;
}

/** The values of a spoiled ballot. */
export function spoiled({ poll: asked, ballot, opening }) {
  const poll = readPoll(asked);
  need(ballot.poll === poll.fingerprint && ballot.signature === "", "of another poll");
  need(opening.seal === fingerprint(ballot), "the seal is another ballot's");
  list(ballot.contests, poll.shapes.length);
  return list(opening.cells, poll.shapes.length).map((cells, q) => {
    const { tops, counted } = poll.shapes[q];
    list(ballot.contests[q].cells, tops.length).forEach(({ alpha, beta }, i) => {
      const [v, r] = [
        BigInt(whole(list(cells, tops.length)[i][0], 0, 2 ** 53 - 1)),
        scalar(cells[i][1]),
      ];
      const right =
        alpha === shown(combination([r, G])) && beta === shown(combination([r, poll.key], [v, G]));
      need(right, "the device sealed something else");
    });
    return cells.slice(0, counted).map(([v]) => v);
  });
}

function main(words) {
  const read = (path) => JSON.parse(readFileSync(path, "utf8"));
  let wrong = [];
  try {
    if (words[0] === "spoiled") {
      console.log(`right · 맞습니다: it holds ${JSON.stringify(spoiled(read(words[1])))}`);
    } else {
      const told = read(words[0]);
      wrong = recount(told, words[1] === "--receipt" ? read(words[2]) : undefined);
      if (!wrong.length) console.log(`right · 맞습니다: ${JSON.stringify(told.result.counts)}`);
    }
  } catch (error) {
    wrong = [error.message];
  }
  for (const each of wrong) console.log(`wrong · 틀립니다: ${each}`);
  return wrong.length ? 1 : 0;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}
