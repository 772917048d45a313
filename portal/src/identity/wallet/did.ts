/** did:web and did:key: names with a key behind or in them, and the P-256 points of Multikey. */
import type { Bytes } from "~/ledger/bytes";
import { b64, isObject, publicOf, type PublicKey } from "./jose";
import { must } from "./refuse";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"; // base58btc
const MOST_METHODS = 64;
const HOST = /^[a-z0-9][a-z0-9.-]*(%3A[1-9][0-9]{0,4})?$/;
const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

// P-256 (SEC 2, 2.4.2): y² = x³ − 3x + b over the field of p, where p mod 4 is 3.
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Where the document of a did:web is: always https, always did.json. */
export function webAddress(did: string): string {
  const [scheme, method, host = "", ...path] = did.split("#")[0]?.split(":") ?? [];
  const isWell = scheme === "did" && method === "web" && HOST.test(host);
  must(isWell && path.every((part) => PART.test(part)), "It is no did:web.", "did:web이 아니에요.");
  return `https://${decodeURIComponent(host)}/${[...(path.length ? path : [".well-known"]), "did.json"].join("/")}`;
}

/** The key that a document names for signing; without a `kid`, the only one that there is. */
export function keyIn(document: unknown, did: string, kid?: string): PublicKey {
  must(
    isObject(document) && document["id"] === did,
    "The document is of somebody else.",
    "다른 이의 문서예요.",
  );
  const methods = listOf(document["verificationMethod"]).filter(isObject);
  const good = new Set(listOf(document["assertionMethod"]).map((one) => full(one, did)));
  const keys = methods.filter((one) => one["controller"] === did && good.has(full(one["id"], did)));
  const wanted = kid === undefined ? keys : keys.filter((one) => full(one["id"], did) === full(kid, did)); // prettier-ignore
  const [method] = wanted;
  must(
    method !== undefined && wanted.length === 1,
    "It was not signed by one of their keys.",
    "그의 열쇠로 서명하지 않았어요.",
  );
  const written = method["publicKeyMultibase"];
  return typeof written === "string" ? ofMultibase(written) : publicOf(method["publicKeyJwk"]);
}

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? (value as unknown[]).slice(0, MOST_METHODS) : [];

const full = (name: unknown, did: string): string =>
  typeof name !== "string" ? "" : name.startsWith("#") ? did + name : name;

/** The public key that a Multikey is. */
export function ofMultibase(text: string): PublicKey {
  must(text.startsWith("z") && text.length <= 128, "It is no key.", "열쇠가 아니에요.");
  const raw = unbase58(text.slice(1));
  if (raw[0] === 0xed && raw[1] === 0x01 && raw.length === 34) {
    return { kty: "OKP", crv: "Ed25519", x: b64(raw.slice(2)) };
  }
  must(
    raw[0] === 0x80 && raw[1] === 0x24 && raw.length === 35,
    "Its key is neither Ed25519 nor P-256.",
    "Ed25519나 P-256 열쇠가 아니에요.",
  );
  return point(raw.slice(2));
}

/** A point from its x and the sign of its y (SEC 1, 2.3.4). */
function point(compressed: Bytes): PublicKey {
  const x = numberOf(compressed.slice(1));
  const square = (x ** 3n - 3n * x + B) % P;
  const root = power(((square % P) + P) % P, (P + 1n) / 4n);
  const isOn = x < P && (root * root - square) % P === 0n;
  must(isOn && (compressed[0] === 2 || compressed[0] === 3), "It is no point.", "점이 아니에요.");
  const isOdd = compressed[0] === 3;
  const y = (root & 1n) === (isOdd ? 1n : 0n) ? root : P - root;
  return { kty: "EC", crv: "P-256", x: b64(bytesOf(x)), y: b64(bytesOf(y)) };
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

function unbase58(text: string): Bytes {
  const digits = Array.from(text, (letter) => ALPHABET.indexOf(letter));
  must(!digits.includes(-1), "It is not base58.", "base58이 아니에요.");
  const value = digits.reduce((sum, digit) => sum * 58n + BigInt(digit), 0n);
  const zeros = digits.findIndex((digit) => digit !== 0);
  const hex = value === 0n ? "" : value.toString(16);
  const bytes = fromHex(hex.length % 2 ? `0${hex}` : hex);
  return Uint8Array.from([...Array<number>(Math.max(0, zeros)).fill(0), ...bytes]);
}

const numberOf = (bytes: Bytes): bigint =>
  bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
const bytesOf = (value: bigint): Bytes => fromHex(value.toString(16).padStart(64, "0"));
const fromHex = (hex: string): Bytes =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
