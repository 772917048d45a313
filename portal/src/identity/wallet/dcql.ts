/** DCQL (OpenID4VP 1.0, section 6): what is asked to be shown, and the least that answers it. */
import { isObject, type Json } from "./jose";
import { must } from "./refuse";
import { TYP, type Kept } from "./sdjwt";
import type { Path } from "./disclosures";

type Step = string | number | null;

export interface AskedClaim {
  id: string | null;
  path: readonly Step[];
  /** Only one of these will do; null where any will. */
  values: readonly unknown[] | null;
}

export interface AskedCredential {
  id: string;
  vcts: readonly string[];
  options: readonly (readonly AskedClaim[])[];
}

export interface Query {
  credentials: readonly AskedCredential[];
  /** Of each, one of these combinations is needed. */
  sets: readonly (readonly (readonly string[])[])[];
}

/** A value that is told, and where it stands in the credential. */
export type Told = readonly [path: Path, value: unknown];

export interface Choice {
  held: string;
  told: readonly string[];
  values: readonly Told[];
}

const MOST = 32;
const MOST_COMBINATIONS = 64;

export function parseQuery(document: unknown): Query {
  const credentials = listIn(document, "credentials").map(credentialOf);
  const names = new Set(credentials.map(({ id }) => id));
  must(names.size === credentials.length, "An id stands twice.", "같은 번호가 두 번 나와요.");
  const sets = isObject(document) && "credential_sets" in document ? listIn(document, "credential_sets") : []; // prettier-ignore
  return { credentials, sets: sets.flatMap((one) => setOf(one, names)) };
}

function setOf(document: unknown, names: ReadonlySet<string>): (readonly string[])[][] {
  const options = listIn(document, "options").map((one) => textsOf(one));
  const isKnown = options.every((one) => one.length > 0 && one.every((name) => names.has(name)));
  must(isKnown, "An option names what is not asked for.", "없는 증명서를 가리켜요.");
  return isObject(document) && document["required"] === false ? [] : [options];
}

function credentialOf(document: unknown): AskedCredential {
  must(
    isObject(document) && document["format"] === TYP,
    "Its format is not known.",
    "모르는 형식이에요.",
  );
  const { id, meta, multiple } = document;
  must(typeof id === "string" && id !== "" && multiple !== true, "It asks for several at once.", "여러 개를 한꺼번에 요청해요."); // prettier-ignore
  const claims = "claims" in document ? listIn(document, "claims").map(claimOf) : [];
  const vcts = textsOf(isObject(meta) ? meta["vct_values"] : []);
  if (!("claim_sets" in document)) return { id, vcts, options: [claims] };
  const options = listIn(document, "claim_sets").map((set) =>
    textsOf(set).map((name) => {
      const claim = claims.find((one) => one.id === name);
      must(claim !== undefined, "A set names no claim.", "없는 항목을 가리켜요.");
      return claim;
    }),
  );
  return { id, vcts, options };
}

function claimOf(document: unknown): AskedClaim {
  const path = listIn(document, "path");
  const isPath = (path as Step[]).every(
    (step) => step === null || typeof step === "string" || (Number.isSafeInteger(step) && step >= 0), // prettier-ignore
  );
  must(isPath && isObject(document), "A path is not in order.", "경로가 바르지 않아요.");
  const { id } = document;
  const values = "values" in document ? listIn(document, "values") : null;
  return { id: typeof id === "string" ? id : null, path: path as Step[], values };
}

function listIn(document: unknown, name: string): unknown[] {
  const value = isObject(document) ? document[name] : undefined;
  const isWell = Array.isArray(value) && value.length > 0 && value.length <= MOST;
  must(isWell, `It needs a list “${name}”.`, `${name} 목록이 필요해요.`);
  return value;
}

function textsOf(value: unknown): string[] {
  const isWell = Array.isArray(value) && value.every((one) => typeof one === "string");
  must(isWell && value.length <= MOST, "It is no list of texts.", "글 목록이 아니에요.");
  return value;
}

/** What a path leads to (7.1): null is every element of a list. */
export function found(claims: Json, path: readonly Step[]): Told[] {
  let at: Told[] = [[[], claims]];
  for (const step of path) {
    at = at.flatMap(([here, value]): Told[] => {
      if (step === null) {
        return Array.isArray(value)
          ? value.map((part, place): Told => [[...here, place], part])
          : [];
      }
      if (typeof step === "number") {
        return Array.isArray(value) && step < value.length ? [[[...here, step], value[step]]] : [];
      }
      return isObject(value) && Object.hasOwn(value, step) ? [[[...here, step], value[step]]] : [];
    });
  }
  return at;
}

/** What answers a query with the fewest disclosures; null where what is held does not answer it. */
export function choose(query: Query, held: ReadonlyMap<string, Kept>): Map<string, Choice> | null {
  const best = new Map<string, Choice>();
  for (const asked of query.credentials) {
    const choices = [...held].flatMap(([name, kept]) => least(asked, name, kept) ?? []);
    const [first] = choices.sort((one, other) => one.told.length - other.told.length);
    if (first) best.set(asked.id, first);
  }
  const enough = combinations(query).filter((names) => names.every((name) => best.has(name)));
  const cost = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + (best.get(name)?.told.length ?? 0), 0);
  const [names] = enough.sort((one, other) => cost(one) - cost(other) || one.length - other.length);
  return names ? new Map([...best].filter(([name]) => names.includes(name))) : null;
}

function combinations({ credentials, sets }: Query): string[][] {
  if (sets.length === 0) return [credentials.map(({ id }) => id)];
  const all = sets.reduce<string[][]>(
    (before, options) => {
      const after = before.flatMap((names) =>
        options.map((one) => [...new Set([...names, ...one])]),
      );
      must(after.length <= MOST_COMBINATIONS, "It has too many ways.", "조합이 너무 많아요.");
      return after;
    },
    [[]],
  );
  return all;
}

function least(asked: AskedCredential, held: string, kept: Kept): Choice | null {
  if (!asked.vcts.includes(kept.vct)) return null;
  const enough = asked.options.flatMap((option) => toldBy(option, held, kept) ?? []);
  return enough.sort((one, other) => one.told.length - other.told.length)[0] ?? null;
}

function toldBy(option: readonly AskedClaim[], held: string, kept: Kept): Choice | null {
  const told = new Set<string>();
  const values: Told[] = [];
  for (const claim of option) {
    const answers = found(kept.revealed.claims, claim.path).filter(
      ([, value]) => claim.values === null || claim.values.includes(value),
    );
    const needs = answers.map((one) => ({ one, needed: within(kept, one[0], claim.path) }));
    const [first] = needs.sort((a, b) => a.needed.length - b.needed.length);
    if (!first) return null;
    const isOneEnough = claim.values !== null || !claim.path.includes(null);
    for (const { one, needed } of isOneEnough ? [first] : needs) {
      values.push(one);
      for (const each of needed) told.add(each);
    }
  }
  return { held, told: [...told], values };
}

/**
 * What it takes to show a value with all that is in it. What is asked for by its place in a list has
 * to stand at that place when it is shown, so all before it is told, too.
 */
function within({ revealed }: Kept, path: Path, asked: readonly Step[]): string[] {
  const needed = new Set<string>();
  const start = JSON.stringify(path).slice(0, -1);
  for (const [at, needs] of revealed.needs) {
    const isInside = at === `${start}]` || at.startsWith(`${start},`);
    if (isInside) for (const each of needs) needed.add(each);
  }
  for (const [depth, step] of asked.entries()) {
    for (let place = 0; typeof step === "number" && place < step; place += 1) {
      const before = revealed.needs.get(JSON.stringify([...path.slice(0, depth), place]));
      for (const each of before ?? []) needed.add(each);
    }
  }
  return [...needed];
}
