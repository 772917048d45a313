// Checks receipts of a city's log without the city, by the specification in README.md.
// WebCrypto only: a module for browsers, and a program for node 20 or newer:
//   node verify.mjs RECEIPT.json --key KEY [--witness KEY ...]
//   node verify.mjs consistency RECEIPT.json --key KEY [--witness KEY ...]

const subtle = globalThis.crypto?.subtle;
const utf8 = new TextEncoder();
const ED25519 = 1;
const COSIGNATURE = 4;
const HASH = /^[0-9a-f]{64}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const SIZE = /^(0|[1-9][0-9]{0,18})$/;

class NotProved extends Error {
  constructor(en, ko) {
    super(en);
    this.ko = ko;
  }
}

/** Check a receipt (an object, or its JSON text). Never throws: {proved, en, ko, fact?, index?, size?}. */
export async function verifyReceipt(receipt, key, { witnesses = [] } = {}) {
  return answered(async () => {
    const given = members(receipt, ["fact", "salt", "index", "size", "path", "checkpoint"]);
    const keys = await keysOf(key, witnesses);
    const signed = await readCheckpoint(given.checkpoint, keys);
    const index = whole(given.index, "index");
    const size = whole(given.size, "size");
    need(
      BigInt(size) === signed.size && index < size,
      "wrong index or size",
      "번호나 크기가 틀립니다",
    );
    const written = canonical(given.fact);
    need(
      isText(given.fact.kind) && isText(given.fact.id),
      "not a fact: kind and id are missing",
      "kind나 id가 없습니다",
    );
    const commitment = await sha256(fromHex(given.salt), utf8.encode(written));
    const leaf = await sha256(Uint8Array.of(0), commitment);
    const root = await rootOver(leaf, BigInt(index), BigInt(size), hashes(given.path));
    need(
      same(root, signed.root),
      "the signed log does not hold this fact",
      "서명된 원장에 없는 사실입니다",
    );
    return {
      en: `${signed.origin}, ${index} of ${size}: ${written}`,
      ko: `서명된 원장(${size}개)의 ${index}번 사실입니다`,
      fact: given.fact,
      index,
      size,
    };
  });
}

/** Check that one signed checkpoint continues another. Never throws: {proved, forked?, en, ko}. */
export async function verifyConsistency(receipt, key, { witnesses = [] } = {}) {
  return answered(async () => {
    const given = members(receipt, ["from", "to", "path"]);
    const keys = await keysOf(key, witnesses);
    const old = await readCheckpoint(given.from, keys);
    const now = await readCheckpoint(given.to, keys);
    const path = hashes(given.path);
    need(old.size <= now.size, "the log became shorter", "원장이 짧아졌습니다");
    if (old.size === now.size) {
      need(same(old.root, now.root), "FORKED: one size, two signed roots", "원장이 갈라졌습니다");
      need(path.length === 0, "the path is too long", "경로가 너무 깁니다");
    } else if (old.size === 0n) {
      need(
        path.length === 0 && same(old.root, await sha256()),
        "an empty log has no path",
        "빈 원장에는 경로가 없습니다",
      );
    } else {
      const [before, after] = await rootsOver(old, now.size, path);
      const good = same(before, old.root) && same(after, now.root);
      need(good, "the later log does not continue the earlier", "앞의 원장을 잇지 않습니다");
    }
    return {
      en: `${now.origin} with ${now.size} facts continues itself with ${old.size}`,
      ko: `${old.size}개에서 ${now.size}개로 이어집니다`,
    };
  });
}

async function answered(check) {
  try {
    need(
      subtle,
      "this browser has no WebCrypto here (is the page https?)",
      "WebCrypto를 쓸 수 없습니다",
    );
    return { proved: true, ...(await check()) };
  } catch (wrong) {
    if (wrong instanceof NotProved) return { proved: false, en: wrong.message, ko: wrong.ko };
    return { proved: false, en: `malformed: ${wrong?.message}`, ko: "형식이 틀립니다" };
  }
}

function need(good, en, ko) {
  if (!good) throw new NotProved(en, ko);
}

function isText(value) {
  return typeof value === "string" && value.length > 0;
}

function members(receipt, names) {
  const given = typeof receipt === "string" ? JSON.parse(receipt) : receipt;
  const good =
    given !== null &&
    typeof given === "object" &&
    names.every((name) => Object.hasOwn(given, name));
  need(good, `a receipt has ${names.join(", ")}`, "증명서의 항목이 빠졌습니다");
  return given;
}

function whole(value, name) {
  need(
    Number.isSafeInteger(value) && value >= 0,
    `${name} is not a whole number`,
    "정수가 아닙니다",
  );
  return value;
}

// ---- bytes

async function sha256(...parts) {
  return new Uint8Array(await subtle.digest("SHA-256", joined(...parts)));
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function same(left, right) {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function fromHex(text) {
  need(
    isText(text) && HASH.test(text),
    "a hash is 64 hexadecimal digits, small",
    "해시는 16진수 소문자 64자입니다",
  );
  return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
}

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function hashes(path) {
  need(
    Array.isArray(path) && path.length <= 64,
    "the path is not a list of hashes",
    "경로가 아닙니다",
  );
  return path.map(fromHex);
}

function fromBase64(text) {
  const good = BASE64.test(text) && text.length % 4 === 0;
  need(good, `not base64: ${text}`, "base64가 아닙니다");
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

// ---- facts

function byCodePoint(left, right) {
  const [a, b] = [Array.from(left), Array.from(right)]; // not by UTF-16, as sort() would
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const difference = a[at].codePointAt(0) - b[at].codePointAt(0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    const well = !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(
      value,
    );
    need(well, "half of a character stands alone", "깨진 문자가 있습니다");
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    need(
      Number.isSafeInteger(value),
      `${value} is not a whole number below 2^53`,
      "2^53보다 작은 정수가 아닙니다",
    );
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  need(typeof value === "object", "not JSON", "JSON이 아닙니다");
  const names = Object.keys(value).sort(byCodePoint);
  return `{${names.map((name) => `${canonical(name)}:${canonical(value[name])}`).join(",")}}`;
}

// ---- signed notes

async function keysOf(key, witnesses) {
  return Promise.all([
    readKey(key, ED25519),
    ...witnesses.map((each) => readKey(each, COSIGNATURE)),
  ]);
}

async function readKey(text, kind) {
  need(isText(text), "a verifier key is needed", "검증 키가 필요합니다");
  const [name, id, ...rest] = text.split("+");
  const blob = fromBase64(rest.join("+"));
  const hashed = await sha256(utf8.encode(`${name}\n`), blob);
  const good =
    isText(name) && blob.length === 33 && blob[0] === kind && toHex(hashed.subarray(0, 4)) === id;
  need(good, `${text}: not a key of kind ${kind}`, "검증 키가 아닙니다");
  const imported = await subtle
    .importKey("raw", blob.subarray(1), { name: "Ed25519" }, false, ["verify"])
    .catch(() => null);
  need(imported, "no key, or no Ed25519 in this browser", "키가 아니거나 Ed25519를 쓸 수 없습니다");
  return { name, id, kind, imported };
}

async function readCheckpoint(note, keys) {
  need(isText(note), "the checkpoint is not a note", "체크포인트가 아닙니다");
  const gap = note.lastIndexOf("\n\n");
  need(gap >= 0, "the checkpoint has no signatures", "체크포인트에 서명이 없습니다");
  const text = note.slice(0, gap + 1);
  const lines = note.slice(gap + 2).split("\n");
  for (const key of keys) await needSignature(text, lines, key);
  const [origin, size, root, ...rest] = text.split("\n");
  need(
    rest.length === 1 && SIZE.test(size),
    "not origin, size and root",
    "체크포인트 형식이 아닙니다",
  );
  need(origin === keys[0].name, `of another log, ${origin}`, "다른 원장의 체크포인트입니다");
  return { origin, size: BigInt(size), root: fromBase64(root) };
}

async function needSignature(text, lines, key) {
  const start = `\u2014 ${key.name} `;
  const blobs = lines
    .filter((line) => line.startsWith(start))
    .map((line) => line.slice(start.length))
    .filter((coded) => BASE64.test(coded))
    .map(fromBase64);
  const mine = blobs
    .filter((blob) => toHex(blob.subarray(0, 4)) === key.id)
    .map((blob) => blob.subarray(4));
  let good = mine.length > 0;
  for (const value of mine) good = good && (await holds(text, value, key));
  need(good, `not signed by ${key.name}`, `${key.name}의 서명이 맞지 않습니다`);
}

async function holds(text, value, key) {
  let [message, signature] = [text, value];
  if (key.kind === COSIGNATURE) {
    if (value.length !== 72) return false;
    const at = new DataView(value.buffer, value.byteOffset).getBigUint64(0);
    [message, signature] = [`cosignature/v1\ntime ${at}\n${text}`, value.subarray(8)];
  }
  if (signature.length !== 64) return false;
  return subtle.verify({ name: "Ed25519" }, key.imported, signature, utf8.encode(message));
}

// ---- the tree: RFC 9162, 2.1

function node(left, right) {
  return sha256(Uint8Array.of(1), left, right);
}

function splitOf(size) {
  let split = 1n;
  while (split * 2n < size) split *= 2n;
  return split;
}

// The definition of PATH read backwards: the last hash stands beside the largest half.
async function rootOver(leaf, index, size, path) {
  if (size === 1n) {
    need(path.length === 0, "the path is too long", "경로가 너무 깁니다");
    return leaf;
  }
  need(path.length > 0, "the path is too short", "경로가 너무 짧습니다");
  const [rest, last, split] = [path.slice(0, -1), path.at(-1), splitOf(size)];
  if (index < split) return node(await rootOver(leaf, index, split, rest), last);
  return node(last, await rootOver(leaf, index - split, size - split, rest));
}

// The definition of PROOF read backwards: the roots of the older and of the newer tree.
async function rootsOver(old, size, path) {
  async function both(m, n, hashesLeft, isWhole) {
    if (m === n) {
      need(
        hashesLeft.length === (isWhole ? 0 : 1),
        "the path has a wrong length",
        "경로 길이가 틀립니다",
      );
      const top = isWhole ? old.root : hashesLeft[0];
      return [top, top];
    }
    need(hashesLeft.length > 0, "the path is too short", "경로가 너무 짧습니다");
    const [rest, last, split] = [hashesLeft.slice(0, -1), hashesLeft.at(-1), splitOf(n)];
    if (m <= split) {
      const [before, after] = await both(m, split, rest, isWhole);
      return [before, await node(after, last)];
    }
    const [before, after] = await both(m - split, n - split, rest, false);
    return [await node(last, before), await node(last, after)];
  }
  return both(old.size, size, path, true);
}

// ---- the program

async function main(args) {
  const { readFileSync } = await import(/* @vite-ignore */ "node:fs");
  const [what, keys, witnesses] = [[], [], []];
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === "--key") keys.push(args[(at += 1)]);
    else if (args[at] === "--witness") witnesses.push(args[(at += 1)]);
    else what.push(args[at]);
  }
  const [mode, file] = what.length === 2 ? what : ["receipt", what[0]];
  const check = { receipt: verifyReceipt, consistency: verifyConsistency }[mode];
  const odd = what.length > 2 || what.some((word) => word.startsWith("-")); // such as --rpc
  if (!check || !file || odd || keys.length !== 1) {
    console.error("node verify.mjs [consistency] RECEIPT.json --key KEY [--witness KEY ...]");
    return 2;
  }
  const text = await answered(async () => ({
    text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file)),
  }));
  const said = text.proved ? await check(text.text, keys[0], { witnesses }) : text;
  if (said.proved) console.log(`PROVED · 증명됨: ${said.en} · ${said.ko}`);
  else console.error(`NOT PROVED · 증명되지 않음: ${said.en} · ${said.ko}`);
  return said.proved ? 0 : 1;
}

const started = globalThis.process?.argv?.[1]?.split(/[\\/]/).pop();
if (started === "verify.mjs" && import.meta.url.startsWith("file:")) {
  process.exitCode = await main(process.argv.slice(2));
}
