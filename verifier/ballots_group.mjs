// Sections 1 and 2 of docs/ballots.md for ballots.mjs: forms, the group, proofs, signatures.
// Slow, and not for secrets.
import { constants, createHash, verify } from "node:crypto";

export const P = 2n ** 256n - 2n ** 32n - 977n;
export const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
export const G = {
  x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
};
export const INFINITY = { x: 1n, y: 1n, z: 0n };

export class Wrong extends Error {}

export function need(right, what) {
  if (!right) throw new Wrong(what);
}

export const sha = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
export const mod = (a, m) => ((a % m) + m) % m;
export const count = (what) => Array.from({ length: what }, (_, i) => i);

export function canonical(what) {
  if (Array.isArray(what)) return `[${what.map(canonical).join(",")}]`;
  if (what === null || typeof what !== "object") return JSON.stringify(what);
  const names = Object.keys(what).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(what[name])}`).join(",")}}`;
}

export const fingerprint = (what) => sha(canonical(what)).toString("hex");

export function members(what, names) {
  const found =
    what !== null && typeof what === "object" && !Array.isArray(what) && Object.keys(what).sort();
  need(
    found && found.join(" ") === names.split(" ").sort().join(" "),
    `expected the members ${names}`,
  );
  return what;
}

export function whole(what, least, most) {
  need(
    Number.isSafeInteger(what) && what >= least && what <= most,
    `expected a number ${least} .. ${most}`,
  );
  return what;
}

export function list(what, length) {
  need(
    Array.isArray(what) && (length === undefined || what.length === length),
    `expected a list of ${length}`,
  );
  return what;
}

export function hex(what, size) {
  need(
    typeof what === "string" && what.length === 2 * size && !/[^0-9a-f]/.test(what),
    `expected ${size} bytes in hex`,
  );
  return BigInt(`0x${what}`);
}

// 1. The group

export function power(base, exponent, m) {
  let result = 1n;
  for (base = mod(base, m); exponent > 0n; exponent >>= 1n, base = (base * base) % m)
    if (exponent & 1n) result = (result * base) % m;
  return result;
}

export function inverse(a, m) {
  let [r, s, t, u] = [m, mod(a, m), 0n, 1n];
  while (s) {
    const q = r / s;
    [r, s, t, u] = [s, r - q * s, u, t - q * u];
  }
  return mod(t, m);
}

export function lift(x, odd) {
  const square = mod(x * x * x + 7n, P);
  const y = power(square, (P + 1n) / 4n, P);
  need(x < P && (y * y) % P === square, "no point of the curve");
  return { x, y: (y & 1n) === odd ? y : P - y };
}

export function point(text) {
  const value = hex(text, 33);
  const head = value >> 256n;
  need(head === 2n || head === 3n, "no compressed point");
  return lift(value & (2n ** 256n - 1n), head - 2n);
}

export const shown = (p) =>
  p === null ? "00" : `0${2n + (p.y & 1n)}${p.x.toString(16).padStart(64, "0")}`;

export function scalar(text) {
  const value = hex(text, 32);
  need(value < N, "no scalar");
  return value;
}

export const H = (...words) => BigInt(`0x${fingerprint(words)}`) % N;

export function twice({ x, y, z }) {
  const yy = (y * y) % P;
  const s = (4n * x * yy) % P;
  const m = (3n * x * x) % P;
  const x3 = mod(m * m - 2n * s, P);
  return { x: x3, y: mod(m * (s - x3) - 8n * yy * yy, P), z: (2n * y * z) % P };
}

export function add(a, b) {
  if (!a.z) return b;
  if (!b.z) return a;
  const [aa, bb] = [(a.z * a.z) % P, (b.z * b.z) % P];
  const [u, s] = [(a.x * bb) % P, (a.y * bb * b.z) % P];
  const [h, r] = [mod(b.x * aa - u, P), mod(b.y * aa * a.z - s, P)];
  if (!h) return r ? INFINITY : twice(a);
  const hh = (h * h) % P;
  const [hhh, uhh] = [(h * hh) % P, (u * hh) % P];
  const x = mod(r * r - hhh - 2n * uhh, P);
  return { x, y: mod(r * (uhh - x) - s * hhh, P), z: (((h * a.z) % P) * b.z) % P };
}

/** The sum of factor * point over [[factor, point], ...], as an affine point or null for infinity. */
export function sum(terms) {
  const tables = terms
    .map(([factor, p]) => [mod(factor, N), p])
    .filter(([factor, p]) => factor && p)
    .map(([factor, p]) => {
      const table = [INFINITY, { ...p, z: 1n }];
      while (factor > 1n && table.length < 16) table.push(add(table.at(-1), table[1]));
      return [factor, table];
    });
  let total = INFINITY;
  const digits = tables.reduce((most, [factor]) => Math.max(most, factor.toString(16).length), 0);
  for (let digit = digits - 1; digit >= 0; digit -= 1) {
    if (total.z) for (let i = 0; i < 4; i += 1) total = twice(total);
    for (const [factor, table] of tables)
      total = add(total, table[Number((factor >> BigInt(4 * digit)) & 15n)]);
  }
  if (!total.z) return null;
  const z = inverse(total.z, P);
  return { x: (((total.x * z) % P) * z) % P, y: (((((total.y * z) % P) * z) % P) * z) % P };
}

export const combination = (...terms) => sum(terms);

// 2. Proofs, and the signatures of 4

export function holds(words, second, x, ys, proof) {
  const pairs = list(proof, ys.length).map((pair) => list(pair, 2).map(scalar));
  const said = pairs.flatMap(([c, r], j) => [
    shown(combination([r, G], [-c, x])),
    shown(combination([r, second], [-c, ys[j]])),
  ]);
  return H(...words, ...said) === pairs.reduce((total, [c]) => total + c, 0n) % N;
}

/** BIP 340. */
export function signed(key, message, signature) {
  const r = hex(signature.slice(0, 64), 32);
  const s = hex(signature.slice(64), 32);
  const tag = sha("BIP0340/challenge");
  const e = sha(tag, tag, Buffer.from(signature.slice(0, 64) + key, "hex"), message).toString(
    "hex",
  );
  const found = combination([s, G], [-(BigInt(`0x${e}`) % N), lift(hex(key, 32), 0n)]);
  return r < P && s < N && found !== null && !(found.y & 1n) && found.x === r;
}

export function tokenHolds(issuer, message, token) {
  hex(token, issuer.asymmetricKeyDetails.modulusLength / 8);
  const how = { key: issuer, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
  return verify("sha384", Buffer.from(message), how, Buffer.from(token, "hex"));
}
