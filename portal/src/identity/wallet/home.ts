/**
 * The city that this page comes from. The wallet in the browser speaks with it and nobody else: the
 * page is not allowed to, so that what is kept here cannot be sent anywhere by a mistake of ours.
 */
import { queryOptions } from "@tanstack/react-query";
import { OFFLINE, problemOf, UNREACHABLE } from "~/api/problem";
import { keyIn } from "./did";
import { isObject, parse, type Json } from "./jose";
import { must, refusal } from "./refuse";
import type { KeyOf } from "./sdjwt";

export interface Home {
  did: string;
  /** The city's keys, as its own document names them. */
  document: Json;
  /** What it issues, and where (OpenID4VCI 1.0, 12.2). */
  issuer: Json;
}

const DID_DOCUMENT = "/.well-known/did.json";
const ISSUER = "/.well-known/openid-credential-issuer";

export const homeQuery = queryOptions({
  queryKey: ["identity", "home"],
  queryFn: askHome,
  staleTime: 5 * 60_000,
});

export async function askHome(): Promise<Home> {
  const [document, issuer] = await Promise.all([askObject(DID_DOCUMENT), askObject(ISSUER)]);
  const did = document["id"];
  must(typeof did === "string", "The city has no name of its own.", "도시의 식별자가 없어요.");
  return { did, document, issuer };
}

/** Where an address of this city's is, as seen from this page; others' are refused. */
export function here(home: Home, address: unknown): string {
  const isAddress = typeof address === "string" && URL.canParse(address, location.origin);
  must(isAddress, "It is no address.", "주소가 아니에요.");
  const url = new URL(address, location.origin);
  const named = String(home.issuer["credential_issuer"]);
  const ours = [location.host, decodeURIComponent(home.did.split(":")[2] ?? "")];
  if (URL.canParse(named)) ours.push(new URL(named).host);
  if (!ours.includes(url.host)) {
    throw refusal(
      `This page speaks with its own city only. Use a wallet app for ${url.host}.`,
      `이 지갑은 이 도시하고만 이야기해요. ${url.host}에는 지갑 앱을 쓰세요.`,
      { ko: "다른 곳의 코드예요", en: "A code of somebody else" },
    );
  }
  return url.pathname + url.search;
}

/** Keys of this city; of nobody else, because nobody else's document can be read from here. */
export const keysOf =
  ({ did, document }: Home): KeyOf =>
  (issuer, kid) => {
    must(
      issuer === did,
      `${issuer} is not this city: a wallet app can check it.`,
      `${issuer}는 이 도시가 아니에요. 지갑 앱으로 확인하세요.`,
    );
    return Promise.resolve(keyIn(document, did, kid));
  };

/** Speak with a door of the protocols, which knows no signed-in person and gets no token of theirs. */
export async function exchange(path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(path, { ...init, credentials: "omit", cache: "no-store" }).catch(
    () => Promise.reject(navigator.onLine ? UNREACHABLE : OFFLINE),
  );
  const text = await response.text();
  if (response.ok) return text;
  throw refused(response.status, text);
}

export async function askObject(path: string, init: RequestInit = {}): Promise<Json> {
  const read = parse(await exchange(path, init));
  must(isObject(read), "It is not a JSON object.", "JSON 객체가 아니에요.");
  return read;
}

export const form = (fields: Readonly<Record<string, string>>): RequestInit => ({
  method: "POST",
  body: new URLSearchParams(fields),
});

/** What OAuth's word for a refusal means to a person; a problem of the city's own is left alone. */
function refused(status: number, text: string): Error {
  const said = safely(text);
  const code = isObject(said) ? said["error"] : undefined;
  if (typeof code !== "string") return problemOf(status, said);
  const told = isObject(said) ? said["error_description"] : undefined;
  const why = typeof told === "string" ? told : code;
  const meaning = status === WRONG ? MEANINGS[code]?.() : undefined;
  return meaning ?? refusal(why, KOREAN_WHY);
}

// OAuth tells why in English only (RFC 6749, 5.2).
const KOREAN_WHY =
  "도시가 받아들이지 않았어요. ‘증명서’에서 아직 유효한지 보고, 코드를 새로 받아 보세요.";

const WRONG = 400; // what is said of the request; what it proves is refused otherwise

const MEANINGS: Readonly<Record<string, () => Error>> = {
  invalid_grant: () =>
    refusal(
      "The digits are wrong, or the offer is over. After three wrong tries a new one is needed.",
      "숫자가 틀렸거나 기한이 지났어요. 세 번 틀리면 새로 받아야 해요.",
      { ko: "받을 수 없는 코드예요", en: "This offer cannot be taken" },
    ),
  invalid_request: () =>
    refusal(
      "It was answered already, or its time is over. Ask for a new one.",
      "이미 답했거나 시간이 지났어요. 새 코드를 달라고 하세요.",
      { ko: "끝난 코드예요", en: "This code is over" },
    ),
};

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
