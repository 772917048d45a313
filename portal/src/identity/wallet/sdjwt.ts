/** SD-JWT VC in a wallet: checking what was issued, and showing some of it, bound to who asked. */
import { digest, reveal, type Revealed } from "./disclosures";
import { isObject, opened, peek, publicOf, sign, type Json, type PublicKey } from "./jose";
import { must } from "./refuse";

export const TYP = "dc+sd-jwt";
export const BINDING_TYP = "kb+jwt";
const SKEW_S = 60; // assumption: how far clocks of phones and cities are apart
const MOST_DISCLOSURES = 256;

/** Gives the key of an issuer, by its name and the key's (`kid`). */
export type KeyOf = (issuer: string, kid: string | undefined) => Promise<PublicKey>;

export interface Parts {
  signed: string;
  told: readonly string[];
}

export interface Kept {
  vct: string;
  issuer: string;
  holder: PublicKey;
  revealed: Revealed;
}

/** What who asked for a presentation expects of it. */
export interface Asked {
  audience: string;
  nonce: string;
}

export const nowS = (): number => Math.floor(Date.now() / 1_000);

/** A credential as its holder keeps it: without a key binding, which is made anew each time. */
export function split(text: string): Parts {
  const [signed = "", ...told] = text.split("~");
  const isWhole = told.pop() === "" && told.every((one) => one !== "");
  must(isWhole && told.length <= MOST_DISCLOSURES, "It is not a credential.", "증명서가 아니에요.");
  return { signed, told };
}

export const whole = ({ signed, told }: Parts): string => [signed, ...told, ""].join("~");

/** What a credential tells, once its issuer signed it and its time has come and is not over. */
export async function verify(text: string, keyOf: KeyOf, at_s: number = nowS()): Promise<Kept> {
  const { signed, told } = split(text);
  const said = peek(signed);
  const issuer = said.claims["iss"];
  const kid = said.header["kid"];
  must(
    typeof issuer === "string" && (kid === undefined || typeof kid === "string"),
    "It does not say who issued it.",
    "누가 발급했는지 없어요.",
  );
  const { claims } = await opened(signed, await keyOf(issuer, kid), TYP);
  checkTimes(claims, at_s);
  const { vct, cnf } = claims;
  must(typeof vct === "string", "It does not say of what kind it is.", "종류가 없어요.");
  must(isObject(cnf), "It is bound to no key.", "열쇠에 묶이지 않은 증명서예요.");
  const revealed = await reveal(claims, told);
  for (const name of ["iss", "exp", "nbf", "cnf", "vct", "status"]) {
    must(
      name in claims || !(name in revealed.claims),
      `Its ${name} was hidden.`,
      `${name}를 가린 증명서예요.`,
    );
  }
  return { vct, issuer, holder: publicOf(cnf["jwk"]), revealed };
}

/** A credential with these disclosures only, bound to who asked and to now. */
export async function present(
  text: string,
  told: readonly string[],
  key: CryptoKey,
  { audience, nonce }: Asked,
  at_s: number = nowS(),
): Promise<string> {
  const parts = split(text);
  const shown = whole({ ...parts, told: parts.told.filter((one) => told.includes(one)) });
  const claims = { iat: at_s, aud: audience, nonce, sd_hash: await digest(shown) };
  return shown + (await sign(key, BINDING_TYP, claims));
}

export function checkTimes(claims: Json, at_s: number): void {
  for (const name of ["iat", "nbf", "exp"]) {
    const time = claims[name];
    if (time === undefined) continue;
    must(typeof time === "number", `Its ${name} is no time.`, `${name}가 시각이 아니에요.`);
    if (name === "exp") must(time + SKEW_S > at_s, "It has expired.", "기한이 지났어요.");
    else must(time - SKEW_S <= at_s, "It is not valid yet.", "아직 유효하지 않아요.");
  }
}
