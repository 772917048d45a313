/** Passkeys in the browser (WebAuthn Level 3, 5.1): what the city asks and answers is JSON. */
import { Problem } from "~/api/problem";
import { b64, isObject, unb64, type Json } from "./wallet/jose";
import type { Text } from "~/words/language";

/** Why passkeys do not work here; null where they do. */
export type Hindrance = "insecure" | "address" | "missing" | null;

const IS_NUMBER = /^[\d.]+$|^\[/; // an address of numbers is no domain that a key could be bound to

export function hindrance(): Hindrance {
  if (!globalThis.isSecureContext) return "insecure";
  if (!("PublicKeyCredential" in globalThis)) return "missing";
  return IS_NUMBER.test(location.hostname) ? "address" : null;
}

/** Whether the browser offers passkeys by itself where somebody types. */
export async function canSuggest(): Promise<boolean> {
  if (hindrance()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false; // eslint-disable-line @typescript-eslint/no-unnecessary-condition -- older browsers lack it
}

/** The browser asks for one thing at a time: a suggestion that waits makes room for what is pressed. */
let suggesting: AbortController | null = null;

export function stopSuggesting(): void {
  suggesting?.abort();
  suggesting = null;
}

export async function makePasskey(options: Json): Promise<Json> {
  stopSuggesting();
  const user = options["user"] as Json;
  const publicKey = {
    ...options,
    challenge: unb64(options["challenge"]),
    user: { ...user, id: unb64(user["id"]) },
    excludeCredentials: namedIn(options["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await navigator.credentials.create({ publicKey }).catch(told);
  const { response } = made as PublicKeyCredential & { response: AuthenticatorAttestationResponse };
  return answered(made, {
    attestationObject: read(response.attestationObject),
    ...client(response),
  });
}

/** With `isSuggested`: wait until somebody picks a key where they type, and ask nothing before. */
export async function signByPasskey(options: Json, isSuggested = false): Promise<Json> {
  stopSuggesting();
  const publicKey = {
    ...options,
    challenge: unb64(options["challenge"]),
    allowCredentials: namedIn(options["allowCredentials"]),
  } as PublicKeyCredentialRequestOptions;
  const asked: CredentialRequestOptions = { publicKey };
  if (isSuggested) {
    suggesting = new AbortController();
    Object.assign(asked, { mediation: "conditional", signal: suggesting.signal });
  }
  const found = await navigator.credentials.get(asked).catch(told);
  const { response } = found as PublicKeyCredential & { response: AuthenticatorAssertionResponse };
  return answered(found, {
    authenticatorData: read(response.authenticatorData),
    signature: read(response.signature),
    ...(response.userHandle ? { userHandle: read(response.userHandle) } : {}),
    ...client(response),
  });
}

const read = (bytes: ArrayBuffer): string => b64(new Uint8Array(bytes));

const client = (response: AuthenticatorResponse): Json => ({
  clientDataJSON: read(response.clientDataJSON),
});

function answered(credential: Credential | null, response: Json): Json {
  if (!credential) throw problem("NotAllowedError");
  return { id: credential.id, rawId: credential.id, type: "public-key", response };
}

const namedIn = (listed: unknown): PublicKeyCredentialDescriptor[] =>
  (Array.isArray(listed) ? (listed as unknown[]).filter(isObject) : []).map((one) => ({
    type: "public-key",
    id: unb64(one["id"]),
  }));

/** An aborted wait stays what it is; whatever else a browser throws is told in words. */
function told(error: unknown): never {
  const name = error instanceof Error ? error.name : "";
  if (name === "AbortError") throw error;
  throw problem(name);
}

const NOT_MADE = -4; // not an answer of the city's: the browser or its owner said no

function problem(name: string): Problem {
  const [title, detail] = TOLD[name] ?? OTHERWISE;
  return new Problem(NOT_MADE, title, detail);
}

const OTHERWISE: readonly [Text, Text] = [
  { ko: "패스키를 쓰지 못했어요", en: "The passkey was not used" },
  {
    ko: "다시 해 보거나, 창구에서 받은 코드나 복구 코드로 들어오세요.",
    en: "Try again, or come in with a code from the counter or a recovery code.",
  },
];

const TOLD: Readonly<Record<string, readonly [Text, Text]>> = {
  NotAllowedError: [
    { ko: "패스키 확인이 끝나지 않았어요", en: "The passkey was not confirmed" },
    {
      ko: "취소했거나 시간이 지났어요. 이 기기에 이 도시의 패스키가 없을 수도 있어요.",
      en: "It was cancelled or took too long; or this device has no passkey for this city.",
    },
  ],
  InvalidStateError: [
    { ko: "이 기기에는 이미 패스키가 있어요", en: "This device has a passkey already" },
    {
      ko: "다른 기기에서 하거나, 있는 패스키로 로그인하세요.",
      en: "Use another device, or sign in with the passkey that is here.",
    },
  ],
  SecurityError: [
    { ko: "이 주소에서는 패스키를 쓸 수 없어요", en: "Passkeys do not work at this address" },
    {
      ko: "도시의 원래 주소로 열어 주세요. 패스키는 그 주소에만 묶여 있어요.",
      en: "Open the city at its own address: passkeys are bound to that and no other.",
    },
  ],
};

/** How a device is called until its owner says otherwise. */
export function thisDevice(agent: string = navigator.userAgent): string {
  const first = (known: readonly (readonly [RegExp, string])[]) =>
    known.find(([sign]) => sign.test(agent))?.[1];
  const browser = first([[/Edg\//, "Edge"], [/SamsungBrowser/, "Samsung Internet"], [/Firefox/, "Firefox"], [/Chrome|CriOS/, "Chrome"], [/Safari/, "Safari"]]); // prettier-ignore
  const system = first([[/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android"], [/Windows/, "Windows"], [/Mac OS/, "Mac"], [/Linux/, "Linux"]]); // prettier-ignore
  return [browser, system].filter(Boolean).join(" · ");
}
