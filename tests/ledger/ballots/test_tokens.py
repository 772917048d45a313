"""Blind tokens, with the test vectors of RFC 9474, appendix A."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.ledger.ballots.tokens import (
    SALT_BYTES,
    WrongToken,
    blind,
    blind_sign,
    check_token,
    finish,
    modulus,
)
from tests.ledger.ballots.town import chance, issuer

VECTORS = json.loads(Path(__file__).with_name("rfc9474.json").read_text("utf-8"))


def key_of(vector: dict[str, str]) -> rsa.RSAPrivateKey:
    p, q, n, e, d = (int(vector[name], 16) for name in "pqned")
    public = rsa.RSAPublicNumbers(e, n)
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_rfc_9474(vector: dict[str, str]) -> None:
    key = key_of(vector)
    public, n = key.public_key(), int(vector["n"], 16)
    message, salt, signature = (
        bytes.fromhex(vector[name]) for name in ("prepared_msg", "salt", "sig")
    )
    assert vector["prepared_msg"] == vector["msg_prefix"] + vector["msg"]
    factor = pow(int(vector["inv"], 16), -1, n)
    blinded = blind(public, message, salt=salt, factor=factor)
    assert blinded.message.hex() == vector["blinded_msg"]
    assert blinded.inverse == int(vector["inv"], 16)
    signed = blind_sign(key, blinded.message, mask=factor - 1)
    assert signed.hex() == vector["blind_sig"]
    if len(salt) == SALT_BYTES:  # ours; the variants without salt end with another verification
        assert finish(public, message, signed, blinded.inverse) == signature.hex()
        check_token(public, message, signature.hex())
    else:
        with pytest.raises(WrongToken):
            finish(public, message, signed, blinded.inverse)


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=200), st.binary(min_size=32, max_size=32))
def test_a_token_is_for_its_message_only(message: bytes, seed: bytes) -> None:
    key = issuer()
    public = key.public_key()
    factor = int.from_bytes(chance(seed), "big")
    blinded = blind(public, message, salt=(chance(seed) * 2)[:48], factor=factor)
    signed = blind_sign(key, blinded.message, mask=factor ^ 1)
    token = finish(public, message, signed, blinded.inverse)
    check_token(public, message, token)
    for wrong in (token[:-1] + "0", token.upper(), token + "00", "", "zz", token[2:]):
        if wrong != token:
            with pytest.raises(WrongToken):
                check_token(public, message, wrong)
    with pytest.raises(WrongToken):
        check_token(public, message + b"x", token)
    with pytest.raises(WrongToken):
        finish(public, message, bytes(256), blinded.inverse)


def test_what_the_issuer_sees_tells_nothing() -> None:
    """For what was blinded and any other message there is a factor that makes one of the other."""
    public = issuer().public_key()
    n, e, salt = public.public_numbers().n, 65537, bytes(48)
    seen = int.from_bytes(blind(public, b"mine", salt=salt, factor=chance()[0] + 2).message, "big")
    other = int.from_bytes(blind(public, b"yours", salt=salt, factor=n - 1).message, "big")
    d = issuer().private_numbers().d
    factor = pow(seen * pow(n - other, -1, n), d, n)
    assert int.from_bytes(blind(public, b"yours", salt=salt, factor=factor).message, "big") == seen
    assert pow(factor, e, n) * (n - other) % n == seen


def test_bad_requests_are_refused() -> None:
    key = issuer()
    public, n = key.public_key(), key.public_key().public_numbers().n
    for message in (b"", bytes(255), b"\xff" * 256, bytes(257)):
        with pytest.raises(WrongToken):
            blind_sign(key, message, mask=7)
    for factor in (0, 1, n, key.private_numbers().p):
        with pytest.raises(Invalid):
            blind(public, b"m", salt=bytes(48), factor=factor)
    assert int(modulus(public), 16) == n
