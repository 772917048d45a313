/**
 * Who votes in a poll: a seed of 32 bytes, from which the key of the pseudonym and the blinding of
 * its token are derived. So the seed alone, as a code on paper, brings all of it back.
 */
import { schnorr } from "@noble/curves/secp256k1.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { numberOf, ORDER, within, written } from "./group";
import type { Ready } from "./poll";
import { blind, finish, SALT_BYTES, tokenMessage, type Blinded } from "./token";

const SPARE_BYTES = 16; // more than what is reduced: 128 bits

/** All that a device computes of its own for a poll. */
export interface Voter {
  secret: string;
  pseudonym: string;
}

function derived({ fingerprint }: Ready, seed: string, what: string, length: number): Uint8Array {
  const about = utf8ToBytes(`hapgang/voter/1/${what}`);
  return hkdf(sha256, hexToBytes(seed), hexToBytes(fingerprint), about, length);
}

export function voterOf(ready: Ready, seed: string): Voter {
  const secret = written(within(derived(ready, seed, "key", 32 + SPARE_BYTES), ORDER));
  return { secret, pseudonym: bytesToHex(schnorr.getPublicKey(hexToBytes(secret))) };
}

/** The message that the issuer signs without seeing it; the same for the same seed. */
export function requestOf(ready: Ready, seed: string): Blinded {
  const { issuer } = ready.poll;
  const message = tokenMessage(ready.fingerprint, voterOf(ready, seed).pseudonym);
  const salt = derived(ready, seed, "salt", SALT_BYTES);
  const bytes = derived(ready, seed, "factor", issuer.length / 2 + SPARE_BYTES);
  return blind(issuer, message, salt, within(bytes, numberOf(issuer)));
}

export function tokenOf(ready: Ready, seed: string, signed: string): string {
  const message = tokenMessage(ready.fingerprint, voterOf(ready, seed).pseudonym);
  return finish(ready.poll.issuer, message, signed, requestOf(ready, seed).inverse);
}
