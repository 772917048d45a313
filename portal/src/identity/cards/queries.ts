/** What is kept here, and what the city says of it; the browser looks up by itself what stands. */
import { queryOptions } from "@tanstack/react-query";
import { issuedCredentials, makeOffer, type CredentialKind, type IssuedCredential } from "../api";
import { askHome, exchange, here, keysOf } from "../wallet/home";
import { fetchOffered } from "../wallet/issuing";
import { peek } from "../wallet/jose";
import { nowS, verify, type Kept } from "../wallet/sdjwt";
import { placeOf, standing, type Place, type Standing } from "../wallet/status";
import { keepCard, listCards, listShowings, type Card } from "../wallet/store";

export const cardsQuery = (person: string) =>
  queryOptions({
    queryKey: ["me", "wallet-cards", person],
    queryFn: () => listCards(person),
    staleTime: 0,
  });

export const showingsQuery = (person: string) =>
  queryOptions({
    queryKey: ["me", "wallet-showings", person],
    queryFn: () => listShowings(person),
    staleTime: 0,
  });

export interface Found {
  kept: Kept | null;
  standing: Standing | "over";
}

/** Whether a credential still stands, by the whole status list and the issuer's key. */
export const standingQuery = (card: Card) =>
  queryOptions({
    queryKey: ["me", "wallet-standing", card.id],
    queryFn: () => lookUp(card),
    staleTime: 0,
    refetchInterval: 60_000,
  });

export async function lookUp({ text }: Card): Promise<Found> {
  const home = await askHome();
  const keyOf = keysOf(home);
  const end = endOf(text);
  const kept = await verify(text, keyOf, Math.min(nowS(), end));
  if (end <= nowS()) return { kept, standing: "over" };
  const place = placeOf(kept.revealed.claims);
  if (!place) return { kept, standing: "valid" };
  const list = await exchange(here(home, place.address), {
    headers: { Accept: "application/statuslist+jwt" },
  });
  return { kept, standing: await standing(list, place, kept.issuer, keyOf) };
}

/** When it ends, before anybody checked it: only what it says can be shown of what is over. */
function endOf(text: string): number {
  const { exp } = peek(text.split("~")[0]).claims;
  return typeof exp === "number" ? exp : Number.POSITIVE_INFINITY;
}

/** Get what the city itself offers to whom it knows: offer and digits stay in this page. */
export async function getHere(
  kind: CredentialKind,
  person: string,
  attested?: string,
): Promise<Card> {
  const { offer_link, pin } = await makeOffer(kind, attested);
  return named(await fetchOffered(offer_link, pin, person));
}

export const getByCode = async (link: string, pin: string, person: string): Promise<Card> =>
  named(await fetchOffered(link, pin, person));

/** Note by which name the city knows it: whoever has its place on the status list. */
async function named(card: Card): Promise<Card> {
  const place = placeOf(peek(card.text.split("~")[0]).claims);
  const found = place && (await issuedCredentials()).find((one) => standsAt(one, place));
  const whole: Card = found ? { ...card, issued: found.id } : card;
  await keepCard(whole);
  return whole;
}

const standsAt = (one: IssuedCredential, { index, address }: Place): boolean =>
  one.status_place === index && address.endsWith(`/${one.status_list}`);
