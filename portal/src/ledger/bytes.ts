/** Bytes, and the two ways in which receipts write them: hexadecimal digits and base64. */
import type { Text } from "~/words/language";

export type Bytes = Uint8Array<ArrayBuffer>;

/** What was given does not hold, and why. */
export class NotProved extends Error {
  override readonly name = "NotProved";

  constructor(readonly why: Text) {
    super(why.en);
  }
}

/** This browser, or what it was given, is not enough to tell. */
export class CannotTell extends Error {
  override readonly name = "CannotTell";

  constructor(readonly why: Text) {
    super(why.en);
  }
}

export function need(good: boolean, en: string, ko: string): asserts good {
  if (!good) throw new NotProved({ ko, en });
}

const HASH = /^[0-9a-f]{64}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const letters = new TextEncoder();

export const utf8 = (text: string): Bytes => letters.encode(text);

export function joined(...parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export async function sha256(...parts: readonly Bytes[]): Promise<Bytes> {
  const { subtle } = globalThis.crypto as { subtle?: SubtleCrypto }; // absent without https
  if (!subtle) {
    throw new CannotTell({
      ko: "이 주소에서는 브라우저가 암호 계산을 할 수 없어요. https 주소로 여세요.",
      en: "The browser cannot do cryptography at this address. Open the page by https.",
    });
  }
  return new Uint8Array(await subtle.digest("SHA-256", joined(...parts)));
}

export const same = (left: Bytes, right: Bytes): boolean =>
  left.length === right.length && left.every((byte, at) => byte === right[at]);

export const toHex = (bytes: Bytes): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Read a hash: 64 hexadecimal digits, small. */
export function hashOf(text: unknown): Bytes {
  need(
    typeof text === "string" && HASH.test(text),
    "A hash is 64 hexadecimal digits, small.",
    "해시는 16진수 소문자 64자여야 해요.",
  );
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Read base64 written in the one way that is right. */
export function fromBase64(text: string): Bytes {
  const read = BASE64.test(text) && text.length % 4 === 0 ? atob(text) : null;
  need(
    read !== null && btoa(read) === text,
    "What should be base64 is not.",
    "base64 형식이 아니에요.",
  );
  return Uint8Array.from(read, (letter) => letter.charCodeAt(0));
}
