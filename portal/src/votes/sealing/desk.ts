/** The page's side of the worker: ask for a job, hear how far it is, get what it made. */
import { Problem } from "~/api/problem";
import type { Asked, JobName, Jobs, Said, Tell } from "./jobs";

const TITLE = { ko: "투표를 확인하지 못했어요", en: "This does not hold" };

interface Waiting {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
  tell: Tell;
}

let worker: Worker | null = null;
let asked = 0;
const waiting = new Map<number, Waiting>();

function hear({ data }: MessageEvent<Said>): void {
  const one = waiting.get(data.number);
  if (!one) return;
  if ("all" in data) {
    one.tell(data.done, data.all);
    return;
  }
  waiting.delete(data.number);
  if ("why" in data) one.reject(new Problem(422, TITLE, data.why));
  else one.resolve(data.result as never);
}

function started(): Worker {
  if (worker) return worker;
  const made = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  made.onmessage = hear;
  made.onerror = () => {
    worker = null;
    const why = { ko: "화면을 다시 불러와 주세요.", en: "Load the page again." };
    for (const { reject } of waiting.values()) reject(new Problem(422, TITLE, why));
    waiting.clear();
  };
  return (worker = made);
}

export function ask<J extends JobName>(
  job: J,
  words: Parameters<Jobs[J]>[0],
  tell: Tell = () => undefined,
): Promise<ReturnType<Jobs[J]>> {
  return new Promise((resolve, reject) => {
    const number = (asked += 1);
    waiting.set(number, { resolve, reject, tell });
    started().postMessage({ number, job, words } satisfies Asked);
  });
}
