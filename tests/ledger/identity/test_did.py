"""Names with keys, in the examples of the methods' own specifications."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.ledger.identity.did import _base58 as base58
from hapgang.ledger.identity.did import _unbase58 as unbase58
from hapgang.ledger.identity.did import (
    document,
    key_did,
    key_of,
    keys_by,
    keys_in,
    resolve,
    web_address,
    web_did,
)
from hapgang.ledger.identity.jose import NotProven, new_key, public

# The did:key method, its examples of Ed25519 and P-256.
KNOWN = {
    "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp": {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik",
    },
    "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv": {
        "kty": "EC",
        "crv": "P-256",
        "x": "igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns",
        "y": "efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM",
    },
}


@pytest.mark.parametrize("did", KNOWN)
def test_the_methods_own_examples(did: str) -> None:
    assert key_of(did) == KNOWN[did]
    assert key_did(KNOWN[did]) == did
    assert resolve(f"{did}#{did.removeprefix('did:key:')}") == KNOWN[did]


@pytest.mark.parametrize("crv", ["P-256", "Ed25519"])
def test_any_key_comes_back(crv: str) -> None:
    for _ in range(8):
        key = public(new_key(crv))
        assert key_of(key_did(key)) == key


@given(st.binary(max_size=40))
def test_base58_comes_back(raw: bytes) -> None:
    assert unbase58(base58(raw)) == raw


@pytest.mark.parametrize(
    "did",
    [
        "did:key:",
        "did:key:z",
        "did:key:u123",
        "did:key:z6Mk0",
        "did:web:x",
        "did:key:z" + "1" * 1_000,
        "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc",  # X25519 agrees, never signs
        "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp#other",
    ],
)
def test_what_is_no_did_key(did: str) -> None:
    with pytest.raises(Invalid):
        key_of(did)


def test_where_documents_are() -> None:
    assert (
        web_address("did:web:w3c-ccg.github.io") == "https://w3c-ccg.github.io/.well-known/did.json"
    )
    assert (
        web_address("did:web:example.com:user:alice") == "https://example.com/user/alice/did.json"
    )
    assert (
        web_address("did:web:example.com%3A3000") == "https://example.com:3000/.well-known/did.json"
    )
    assert web_did("Example.com:3000", "a") == "did:web:example.com%3A3000:a"


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web:a@b.c",
        "did:web:a.b%2Fc",
        "did:web:a.b:..:c",
        "did:web:a.b::c",
        "did:web:a.b:%2e%2e",
        "did:web:a..b",
        "did:web:a.b/c",
        "did:web:" + "a" * 300,
        "did:web:a.b%3A3000%3A1",
        "did:web:A.b",
    ],
)
def test_addresses_that_lead_astray(did: str) -> None:
    with pytest.raises(Invalid):
        web_address(did)


def test_keys_of_other_kinds_are_passed_over() -> None:
    did = web_did("city.example")
    ours = public(new_key())
    written = document(did, {"k1": ours})
    x25519 = {"kty": "OKP", "crv": "X25519", "x": "AAAA"}
    for name, key in (
        ("#e1", {"publicKeyJwk": x25519}),
        ("#e2", {"publicKeyMultibase": "z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc"}),
    ):
        written["verificationMethod"].append({"id": name, "controller": did, **key})
        written["assertionMethod"].append(f"{did}{name}")
    assert keys_in(written, did) == {f"{did}#k1": ours}


def test_a_document_is_written_and_read() -> None:
    did = web_did("city.example")
    keys = {"k1": public(new_key()), "k2": public(new_key("Ed25519"))}
    written = document(did, keys, [{"id": f"{did}#log", "type": "Log", "serviceEndpoint": "x"}])
    fetched: list[str] = []

    def fetch(address: str) -> dict[str, object]:
        fetched.append(address)
        return written

    assert resolve(f"{did}#k2", fetch) == keys["k2"]
    assert fetched == ["https://city.example/.well-known/did.json"]
    assert keys_in(written, did, "authentication") == {
        f"{did}#k1": keys["k1"],
        f"{did}#k2": keys["k2"],
    }
    with pytest.raises(NotProven):
        resolve(did, fetch)  # two keys, and none named
    with pytest.raises(NotProven):
        resolve(f"{did}#k3", fetch)
    with pytest.raises(NotProven):
        resolve(f"{did}#k1")


def test_a_key_for_signing_in_signs_no_credentials() -> None:
    did = web_did("city.example")
    written = document(did, {"k": public(new_key())}) | {"assertionMethod": []}
    with pytest.raises(NotProven):
        resolve(f"{did}#k", lambda _: written)
    assert resolve(f"{did}#k", lambda _: written, "authentication")


def test_somebody_elses_document_or_key_is_not_taken() -> None:
    did, other = web_did("city.example"), web_did("other.example")
    written = document(other, {"k": public(new_key())})
    with pytest.raises(NotProven, match="somebody else"):
        resolve(f"{did}#k", lambda _: written)
    mixed = document(did, {"k": public(new_key())})
    mixed["verificationMethod"] = written["verificationMethod"]
    mixed["assertionMethod"] = [f"{other}#k"]
    with pytest.raises(NotProven):
        resolve(f"{did}#k", lambda _: mixed)


def test_nobody_signs_in_anothers_name() -> None:
    did, other = web_did("city.example"), web_did("other.example")
    written = {each: document(each, {"k": public(new_key())}) for each in (did, other)}
    key = keys_by(lambda address: written[did if "city" in address else other])
    assert key(did, f"{did}#k") == key(did, "#k") == key(did, None)
    with pytest.raises(NotProven, match="somebody else"):
        key(did, f"{other}#k")
    with pytest.raises(NotProven):
        key(did, f"{did}#j")
    with pytest.raises(Invalid):
        key("https://city.example", None)
    me = next(iter(KNOWN))
    assert keys_by()(me, None) == KNOWN[me]


def test_a_did_key_has_a_document() -> None:
    did = next(iter(KNOWN))
    assert list(keys_in(document(did, {}), did).values()) == [KNOWN[did]]


def test_keys_as_jwk_are_read() -> None:
    did = web_did("city.example")
    key = public(new_key())
    method = {"id": "#k", "type": "JsonWebKey", "controller": did, "publicKeyJwk": key}
    written = {"id": did, "verificationMethod": [method], "assertionMethod": ["#k"]}
    assert resolve(did, lambda _: written) == key
    assert resolve(did, lambda _: {"id": did, "assertionMethod": [method]}) == key
