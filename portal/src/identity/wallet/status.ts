/**
 * Token Status List: whether a credential still stands, looked up by the browser itself. The list
 * is fetched whole, so that who keeps it does not learn whose place was looked at.
 */
import type { Bytes } from "~/ledger/bytes";
import { isObject, opened, peek, unb64, type Json } from "./jose";
import { must } from "./refuse";
import { checkTimes, nowS, type KeyOf } from "./sdjwt";

export type Standing = "valid" | "revoked" | "suspended";

export interface Place {
  index: number;
  address: string;
}

const LIST_TYP = "statuslist+jwt";
const MOST_BYTES = 1 << 20; // a million places of eight bits
const MOST_LETTERS = 4_194_304;

/** Where the status of a credential is; null where it has none. */
export function placeOf(claims: Json): Place | null {
  const { status } = claims;
  if (status === undefined) return null;
  const place = isObject(status) ? status["status_list"] : undefined;
  const index = isObject(place) ? place["idx"] : undefined;
  const address = isObject(place) ? place["uri"] : undefined;
  must(
    Number.isSafeInteger(index) && Number(index) >= 0 && typeof address === "string",
    "Its status cannot be looked up.",
    "상태를 확인할 수 없어요.",
  );
  return { index: Number(index), address };
}

/** What a signed list says of a place: it has to be of this address, by this issuer, and fresh. */
export async function standing(
  text: string,
  { index, address }: Place,
  issuer: string,
  keyOf: KeyOf,
  at_s: number = nowS(),
): Promise<Standing> {
  const said = peek(text, MOST_LETTERS);
  const kid = said.header["kid"];
  const isTheirs = (said.claims["iss"] ?? issuer) === issuer && said.claims["sub"] === address;
  must(isTheirs, "It is another status list.", "다른 상태 목록이에요.");
  const key = await keyOf(issuer, typeof kid === "string" ? kid : undefined);
  const { claims } = await opened(text, key, LIST_TYP, MOST_LETTERS);
  checkTimes(claims, at_s);
  const value = statusAt(await listOf(claims["status_list"]), index);
  return value === 0 ? "valid" : value === 2 ? "suspended" : "revoked";
}

interface List {
  bits: number;
  packed: Bytes;
}

/** Least significant bits first (draft-ietf-oauth-status-list, 4.1). */
export function statusAt({ bits, packed }: List, index: number): number {
  const byte = packed[Math.floor((index * bits) / 8)];
  must(byte !== undefined, "It is not on its status list.", "상태 목록에 없어요.");
  return (byte >> ((index * bits) % 8)) & ((1 << bits) - 1);
}

export async function listOf(document: unknown): Promise<List> {
  const bits = isObject(document) ? document["bits"] : undefined;
  const isWell = isObject(document) && typeof bits === "number" && [1, 2, 4, 8].includes(bits);
  must(isWell, "It is not a status list.", "상태 목록이 아니에요.");
  return { bits, packed: await unpack(unb64(document["lst"], MOST_LETTERS)) };
}

/** Unpack zlib, and stop where it would swell beyond all bounds. */
async function unpack(packed: Bytes): Promise<Bytes> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      parts.push(read.value);
      total += read.value.length;
      must(total <= MOST_BYTES, "The list is too long.", "목록이 너무 길어요.");
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return new Uint8Array(await new Blob(parts as Bytes[]).arrayBuffer());
}
