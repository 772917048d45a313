/** Where everybody is at an instant: pure functions over a chunk, run in the worker. */
import type { Chunk } from "./chunk";

/** What one picture needs; the arrays are longer than `count` and are used again. */
export interface Frame {
  capacity: number;
  count: number;
  /** Degrees from the origin: where each moving person is, and was a moment before. */
  positions: Float32Array<ArrayBuffer>;
  tails: Float32Array<ArrayBuffer>;
  colours: Uint8ClampedArray<ArrayBuffer>;
}

export function newFrame(capacity: number): Frame {
  return {
    capacity,
    count: 0,
    positions: new Float32Array(2 * capacity),
    tails: new Float32Array(2 * capacity),
    colours: new Uint8ClampedArray(4 * capacity),
  };
}

export interface Look {
  /** Degrees that positions are counted from, so that 32 bits are enough. */
  origin: readonly [number, number];
  /** Red, green, blue of each mode. */
  palette: readonly (readonly [number, number, number])[];
  /** Modes that are left out of the picture, not out of the counts. */
  hidden: readonly boolean[];
  /** How long a tail each mover draws, s. */
  tail_s: number;
}

/** Return the last point of a path at or before `t_s`; the path must have begun. */
export function pointBefore(chunk: Chunk, path: number, t_s: number): number {
  let low = chunk.starts[path] ?? 0;
  let high = (chunk.starts[path + 1] ?? 0) - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((chunk.t_s[middle] ?? 0) <= t_s) low = middle;
    else high = middle - 1;
  }
  return low;
}

function put(chunk: Chunk, path: number, t_s: number, into: Float32Array, at: number, look: Look) {
  const point = pointBefore(chunk, path, t_s);
  const last = (chunk.starts[path + 1] ?? 0) - 1;
  const next = Math.min(point + 1, last);
  const from = chunk.t_s[point] ?? 0;
  const span = (chunk.t_s[next] ?? 0) - from;
  const share = span > 0 ? Math.min(Math.max((t_s - from) / span, 0), 1) : 0;
  const lon = chunk.lon[point] ?? 0;
  const lat = chunk.lat[point] ?? 0;
  into[at] = lon + share * ((chunk.lon[next] ?? lon) - lon) - look.origin[0];
  into[at + 1] = lat + share * ((chunk.lat[next] ?? lat) - lat) - look.origin[1];
}

/** How many people are on the way at `t_s`, per mode. */
export function countMoving(chunk: Chunk, t_s: number, modes: number): number[] {
  const counts = new Array<number>(modes).fill(0);
  for (let path = 0; path < chunk.modes.length; path += 1) {
    if (!isMoving(chunk, path, t_s)) continue;
    const mode = chunk.modes[path] ?? 0;
    counts[mode] = (counts[mode] ?? 0) + 1;
  }
  return counts;
}

function isMoving(chunk: Chunk, path: number, t_s: number): boolean {
  const first = chunk.starts[path] ?? 0;
  const end = chunk.starts[path + 1] ?? 0;
  return end > first && (chunk.t_s[first] ?? 0) <= t_s && t_s < (chunk.t_s[end - 1] ?? 0);
}

/** Fill `frame` with everybody who moves at `t_s`; what does not fit is made room for first. */
export function sample(chunk: Chunk, t_s: number, look: Look, frame: Frame, moving: number): Frame {
  const into = moving > frame.capacity ? newFrame(Math.ceil(moving * 1.25)) : frame;
  let n = 0;
  for (let path = 0; path < chunk.modes.length; path += 1) {
    const mode = chunk.modes[path] ?? 0;
    if (look.hidden[mode] || !isMoving(chunk, path, t_s)) continue;
    const begun = chunk.t_s[chunk.starts[path] ?? 0] ?? 0;
    put(chunk, path, t_s, into.positions, 2 * n, look);
    put(chunk, path, Math.max(begun, t_s - look.tail_s), into.tails, 2 * n, look);
    const [red = 0, green = 0, blue = 0] = look.palette[mode] ?? [];
    into.colours[4 * n] = red;
    into.colours[4 * n + 1] = green;
    into.colours[4 * n + 2] = blue;
    into.colours[4 * n + 3] = 255;
    n += 1;
  }
  into.count = n;
  return into;
}
