/**
 * The portal without a net: keeps the shell and what was loaded, and answers from it when the city
 * does not. Fresh answers always come first. What is about one person lies apart and is thrown away
 * when they leave; a statement, the log of reads and anything of staff are not kept at all.
 */
const SHELL = "hapgang-shell-1";
const OPEN = "hapgang-open-1";
const MINE = "hapgang-mine-1";
const KEPT_AT = "hapgang-kept-at";
const WISH = "hapgang-keep"; // a request of a person's own pages says so
const MOST = { [SHELL]: 160, [OPEN]: 80, [MINE]: 40 };
const PATIENCE_MS = 4_000; // with a slow net; then the kept page comes up
const LONGEST_MS = 24 * 3_600_000; // a person's own answers are not shown when they are older

const NEVER =
  /^\/api\/(live|me\/(transfers|access|registration|attestations|sessions|passkeys)|runs\/[^/]+\/playback\/)/;
const FOR_ALL = /^\/api\/(city|services|scene|runs|weather|identities|kpis)(\/|$)/;
// Nor what a wallet looks up: a list of yesterday would hide that a credential was revoked.
const NO_PAGE = /^\/(docs|openapi\.json|health|metrics|api|ngsi-ld|identity|\.well-known)(\/|$)/;

let visits = 0; // counts who has left: what they still wait for is not kept

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((shelf) => shelf.addAll(["/", "/mark.svg", "/app.webmanifest"]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const ours = new Set([SHELL, OPEN, MINE]);
  const tidy = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("hapgang-") && !ours.has(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("message", (event) => {
  if (event.data === "forget") {
    visits += 1;
    event.waitUntil(caches.delete(MINE));
  } else if (Array.isArray(event.data?.keep)) {
    event.waitUntil(keepLoaded(event.data.keep));
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (!NO_PAGE.test(pathname)) event.respondWith(page(event));
  } else if (!pathname.startsWith("/api/")) {
    if (!NO_PAGE.test(pathname) && pathname !== "/sw.js") event.respondWith(asset(event));
  } else {
    const shelf = shelfOf(request, pathname);
    if (shelf) event.respondWith(answer(event, shelf));
  }
});

function shelfOf(request, pathname) {
  if (NEVER.test(pathname)) return null;
  if (FOR_ALL.test(pathname) || !request.headers.has("authorization")) return OPEN;
  return request.headers.has(WISH) ? MINE : null;
}

/** Every page is the same file: fresh if it comes soon, else as it was. */
async function page(event) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const fresh = await fetch(event.request, { signal: stop.signal });
    if (fresh.ok) event.waitUntil(keep(SHELL, "/", fresh.clone()));
    return fresh;
  } catch {
    return (await caches.match("/", { cacheName: SHELL })) ?? fetch(event.request);
  } finally {
    clearTimeout(timer);
  }
}

/** Assets have their content in their name: what was kept is right for ever. */
async function asset(event) {
  const kept = await caches.match(event.request, { cacheName: SHELL, ignoreVary: true });
  if (kept) return kept;
  const fresh = await fetch(event.request);
  if (fresh.ok) event.waitUntil(keep(SHELL, event.request, fresh.clone()));
  return fresh;
}

async function answer(event, name) {
  const began = visits;
  try {
    const fresh = await fetch(event.request);
    if (fresh.ok) {
      const copy = fresh.clone();
      event.waitUntil(
        stamped(copy).then((dated) => {
          if (name === OPEN || began === visits) return keep(name, event.request, dated);
        }),
      );
    }
    return fresh;
  } catch (error) {
    const kept = await caches.match(event.request, { cacheName: name, ignoreVary: true });
    const age_ms = Date.now() - Date.parse(kept?.headers.get(KEPT_AT) ?? "");
    if (kept && (name === OPEN || age_ms < LONGEST_MS)) return kept;
    throw error;
  }
}

/** The same answer, with the time at which it was given. */
async function stamped(response) {
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  headers.delete("content-encoding"); // the body has been unpacked
  headers.delete("content-length");
  return new Response(await response.blob(), { status: response.status, headers });
}

async function keep(name, request, response) {
  const shelf = await caches.open(name);
  await shelf.put(request, response);
  const kept = await shelf.keys();
  const pages = name === SHELL ? "/" : null; // the page itself always stays
  const spare = kept.filter(({ url }) => new URL(url).pathname !== pages);
  await Promise.all(
    spare.slice(0, Math.max(0, spare.length - MOST[name])).map((one) => shelf.delete(one)),
  );
}

/** What the page had loaded before this worker was there. */
async function keepLoaded(paths) {
  const shelf = await caches.open(SHELL);
  for (const path of paths.slice(0, MOST[SHELL])) {
    if (typeof path !== "string" || !path.startsWith("/assets/")) continue;
    if (await shelf.match(path, { ignoreVary: true })) continue;
    const response = await fetch(path, { cache: "force-cache" }).catch(() => null);
    if (response?.ok) await keep(SHELL, path, response);
  }
}
