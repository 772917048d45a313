/**
 * The right to vote, signed without being seen: RSABSSA-SHA384-PSS-Deterministic (RFC 9474).
 * What is secret here, the blinding, is used once and on the voter's own device.
 */
import { sha384 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { need } from "~/ledger/bytes";
import { canonicalBytes, numberOf } from "./group";

const EXPONENT_SQUARINGS = 16; // 65537 = 2^16 + 1
export const SALT_BYTES = 48;
const HASH_BYTES = 48;

export interface Blinded {
  /** What goes to the issuer. */
  message: string;
  /** What stays, to take the blinding off. */
  inverse: bigint;
}

export const tokenMessage = (poll: string, pseudonym: string): Uint8Array =>
  canonicalBytes(["hapgang/token/1", poll, pseudonym]);

const bytesOf = (value: bigint, size: number): Uint8Array =>
  hexToBytes(value.toString(16).padStart(size * 2, "0"));

function toPublicPower(value: bigint, n: bigint): bigint {
  let power = value;
  for (let done = 0; done < EXPONENT_SQUARINGS; done += 1) power = (power * power) % n;
  return (power * value) % n;
}

function inverseOf(value: bigint, n: bigint): bigint {
  let [rest, next, found, other] = [n, value, 0n, 1n];
  while (next > 0n) {
    const whole = rest / next;
    [rest, next] = [next, rest - whole * next];
    [found, other] = [other, found - whole * other];
  }
  need(rest === 1n, "Draw the blinding again.", "블라인딩 값을 다시 뽑아야 해요.");
  return ((found % n) + n) % n;
}

/** MGF1 with SHA-384 (RFC 8017, B.2.1). */
function mask(seed: Uint8Array, size: number): Uint8Array {
  const parts = Array.from({ length: Math.ceil(size / HASH_BYTES) }, (_, count) =>
    sha384(concatBytes(seed, Uint8Array.of(0, 0, 0, count))),
  );
  return concatBytes(...parts).slice(0, size);
}

const xor = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  left.map((byte, at) => byte ^ (right[at] ?? 0));

/** EMSA-PSS-ENCODE (RFC 8017, 9.1.1) for a modulus of whole bytes, its top bit set. */
function encoded(message: Uint8Array, size: number, salt: Uint8Array): Uint8Array {
  const digest = sha384(concatBytes(new Uint8Array(8), sha384(message), salt));
  const block = new Uint8Array(size - HASH_BYTES - 1);
  block[block.length - salt.length - 1] = 1;
  block.set(salt, block.length - salt.length);
  const masked = xor(block, mask(digest, block.length));
  masked[0] = (masked[0] ?? 0) & 0x7f;
  return concatBytes(masked, digest, Uint8Array.of(0xbc));
}

/** Hide a message from the issuer (4.2). `salt`, `factor`: from chance, in secret. */
export function blind(
  issuer: string,
  message: Uint8Array,
  salt: Uint8Array,
  factor: bigint,
): Blinded {
  const [n, size] = [numberOf(issuer), issuer.length / 2];
  const hidden =
    (numberOf(bytesToHex(encoded(message, size, salt))) * toPublicPower(factor, n)) % n;
  return { message: bytesToHex(bytesOf(hidden, size)), inverse: inverseOf(factor, n) };
}

/** Take the blinding off, and check what the issuer gave (4.4). */
export function finish(
  issuer: string,
  message: Uint8Array,
  signed: string,
  inverse: bigint,
): string {
  const [n, size] = [numberOf(issuer), issuer.length / 2];
  need(
    /^[0-9a-f]+$/.test(signed) && signed.length === size * 2,
    "The issuer's answer has a wrong form.",
    "발급자의 응답 형식이 달라요.",
  );
  const token = bytesToHex(bytesOf((numberOf(signed) * inverse) % n, size));
  need(
    isToken(issuer, message, token),
    "The issuer's signature is wrong.",
    "발급자의 서명이 올바르지 않아요.",
  );
  return token;
}

/** RSASSA-PSS-VERIFY: read the salt, encode again, compare all bytes. */
export function isToken(issuer: string, message: Uint8Array, token: string): boolean {
  const [n, size] = [numberOf(issuer), issuer.length / 2];
  if (!/^[0-9a-f]+$/.test(token) || token.length !== size * 2 || numberOf(token) >= n) return false;
  const found = bytesOf(toPublicPower(numberOf(token), n), size);
  const masked = found.slice(0, size - HASH_BYTES - 1);
  const digest = found.slice(masked.length, size - 1);
  const salt = xor(masked, mask(digest, masked.length)).slice(-SALT_BYTES);
  return bytesToHex(encoded(message, size, salt)) === bytesToHex(found);
}
