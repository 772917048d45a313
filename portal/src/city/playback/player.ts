/** The clock of a playback: what time it shows, whether it runs, and what the worker last saw. */
import { authorization } from "~/api/client";
import { Problem } from "~/api/problem";
import type { Playback } from "~/api/queries";
import type { FromWorker, ToWorker } from "./messages";
import type { Frame, Look } from "./sample";

/** Seconds of the day that pass in one second of playback. */
export const SPEEDS = [60, 300, 900] as const;
export type Speed = (typeof SPEEDS)[number];

export interface Shown {
  t_s: number;
  playing: boolean;
  speed: Speed;
  counts: readonly number[];
  loading: boolean;
  problem: Problem | null;
}

const TELL_EVERY_MS = 120; // how often the page's own words follow the picture
const LONGEST_STEP_S = 0.25; // a picture that came late does not make the day jump
const OPENING_S = 7.5 * 3600; // when the morning's way to work and school begins

export class Player {
  readonly start_s: number;
  readonly end_s: number;
  onFrame: (frame: Frame) => void = () => undefined;

  #t_s: number;
  #counts: readonly number[];
  #shown: Shown;
  #look: Look;
  #spares: Frame[] = [];
  #current: Frame | null = null;
  #asked = false; // one picture at a time is on its way
  #stale = true; // the next picture would differ from the last
  #told_ms = 0;
  #last_ms = 0;
  #request = 0;
  readonly #worker: Worker;
  readonly #listeners = new Set<() => void>();

  constructor(playback: Playback, look: Look, playing: boolean) {
    this.start_s = playback.chunks[0]?.start_s ?? 0;
    this.end_s = playback.chunks.at(-1)?.end_s ?? 86_400;
    this.#t_s = this.#within(OPENING_S);
    this.#counts = playback.modes.map(() => 0);
    this.#look = look;
    const start = { t_s: this.#t_s, counts: this.#counts, speed: SPEEDS[1] };
    this.#shown = { ...start, playing, loading: true, problem: null };
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    const { chunks, modes } = playback;
    this.#say({ say: "open", chunks, modes: modes.length, headers: authorization() });
    this.#request = requestAnimationFrame(this.#tick);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly shown = (): Shown => this.#shown;

  seek(t_s: number): void {
    this.#t_s = this.#within(t_s);
    this.#redraw({ problem: null });
  }

  play(playing: boolean): void {
    if (playing && this.#t_s >= this.end_s) this.#t_s = this.start_s;
    this.#redraw({ playing, problem: null });
  }

  setSpeed(speed: Speed): void {
    this.#redraw({ speed });
  }

  setLook(look: Partial<Look>): void {
    this.#look = { ...this.#look, ...look };
    this.#stale = true;
  }

  close(): void {
    cancelAnimationFrame(this.#request);
    this.#worker.terminate();
  }

  #within(t_s: number): number {
    return Math.min(Math.max(t_s, this.start_s), this.end_s);
  }

  #redraw(next: Partial<Shown>): void {
    this.#stale = true;
    this.#tell(next);
  }

  #tell(next: Partial<Shown>): void {
    this.#shown = { ...this.#shown, t_s: this.#t_s, counts: this.#counts, ...next };
    this.#told_ms = performance.now();
    for (const listener of this.#listeners) listener();
  }

  readonly #tick = (now_ms: number): void => {
    const step_s = Math.min((now_ms - this.#last_ms) / 1000, LONGEST_STEP_S);
    this.#last_ms = now_ms;
    const { playing, loading, problem } = this.#shown;
    if (playing && !loading) this.#advance(step_s);
    if (now_ms - this.#told_ms > TELL_EVERY_MS && this.#t_s !== this.#shown.t_s) this.#tell({});
    if (this.#stale && !this.#asked && !problem) this.#ask();
    this.#request = requestAnimationFrame(this.#tick);
  };

  #advance(step_s: number): void {
    this.#t_s = this.#within(this.#t_s + step_s * this.#shown.speed);
    this.#stale = true;
    if (this.#t_s >= this.end_s) this.#tell({ playing: false });
  }

  #ask(): void {
    this.#asked = true;
    this.#stale = false;
    const tail_s = Math.min(Math.max(this.#shown.speed * 0.05, 8), 30);
    const spare = this.#spares.pop() ?? null;
    const look = { ...this.#look, tail_s };
    this.#say({ say: "at", t_s: this.#t_s, look, spare }, spare ? buffersOf(spare) : []);
  }

  #hear(message: FromWorker): void {
    if (message.say === "loading") {
      this.#tell({ loading: true });
      return;
    }
    this.#asked = false;
    if (message.say === "failed") {
      const { title, detail } = message.problem;
      const problem = new Problem(message.status, title, detail);
      this.#tell({ problem, playing: false, loading: false });
      return;
    }
    this.#counts = message.counts;
    if (this.#current) this.#spares.push(this.#current); // the picture uses the new one from here
    this.#current = message.frame;
    if (this.#shown.loading || !this.#shown.playing) this.#tell({ loading: false });
    this.onFrame(message.frame);
  }

  #say(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}

const buffersOf = (frame: Frame): Transferable[] => [
  frame.positions.buffer,
  frame.tails.buffer,
  frame.colours.buffer,
];
