/** Chunks by the hour they are needed: the one at hand, some ahead, none kept for long. */
import { problemOf, UNREACHABLE } from "~/api/problem";
import { decodeChunk, type Chunk } from "./chunk";
import type { ChunkAddress } from "./messages";

const AHEAD = 3;
const AHEAD_BYTES = 16_000_000;

export class Shelf {
  readonly #held = new Map<number, Promise<Chunk>>();

  constructor(
    readonly addresses: readonly ChunkAddress[],
    readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** The chunk that `t_s` falls into; the nearest one when it falls outside the day. */
  indexAt(t_s: number): number {
    const index = this.addresses.findIndex(({ end_s }) => t_s < end_s);
    return index < 0 ? this.addresses.length - 1 : index;
  }

  async get(index: number): Promise<Chunk> {
    const held = this.#held.get(index) ?? this.#fetch(index);
    this.#held.set(index, held);
    this.#tidy(index);
    try {
      return await held;
    } catch (error) {
      this.#held.delete(index); // so that the next look tries again
      throw error;
    }
  }

  has(index: number): boolean {
    return this.#held.has(index);
  }

  /** Fetch what comes next, within a budget of bytes; failures show when the time comes. */
  lookAhead(index: number): void {
    let budget = AHEAD_BYTES;
    for (let next = index + 1; next <= index + AHEAD; next += 1) {
      const address = this.addresses[next];
      budget -= address?.bytes ?? 0;
      if (!address || budget < 0) return;
      if (this.#held.has(next)) continue;
      const coming = this.#fetch(next);
      coming.catch(() => this.#held.delete(next));
      this.#held.set(next, coming);
    }
  }

  #tidy(index: number): void {
    for (const held of this.#held.keys()) {
      if (held < index - 1 || held > index + AHEAD) this.#held.delete(held);
    }
  }

  async #fetch(index: number): Promise<Chunk> {
    const address = this.addresses[index];
    if (!address) throw new RangeError(`no chunk ${index}`);
    const response = await fetch(address.href, { headers: this.headers }).catch(() =>
      Promise.reject(UNREACHABLE),
    );
    if (!response.ok) {
      throw problemOf(response.status, await response.json().catch(() => null));
    }
    return decodeChunk(await response.arrayBuffer());
  }
}
