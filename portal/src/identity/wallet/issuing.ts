/** OpenID4VCI 1.0 in the browser: a key is made, and a credential for it fetched and checked. */
import { newKey } from "~/api/client";
import { keepCard, type Card } from "./store";
import { askHome, askObject, form, here, keysOf, type Home } from "./home";
import { isObject, parse, publicOf, sign, type Json } from "./jose";
import { must } from "./refuse";
import { nowS, verify } from "./sdjwt";
import type { Text } from "~/words/language";

const PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
const PROOF_TYP = "openid4vci-proof+jwt";

export interface Offer {
  issuer: string;
  kind: string;
  code: string;
  /** How many digits are told apart from it; 0 where none are. */
  digits: number;
}

/** Read what a link or QR code offers: one credential, by a code. */
export function readOffer(link: string): Offer {
  const written = parameter(link, "credential_offer");
  const offer = parse(written);
  must(isObject(offer), "It offers no credential.", "증명서를 주는 코드가 아니에요.");
  const kinds = offer["credential_configuration_ids"];
  const grants = offer["grants"];
  const grant = isObject(grants) ? grants[PRE_AUTHORIZED] : undefined;
  const code = isObject(grant) ? grant["pre-authorized_code"] : undefined;
  const issuer = offer["credential_issuer"];
  must(
    Array.isArray(kinds) && typeof kinds[0] === "string" && typeof code === "string",
    "It offers no credential.",
    "증명서를 주는 코드가 아니에요.",
  );
  must(typeof issuer === "string", "It does not say who offers.", "누가 주는지 없어요.");
  const told = isObject(grant) ? grant["tx_code"] : undefined;
  const length = isObject(told) ? told["length"] : 0;
  return { issuer, kind: kinds[0], code, digits: typeof length === "number" ? length : 6 };
}

/** A parameter of a wallet's link, of whatever scheme; or of one that leads to this page. */
export function parameter(link: string, name: string): string {
  const text = link.trim();
  const query = text.slice(Math.max(text.indexOf("?"), text.indexOf("#")) + 1);
  const value = new URLSearchParams(query).get(name);
  must(value !== null, "This code is for something else.", "다른 데 쓰는 코드예요.");
  return value;
}

/** Fetch what was offered, check it, and keep it. */
export async function fetchOffered(link: string, pin: string, person: string): Promise<Card> {
  const offer = readOffer(link);
  const home = await askHome();
  must(
    offer.issuer === home.issuer["credential_issuer"],
    `${offer.issuer} is not this city: take it with a wallet app.`,
    `${offer.issuer}는 이 도시가 아니에요. 지갑 앱으로 받으세요.`,
  );
  const server = await askObject("/.well-known/oauth-authorization-server");
  const redeemed = await askObject(
    here(home, server["token_endpoint"]),
    form({
      grant_type: PRE_AUTHORIZED,
      "pre-authorized_code": offer.code,
      ...(offer.digits ? { tx_code: pin } : {}),
    }),
  );
  const token = redeemed["access_token"];
  must(typeof token === "string", "The city gave no token.", "도시가 토큰을 주지 않았어요.");
  const how = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(how, false, ["sign", "verify"]);
  const text = await request(home, offer, token, pair);
  const kept = await verify(text, keysOf(home));
  const jwk = publicOf(await crypto.subtle.exportKey("jwk", pair.publicKey));
  const isMine = JSON.stringify(kept.holder) === JSON.stringify(jwk);
  must(isMine, "It is bound to another key.", "다른 열쇠에 묶인 증명서예요.");
  const { title, names } = calledBy(home, offer.kind);
  const gotAt = new Date().toISOString();
  const card = { id: newKey(), person, text, key: pair.privateKey, title, names, gotAt };
  await keepCard(card);
  return card;
}

/** Prove that the key is in this browser, and get the credential for it (section 8). */
async function request(home: Home, offer: Offer, token: string, pair: CryptoKeyPair) {
  const nonces = await askObject(here(home, home.issuer["nonce_endpoint"]), { method: "POST" });
  const jwk = publicOf(await crypto.subtle.exportKey("jwk", pair.publicKey));
  const claims = { aud: offer.issuer, iat: nowS(), nonce: nonces["c_nonce"] };
  const proof = await sign(pair.privateKey, PROOF_TYP, claims, { jwk });
  const answered = await askObject(here(home, home.issuer["credential_endpoint"]), {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      credential_configuration_id: offer.kind,
      proofs: { jwt: [proof] },
    }),
  });
  const [first] = Array.isArray(answered["credentials"]) ? (answered["credentials"] as unknown[]) : []; // prettier-ignore
  const text = isObject(first) ? first["credential"] : undefined;
  must(typeof text === "string", "The city gave no credential.", "도시가 증명서를 주지 않았어요.");
  return text;
}

/** How the issuer calls a kind of credential and what it says, in both languages. */
export function calledBy(home: Home, kind: string): Pick<Card, "title" | "names"> {
  const all = home.issuer["credential_configurations_supported"];
  const one = isObject(all) ? all[kind] : undefined;
  const metadata = isObject(one) ? one["credential_metadata"] : undefined;
  const claims = isObject(metadata) ? metadata["claims"] : undefined;
  const names: Record<string, Text> = {};
  for (const claim of Array.isArray(claims) ? (claims as unknown[]).filter(isObject) : []) {
    const path = claim["path"];
    const name = Array.isArray(path) ? String(path[0]) : "";
    names[name] = inBoth(claim, name);
  }
  return { title: inBoth(isObject(metadata) ? metadata : {}, kind), names };
}

function inBoth(document: Json, otherwise: string): Text {
  const listed = document["display"];
  const display = Array.isArray(listed) ? (listed as unknown[]).filter(isObject) : [];
  const of = (locale: string) => {
    const name = display.find((one) => one["locale"] === locale)?.["name"];
    return typeof name === "string" ? name : otherwise;
  };
  return { ko: of("ko"), en: of("en") };
}
