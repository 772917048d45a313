/**
 * What the wallet keeps, in this browser only (IndexedDB): credentials with keys that cannot be
 * taken out of it, and what was shown to whom.
 */
import { refusal } from "./refuse";
import type { Text } from "~/words/language";

export interface Card {
  id: string;
  /** Whose it is: on a shared device each sees their own. */
  person: string;
  text: string;
  key: CryptoKey;
  title: Text;
  /** How the issuer calls what it says, by the name of each. */
  names: Readonly<Record<string, Text>>;
  gotAt: string;
  /** By which name the city knows it. */
  issued?: string;
}

export interface Showing {
  id: string;
  person: string;
  at: string;
  whom: string;
  /** Whether that is the city itself. */
  isOurs: boolean;
  purpose: Text | null;
  agreed: boolean;
  told: readonly { title: Text; name: Text; path: readonly (string | number)[]; value: unknown }[];
}

const NAME = "hapgang-wallet";
const VERSION = 1;
const MOST_SHOWINGS = 500;
type Store = "cards" | "showings";

export const listCards = (person: string): Promise<Card[]> => listed<Card>("cards", person);

export async function keepCard(card: Card): Promise<void> {
  await navigator.storage.persist().catch(() => false); // else a full disk may empty the wallet
  await change("cards", (store) => store.put(card));
}

export const dropCard = (id: string): Promise<void> => change("cards", (store) => store.delete(id));

export async function listShowings(person: string): Promise<Showing[]> {
  const all = await listed<Showing>("showings", person);
  return all.sort((one, other) => other.at.localeCompare(one.at));
}

export async function noteShowing(showing: Showing): Promise<void> {
  await change("showings", (store) => store.put(showing));
  const spare = (await listShowings(showing.person)).slice(MOST_SHOWINGS);
  for (const { id } of spare) await change("showings", (store) => store.delete(id));
}

export async function dropEverything(person: string): Promise<void> {
  for (const { id } of await listCards(person)) await dropCard(id);
  for (const { id } of await listed<Showing>("showings", person)) {
    await change("showings", (store) => store.delete(id));
  }
}

async function listed<T extends { person: string }>(name: Store, person: string): Promise<T[]> {
  const database = await open();
  try {
    const all = await done(database.transaction(name).objectStore(name).getAll());
    return (all as T[]).filter((one) => one.person === person);
  } finally {
    database.close();
  }
}

async function change(name: Store, doing: (store: IDBObjectStore) => IDBRequest): Promise<void> {
  const database = await open();
  try {
    const transaction = database.transaction(name, "readwrite");
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(cannotKeep());
    });
    doing(transaction.objectStore(name));
    await ended;
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  const opening = indexedDB.open(NAME, VERSION);
  opening.onupgradeneeded = () => {
    for (const name of ["cards", "showings"]) {
      opening.result.createObjectStore(name, { keyPath: "id" });
    }
  };
  return done(opening);
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(cannotKeep());
  });

const cannotKeep = () =>
  refusal(
    "This browser keeps nothing here: leave its private mode, or free some space.",
    "이 브라우저에 저장할 수 없어요. 비공개 모드를 끄거나 저장 공간을 비우세요.",
    { ko: "저장할 수 없어요", en: "Nothing can be kept here" },
  );
