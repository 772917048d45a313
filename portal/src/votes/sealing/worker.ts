/** The worker that seals: the page stays quick, and what is secret stays in this browser. */
import { NotProved } from "~/ledger/bytes";
import { jobs, type Asked, type Said, type Tell } from "./jobs";

declare const self: DedicatedWorkerGlobalScope;

const FAILED = {
  ko: "이 기기에서 계산하지 못했어요. 화면을 다시 불러와 주세요.",
  en: "This device could not compute it. Load the page again.",
};

self.onmessage = ({ data: { number, job, words } }: MessageEvent<Asked>) => {
  const say = (said: Said) => self.postMessage(said);
  const tell: Tell = (done, all) => say({ number, done, all });
  try {
    const work = jobs[job] as (words: unknown, tell: Tell) => unknown;
    say({ number, result: work(words, tell) });
  } catch (error) {
    say({ number, why: error instanceof NotProved ? error.why : FAILED });
  }
};
