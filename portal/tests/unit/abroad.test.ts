import { expect, test } from "vitest";
import { slipFile } from "~/me/abroad/queries";

test("only what says it is a slip is sent to the city", () => {
  const file = { receipt: { fact: { kind: "slip", amount_won: 5 } }, growth: [] };
  expect(slipFile(JSON.stringify(file))).toEqual(file);
  for (const text of ["", "{", "null", "[]", "3", '{"receipt":null}', '{"receipt":{"fact":{}}}']) {
    expect(slipFile(text)).toBeNull();
  }
  expect(slipFile(JSON.stringify({ receipt: { fact: { kind: "transfer" } } }))).toBeNull();
});
