import { describe, expect, it } from "vitest";
import { readEvents } from "~/api/live";
import { asProblem, problemOf, UNREACHABLE } from "~/api/problem";

describe("a problem", () => {
  it("speaks both languages", () => {
    const problem = problemOf(409, {
      title: "Taken",
      title_ko: "이미 탔어요",
      detail: "Take another.",
      detail_ko: "다른 것을 고르세요.",
    });
    expect(problem.detail).toEqual({ en: "Take another.", ko: "다른 것을 고르세요." });
    expect(problem.title.ko).toBe("이미 탔어요");
    expect(problem.passing).toBe(false);
  });

  it.each([[null], ["<html>"], [{ detail: 5 }], [undefined]])(
    "made of %s says what to do",
    (body) => {
      const problem = problemOf(500, body);
      expect(problem.detail.ko).toContain("다시 시도");
      expect(problem.detail.en).toContain("Try again");
    },
  );

  it("passes when the city cannot be reached", () => {
    expect(UNREACHABLE.passing).toBe(true);
    expect(asProblem(new Error("bug")).passing).toBe(false);
    expect(asProblem(UNREACHABLE)).toBe(UNREACHABLE);
  });
});

describe("live events", () => {
  it("are read from any piece of a stream", () => {
    const line = 'data: {"type":"updated","entity_type":"Job","id":"j"}\n\n';
    const stream = `: hello\n\n${line}:\n\n${line}`;
    for (let cut = 0; cut < stream.length; cut += 1) {
      const first = readEvents(stream.slice(0, cut));
      const second = readEvents(first.rest + stream.slice(cut));
      expect([...first.events, ...second.events].map(({ id }) => id)).toEqual(["j", "j"]);
      expect(second.rest).toBe("");
    }
  });
});
