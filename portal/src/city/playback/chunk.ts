/** A piece of a rehearsed day, as the city packs it: little endian, columns one after another. */
export interface Chunk {
  /** Where each path's points begin; one more than there are paths. */
  readonly starts: Uint32Array;
  /** Index into the playback's modes, per path. */
  readonly modes: Uint8Array;
  /** Per point: degrees, degrees, seconds after midnight. */
  readonly lon: Float32Array;
  readonly lat: Float32Array;
  readonly t_s: Float32Array;
}

export class BrokenChunk extends Error {}

/** Read a chunk as views over its bytes: nothing is copied. Throws BrokenChunk when sizes disagree. */
export function decodeChunk(bytes: ArrayBuffer): Chunk {
  if (bytes.byteLength < 8) throw new BrokenChunk("no header");
  const [paths = 0, points = 0] = new Uint32Array(bytes, 0, 2);
  const padded = Math.ceil(paths / 4) * 4;
  const expected = 8 + 4 * (paths + 1) + padded + 12 * points;
  if (bytes.byteLength !== expected) {
    throw new BrokenChunk(`${bytes.byteLength} bytes where ${expected} belong`);
  }
  let at = 8;
  const take = <T>(
    view: new (buffer: ArrayBuffer, offset: number, length: number) => T,
    n: number,
  ) => new view(bytes, at, n);
  const starts = take(Uint32Array, paths + 1);
  at += starts.byteLength;
  const modes = take(Uint8Array, paths);
  at += padded;
  const lon = take(Float32Array, points);
  at += lon.byteLength;
  const lat = take(Float32Array, points);
  at += lat.byteLength;
  const t_s = take(Float32Array, points);
  if (starts[paths] !== points)
    throw new BrokenChunk("the last path does not end at the last point");
  return { starts, modes, lon, lat, t_s };
}
