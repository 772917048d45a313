/** Claims that are told one by one (RFC 9901, 4 and 7.1): digests in the credential, the rest beside it. */
import { sha256, utf8 } from "~/ledger/bytes";
import { b64, isObject, parse, unb64, type Json } from "./jose";
import { must } from "./refuse";

export type Path = readonly (string | number)[];

export interface Revealed {
  claims: Json;
  /** Which disclosures each value needs, by its path as JSON. */
  needs: ReadonlyMap<string, readonly string[]>;
}

const MOST_DEPTH = 24;
const MOST_DISCLOSURES = 256;

export const digest = async (told: string): Promise<string> => b64(await sha256(utf8(told)));

/** What a disclosure says: salt, name (of a member) and value. */
export function contents(told: string): readonly unknown[] {
  const parts = parse(new TextDecoder().decode(unb64(told)));
  must(
    Array.isArray(parts) && [2, 3].includes(parts.length) && typeof parts[0] === "string",
    "A disclosure is not in order.",
    "공개 항목의 형식이 아니에요.",
  );
  return parts as unknown[];
}

/** The claims that a credential and these disclosures tell: each one named by it, once. */
export async function reveal(payload: Json, told: readonly string[]): Promise<Revealed> {
  const algorithm = payload["_sd_alg"] ?? "sha-256";
  must(algorithm === "sha-256", "Its hash is not known.", "알지 못하는 해시 방식이에요.");
  must(told.length <= MOST_DISCLOSURES, "It tells too much.", "항목이 너무 많아요.");
  const named = await Promise.all(told.map(async (one) => [await digest(one), one] as const));
  const opening = new Opening(new Map(named));
  must(opening.byDigest.size === told.length, "It tells one twice.", "같은 항목이 두 번 나와요.");
  const body = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== "_sd_alg"));
  const claims = opening.object(body, [], []);
  must(
    opening.used.size === told.length,
    "A disclosure does not belong to it.",
    "속하지 않는 항목이 있어요.",
  );
  return { claims, needs: opening.needs };
}

/** One walk through a credential: each digest may be met once, wherever it stands. */
class Opening {
  readonly used = new Set<string>();
  readonly needs = new Map<string, readonly string[]>();
  private readonly met = new Set<string>();

  constructor(readonly byDigest: ReadonlyMap<string, string>) {}

  private of(value: unknown, path: Path, needed: readonly string[]): unknown {
    must(path.length <= MOST_DEPTH, "It is nested too deep.", "너무 깊이 들어 있어요.");
    this.needs.set(JSON.stringify(path), needed);
    if (Array.isArray(value)) return this.list(value, path, needed);
    return isObject(value) ? this.object(value, path, needed) : value;
  }

  object(value: Json, path: Path, needed: readonly string[]): Json {
    must(!("..." in value || "_sd_alg" in value), "A name is reserved.", "쓸 수 없는 이름이에요.");
    const { _sd: hashes = [], ...open } = value;
    must(Array.isArray(hashes), "Its digests are no list.", "다이제스트 목록이 아니에요.");
    const shown = new Map<string, unknown>();
    for (const [name, part] of Object.entries(open)) {
      shown.set(name, this.of(part, [...path, name], needed));
    }
    for (const each of hashes as unknown[]) {
      const told = this.told(each);
      if (told === undefined) continue;
      const [, name, part] = contents(told);
      const isName = typeof name === "string" && !["_sd", "..."].includes(name);
      must(isName && !shown.has(name), "A claim is told twice.", "같은 항목이 두 번 나와요.");
      shown.set(name, this.of(part, [...path, name], [...needed, told]));
    }
    return Object.fromEntries(shown);
  }

  private list(value: readonly unknown[], path: Path, needed: readonly string[]): unknown[] {
    const shown: unknown[] = [];
    for (const part of value) {
      if (!isObject(part) || !("..." in part)) {
        shown.push(this.of(part, [...path, shown.length], needed));
        continue;
      }
      must(Object.keys(part).length === 1, "A digest has company.", "다이제스트 형식이 아니에요.");
      const told = this.told(part["..."]);
      if (told === undefined) continue;
      const parts = contents(told);
      must(parts.length === 2, "A list's disclosure has a name.", "항목에 이름이 있어요.");
      shown.push(this.of(parts[1], [...path, shown.length], [...needed, told]));
    }
    return shown;
  }

  private told(hashed: unknown): string | undefined {
    const isNew = typeof hashed === "string" && !this.met.has(hashed);
    must(isNew, "A digest stands in it twice.", "같은 다이제스트가 두 번 나와요.");
    this.met.add(hashed);
    const told = this.byDigest.get(hashed);
    if (told !== undefined) this.used.add(hashed);
    return told;
  }
}
