/**
 * Signed tokens and their keys (RFC 7515, 7517): ES256 and EdDSA, by the browser's own
 * cryptography. Nothing of a token may be believed before `opened` has given it back.
 */
import { sha256, utf8, type Bytes } from "~/ledger/bytes";
import { must } from "./refuse";

export type Json = Readonly<Record<string, unknown>>;

export interface Token {
  header: Json;
  claims: Json;
}

/** A public key, with the members that are needed and no others. */
export type PublicKey =
  { kty: "EC"; crv: "P-256"; x: string; y: string } | { kty: "OKP"; crv: "Ed25519"; x: string };

export const MOST_LETTERS = 131_072;
const BASE64URL = /^[A-Za-z0-9_-]*$/;
const COORDINATE_BYTES = 32;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function b64(bytes: Bytes): string {
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Read base64url; only the one way to write it is taken. */
export function unb64(text: unknown, most = MOST_LETTERS): Bytes {
  const isWell = typeof text === "string" && text.length <= most && BASE64URL.test(text);
  must(isWell && text.length % 4 !== 1, "It is not base64url.", "base64url이 아니에요.");
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  must(b64(bytes) === text, "Its base64url is not as it should be.", "base64url이 바르지 않아요.");
  return bytes;
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    must(false, "It is not JSON.", "JSON이 아니에요.");
  }
}

function objectOf(bytes: Bytes): Json {
  const read = parse(new TextDecoder().decode(bytes));
  must(isObject(read), "It is not a JSON object.", "JSON 객체가 아니에요.");
  return read;
}

/** A key that somebody showed; refused where they showed its private half with it. */
export function publicOf(jwk: unknown): PublicKey {
  must(isObject(jwk) && !("d" in jwk), "It is not a public key.", "공개 열쇠가 아니에요.");
  const { kty, crv, x, y } = jwk;
  const isEc = kty === "EC" && crv === "P-256";
  must(isEc || (kty === "OKP" && crv === "Ed25519"), "Its curve is not known.", "모르는 열쇠예요.");
  for (const part of isEc ? [x, y] : [x]) {
    must(unb64(part, 64).length === COORDINATE_BYTES, "It is not a key.", "열쇠가 아니에요.");
  }
  return isEc
    ? { kty: "EC", crv: "P-256", x: String(x), y: String(y) }
    : { kty: "OKP", crv: "Ed25519", x: String(x) };
}

/** What a token says before anybody checked it: to find the key, for nothing else. */
export function peek(token: unknown, most = MOST_LETTERS): Token {
  const parts = typeof token === "string" && token.length <= most ? token.split(".") : [];
  must(parts.length === 3, "It is not a signed token.", "서명된 토큰이 아니에요.");
  return { header: objectOf(unb64(parts[0])), claims: objectOf(unb64(parts[1], most)) };
}

/** What a token says, once it is of this kind and this key signed it. */
export async function opened(
  token: unknown,
  key: PublicKey,
  typ: string,
  most = MOST_LETTERS,
): Promise<Token> {
  const said = peek(token, most);
  const { header } = said;
  must(header["typ"] === typ, "This token is for something else.", "다른 데 쓰는 토큰이에요.");
  const algorithm = key.kty === "EC" ? "ES256" : "EdDSA";
  must(header["alg"] === algorithm, "Its algorithm does not fit.", "서명 방식이 맞지 않아요.");
  must(
    !("crit" in header) && !("b64" in header),
    "It asks for what is not known here.",
    "알지 못하는 조건이 있어요.",
  );
  const text = String(token);
  const at = text.lastIndexOf(".");
  const signature = unb64(text.slice(at + 1), 1_024);
  const holds = await isSigned(key, signature, utf8(text.slice(0, at)));
  must(holds, "Its signature does not hold.", "서명이 맞지 않아요.");
  return said;
}

async function isSigned(key: PublicKey, signature: Bytes, message: Bytes): Promise<boolean> {
  const { subtle } = crypto;
  if (key.kty === "EC") {
    const imported = { name: "ECDSA", namedCurve: "P-256" };
    const made = await subtle.importKey("jwk", key, imported, false, ["verify"]);
    return subtle.verify({ name: "ECDSA", hash: "SHA-256" }, made, signature, message);
  }
  const made = await subtle.importKey("jwk", key, "Ed25519", false, ["verify"]);
  return subtle.verify("Ed25519", made, signature, message);
}

/** Sign with a key that never leaves the browser; `typ` says for what the token is. */
export async function sign(
  key: CryptoKey,
  typ: string,
  claims: Json,
  header: Json = {},
): Promise<string> {
  const part = (value: Json) => b64(utf8(JSON.stringify(value)));
  const message = `${part({ alg: "ES256", typ, ...header })}.${part(claims)}`;
  const how = { name: "ECDSA", hash: "SHA-256" };
  const signature = new Uint8Array(await crypto.subtle.sign(how, key, utf8(message)));
  return `${message}.${b64(signature)}`;
}

/** The name of a key (RFC 7638): SHA-256 over its members in order. */
export async function thumbprint(key: PublicKey): Promise<string> {
  const { kty, crv, x } = key;
  const members = kty === "EC" ? { crv, kty, x, y: key.y } : { crv, kty, x };
  return b64(await sha256(utf8(JSON.stringify(members))));
}
