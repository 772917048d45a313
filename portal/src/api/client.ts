/** The typed way to the city: one fetch, problems as errors, posts that are safe to repeat. */
import createClient, { type Middleware } from "openapi-fetch";
import { noteAnswer } from "~/api/kept";
import { OFFLINE, problemOf, UNREACHABLE } from "~/api/problem";
import type { paths } from "~/api/schema";
import { currentSession, endSession, isPerson } from "~/api/session";

/** A fresh name for one wish; `crypto.randomUUID` is missing where a city has no certificate. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What a wish is sent with so that it is done once, however often its button is pressed. */
export const once = (key: string) => ({ headers: { "Idempotency-Key": key } });

export function authorization(): Record<string, string> {
  const session = currentSession();
  return session ? { Authorization: `Bearer ${session.token}` } : {};
}

const courtesy: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(authorization())) request.headers.set(name, value);
    if (request.method === "GET" && isPerson(currentSession())) {
      request.headers.set("Hapgang-Keep", "mine"); // for the service worker: a person's own page
    }
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", newKey());
    }
    return request;
  },
  onResponse({ response }) {
    noteAnswer(response);
    if (response.status === 401 && currentSession()) endSession();
  },
};

/** A lost answer is asked for once more: the key makes sure that nothing happens twice. */
async function fetchTwice(request: Request): Promise<Response> {
  const again = request.clone();
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    if (!navigator.onLine) throw OFFLINE;
    return fetch(again).catch(() => Promise.reject(navigator.onLine ? UNREACHABLE : OFFLINE));
  }
}

export const city = createClient<paths>({ fetch: fetchTwice });
city.use(courtesy);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Return what the city answered, or throw the problem that it described. */
export async function answer<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw problemOf(response.status, error);
  return data as T;
}
