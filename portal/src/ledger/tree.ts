/** The tree of RFC 9162, 2.1: from a leaf to the root, and from an older root to a newer one. */
import { need, same, sha256, type Bytes } from "./bytes";

const MOST_HASHES = 64;

export const leafHash = (commitment: Bytes): Promise<Bytes> => sha256(Uint8Array.of(0), commitment);
export const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> =>
  sha256(Uint8Array.of(1), left, right);

/** The largest power of two that is smaller than a size of two or more. */
function splitOf(size: bigint): bigint {
  let split = 1n;
  while (split * 2n < size) split *= 2n;
  return split;
}

function last(path: readonly Bytes[]): [readonly Bytes[], Bytes] {
  const hash = path.at(-1);
  need(hash !== undefined, "The path is too short.", "경로가 너무 짧아요.");
  return [path.slice(0, -1), hash];
}

/** The root above a leaf: 2.1.3.1 read backwards, the last hash stands beside the largest half. */
export async function rootOver(
  leaf: Bytes,
  index: bigint,
  size: bigint,
  path: readonly Bytes[],
): Promise<Bytes> {
  need(path.length <= MOST_HASHES, "The path is too long.", "경로가 너무 길어요.");
  if (size === 1n) {
    need(path.length === 0, "The path is too long.", "경로가 너무 길어요.");
    return leaf;
  }
  const [rest, beside] = last(path);
  const split = splitOf(size);
  if (index < split) return nodeHash(await rootOver(leaf, index, split, rest), beside);
  return nodeHash(beside, await rootOver(leaf, index - split, size - split, rest));
}

/** Check that a tree is the beginning of a larger or equal one: 2.1.4.1 read backwards. */
export async function checkGrowth(
  older: { size: bigint; root: Bytes },
  newer: { size: bigint; root: Bytes },
  path: readonly Bytes[],
): Promise<void> {
  need(older.size <= newer.size, "The log became shorter.", "기록이 짧아졌어요.");
  need(path.length <= MOST_HASHES, "The path is too long.", "경로가 너무 길어요.");
  if (older.size === newer.size) {
    need(
      same(older.root, newer.root),
      "Two signed logs of the same size differ: the log was forked.",
      "같은 크기에 서명된 기록이 두 가지예요. 기록이 갈라졌어요.",
    );
    need(path.length === 0, "The path is too long.", "경로가 너무 길어요.");
  } else if (older.size === 0n) {
    const empty = path.length === 0 && same(older.root, await sha256());
    need(empty, "That is not the root of an empty log.", "빈 기록의 루트가 아니에요.");
  } else {
    const [before, after] = await bothRoots(older.root, older.size, newer.size, path, true);
    need(
      same(before, older.root) && same(after, newer.root),
      "The newer log does not continue the older.",
      "새 기록이 예전 기록을 잇지 않아요.",
    );
  }
}

async function bothRoots(
  known: Bytes,
  m: bigint,
  n: bigint,
  path: readonly Bytes[],
  isWhole: boolean, // whether what is looked at is the whole older tree
): Promise<[Bytes, Bytes]> {
  if (m === n) {
    const right = path.length === (isWhole ? 0 : 1);
    need(right, "The path has a wrong length.", "경로의 길이가 맞지 않아요.");
    const top = path[0] ?? known;
    return [top, top];
  }
  const [rest, beside] = last(path);
  const split = splitOf(n);
  if (m <= split) {
    const [before, after] = await bothRoots(known, m, split, rest, isWhole);
    return [before, await nodeHash(after, beside)];
  }
  const [before, after] = await bothRoots(known, m - split, n - split, rest, false);
  return [await nodeHash(beside, before), await nodeHash(beside, after)];
}

/** The whole subtrees that a log consists of, from the left: its right edge. */
export function peaksOf(size: bigint): bigint[] {
  const peaks: bigint[] = [];
  for (let rest = size; rest > 0n;) {
    const peak = rest === 1n ? 1n : splitOf(rest + 1n);
    peaks.push(peak);
    rest -= peak;
  }
  return peaks;
}
