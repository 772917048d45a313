/** What a device keeps of a voter: in this browser's own database, or, at a kiosk, nowhere. */
import type { Receipt } from "./receipt";

export interface KeptVoter {
  /** A hash of who is signed in and of the poll: it does not name the person. */
  id: string;
  /** The poll's name. */
  poll: string;
  seed: string;
  /** Null while the right was asked for and the answer is not here yet. */
  token: string | null;
  pseudonym: string;
  /** The last one that was sent. */
  revision: number;
  isStruck: boolean;
  receipt: Receipt | null;
  castAt: string | null;
}

export interface Store {
  place: "device" | "nowhere";
  get: (id: string) => Promise<KeptVoter | null>;
  put: (voter: KeptVoter) => Promise<void>;
  drop: (id: string) => Promise<void>;
}

const [DATABASE, VERSION, VOTERS] = ["hapgang-votes", 1, "voters"] as const;

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, VERSION);
    asked.onupgradeneeded = () => asked.result.createObjectStore(VOTERS, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("no database"));
  });
}

/** Do one thing in a transaction, and wait until it is on disk. */
async function doing<T>(
  mode: IDBTransactionMode,
  work: (voters: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(VOTERS, mode, { durability: "strict" });
      const asked = work(transaction.objectStore(VOTERS));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("not kept"));
    });
  } finally {
    database.close();
  }
}

export const device: Store = {
  place: "device",
  get: async (id) =>
    (await doing("readonly", (voters) => voters.get(id) as IDBRequest<KeptVoter | undefined>)) ??
    null,
  put: async (voter) => {
    await doing("readwrite", (voters) => voters.put(voter));
  },
  drop: (id) => doing("readwrite", (voters) => voters.delete(id)),
};

/** A kiosk forgets with the page. */
export function memory(): Store {
  const voters = new Map<string, KeptVoter>();
  return {
    place: "nowhere",
    get: (id) => Promise.resolve(voters.get(id) ?? null),
    put: (voter) => {
      voters.set(voter.id, voter);
      return Promise.resolve();
    },
    drop: (id) => {
      voters.delete(id);
      return Promise.resolve();
    },
  };
}
