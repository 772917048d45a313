import { describe, expect, it } from "vitest";
import { joined, utf8, type Bytes } from "~/ledger/bytes";
import { choose, parseQuery } from "~/identity/wallet/dcql";
import { keyIn, ofMultibase, webAddress } from "~/identity/wallet/did";
import { digest, reveal } from "~/identity/wallet/disclosures";
import { b64, opened, publicOf, sign, thumbprint, type Json } from "~/identity/wallet/jose";
import { present, split, verify, whole, type KeyOf } from "~/identity/wallet/sdjwt";
import { listOf, standing, statusAt } from "~/identity/wallet/status";

const NOW = 1_790_000_000;
const CITY = "did:web:city.example";

// RFC 9901, 5.1 and 5.2: disclosures of a credential and their digests in it.
const GIVEN_NAME = "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd";
const US = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIlVTIl0";
const PAYLOAD = {
  _sd: ["jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4", "CrQe7S5kqBAHt-nMYXgc6bdt2SH5aTY1sU_M-PgkjPI"],
  nationalities: [
    { "...": "pFndjkZ_VCzmyTa6UjlZo3dh-ko8aIKQc9DlGzhaVYo" },
    { "...": "7Cf6JkPudry3lcbwHgeZ8khAv1U1OSlerP0VkBJrWZ0" },
  ],
  _sd_alg: "sha-256",
}; // prettier-ignore

async function pairOf() {
  const how = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(how, false, ["sign", "verify"]);
  return { ...pair, jwk: publicOf(await crypto.subtle.exportKey("jwk", pair.publicKey)) };
}

const told = (salt: string, ...parts: unknown[]) => b64(utf8(JSON.stringify([salt, ...parts])));

/** An age of the city's kind, with each step hidden by itself, for the holder of a key. */
async function issued() {
  const [city, holder] = await Promise.all([pairOf(), pairOf()]);
  const ages = { "14": true, "19": true, "65": false };
  const disclosures = Object.entries(ages).map(([age, yes]) => told(`s${age}`, age, yes));
  const claims = {
    iss: CITY,
    vct: "urn:hapgang:credential:age:1",
    iat: NOW - 10,
    exp: NOW + 9_999,
    cnf: { jwk: holder.jwk },
    status: { status_list: { idx: 3, uri: "https://city.example/identity/status/1" } },
    age_equal_or_over: { _sd: await Promise.all(disclosures.map(digest)) },
    _sd_alg: "sha-256",
  };
  const signed = await sign(city.privateKey, "dc+sd-jwt", claims, { kid: `${CITY}#k` });
  const keyOf: KeyOf = () => Promise.resolve(city.jwk);
  return { city, holder, claims, keyOf, text: whole({ signed, told: disclosures }) };
}

const adult = (age: string) => ({
  credentials: [
    {
      id: "adult",
      format: "dc+sd-jwt",
      meta: { vct_values: ["urn:hapgang:credential:age:1"] },
      claims: [{ path: ["age_equal_or_over", age], values: [true] }],
    },
  ],
});

describe("disclosures", () => {
  it("have the digests of RFC 9901", async () => {
    expect(await digest(GIVEN_NAME)).toBe(PAYLOAD._sd[0]);
    const mobius = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
    expect(await digest(mobius)).toBe("X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"); // 4.2.1
  });

  it("tell what they tell and nothing else", async () => {
    const { claims, needs } = await reveal(PAYLOAD, [GIVEN_NAME, US]);
    expect(claims).toEqual({ given_name: "John", nationalities: ["US"] });
    expect(needs.get('["given_name"]')).toEqual([GIVEN_NAME]);
  });

  it.each([
    ["one that does not belong", [told("x", "family_name", "Doe")], /belong/],
    ["one twice", [US, US], /twice/],
  ])("are refused: %s", async (_, shown, why) => {
    await expect(reveal(PAYLOAD, shown)).rejects.toThrow(why);
  });
});

describe("keys", () => {
  // Ed25519: RFC 8032's first test key as in the did:key method; P-256: that method's own vector.
  it("are read from did:key's vectors", () => {
    expect(ofMultibase("z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp")).toEqual({
      kty: "OKP",
      crv: "Ed25519",
      x: "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik",
    });
    expect(ofMultibase("zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")).toEqual({
      kty: "EC",
      crv: "P-256",
      x: "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI",
      y: "hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU",
    });
  });

  it("have the name of RFC 8037, A.3", async () => {
    const key = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" } as const; // prettier-ignore
    expect(await thumbprint(key)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  });

  it("sign for one purpose only, and hold as RFC 8037, A.4 has it", async () => {
    const { privateKey, jwk } = await pairOf();
    const token = await sign(privateKey, "kb+jwt", { a: 1 });
    expect((await opened(token, jwk, "kb+jwt")).claims).toEqual({ a: 1 });
    await expect(opened(token, jwk, "jwt")).rejects.toThrow(/something else/);
    await expect(opened(`${token.slice(0, -4)}AAAA`, jwk, "kb+jwt")).rejects.toThrow();
  });

  it("are those of the document, not of somebody else's", async () => {
    const { jwk } = await pairOf();
    const method = { id: `${CITY}#k`, controller: CITY, publicKeyJwk: jwk };
    const document = { id: CITY, verificationMethod: [method], assertionMethod: [`${CITY}#k`] };
    expect(keyIn(document, CITY)).toEqual(jwk);
    expect(() => keyIn(document, CITY, `${CITY}#other`)).toThrow(/not signed by one/);
    expect(() => keyIn({ ...document, id: "did:web:x.example" }, CITY)).toThrow(/somebody else/);
    expect(() => keyIn({ ...document, assertionMethod: [] }, CITY)).toThrow();
  });

  it.each([
    ["did:web:city.example", "https://city.example/.well-known/did.json"],
    ["did:web:city.example%3A8403:identity", "https://city.example:8403/identity/did.json"],
  ])("of %s are looked up at %s", (did, address) => {
    expect(webAddress(did)).toBe(address);
  });

  it.each(["did:web:", "did:key:z6Mk", "did:web:a/b", "did:web:a:..:b"])("not of %s", (did) => {
    expect(() => webAddress(did)).toThrow();
  });
});

describe("a credential", () => {
  it("is kept once its issuer signed it, and shows what was asked for and no more", async () => {
    const { holder, keyOf, text } = await issued();
    const kept = await verify(text, keyOf, NOW);
    const choice = choose(parseQuery(adult("19")), new Map([["mine", kept]]))?.get("adult");
    expect(choice?.values).toEqual([[["age_equal_or_over", "19"], true]]);
    const asked = { audience: "did:web:shop.example", nonce: "n" };
    const shown = await present(text, choice?.told ?? [], holder.privateKey, asked, NOW);
    const at = shown.lastIndexOf("~") + 1;
    expect(split(shown.slice(0, at)).told).toHaveLength(1);
    const binding = await opened(shown.slice(at), kept.holder, "kb+jwt");
    expect(binding.claims).toEqual({
      iat: NOW,
      aud: "did:web:shop.example",
      nonce: "n",
      sd_hash: await digest(shown.slice(0, at)),
    });
  });

  it("does not answer what it says no to, or another kind", async () => {
    const { keyOf, text } = await issued();
    const held = new Map([["mine", await verify(text, keyOf, NOW)]]);
    expect(choose(parseQuery(adult("65")), held)).toBeNull();
    expect(choose(parseQuery(adult("18")), held)).toBeNull();
  });

  it.each([
    ["expired", NOW + 99_999],
    ["of tomorrow", NOW - 99_999],
  ])("is refused when it is %s", async (_, at_s) => {
    const { keyOf, text } = await issued();
    await expect(verify(text, keyOf, at_s)).rejects.toThrow();
  });

  it("is refused when somebody else signed it", async () => {
    const { holder, text } = await issued();
    await expect(verify(text, () => Promise.resolve(holder.jwk), NOW)).rejects.toThrow(/signature/);
  });
});

async function zlib(bytes: Bytes): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return b64(new Uint8Array(await new Response(stream).arrayBuffer()));
}

describe("a status list", () => {
  it("reads as draft-ietf-oauth-status-list, 4.1, has it", async () => {
    const one = await listOf({ bits: 1, lst: "eNrbuRgAAhcBXQ" });
    expect(Array.from({ length: 16 }, (_, at) => statusAt(one, at)).join("")).toBe(
      "1001110111000101",
    );
    const two = await listOf({ bits: 2, lst: "eNo76fITAAPfAgc" });
    expect(Array.from({ length: 12 }, (_, at) => statusAt(two, at)).join("")).toBe("120301011233");
  });

  it("says whether a credential stands, once it is of this address and this issuer", async () => {
    const { city, keyOf } = await issued();
    const sub = "https://city.example/identity/status/1";
    const list = { bits: 2, lst: await zlib(Uint8Array.of(0b10_01_00_00)) };
    const claims: Json = { iss: CITY, sub, iat: NOW, exp: NOW + 60, status_list: list };
    const text = await sign(city.privateKey, "statuslist+jwt", claims);
    const at = (index: number, address = sub, at_s = NOW) =>
      standing(text, { index, address }, CITY, keyOf, at_s);
    expect([await at(0), await at(2), await at(3)]).toEqual(["valid", "revoked", "suspended"]);
    await expect(at(4)).rejects.toThrow(/not on its status list/);
    await expect(at(0, "https://city.example/identity/status/2")).rejects.toThrow(/another/);
    await expect(at(0, sub, NOW + 999)).rejects.toThrow(/expired/);
  });

  it("is not unpacked beyond all bounds", async () => {
    const lst = await zlib(joined(new Uint8Array((1 << 20) + 1)));
    await expect(listOf({ bits: 2, lst })).rejects.toThrow(/too long/);
  });
});
