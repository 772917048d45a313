/** The group of docs/ballots.md, 1: secp256k1, scalars, and the hash that proofs are made with. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { need } from "~/ledger/bytes";
import { canonical } from "~/ledger/canonical";

export const { Point } = secp256k1;
export type GroupPoint = InstanceType<typeof Point>;
export type Word = string | number;

export const ORDER = Point.Fn.ORDER;
const POINT = /^0[23][0-9a-f]{64}$/;
const SCALAR = /^[0-9a-f]{64}$/;
const SPARE_BYTES = 48; // 128 bits more than the order, so that the rest is even (FIPS 186-5, A.3.1)

export const mod = (value: bigint, by = ORDER): bigint => ((value % by) + by) % by;

/** The canonical bytes of something, and the SHA-256 of them in hexadecimal. */
export const canonicalBytes = (what: unknown): Uint8Array => utf8ToBytes(canonical(what));
export const fingerprint = (what: unknown): string => bytesToHex(sha256(canonicalBytes(what)));

export const numberOf = (hex: string): bigint => BigInt(`0x${hex || "0"}`);
export const written = (scalar: bigint): string => scalar.toString(16).padStart(64, "0");

export function challenge(words: readonly Word[]): bigint {
  return mod(numberOf(fingerprint(words)));
}

/** Read a scalar below the order. */
export function scalar(text: string): bigint {
  const value = SCALAR.test(text) ? numberOf(text) : ORDER;
  need(value < ORDER, "A scalar is 64 hexadecimal digits.", "스칼라는 16진수 64자여야 해요.");
  return value;
}

export function point(text: string): GroupPoint {
  need(POINT.test(text), "A point is 66 hexadecimal digits.", "점은 16진수 66자여야 해요.");
  try {
    return Point.fromHex(text);
  } catch {
    need(false, "A point is not on the curve.", "곡선 위에 있지 않은 점이에요.");
  }
}

export const shown = (at: GroupPoint): string => (at.is0() ? "00" : at.toHex(true));
export const sum = (points: readonly GroupPoint[]): GroupPoint =>
  points.reduce((total, one) => total.add(one), Point.ZERO);

/** Times a secret, by the library's way whose steps do not depend on it. */
export const hidden = (base: GroupPoint, secret: bigint): GroupPoint => base.multiply(secret);
/** Times what everybody may know. */
export const times = (base: GroupPoint, scalar: bigint): GroupPoint =>
  base.multiplyUnsafe(mod(scalar));

export const chance = (length: number): Uint8Array =>
  crypto.getRandomValues(new Uint8Array(length));

/** A number in 1 … below - 1 from bytes of which there are enough. */
export const within = (bytes: Uint8Array, below: bigint): bigint =>
  mod(numberOf(bytesToHex(bytes)), below - 1n) + 1n;

export const drawn = (): bigint => within(chance(SPARE_BYTES), ORDER);
