import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Shelf } from "~/city/playback/shelf";
import { pack } from "./pack";

const DAY = Array.from({ length: 24 }, (_, hour) => ({
  start_s: hour * 3600,
  end_s: (hour + 1) * 3600,
  href: `/hours/${hour}`,
  bytes: 1_000_000,
}));

let asked: string[];
let broken: boolean;

beforeEach(() => {
  asked = [];
  broken = false;
  vi.stubGlobal("fetch", (href: string) => {
    asked.push(href);
    if (broken) return Promise.resolve(Response.json({ detail: "no" }, { status: 503 }));
    return Promise.resolve(new Response(pack([])));
  });
});

afterEach(() => vi.unstubAllGlobals());

describe("the shelf of chunks", () => {
  it("knows which hour a moment falls into, also outside the day", () => {
    const shelf = new Shelf(DAY, {});
    expect([-5, 0, 3599, 3600, 90_000].map((t_s) => shelf.indexAt(t_s))).toEqual([0, 0, 0, 1, 23]);
  });

  it("fetches an hour once, and three ahead", async () => {
    const shelf = new Shelf(DAY, {});
    await Promise.all([shelf.get(7), shelf.get(7)]);
    shelf.lookAhead(7);
    expect(asked).toEqual(["/hours/7", "/hours/8", "/hours/9", "/hours/10"]);
  });

  it("looks no further ahead than its budget of bytes", () => {
    const heavy = DAY.map((hour) => ({ ...hour, bytes: 12_000_000 }));
    new Shelf(heavy, {}).lookAhead(7);
    expect(asked).toEqual(["/hours/8"]);
  });

  it("lets go of hours long past", async () => {
    const shelf = new Shelf(DAY, {});
    await shelf.get(7);
    await shelf.get(12);
    expect(shelf.has(7)).toBe(false);
  });

  it("tries again after a failure", async () => {
    const shelf = new Shelf(DAY, {});
    broken = true;
    await expect(shelf.get(3)).rejects.toMatchObject({ status: 503 });
    broken = false;
    await expect(shelf.get(3)).resolves.toBeDefined();
  });
});
