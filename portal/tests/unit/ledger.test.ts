import { beforeAll, describe, expect, it, vi } from "vitest";
import { fromBase64, hashOf, joined, sha256, toHex, utf8, type Bytes } from "~/ledger/bytes";
import { canonical } from "~/ledger/canonical";
import { leafHash, nodeHash, peaksOf, rootOver } from "~/ledger/tree";
import { verifyGrowth, verifyReceipt, type Verdict } from "~/ledger/verify";

// The eight leaves of the Certificate Transparency project's reference tests, and their root
// (transparency-dev/merkle, testonly/constants.go).
const LEAVES = [
  "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
].map((hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))); // prettier-ignore
const ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";

const NAME = "hapgang/test";
const base64 = (bytes: Bytes) => btoa(String.fromCharCode(...bytes));
const half = (count: number) => 2 ** Math.floor(Math.log2(count - 1));

async function rootOf(leaves: readonly Bytes[]): Promise<Bytes> {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return first;
  const at = half(leaves.length);
  return nodeHash(await rootOf(leaves.slice(0, at)), await rootOf(leaves.slice(at)));
}

/** RFC 9162, 2.1.3.1. */
async function pathOf(index: number, leaves: readonly Bytes[]): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const at = half(leaves.length);
  const [left, right] = [leaves.slice(0, at), leaves.slice(at)];
  return index < at
    ? [...(await pathOf(index, left)), await rootOf(right)]
    : [...(await pathOf(index - at, right)), await rootOf(left)];
}

/** RFC 9162, 2.1.4.1. */
async function proofOf(m: number, leaves: readonly Bytes[], isWhole = true): Promise<Bytes[]> {
  if (m === leaves.length) return isWhole ? [] : [await rootOf(leaves)];
  const at = half(leaves.length);
  const [left, right] = [leaves.slice(0, at), leaves.slice(at)];
  return m <= at
    ? [...(await proofOf(m, left, isWhole)), await rootOf(right)]
    : [...(await proofOf(m - at, right, false)), await rootOf(left)];
}

async function signerOf(name: string) {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("no pair");
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const blob = joined(Uint8Array.of(1), raw);
  const id = (await sha256(utf8(`${name}\n`), blob)).slice(0, 4);
  const note = async (leaves: readonly Bytes[]) => {
    const text = `${name}\n${leaves.length}\n${base64(await rootOf(leaves))}\n`;
    const value = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, utf8(text)));
    return `${text}\n— witness AAAAAAAA\n— ${name} ${base64(joined(id, value))}\n`;
  };
  return { key: `${name}+${toHex(id)}+${base64(blob)}`, note };
}

const FACT = { kind: "transfer", id: "t1", amount_won: 1_000, memo: "점심 🍜", until: null };
const SALT = "ab".repeat(32);

async function logOf(count: number, at: number, fact: unknown = FACT) {
  const mine = await leafHash(await sha256(hashOf(SALT), utf8(canonical(fact))));
  const others = Array.from({ length: count }, (_, n) => leafHash(utf8(String(n))));
  return (await Promise.all(others)).map((leaf, n) => (n === at ? mine : leaf));
}

let signer: Awaited<ReturnType<typeof signerOf>>;
let leaves: Bytes[];
let receipt: Record<string, unknown>;

beforeAll(async () => {
  signer = await signerOf(NAME);
  leaves = await logOf(11, 6);
  const path = (await pathOf(6, leaves)).map(toHex);
  const checkpoint = await signer.note(leaves);
  receipt = { fact: FACT, salt: SALT, index: 6, size: 11, path, checkpoint };
});

const failed = ({ steps }: Verdict) => steps.find(({ state }) => state !== "held")?.name;

describe("the tree", () => {
  it("has the published root, over each of its leaves", async () => {
    const hashed = await Promise.all(LEAVES.map(leafHash));
    expect(toHex(await rootOf(hashed))).toBe(ROOT);
    for (const [at, leaf] of hashed.entries()) {
      const path = await pathOf(at, hashed);
      expect(toHex(await rootOver(leaf, BigInt(at), 8n, path))).toBe(ROOT);
    }
  });

  it("stands on whole subtrees", () => {
    expect(peaksOf(1_300n)).toEqual([1_024n, 256n, 16n, 4n]);
    expect(peaksOf(0n)).toEqual([]);
  });
});

describe("a receipt", () => {
  it("proves its fact, as an object and as text", async () => {
    for (const given of [receipt, JSON.stringify(receipt, null, 2)]) {
      const verdict = await verifyReceipt(given, ` ${signer.key}\n`);
      expect(verdict).toMatchObject({ outcome: "proved", fact: FACT, place: { index: 6 } });
    }
  });

  it.each<[string, unknown, string]>([
    ["fact", { ...FACT, amount_won: 1_001 }, "path"],
    ["fact", { ...FACT, amount_won: 0.5 }, "fact"],
    ["fact", { ...FACT, memo: "\ud800" }, "fact"],
    ["fact", { id: "t1" }, "form"],
    ["salt", "ac".repeat(32), "path"],
    ["salt", "AB".repeat(32), "form"],
    ["index", 5, "path"],
    ["index", 11, "form"],
    ["size", 10, "form"],
    ["path", [], "path"],
    ["path", "abc", "form"],
    ["checkpoint", "no note", "form"],
  ])("with another %s, %j, fails", async (member, value, where) => {
    const verdict = await verifyReceipt({ ...receipt, [member]: value }, signer.key);
    expect(verdict.outcome).toBe("failed");
    expect(failed(verdict)).toBe(where);
  });

  it("of another's log, or whose note was changed, fails at the signature", async () => {
    const other = await signerOf(NAME);
    expect(failed(await verifyReceipt(receipt, other.key))).toBe("signature");
    const third = await signerOf("hapgang/elsewhere");
    expect(failed(await verifyReceipt(receipt, third.key))).toBe("signature");
    const wrong = signer.key.replace(/\+[0-9a-f]{8}\+/, "+00000000+");
    expect(failed(await verifyReceipt(receipt, wrong))).toBe("signature");
  });

  it("is not called proved where the signature cannot be checked", async () => {
    const without = await verifyReceipt(receipt, "");
    expect(without.outcome).toBe("partly");
    const subtle = { digest: crypto.subtle.digest.bind(crypto.subtle), importKey: refuse };
    vi.stubGlobal("crypto", { subtle });
    const old = await verifyReceipt(receipt, signer.key);
    vi.unstubAllGlobals();
    expect(old.outcome).toBe("partly");
    expect(old.steps.map(({ state }) => state)).toEqual(["held", "held", "held", "held", "unable"]);
  });
});

function refuse(): never {
  throw new DOMException("no Ed25519 here", "NotSupportedError");
}

describe("growth", () => {
  it("is proved from every size to every later one", async () => {
    for (let from = 1; from <= leaves.length; from += 1) {
      const given = {
        from: await signer.note(leaves.slice(0, from)),
        to: receipt["checkpoint"],
        path: (await proofOf(from, leaves)).map(toHex),
      };
      expect((await verifyGrowth(given, signer.key)).outcome, `from ${from}`).toBe("proved");
      const cut = { ...given, path: given.path.slice(1) };
      if (from < leaves.length) {
        expect((await verifyGrowth(cut, signer.key)).outcome).toBe("failed");
      }
    }
  });

  it("does not hold for a log that was rewritten, cut or forked", async () => {
    const rewritten = await logOf(11, 6, { ...FACT, amount_won: 9 });
    const path = (await proofOf(7, leaves)).map(toHex);
    const [to, from] = [receipt["checkpoint"], await signer.note(rewritten.slice(0, 7))];
    expect(failed(await verifyGrowth({ from, to, path }, signer.key))).toBe("growth");
    expect(failed(await verifyGrowth({ from: to, to: from, path }, signer.key))).toBe("growth");
    const fork = await signer.note(rewritten);
    const forked = await verifyGrowth({ from: fork, to, path: [] }, signer.key);
    expect(forked.steps.at(-1)?.why?.en).toContain("forked");
  });
});

describe("the forms", () => {
  it("order members by code point and escape what JSON must", () => {
    const fact = { "\uffee": 1, "😀": 2, a: '"\\\n\u0001é', b: [true, null, -0] };
    expect(canonical(fact)).toBe('{"a":"\\"\\\\\\n\\u0001é","b":[true,null,0],"\uffee":1,"😀":2}');
  });

  it("take base64 in one way of writing only", () => {
    expect(toHex(fromBase64("AA=="))).toBe("00");
    for (const wrong of ["AB==", "AA", "A A=", "===="]) {
      expect(() => fromBase64(wrong)).toThrow();
    }
  });
});
