/**
 * A voter's seed as a code to take along: 32 bytes in Crockford's base 32, and four letters that
 * tell whether it was typed well and is of this poll.
 */
import { fingerprint } from "./sealing/group";

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const [BITS, SEED_LETTERS, CHECK_LETTERS] = [5n, 52, 4];
const SEED_DIGITS = 64;

function lettersOf(value: bigint, count: number): string {
  return Array.from({ length: count }, (_, at) => {
    const shift = BITS * BigInt(count - 1 - at);
    return LETTERS[Number((value >> shift) & 31n)] ?? "";
  }).join("");
}

function checkOf(poll: string, seed: string): string {
  const digest = fingerprint(["hapgang/backup/1", poll, seed]);
  return lettersOf(BigInt(`0x${digest.slice(0, 5)}`), CHECK_LETTERS);
}

export function codeOf(poll: string, seed: string): string {
  const letters = lettersOf(BigInt(`0x${seed}`), SEED_LETTERS) + checkOf(poll, seed);
  return (letters.match(/.{4}/g) ?? []).join(" ");
}

/** Return the seed of a code, however it was typed; null where it is none, or of another poll. */
export function seedOf(poll: string, typed: string): string | null {
  const letters = typed
    .toUpperCase()
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1")
    .replace(/[\s-]/g, "");
  if (letters.length !== SEED_LETTERS + CHECK_LETTERS) return null;
  let value = 0n;
  for (const letter of letters.slice(0, SEED_LETTERS)) {
    const digit = LETTERS.indexOf(letter);
    if (digit < 0) return null;
    value = (value << BITS) | BigInt(digit);
  }
  const seed = value.toString(16).padStart(SEED_DIGITS, "0");
  return seed.length === SEED_DIGITS && letters.slice(SEED_LETTERS) === checkOf(poll, seed)
    ? seed
    : null;
}
