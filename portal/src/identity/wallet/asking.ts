/** OpenID4VP 1.0 in the browser: reading a question, seeing who asks, and answering it. */
import { newKey } from "~/api/client";
import { choose, parseQuery, type Choice } from "./dcql";
import { askHome, askObject, exchange, form, here, keysOf, type Home } from "./home";
import { parameter } from "./issuing";
import { opened, peek, type Json } from "./jose";
import { must } from "./refuse";
import { checkTimes, nowS, present, verify, type Kept } from "./sdjwt";
import { noteShowing, type Card, type Showing } from "./store";

const REQUEST_TYP = "oauth-authz-req+jwt";
const PREFIX = "decentralized_identifier:";

/** A question whose signature holds, and what would answer it. */
export interface Question {
  home: Home;
  /** The did:web of who asks; its key signed the question. */
  whom: string;
  request: Json;
  /** What would be shown, by the asked credential's id; null where nothing here answers. */
  answer: ReadonlyMap<string, Choice> | null;
  cards: ReadonlyMap<string, Card>;
  kept: ReadonlyMap<string, Kept>;
}

export async function readQuestion(link: string, cards: readonly Card[]): Promise<Question> {
  const client = parameter(link, "client_id");
  const home = await askHome();
  const text = await exchange(here(home, parameter(link, "request_uri")));
  must(client.startsWith(PREFIX), "Who asks cannot be checked.", "누가 묻는지 확인할 수 없어요.");
  const whom = client.slice(PREFIX.length);
  const kid = peek(text).header["kid"];
  const key = await keysOf(home)(whom, typeof kid === "string" ? kid : undefined);
  const { claims } = await opened(text, key, REQUEST_TYP);
  checkTimes(claims, nowS());
  must(claims["client_id"] === client, "It is somebody else's.", "다른 이의 질문이에요.");
  const isKnown = claims["response_type"] === "vp_token" && claims["response_mode"] === "direct_post"; // prettier-ignore
  must(isKnown, "It wants another kind of answer.", "다른 방식의 답을 원해요.");
  here(home, claims["response_uri"]); // refused before anybody is asked to agree
  const held = await readable(cards, home);
  const answer = choose(parseQuery(claims["dcql_query"]), held);
  const byId = new Map(cards.map((card) => [card.id, card]));
  return { home, whom, request: claims, answer, cards: byId, kept: held };
}

/** Those that are still what they were when they came; one that has expired answers nothing. */
export async function readable(cards: readonly Card[], home: Home): Promise<Map<string, Kept>> {
  const held = new Map<string, Kept>();
  for (const { id, text } of cards) {
    const kept = await verify(text, keysOf(home)).catch(() => null);
    if (kept) held.set(id, kept);
  }
  return held;
}

/** Tell what was agreed to, and note it here; where one is sent on to, if anywhere. */
export async function agree(question: Question, person: string): Promise<string | null> {
  const { request, answer, cards, home } = question;
  must(answer !== null, "Nothing here answers it.", "답할 증명서가 없어요.");
  const { client_id: audience, nonce, state } = request;
  must(
    typeof audience === "string" && typeof nonce === "string" && typeof state === "string",
    "The question is not whole.",
    "질문이 온전하지 않아요.",
  );
  const shown: Record<string, string[]> = {};
  for (const [id, { held, told }] of answer) {
    const card = cards.get(held);
    must(card !== undefined, "It is no longer here.", "이제 여기에 없어요.");
    shown[id] = [await present(card.text, told, card.key, { audience, nonce })];
  }
  const fields = { vp_token: JSON.stringify(shown), state };
  const answered = await askObject(here(home, request["response_uri"]), form(fields));
  await noteShowing(noted(question, person, true));
  const next = answered["redirect_uri"];
  return typeof next === "string" ? hereWithFragment(home, next) : null;
}

export async function decline(question: Question, person: string): Promise<void> {
  const state = String(question.request["state"]);
  await exchange(
    here(question.home, question.request["response_uri"]),
    form({ error: "access_denied", state }),
  ).catch(() => undefined); // that the person said no is refused as an answer, and counts
  await noteShowing(noted(question, person, false));
}

const hereWithFragment = (home: Home, address: string): string =>
  here(home, address) + new URL(address, location.origin).hash;

function noted(
  { answer, cards, whom, request, home }: Question,
  person: string,
  agreed: boolean,
): Showing {
  const told = [...(answer ?? [])].flatMap(([, { held, values }]) => {
    const card = cards.get(held);
    return values.map(([path, value]) => {
      const first = String(path[0]);
      const name = card?.names[first] ?? { ko: first, en: first };
      return { title: card?.title ?? name, name, path, value };
    });
  });
  const at = new Date().toISOString();
  const purpose = purposeOf(request);
  const isOurs = whom === home.did;
  return { id: newKey(), person, at, whom, isOurs, purpose, agreed, told: agreed ? told : [] };
}

/** What it is for, in the asker's words; null where they do not say. */
export function purposeOf(request: Json): Showing["purpose"] {
  const said = request["purpose"];
  if (typeof said === "string") return { ko: said, en: said };
  if (typeof said !== "object" || said === null) return null;
  const { ko, en } = said as { ko?: unknown; en?: unknown };
  return typeof ko === "string" && typeof en === "string" ? { ko, en } : null;
}
