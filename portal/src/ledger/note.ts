/** Checkpoints: signed notes in C2SP's forms, and the keys that check them. */
import { CannotTell, fromBase64, need, sha256, toHex, utf8, type Bytes } from "./bytes";

const ED25519 = 1; // the kind of a log's key
const SIZE = /^(0|[1-9][0-9]{0,18})$/;
const MOST_LETTERS = 131_072;
const DASH = "\u2014 ";

export interface LogKey {
  name: string;
  id: string;
  public: Bytes;
}

export interface Checkpoint {
  text: string; // what is signed
  origin: string;
  size: bigint;
  root: Bytes;
  signatures: readonly { name: string; id: string; value: Bytes }[];
}

/** Read a key as people hand it on: name, id and key. */
export async function readKey(text: string): Promise<LogKey> {
  if (!text.trim()) {
    throw new CannotTell({
      ko: "검증 키가 없어서 누가 서명했는지는 알 수 없어요.",
      en: "Without a key nobody can tell who signed it.",
    });
  }
  const [name = "", id = "", ...rest] = text.trim().split("+");
  const blob = fromBase64(rest.join("+"));
  const hashed = await sha256(utf8(`${name}\n`), blob);
  const good = name !== "" && blob.length === 33 && blob[0] === ED25519;
  need(
    good && toHex(hashed.subarray(0, 4)) === id,
    "This is not a log's key: it has the form name+id+key, and all of it counts.",
    "기록의 검증 키가 아니에요. 이름+번호+키 모양이고 한 글자도 빠지면 안 돼요.",
  );
  return { name, id, public: blob.slice(1) };
}

/** Read a checkpoint. Nothing of it may be believed before its signature has been checked. */
export function readCheckpoint(note: unknown): Checkpoint {
  const gap = typeof note === "string" ? note.lastIndexOf("\n\n") : -1;
  need(
    typeof note === "string" && gap >= 0 && note.length <= MOST_LETTERS,
    "The checkpoint is no signed note.",
    "체크포인트가 서명된 글이 아니에요.",
  );
  const text = note.slice(0, gap + 1);
  const [origin = "", size = "", root = "", ...rest] = text.split("\n");
  const good = origin !== "" && rest.length === 1 && rest[0] === "" && SIZE.test(size);
  const read = fromBase64(root);
  need(
    good && read.length === 32,
    "A checkpoint consists of a name, a size and a root.",
    "체크포인트는 이름, 크기, 루트로 이루어져야 해요.",
  );
  const lines = note.slice(gap + 2).split("\n");
  const signatures = lines.filter((line) => line.startsWith(DASH)).flatMap(signatureOf);
  return { text, origin, size: BigInt(size), root: read, signatures };
}

/** Read a signature; what is none is passed over, as lines of others are. */
function signatureOf(line: string): Checkpoint["signatures"] {
  const [name = "", coded = ""] = line.slice(DASH.length).split(" ", 2);
  try {
    const blob = fromBase64(coded);
    return [{ name, id: toHex(blob.slice(0, 4)), value: blob.slice(4) }];
  } catch {
    return [];
  }
}

/** Check that the log of this key signed a checkpoint; return how many others did, unchecked. */
export async function checkSignature(checkpoint: Checkpoint, key: LogKey): Promise<number> {
  need(
    checkpoint.origin === key.name,
    `The key is of ${key.name}, and the checkpoint of ${checkpoint.origin}.`,
    `키는 ${key.name}의 것인데 체크포인트는 ${checkpoint.origin}의 것이에요.`,
  );
  const mine = checkpoint.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  need(
    mine.length > 0,
    "The checkpoint is not signed with this key.",
    "이 키로 서명된 체크포인트가 아니에요.",
  );
  const imported = await imports(key.public);
  for (const { value } of mine) {
    const holds =
      value.length === 64 &&
      (await crypto.subtle.verify({ name: "Ed25519" }, imported, value, utf8(checkpoint.text)));
    need(holds, "The signature is not genuine.", "서명이 진짜가 아니에요.");
  }
  return checkpoint.signatures.length - mine.length;
}

async function imports(raw: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if ((error as { name?: string }).name !== "NotSupportedError") throw error;
    throw new CannotTell({
      ko: "이 브라우저는 Ed25519 서명을 확인할 줄 몰라요. 더 새 브라우저나 verify.py를 쓰세요.",
      en: "This browser cannot check Ed25519 signatures. Use a newer one, or verify.py.",
    });
  }
}
