import { expect, test } from "vitest";
import { transitAmount } from "~/services/mobility/maas/on-map";
import { csv } from "~/services/mobility/maas/operators/csv";
import type { Known, Statement } from "~/services/mobility/maas/operators/queries";
import { settlementWords } from "~/services/mobility/maas/operators/settlement-words";
import { adviceFor, stateOf } from "~/services/mobility/maas/operators/state";
import {
  dueOf,
  newestFirst,
  statementTable,
  sumsOf,
} from "~/services/mobility/maas/operators/tables";

const NOW = Date.parse("2026-09-16T00:00:00Z");

const known = (more: Partial<Known>, operator: Partial<Known["operator"]> = {}): Known => ({
  operator: {
    id: "urn:ngsi-ld:MobilityOperator:bikes",
    title: { ko: "자전거", en: "Bikes" },
    base_url: "https://bikes.example",
    standard: "TOMP 1.6",
    modes: ["bicycle"],
    area: null,
    prices: null,
    active: true,
    fee_permille: 100,
    credit_won: 0,
    ...operator,
  },
  vehicles: 3,
  heard_at: "2026-09-15T23:59:30Z",
  quiet_until: null,
  failures: 0,
  set_aside: 0,
  reason: "",
  ...more,
});

test("how it goes with an operator is said in one word", () => {
  expect(stateOf(known({}), NOW)).toBe("fine");
  expect(stateOf(known({ heard_at: null }), NOW)).toBe("unheard");
  expect(stateOf(known({ failures: 1 }), NOW)).toBe("failing");
  const later = "2026-09-16T00:00:05Z";
  expect(stateOf(known({ failures: 3, quiet_until: later }), NOW)).toBe("resting");
  expect(stateOf(known({ failures: 3, quiet_until: later }), NOW + 6_000)).toBe("failing");
  expect(stateOf(known({ heard_at: null }, { modes: [] }), NOW)).toBe("guests");
  expect(stateOf(known({ failures: 3 }, { active: false }), NOW)).toBe("off");
});

test("what the city notes is answered with what to do", () => {
  expect(adviceFor("not in operators.toml with this address")).toBe("adviceFile");
  expect(adviceFor("HTTP 401")).toBe("adviceToken");
  expect(adviceFor("HTTP 404")).toBe("adviceAddress");
  expect(adviceFor("http://a.example is not an https address; …")).toBe("adviceAddress");
  expect(adviceFor("ConnectionRefusedError: [Errno 111] Connect call failed")).toBe("adviceWait");
  expect(adviceFor("no answer within 10 s")).toBe("adviceWait");
  expect(adviceFor("HTTP 503")).toBe("adviceWait");
  expect(adviceFor("rubbish: Expected `array`")).toBe("adviceTheirs");
});

const statement = (more: Partial<Statement>): Statement => ({
  id: "urn:ngsi-ld:MobilityStatement:2026-09-1-bikes",
  party: "urn:ngsi-ld:MobilityOperator:bikes",
  month: "2026-09",
  number: 1,
  earnings: [],
  legs: 3,
  gross_won: 3_000,
  refunds_won: 500,
  fee_won: 250,
  due_won: 2_250,
  carried_won: 0,
  made_at: "2026-09-15T00:00:00Z",
  paid_by: null,
  ...more,
});

test("statements are summed by what is paid and what is open", () => {
  const paid = statement({ paid_by: "urn:ngsi-ld:Transfer:settlement-x", due_won: 700 });
  const below = statement({ due_won: -300 });
  expect([statement({}), paid, below].map(dueOf)).toEqual(["open", "paid", "nothingDue"]);
  expect(sumsOf([statement({}), paid, below])).toEqual({
    rides: 9,
    open_won: 2_250,
    paid_won: 700,
  });
  const later = statement({ made_at: "2026-09-16T00:00:00Z" });
  expect(newestFirst([paid, later])).toEqual([later, paid]);
});

test("a table for a spreadsheet has a cell for each heading, and runs nothing", () => {
  const t = (key: keyof typeof settlementWords) => settlementWords[key].en;
  const table = statementTable([statement({})], t as never, () => '=HYPERLINK("http://x")');
  expect(new Set(table.map((row) => row.length)).size).toBe(1);
  const text = csv(table);
  expect(text.split("\r\n")).toHaveLength(3);
  expect(text).toContain('"\'=HYPERLINK(""http://x"")",2026-09,3,3000,500,250,0,2250,');
  expect(csv([["a,b", -5, "-5", "두\n줄"]])).toBe('"a,b",-5,\'-5,"두\n줄"\r\n');
});

test("the map says how many vehicles were seen and how many are computed", () => {
  const at = (is_computed: boolean) => ({
    type: "Feature" as const,
    properties: { line: "B0", is_computed },
    geometry: { type: "Point" as const, coordinates: [127.3, 36.5] },
  });
  const said = (...features: ReturnType<typeof at>[]) =>
    transitAmount({ type: "FeatureCollection", features }).en;
  expect(said(at(false), at(true), at(true))).toBe("1 seen, 2 by timetable (pale)");
  expect(said(at(false))).toBe("1 seen");
  expect(said()).toBe("None runs now");
});
