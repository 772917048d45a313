/** What the page and the playback's worker say to each other. */
import type { Problem } from "~/api/problem";
import type { Frame, Look } from "./sample";

export interface ChunkAddress {
  start_s: number;
  end_s: number;
  href: string;
  bytes: number;
}

export type ToWorker =
  | { say: "open"; chunks: ChunkAddress[]; modes: number; headers: Record<string, string> }
  | { say: "at"; t_s: number; look: Look; spare: Frame | null };

export type FromWorker =
  | { say: "frame"; t_s: number; frame: Frame; counts: number[] }
  | { say: "loading"; chunk: number }
  | { say: "failed"; status: number; problem: Pick<Problem, "title" | "detail"> };
