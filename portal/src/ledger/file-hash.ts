/** The fingerprint of a file, computed here: the file goes nowhere. */
import { CannotTell, sha256, toHex } from "./bytes";
import { Problem } from "~/api/problem";

/** WebCrypto takes a file as a whole, so it has to fit into a phone's memory. */
export const MOST_FILE_BYTES = 256_000_000;

export interface Hashed {
  sha256: string;
  n_bytes: number;
  name: string;
}

export class TooLarge extends Error {
  override readonly name = "TooLarge";

  constructor(readonly size: number) {
    super(`${size} bytes`);
  }
}

export async function hashFile(file: File): Promise<Hashed> {
  if (file.size > MOST_FILE_BYTES) throw new TooLarge(file.size);
  try {
    const content = new Uint8Array(await file.arrayBuffer());
    return { sha256: toHex(await sha256(content)), n_bytes: content.length, name: file.name };
  } catch (error) {
    if (error instanceof CannotTell) throw new Problem(-3, error.why, error.why);
    throw new Problem(-3, UNREADABLE, AGAIN);
  }
}

const UNREADABLE = { ko: "파일을 읽지 못했어요", en: "The file could not be read" };
const AGAIN = {
  ko: "파일이 그 자리에 있는지 보고 다시 골라 주세요.",
  en: "See that it is still where it was, and choose it again.",
};
