/** The playback's worker: fetches, decodes and samples, so that the page only draws. */
import { asProblem } from "~/api/problem";
import type { FromWorker, ToWorker } from "./messages";
import { countMoving, newFrame, sample } from "./sample";
import { Shelf } from "./shelf";

declare const self: DedicatedWorkerGlobalScope;

let shelf: Shelf | null = null;
let modes = 0;

const tell = (message: FromWorker, transfer: Transferable[] = []) =>
  self.postMessage(message, transfer);

async function picture({ t_s, look, spare }: Extract<ToWorker, { say: "at" }>): Promise<void> {
  if (!shelf) return;
  const index = shelf.indexAt(t_s);
  if (!shelf.has(index)) tell({ say: "loading", chunk: index });
  const chunk = await shelf.get(index);
  const counts = countMoving(chunk, t_s, modes);
  const moving = counts.reduce((sum, count) => sum + count, 0);
  const frame = sample(chunk, t_s, look, spare ?? newFrame(4_096), moving);
  shelf.lookAhead(index);
  tell({ say: "frame", t_s, frame, counts }, [
    frame.positions.buffer,
    frame.tails.buffer,
    frame.colours.buffer,
  ]);
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.say === "open") {
    shelf = new Shelf(data.chunks, data.headers);
    modes = data.modes;
    return;
  }
  picture(data).catch((error: unknown) => {
    const { status, title, detail } = asProblem(error);
    tell({ say: "failed", status, problem: { title, detail } });
  });
};
