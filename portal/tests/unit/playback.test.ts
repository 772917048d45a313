import { describe, expect, it } from "vitest";
import { BrokenChunk, decodeChunk } from "~/city/playback/chunk";
import { countMoving, newFrame, pointBefore, sample, type Look } from "~/city/playback/sample";
import { pack, type Path } from "./pack";

const PATHS: Path[] = [
  {
    mode: 0,
    points: [
      [127, 36, 100],
      [127.5, 36, 200],
      [127.5, 36.25, 300],
    ],
  },
  {
    mode: 2,
    points: [
      [128, 37, 250],
      [128, 38, 350],
    ],
  },
  { mode: 5, points: [[120, 30, 10]] }, // a path of one point never moves
];
const LOOK: Look = {
  origin: [127, 36],
  palette: [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ],
  hidden: [false, false, false],
  tail_s: 50,
};

describe("a chunk", () => {
  it("is read as it was packed", () => {
    const chunk = decodeChunk(pack(PATHS));
    expect([...chunk.starts]).toEqual([0, 3, 5, 6]);
    expect([...chunk.modes]).toEqual([0, 2, 5]);
    expect(chunk.lon[1]).toBeCloseTo(127.5);
    expect(chunk.lat[4]).toBeCloseTo(38);
    expect(chunk.t_s[5]).toBe(10);
  });

  it("may be empty", () => {
    expect(decodeChunk(pack([])).modes).toHaveLength(0);
  });

  it.each([[0], [4], [20]])("is refused when %i bytes are missing or too many", (count) => {
    const whole = pack(PATHS);
    expect(() => decodeChunk(whole.slice(0, Math.max(count, 4)))).toThrow(BrokenChunk);
    const longer = new Uint8Array(whole.byteLength + 4);
    longer.set(new Uint8Array(whole));
    expect(() => decodeChunk(longer.buffer)).toThrow(BrokenChunk);
  });
});

describe("a picture", () => {
  const chunk = decodeChunk(pack(PATHS));

  it("has everybody between their first and their last point", () => {
    expect(countMoving(chunk, 99, 6)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(countMoving(chunk, 100, 6)).toEqual([1, 0, 0, 0, 0, 0]);
    expect(countMoving(chunk, 299, 6)).toEqual([1, 0, 1, 0, 0, 0]);
    expect(countMoving(chunk, 300, 6)).toEqual([0, 0, 1, 0, 0, 0]);
  });

  it("finds the point before any instant, as a plain search does", () => {
    for (let t_s = 100; t_s < 300; t_s += 7) {
      const plain = [0, 1, 2].filter((point) => (chunk.t_s[point] ?? 0) <= t_s).at(-1);
      expect(pointBefore(chunk, 0, t_s)).toBe(plain);
    }
  });

  it("places people between points, and their tail on the way behind them", () => {
    const frame = sample(chunk, 225, LOOK, newFrame(8), 1);
    expect(frame.count).toBe(1);
    expect(frame.positions[0]).toBeCloseTo(0.5, 5);
    expect(frame.positions[1]).toBeCloseTo(0.0625, 5);
    expect(frame.tails[0]).toBeCloseTo(0.375, 5);
    expect(frame.tails[1]).toBeCloseTo(0, 5);
    expect([...frame.colours.slice(0, 4)]).toEqual([1, 2, 3, 255]);
  });

  it("draws no tail from before somebody set out", () => {
    const frame = sample(chunk, 110, LOOK, newFrame(8), 1);
    expect(frame.tails[0]).toBeCloseTo(0, 5);
  });

  it("leaves out hidden modes", () => {
    const frame = sample(chunk, 275, { ...LOOK, hidden: [true] }, newFrame(8), 2);
    expect(frame.count).toBe(1);
    expect([...frame.colours.slice(0, 3)]).toEqual([7, 8, 9]);
  });

  it("makes room when more move than fit", () => {
    const crowd = decodeChunk(
      pack(
        Array.from({ length: 50 }, (_, index) => ({
          mode: 0,
          points: [
            [127, 36, 0],
            [127, 36 + index / 100, 100],
          ] as const,
        })),
      ),
    );
    expect(sample(crowd, 50, LOOK, newFrame(4), 50).count).toBe(50);
  });
});
