import { beforeAll, describe, expect, it, vi } from "vitest";

describe("what the device remembers of trips", () => {
  let readWishes: (text: string | null) => unknown;
  beforeAll(async () => {
    vi.stubGlobal("localStorage", { getItem: () => null });
    ({ readWishes } = await import("~/services/mobility/maas/wishes"));
  });
  const FIRST = { ways: ["walk", "pm", "bus"], prefer: "balanced", home: null, booked: null };

  it("is the usual at first, and when what was kept cannot be read", () => {
    for (const text of [null, "", "{", "null", '{"ways":[],"prefer":"rich","home":7}']) {
      expect(readWishes(text)).toEqual(FIRST);
    }
  });

  it("is what was said", () => {
    const home = { at: [127.3, 36.5], title: { ko: "집", en: "Home" }, place: null };
    const kept = { ways: ["walk", "car"], prefer: "green", home, booked: null };
    expect(readWishes(JSON.stringify(kept))).toEqual(kept);
    expect(readWishes('{"ways":["car","rocket"]}')).toEqual({ ...FIRST, ways: ["car"] });
  });
});
