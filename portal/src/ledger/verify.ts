/**
 * Checks receipts in the browser, by docs/decisions/0019 and verifier/README.md: nothing is asked
 * of the city. Each step is told by itself, so that what cannot be checked hides nothing else.
 */
import type { Text } from "~/words/language";
import { CannotTell, hashOf, need, NotProved, sha256, toHex, utf8, type Bytes } from "./bytes";
import { canonical } from "./canonical";
import { checkSignature, readCheckpoint, readKey, type Checkpoint } from "./note";
import { checkGrowth, leafHash, rootOver } from "./tree";

export type StepName = "form" | "fact" | "commitment" | "path" | "signature" | "growth";
export type Fact = Readonly<Record<string, unknown>>;

export interface Step {
  name: StepName;
  state: "held" | "failed" | "unable";
  /** What was computed or compared, for the curious. */
  shown: string;
  why?: Text;
}

export interface Verdict {
  outcome: "proved" | "partly" | "failed";
  steps: readonly Step[];
}

export interface ReceiptVerdict extends Verdict {
  fact: Fact | null;
  /** Where the log has it: null where the receipt could not be read. */
  place: { origin: string; index: number; size: number } | null;
  /** Signatures of others, such as witnesses, that were not checked. */
  others: number;
  isAnchored: boolean; // says the receipt; nothing of it was checked
}

const MALFORMED: Text = { ko: "형식이 맞지 않아요.", en: "It does not have the right form." };

/** Do one step; what it returns is shown. */
async function step(name: StepName, check: () => Promise<string> | string): Promise<Step> {
  try {
    return { name, state: "held", shown: await check() };
  } catch (error) {
    const state = error instanceof CannotTell ? "unable" : "failed";
    const known = error instanceof CannotTell || error instanceof NotProved;
    return { name, state, shown: "", why: known ? error.why : MALFORMED };
  }
}

function outcomeOf(steps: readonly Step[]): Verdict["outcome"] {
  if (steps.some(({ state }) => state === "failed")) return "failed";
  return steps.every(({ state }) => state === "held") ? "proved" : "partly";
}

function members(given: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  const read: unknown = typeof given === "string" ? parsed(given) : given;
  const good =
    typeof read === "object" && read !== null && names.every((name) => Object.hasOwn(read, name));
  need(
    good,
    `It needs the members ${names.join(", ")}.`,
    `${names.join(", ")} 항목이 모두 있어야 해요.`,
  );
  return read as Readonly<Record<string, unknown>>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotProved({
      ko: "JSON이 아니에요. 증명서 파일 전체가 맞는지 보세요.",
      en: "This is no JSON. See that it is the whole receipt.",
    });
  }
}

function hashes(path: unknown): Bytes[] {
  need(Array.isArray(path), "The path is no list of hashes.", "경로가 해시의 목록이 아니에요.");
  return path.map(hashOf);
}

interface Read {
  fact: Fact;
  salt: Bytes;
  index: number;
  size: number;
  path: Bytes[];
  checkpoint: Checkpoint;
}

function readReceipt(given: unknown): Read {
  const receipt = members(given, ["fact", "salt", "index", "size", "path", "checkpoint"]);
  const { fact, index, size } = receipt;
  const { kind, id } = (typeof fact === "object" && fact !== null ? fact : {}) as Fact;
  const named = [kind, id].every((one) => typeof one === "string" && one !== "");
  need(named, "The fact has no kind or no id.", "사실에 kind나 id가 없어요.");
  const checkpoint = readCheckpoint(receipt["checkpoint"]);
  need(
    Number.isSafeInteger(index) &&
      Number.isSafeInteger(size) &&
      (index as number) >= 0 &&
      (index as number) < (size as number) &&
      BigInt(size as number) === checkpoint.size,
    "Its number and size do not fit its checkpoint.",
    "번호나 크기가 체크포인트와 맞지 않아요.",
  );
  const [salt, path] = [hashOf(receipt["salt"]), hashes(receipt["path"])];
  return {
    fact: fact as Fact,
    salt,
    index: index as number,
    size: size as number,
    path,
    checkpoint,
  };
}

/** Check a receipt, an object or its JSON text, with a log's key. Never throws. */
export async function verifyReceipt(given: unknown, key: string): Promise<ReceiptVerdict> {
  let read: Read | undefined;
  const steps: Step[] = [
    await step("form", () => {
      read = readReceipt(given);
      return `${read.checkpoint.origin} · ${read.index} / ${read.size}`;
    }),
  ];
  if (!read)
    return { outcome: "failed", steps, fact: null, place: null, others: 0, isAnchored: false };
  const { fact, salt, index, size, path, checkpoint } = read;
  let [written, commitment]: [string, Bytes] = ["", new Uint8Array()];
  let others = 0;
  steps.push(await step("fact", () => (written = canonical(fact))));
  steps.push(
    await step("commitment", async () => {
      commitment = await sha256(salt, utf8(written));
      return toHex(commitment);
    }),
    await step("path", async () => {
      const leaf = await leafHash(commitment);
      const root = await rootOver(leaf, BigInt(index), BigInt(size), path);
      need(
        toHex(root) === toHex(checkpoint.root),
        "The log that was signed does not hold this fact.",
        "서명된 기록에는 이 사실이 없어요.",
      );
      return toHex(root);
    }),
    await step("signature", async () => {
      others = await checkSignature(checkpoint, await readKey(key));
      return key.trim();
    }),
  );
  const anchor = (typeof given === "string" ? parsed(given) : given) as Fact;
  return {
    outcome: outcomeOf(steps),
    steps,
    fact,
    place: { origin: checkpoint.origin, index, size },
    others,
    isAnchored: typeof anchor["anchor"] === "object" && anchor["anchor"] !== null,
  };
}

/** Check that one signed checkpoint continues another: `{from, to, path}`. Never throws. */
export async function verifyGrowth(given: unknown, key: string): Promise<Verdict> {
  let read: { from: Checkpoint; to: Checkpoint; path: Bytes[] } | undefined;
  const steps: Step[] = [
    await step("form", () => {
      const receipt = members(given, ["from", "to", "path"]);
      const [from, to] = [readCheckpoint(receipt["from"]), readCheckpoint(receipt["to"])];
      read = { from, to, path: hashes(receipt["path"]) };
      return `${from.size} → ${to.size}`;
    }),
  ];
  if (!read) return { outcome: "failed", steps };
  const { from, to, path } = read;
  steps.push(
    await step("signature", async () => {
      const known = await readKey(key);
      for (const checkpoint of [from, to]) await checkSignature(checkpoint, known);
      return key.trim();
    }),
    await step("growth", async () => {
      await checkGrowth(from, to, path);
      return toHex(to.root);
    }),
  );
  return { outcome: outcomeOf(steps), steps };
}
