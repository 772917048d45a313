"""Signed tokens: what is taken, and everything that is not."""

import json
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry

from hapgang.core.errors import Invalid
from hapgang.ledger.identity.jose import (
    NotProven,
    b64,
    new_key,
    opened,
    parse,
    peek,
    public,
    shown_public,
    sign,
    thumbprint,
    unb64,
)
from hapgang.ledger.identity.jose import _holds as holds

CURVES = ("P-256", "Ed25519")
# RFC 8037, appendix A: an Ed25519 key, its thumbprint, and a signature with it (A.1, A.3, A.4).
RFC8037 = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
RFC8037_SIGNED = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09P"
    "GcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)


@pytest.mark.parametrize("crv", CURVES)
def test_a_signed_token_comes_back(crv: str) -> None:
    key = new_key(crv)
    said = opened(sign(key, "test+jwt", {"a": "가", "n": 1}, kid="k"), public(key), "test+jwt")
    assert said.claims == {"a": "가", "n": 1}
    assert said.header["kid"] == "k"


@pytest.mark.parametrize("crv", CURVES)
def test_a_token_is_good_for_its_kind_and_its_key_only(crv: str) -> None:
    key, other = new_key(crv), new_key(crv)
    token = sign(key, "test+jwt", {})
    with pytest.raises(NotProven, match="something else"):
        opened(token, key, "other+jwt")
    with pytest.raises(NotProven, match="signature"):
        opened(token, other, "test+jwt")
    with pytest.raises(NotProven, match="algorithm"):
        opened(token, new_key("Ed25519" if crv == "P-256" else "P-256"), "test+jwt")


@pytest.mark.parametrize("crv", CURVES)
def test_each_changed_part_is_found(crv: str) -> None:
    key = new_key(crv)
    head, body, signature = sign(key, "t", {"a": 1}).split(".")
    for changed in (
        ".".join([head, b64(b'{"a":2}'), signature]),
        ".".join([b64(json.dumps({"alg": "none", "typ": "t"}).encode()), body, ""]),
        ".".join([b64(json.dumps({"alg": "HS256", "typ": "t"}).encode()), body, signature]),
        ".".join([head, body, b64(bytes(64))]),
    ):
        with pytest.raises(NotProven):
            opened(changed, key, "t")


def test_unknown_conditions_are_refused() -> None:
    key = new_key("Ed25519")
    head = b64(json.dumps({"alg": "EdDSA", "typ": "t", "crit": ["exp"]}).encode())
    with pytest.raises(NotProven, match="not known"):
        opened(f"{head}.{b64(b'{}')}.{b64(bytes(64))}", key, "t")


def test_rfc_8037() -> None:
    assert thumbprint(RFC8037) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    message, _, signature = RFC8037_SIGNED.rpartition(".")
    assert holds(RFC8037, message.encode(), unb64(signature))
    assert not holds(RFC8037, message.encode() + b"x", unb64(signature))


@pytest.mark.parametrize("crv", CURVES)
def test_another_library_reads_and_is_read(crv: str) -> None:
    key = new_key(crv)
    theirs = (OKPKey if crv == "Ed25519" else ECKey).import_key(key)
    registry = JWSRegistry(algorithms=["ES256", "EdDSA"])
    with warnings.catch_warnings(action="ignore"):  # EdDSA was renamed by RFC 9864; wallets use it
        read = jws.deserialize_compact(sign(key, "t", {"a": 1}), theirs, registry=registry)
        head = {"alg": "EdDSA" if crv == "Ed25519" else "ES256", "typ": "t"}
        written = jws.serialize_compact(head, b'{"a":1}', theirs, registry=registry)
    assert read.payload == b'{"a":1}'
    assert opened(written, public(key), "t").claims == {"a": 1}


def test_a_private_key_is_not_shown() -> None:
    with pytest.raises(Invalid, match="not a public key"):
        shown_public(new_key())
    assert "d" not in public(new_key())


def test_keys_that_are_none() -> None:
    good = public(new_key())
    for wrong in ({}, {**good, "kty": "RSA"}, {**good, "crv": "P-384"}, {**good, "x": "AA"}):
        with pytest.raises(Invalid):
            public(wrong)
    with pytest.raises(Invalid):
        opened(sign(new_key(), "t", {}), {**good, "y": b64(bytes(32))}, "t")


@pytest.mark.parametrize(
    "text", ["a", "YQ==", "YR", "Y Q", "YQ\n", "가", None, 5, "+/+/", "A" * 200_000]
)
def test_base64url_has_one_way_to_be_written(text: object) -> None:
    with pytest.raises(Invalid):
        unb64(text)


@given(st.binary(max_size=60))
def test_base64url_comes_back(raw: bytes) -> None:
    assert unb64(b64(raw)) == raw


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        "NaN",
        '{"a":Infinity}',
        '"\\ud800"',
        "[" * 5_000,
        "[" * 30 + "]" * 30,
        b"\xff",
        "",
        "1e999",
    ],
)
def test_json_that_two_could_read_differently(text: str | bytes) -> None:
    with pytest.raises(Invalid):
        parse(text)


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c.d", "..", "YQ.YQ.YQ", None, 3])
def test_what_is_no_token(token: object) -> None:
    with pytest.raises(Invalid):
        peek(token)
