import { afterEach, describe, expect, it, vi } from "vitest";
import { sayings, sayingOf } from "~/identity/cards/saying";
import { needText, NEEDS } from "~/identity/desk/needs";
import { thisDevice } from "~/identity/passkeys";
import { here, type Home } from "~/identity/wallet/home";
import { calledBy, parameter, readOffer } from "~/identity/wallet/issuing";

const ISSUER = "https://city.example";
const OFFER = {
  credential_issuer: ISSUER,
  credential_configuration_ids: ["age"],
  grants: {
    "urn:ietf:params:oauth:grant-type:pre-authorized_code": {
      "pre-authorized_code": "a+b/c",
      tx_code: { input_mode: "numeric", length: 6 },
    },
  },
};
const linkOf = (offer: unknown) => {
  const query = new URLSearchParams({ credential_offer: JSON.stringify(offer) });
  return `openid-credential-offer://?${query.toString()}`;
};

describe("an offer", () => {
  it("is read from a wallet's link, and from the address of this page", () => {
    const read = { issuer: ISSUER, kind: "age", code: "a+b/c", digits: 6 };
    expect(readOffer(linkOf(OFFER))).toEqual(read);
    const [, query = ""] = linkOf(OFFER).split("?");
    expect(readOffer(`https://city.example/me/credentials#${query}`)).toEqual(read);
    expect(readOffer(` #${query}`)).toEqual(read);
  });

  it.each([
    ["another code", "openid4vp://?client_id=x"],
    ["no offer", linkOf([])],
    ["an offer without a code", linkOf({ ...OFFER, grants: {} })],
    ["no JSON", "openid-credential-offer://?credential_offer=%7B"],
  ])("is refused: %s", (_, link) => {
    expect(() => readOffer(link)).toThrow();
  });

  it("is called as its issuer calls it, in both languages", () => {
    const display = [
      { name: "Age", locale: "en" },
      { name: "나이", locale: "ko" },
    ];
    const claims = [{ path: ["age_equal_or_over"], display }];
    const configuration = { credential_metadata: { display, claims } };
    const home = { issuer: { credential_configurations_supported: { age: configuration } } };
    const both = { ko: "나이", en: "Age" };
    const called = calledBy(home as unknown as Home, "age");
    expect(called).toEqual({ title: both, names: { age_equal_or_over: both } });
  });

  it("has each parameter that is asked for", () => {
    expect(parameter("openid4vp://?client_id=a%3Ab&request_uri=c", "client_id")).toBe("a:b");
  });
});

describe("the wallet's only correspondent", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is the city that the page came from", () => {
    vi.stubGlobal("location", { origin: "http://localhost:1", host: "localhost:1" });
    const issuer = { credential_issuer: ISSUER };
    const home = { did: "did:web:city.example", document: {}, issuer };
    expect(here(home, `${ISSUER}/identity/token?a=b`)).toBe("/identity/token?a=b");
    expect(here(home, "http://localhost:1/identity/nonce")).toBe("/identity/nonce");
    for (const other of ["https://evil.example/x", "https://city.example.evil.example/", 7]) {
      expect(() => here(home, other)).toThrow();
    }
  });
});

describe("what a credential says", () => {
  const names = { age_equal_or_over: { ko: "나이", en: "Age" } };

  it("is told in words, and what is always shown is left out", () => {
    const claims = {
      iss: ISSUER,
      exp: 1,
      status: {},
      age_equal_or_over: { "14": true, "19": true, "65": false },
      since: "2025-03-02",
      categories: ["AM", "B"],
      degree: "severe",
    };
    expect(sayings(claims, names).map(({ value }) => value.en)).toEqual([
      "14, 19 or older",
      "2 March 2025",
      "AM, B",
      "Severe",
    ]);
  });

  it("is told part by part where it is shown so", () => {
    const saying = sayingOf(names.age_equal_or_over, ["age_equal_or_over", "19"], true);
    expect(saying).toEqual({
      name: { ko: "만 19세 이상", en: "19 or older" },
      value: { ko: "예", en: "Yes" },
    });
  });
});

it("each need has words, and one that is not known keeps its name", () => {
  expect(new Set(NEEDS.map(({ text }) => text.ko)).size).toBe(NEEDS.length);
  expect(needText("age.19").en).toBe("19 or older");
  expect(needText("licence.B").ko).toBe("운전면허 B");
  expect(needText("member.x.y").en).toBe("member.x.y");
});

it.each([
  ["Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome · Android"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari", "Safari · iPhone"],
  ["Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"],
])("a device is called by what its browser says: %s", (agent, name) => {
  expect(thisDevice(agent)).toBe(name);
});
