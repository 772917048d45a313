"""SD-JWT VC: RFC 9901's own example, what is told and what is not, and every way to cheat."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import CityError, Invalid
from hapgang.ledger.identity.disclosures import conceal, contents, digest, disclosure, reveal
from hapgang.ledger.identity.jose import Json, NotProven, b64, new_key, peek, public, sign
from hapgang.ledger.identity.sdjwt import Asked, Parts, issue, present, split, verify

# RFC 9901, 5.1 (issuer's key: appendix A.5) and 5.2: a credential and its presentation.
ISSUER = {
    "kty": "EC",
    "crv": "P-256",
    "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
    "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8",
}
HOLDER = {
    "kty": "EC",
    "crv": "P-256",
    "x": "TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc",
    "y": "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ",
}
DIGESTS = [
    "CrQe7S5kqBAHt-nMYXgc6bdt2SH5aTY1sU_M-PgkjPI",
    "JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE",
    "PorFbpKuVu6xymJagvkFsFXAbRoc2JGlAUA2BA4o7cI",
    "TGf4oLbgwd5JQaHyKVQZU9UdGE0w5rtDsrZzfUaomLo",
    "XQ_3kPKt1XyX7KANkqVR6yZ2Va5NrPIvPYbyMvRKBMM",
    "XzFrzwscM6Gn6CJDc6vVK8BkMnfG8vOSKfpPIZdAfdE",
    "gbOsI4Edq2x2Kw-w5wPEzakob9hV1cRD0ATN3oQL9JM",
    "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4",
]
CLAIMS = {
    "_sd": DIGESTS,
    "iss": "https://issuer.example.com",
    "iat": 1683000000,
    "exp": 1883000000,
    "sub": "user_42",
    "nationalities": [
        {"...": "pFndjkZ_VCzmyTa6UjlZo3dh-ko8aIKQc9DlGzhaVYo"},
        {"...": "7Cf6JkPudry3lcbwHgeZ8khAv1U1OSlerP0VkBJrWZ0"},
    ],
    "_sd_alg": "sha-256",
    "cnf": {"jwk": HOLDER},
}
SIGNATURE = "MczwjBFGtzf-6WMT-hIvYbkb11NrV1WMO-jTijpMPNbswNzZ87wY2uHz-CXo6R04b7jYrpj9mNRAvVssXou1iw"
ADDRESS = {
    "street_address": "123 Main St",
    "locality": "Anytown",
    "region": "Anystate",
    "country": "US",
}
TOLD = {
    "given_name": disclosure("2GLC42sKQveCfGfryNRN9w", "John", "given_name"),
    "family_name": disclosure("eluV5Og3gSNII8EYnsxA_A", "Doe", "family_name"),
    "email": disclosure("6Ij7tM-a5iVPGboS5tmvVA", "johndoe@example.com", "email"),
    "address": disclosure("AJx-095VPrpTtN4QMOqROA", ADDRESS, "address"),
    "US": disclosure("lklxF5jMYlGTPUovMNIvCA", "US"),
    "DE": disclosure("nPuoQnkRFq3BIeAm7AnXFA", "DE"),
}
BINDING = (
    "eyJhbGciOiAiRVMyNTYiLCAidHlwIjogImtiK2p3dCJ9."
    "eyJub25jZSI6ICIxMjM0NTY3ODkwIiwgImF1ZCI6ICJodHRwczovL3ZlcmlmaWVyLmV4YW1wbGUub3Jn"
    "IiwgImlhdCI6IDE3NDg1MzcyNDQsICJzZF9oYXNoIjogIjBfQWYtMkItRWhMV1g1eWRoX3cyeHp3bU82"
    "aU02NkJfMlFDRWFuSTRmVVkifQ."
    "T3SIus2OidNl41nmVkTZVCKKhOAX97aOldMyHFiYjHm261eLiJ1YiuONFiMN8QlCmYzDlBLAdPvrXh52KaLgUQ"
)
NOW = 1_790_000_000
ASKED = Asked("https://verifier.example", "n-0S6_WzA2Mj")
CITY, PERSON = new_key(), new_key("Ed25519")
BASE = {"iss": "did:web:city.example", "vct": "urn:x:residency", "iat": NOW - 10, "exp": NOW + 99}
BODY = {**BASE, "name": "김", "address": {"city": "세종", "zone": "5-1"}, "roles": ["a", "b", "c"]}
HIDE = [("name",), ("address",), ("address", "zone"), ("roles", 0), ("roles", 2)]


def city_key(issuer: str, kid: str | None) -> Json:
    assert issuer == BASE["iss"]
    return CITY


def rfc_example(binding: str) -> str:
    head = b64(json.dumps({"alg": "ES256", "typ": "example+sd-jwt"}).encode())
    signed = f"{head}.{b64(json.dumps(CLAIMS).encode())}.{SIGNATURE}"
    told = tuple(TOLD[name] for name in ("family_name", "address", "given_name", "US"))
    return Parts(signed, told, binding).whole()


def test_rfc_9901_digests() -> None:
    assert TOLD["given_name"] == "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd"
    assert TOLD["US"] == "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIlVTIl0"
    assert digest(TOLD["given_name"]) == DIGESTS[7]
    assert digest(TOLD["email"]) == DIGESTS[1]
    assert digest(TOLD["US"]) == CLAIMS["nationalities"][0]["..."]
    written = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"  # 4.2.1
    assert disclosure("_26bc4LT-ac6q2KI6cBW5es", "Möbius", "family_name") == written
    assert digest(written) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def test_rfc_9901_presentation() -> None:
    asked = Asked("https://verifier.example.org", "1234567890")
    seen: list[str] = []

    def key_of(issuer: str, kid: str | None) -> Json:
        seen.append(issuer)
        return ISSUER

    with pytest.raises(NotProven, match="of what kind"):  # an SD-JWT, but no SD-JWT VC
        verify(rfc_example(BINDING), key_of, 1748537300, asked, typ="example+sd-jwt")
    parts = split(rfc_example(BINDING))
    told = reveal(CLAIMS, parts.told).claims
    assert told["address"] == ADDRESS
    assert (told["given_name"], told["family_name"]) == ("John", "Doe")
    assert told["nationalities"] == ["US"]
    assert "email" not in told
    assert "_sd" not in told
    assert digest(parts.unbound()) == "0_Af-2B-EhLWX5ydh_w2xzwmO6iM66B_2QCEanI4fUY"
    assert seen == ["https://issuer.example.com"]
    with pytest.raises(NotProven, match="signature"):
        verify(rfc_example(BINDING), lambda *_: HOLDER, 1748537300, asked, typ="example+sd-jwt")


@pytest.mark.parametrize("crv", ["P-256", "Ed25519"])
def test_only_what_is_shown_is_told(crv: str) -> None:
    person = new_key(crv)
    whole = issue(CITY, BODY, HIDE, holder=person, kid="k", decoys=3)
    kept = verify(whole, city_key, NOW)
    assert {name: kept.claims[name] for name in BODY} == BODY
    zone = kept.revealed.needs[("address", "zone")]
    assert len(zone) == 2  # the address, and in it the zone
    shown = verify(present(whole, zone, person, ASKED, NOW), city_key, NOW, ASKED)
    assert shown.claims["address"] == {"city": "세종", "zone": "5-1"}
    assert shown.claims["roles"] == ["b"]
    assert "name" not in shown.claims
    assert shown.holder == public(person)
    assert (shown.issuer, shown.vct) == (BASE["iss"], BASE["vct"])


def test_what_is_hidden_is_not_in_it() -> None:
    signed = split(issue(CITY, BODY, HIDE, holder=PERSON, decoys=2)).signed
    payload = peek(signed).claims
    assert "name" not in payload
    assert "address" not in payload
    assert len(payload["_sd"]) == 4  # name, address, two decoys
    assert payload["_sd"] == sorted(payload["_sd"])
    assert [type(each) for each in payload["roles"]] == [dict, str, dict]


def bound(**changes: object) -> str:
    """Return a presentation with a key binding that says something else than it should."""
    parts = split(issue(CITY, BODY, HIDE, holder=PERSON))
    claims = {"iat": NOW, "aud": ASKED.audience, "nonce": ASKED.nonce}
    claims |= {"sd_hash": digest(parts.unbound())} | changes
    return parts.whole() + sign(
        PERSON, "kb+jwt", {k: v for k, v in claims.items() if v is not None}
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": "https://other.example"}, "somebody else"),
        ({"aud": [ASKED.audience]}, "somebody else"),
        ({"aud": None}, "somebody else"),
        ({"nonce": "other"}, "this question"),
        ({"nonce": None}, "this question"),
        ({"nonce": ""}, "this question"),
        ({"iat": NOW - 3600}, "too long ago"),
        ({"iat": NOW + 3600}, "too soon"),
        ({"iat": None}, "when it was made"),
        ({"iat": True}, "when it was made"),
        ({"iat": str(NOW)}, "when it was made"),
        ({"exp": NOW - 3600}, "expired"),
        ({"sd_hash": digest("x")}, "something else"),
        ({"sd_hash": None}, "something else"),
    ],
)
def test_a_binding_that_is_not_for_this_question(changes: dict[str, object], why: str) -> None:
    with pytest.raises(NotProven, match=why):
        verify(bound(**changes), city_key, NOW, ASKED)
    assert verify(bound(iat=NOW - 200), city_key, NOW, ASKED)
    assert verify(bound(iat=NOW + 30), city_key, NOW, ASKED)


def test_a_stolen_credential_is_of_no_use() -> None:
    whole = issue(CITY, BODY, HIDE, holder=PERSON)
    with pytest.raises(NotProven, match="signature"):
        verify(present(whole, (), new_key("Ed25519"), ASKED, NOW), city_key, NOW, ASKED)
    with pytest.raises(NotProven, match="theirs"):
        verify(whole, city_key, NOW, ASKED)
    unbound = issue(CITY, BODY, HIDE)
    with pytest.raises(NotProven, match="theirs"):
        verify(present(unbound, (), PERSON, ASKED, NOW), city_key, NOW, ASKED)
    with pytest.raises(NotProven, match="bound to somebody"):
        verify(present(whole, (), PERSON, ASKED, NOW), city_key, NOW)


def test_disclosures_cannot_be_taken_away_or_added_afterwards() -> None:
    whole = issue(CITY, BODY, HIDE, holder=PERSON)
    parts = split(present(whole, split(whole).told[:2], PERSON, ASKED, NOW))
    for told in (parts.told[:1], split(whole).told[:3], parts.told[::-1]):
        with pytest.raises(NotProven, match="something else"):
            verify(Parts(parts.signed, tuple(told), parts.binding).whole(), city_key, NOW, ASKED)


@pytest.mark.parametrize(
    ("times", "why"),
    [
        ({"exp": NOW - 61}, "expired"),
        ({"iat": NOW + 61}, "not valid yet"),
        ({"nbf": NOW + 61}, "not valid yet"),
        ({"exp": "tomorrow"}, "no time"),
        ({"nbf": True}, "no time"),
    ],
)
def test_times(times: Json, why: str) -> None:
    with pytest.raises(NotProven, match=why):
        verify(issue(CITY, BODY | times), city_key, NOW)
    assert verify(issue(CITY, BODY | {"exp": NOW - 59, "nbf": NOW + 59}), city_key, NOW)


def crafted(payload: Json, *told: str) -> str:
    return Parts(sign(CITY, "dc+sd-jwt", BASE | payload), told).whole()


def test_digests_and_disclosures_by_the_rules() -> None:
    one, two = disclosure("s", 1, "a"), disclosure("t", 2, "b")
    inner = disclosure("u", {"_sd": [digest(one)]}, "c")
    element = disclosure("v", 5)
    for payload, told, why in (
        ({"_sd": [digest(one), digest(one)]}, (one,), "twice"),
        ({"_sd": [digest(one)], "x": {"_sd": [digest(one)]}}, (), "twice"),
        ({"_sd": [digest(one), digest(inner)]}, (one, inner), "twice"),
        ({"_sd": [digest(one)]}, (one, one), "shown twice"),
        ({"_sd": [digest(one)]}, (one, two), "does not belong"),
        ({"_sd": [digest(inner)]}, (one,), "does not belong"),
        ({"_sd": [digest(one)], "a": 0}, (one,), "told twice"),
        ({"_sd": [digest(element)]}, (element,), "names no claim"),
        ({"l": [{"...": digest(one)}]}, (one,), "has a name"),
        ({"l": [{"...": digest(element), "x": 1}]}, (element,), "company"),
        ({"x": {"...": digest(element)}}, (element,), "reserved"),
        ({"x": {"_sd_alg": "sha-256"}}, (), "reserved"),
        ({"_sd": digest(one)}, (one,), "no list"),
        ({"_sd": [3]}, (), "twice"),
        ({"_sd_alg": "md5"}, (), "hash"),
        ({"_sd_alg": 5}, (), "hash"),
        ({"_sd": [digest(disclosure("s", 1, "_sd"))]}, (disclosure("s", 1, "_sd"),), "no claim"),
        ({"_sd": [digest(disclosure("s", {}, "cnf"))]}, (disclosure("s", {}, "cnf"),), "hidden"),
        ({"cnf": {"kid": "x"}}, (), "key"),
    ):
        with pytest.raises(NotProven, match=why):
            verify(crafted(payload, *told), city_key, NOW)
    good = {"_sd": [digest(inner, "sha-512"), digest(two, "sha-512")], "_sd_alg": "sha-512"}
    assert verify(crafted(good, two), city_key, NOW).claims["b"] == 2


@pytest.mark.parametrize(
    "told", ["", "YQ", b64(b"[]"), b64(b'{"a":1}'), b64(b"[1,2,3]"), "가", "="]
)
def test_disclosures_that_are_none(told: str) -> None:
    with pytest.raises(CityError):
        verify(crafted({"_sd": [digest(told)]}, told), city_key, NOW)


def test_disclosures_within_disclosures_end() -> None:
    told = [disclosure("s", 1, "a")]
    for _ in range(40):
        told.append(disclosure("s", {"_sd": [digest(told[-1])]}, "a"))
    with pytest.raises(NotProven, match="deep"):
        verify(crafted({"_sd": [digest(told[-1])]}, *told), city_key, NOW)


@pytest.mark.parametrize("text", ["", "a.b.c", "~", "a.b.c~~", "a.b.c~x~~y", "x~" * 400, 3, None])
def test_what_is_no_credential(text: object) -> None:
    with pytest.raises(CityError):
        verify(text, city_key, NOW)


def test_what_an_issuer_may_not_do() -> None:
    for claims, hide in (
        (BODY, [("exp",)]),
        (BODY, [("nothing",)]),
        (BODY, [("roles", 3)]),
        ({**BODY, "_sd": []}, []),
        ({**BODY, "x": [{"...": 1}]}, []),
        ({"iss": "x"}, []),
    ):
        with pytest.raises(Invalid):
            issue(CITY, claims, hide)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    if isinstance(value, dict | list):
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        for step, part in steps:
            found += paths(part, (*path, step))
    return found


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=4), st.data())
def test_whatever_is_hidden_comes_back(claims: Json, data: st.DataObject) -> None:
    every = paths(claims)
    hide = data.draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    try:
        payload, told = conceal(claims, hide, decoys=1)
    except Invalid:
        return  # a reserved name
    assert len(told) == len(hide)
    assert all(len(contents(each)) in (2, 3) for each in told)
    assert reveal(payload, told).claims == claims
