import { expect, test } from "vitest";
import { canonical, isWhole } from "~/votes/kiosk/pass";

test("a pass is read as people mistake it", () => {
  expect(canonical(" 7k3q-ovxm-l2pi ")).toBe("7K3Q0VXM12P1");
  expect(isWhole("7k3q ovxm l2pi")).toBe(true);
});

test("what no desk gives is not sent", () => {
  for (const typed of ["", "7K3Q-0VXM-H2P", "7K3Q-0VXM-H2PDA", "7K3Q-0VXM-H2PU"]) {
    expect(isWhole(typed)).toBe(false);
  }
});
