"""Passkeys: WebAuthn Level 3's own vectors, and everything that an answer may not be."""

import hashlib
import warnings
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import CityError, Invalid
from hapgang.ledger.identity import cbor, cose
from hapgang.ledger.identity.codes import draw_code
from hapgang.ledger.identity.jose import NotProven, b64, unb64
from hapgang.ledger.identity.passkeys import (
    Passkey,
    Site,
    creation_options,
    credential_id,
    register,
    request_options,
    sign_in,
)
from tests.ledger.identity import authenticator
from tests.ledger.identity.authenticator import ORIGIN, RP, Device, certificate, p256, root

NOW = 1_790_000_000
SITE = Site(RP, (ORIGIN,))
CA = root()[1].public_bytes(Encoding.DER)
UP, UV, BE, BS = 0x01, 0x04, 0x08, 0x10
# SHA-256 of what WebAuthn Level 3, “Test Vectors”, publishes: attestationObject, signature.
PUBLISHED = {
    "none.ES256": (
        "c0aa49c57f59765c9f47e6000c04dfe66547a3bd2a6e003a82e336a6e569cb7f",
        "e6b84e03104e4fc5f59dee5f5bab455b61775d2725e21d87c11e894815b36119",
    ),
    "packed-self.ES256": (
        "69499bf5257be4e618f4462e458666d9827a713bca423b8bb77e8ef214f49f9f",
        "3d937eef718b4b203b5b6946ed87aa575d3cbfa9d0dd659f9a5fd024ab62705a",
    ),
    "packed.ES256": (
        "c1bf702bac165f17a6c450e726d549f2d0e4cd0fae3ced4b8a900a5efd61d981",
        "b0aca0f05fe415d3769bbb8a5ec36adcda0184a12ae337abb8360a6ae78b46c3",
    ),
    "packed.RS256": (
        "55803b9a593a4f965f3fceae108bbf7cc4d6f218438175fcf94ce3a4dc5edcb6",
        "5968d9d3a20c517688fe7e7c8d8d8bbc8436d9572f3a3c02b84d99abfeff25e7",
    ),
    "packed.EdDSA": (
        "b4bad136a711231e46696006716a16a06229ce75a1ebc103f8c7d16901bc8bbc",
        "63cdbd608d9eae1bcbff5a3fcb2e1472a2807b7f5d1a01d6385860c603ed3e96",
    ),
}


@pytest.mark.parametrize("info", PUBLISHED)
def test_the_specifications_vectors(info: str) -> None:
    device = Device(info)
    made = device.vector_registration()
    attested = unb64(made["response"]["attestationObject"])
    assert hashlib.sha256(attested).hexdigest() == PUBLISHED[info][0]
    kept = register(SITE, made, b64(device.challenge), NOW, verified=False, anchors=(CA,))
    assert kept.attested == info.startswith("packed.")
    assert (kept.credential_id, kept.aaguid) == (device.id, device.aaguid)
    shown = device.vector_authentication()
    signature = unb64(shown["response"]["signature"])
    assert hashlib.sha256(signature).hexdigest() == PUBLISHED[info][1]
    assert sign_in(SITE, kept, shown, b64(device.challenge), verified=False)


class Phone(Device):
    """A device that a test tells what to do."""

    def __init__(self, info: str = "none.ES256") -> None:
        super().__init__(info)
        self.id, self.aaguid = b"phone-1", bytes(range(16))
        if self.form == "packed":
            self.attester = p256(self.draw(32))
            self.leaf = certificate(self.attester, self.draw(16), root()[0])

    def register(self, flags: int = UP | UV, **changes: object) -> Passkey:
        client = self.client_data("webauthn.create", self.challenge, **changes)
        return register(SITE, self.created(client, flags), b64(self.challenge), NOW, anchors=(CA,))

    def sign_in(self, kept: Passkey, flags: int = UP | UV, **changes: object) -> Passkey:
        client = self.client_data("webauthn.get", self.challenge, **changes)
        return sign_in(SITE, kept, self.asserted(client, flags), b64(self.challenge), user=b"me")


@pytest.fixture(params=["none.ES256", "none.EdDSA", "none.RS256", "packed.ES256"])
def phone(request: pytest.FixtureRequest) -> Phone:
    return Phone(request.param)


def test_a_counter_goes_forward_only(phone: Phone) -> None:
    kept = phone.register()
    assert phone.sign_in(kept).sign_count == 0  # devices without a counter say 0 for ever
    phone.count = 7
    kept = phone.sign_in(kept)
    assert kept.sign_count == 7
    for count in (7, 6, 0):
        phone.count = count
        with pytest.raises(NotProven, match="copy"):
            phone.sign_in(kept)
    phone.count = 8
    assert phone.sign_in(kept).sign_count == 8


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"origin": "https://examp1e.org"}, "another page"),
        ({"origin": "http://example.org"}, "another page"),
        ({"origin": "https://example.org:8443"}, "another page"),
        ({"origin": [ORIGIN]}, "another page"),
        ({"challenge": b64(bytes(32))}, "another challenge"),
        ({"challenge": None}, "another challenge"),
        ({"challenge": ""}, "another challenge"),
        ({"type": "webauthn.other"}, "another ceremony"),
        ({"crossOrigin": True}, "somebody else"),
        ({"crossOrigin": "false"}, "somebody else"),
        ({"topOrigin": "https://example.com"}, "somebody else"),
    ],
)
def test_answers_from_elsewhere(changes: dict[str, Any], why: str) -> None:
    phone = Phone()
    kept = phone.register()
    with pytest.raises(NotProven, match=why):
        phone.register(**changes)
    with pytest.raises(NotProven, match=why):
        phone.sign_in(kept, **changes)


@pytest.mark.parametrize(
    ("flags", "why"), [(UV, "present"), (UP, "who it is"), (UP | UV | BS, "backed up")]
)
def test_flags(flags: int, why: str) -> None:
    phone = Phone()
    kept = phone.register()
    with pytest.raises(CityError, match=why):
        phone.register(flags)
    with pytest.raises(CityError, match=why):
        phone.sign_in(kept, flags)
    with pytest.raises(NotProven, match="was not"):
        phone.sign_in(kept, UP | UV | BE)
    backed = phone.register(UP | UV | BE)
    assert phone.sign_in(backed, UP | UV | BE | BS).backed_up


def test_a_key_is_for_its_site_and_its_person(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone()
    kept = phone.register()
    client = phone.client_data("webauthn.get", phone.challenge)
    good = phone.asserted(client, UP | UV)
    good["response"]["userHandle"] = b64(b"somebody")
    with pytest.raises(NotProven, match="somebody else"):
        sign_in(SITE, kept, good, b64(phone.challenge), user=b"me")
    good["response"]["signature"] = b64(bytes(70))
    with pytest.raises(NotProven, match="signature"):
        sign_in(SITE, kept, good, b64(phone.challenge))
    with pytest.raises(NotProven, match="another key"):
        sign_in(SITE, kept, good | {"id": "YQ", "rawId": "YQ"}, b64(phone.challenge))
    monkeypatch.setattr(authenticator, "RP", "other.example")
    with pytest.raises(NotProven, match="another site"):
        phone.register()
    with pytest.raises(NotProven, match="another site"):
        phone.sign_in(kept)


def test_who_vouches_for_a_device() -> None:
    phone = Phone("packed.ES256")
    client = phone.client_data("webauthn.create", phone.challenge)
    made, challenge = phone.created(client, UP | UV), b64(phone.challenge)
    assert register(SITE, made, challenge, NOW, anchors=(CA,), vouched=True).attested
    assert not register(SITE, made, challenge, NOW).attested
    with pytest.raises(NotProven, match="vouches"):
        register(SITE, made, challenge, NOW, vouched=True)
    with pytest.raises(NotProven, match="vouches"):  # before the certificates begin
        register(SITE, made, challenge, 1_600_000_000, anchors=(CA,), vouched=True)
    other = p256(bytes(31) + b"\x05")
    stranger = certificate(other, b"\x01").public_bytes(Encoding.DER)
    with pytest.raises(NotProven, match="vouches"):
        register(SITE, made, challenge, NOW, anchors=(stranger,), vouched=True)


def test_certificates_that_are_not_an_authenticators() -> None:
    device = x509.ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")
    phone = Phone("packed.ES256")
    assert phone.attester is not None
    right = x509.UnrecognizedExtension(device, b"\x04\x10" + phone.aaguid)
    wrong = x509.UnrecognizedExtension(device, b"\x04\x10" + bytes(16))
    phone.leaf = certificate(phone.attester, b"\x01", root()[0], extra=(right,))
    assert phone.register().attested
    for leaf, why in (
        (certificate(phone.attester, b"\x01", root()[0], extra=(wrong,)), "another device"),
        (certificate(phone.attester, b"\x01", root()[0], unit="Somebody"), "authenticator's"),
        (certificate(phone.attester, b"\x01"), "authenticator's"),
        (certificate(root()[0], b"\x01", root()[0]), "does not hold"),
    ):
        phone.leaf = leaf
        with pytest.raises(NotProven, match=why):
            phone.register()


def test_attestations_that_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone("packed-self.ES256")
    assert not phone.register().attested
    signature = {"alg": -7, "sig": b"0"}
    for statement, why in (
        ({}, "lacks a signature"),
        ({"alg": "ES256", "sig": b""}, "lacks a signature"),
        (signature | {"alg": -8}, "another algorithm"),
        (signature | {"more": 1}, "another algorithm"),
        (signature, "own attestation"),
        (signature | {"x5c": []}, "none or too many"),
        (signature | {"x5c": [b"0"]}, "cannot be read"),
        (signature | {"x5c": [1]}, "cannot be read"),
    ):
        monkeypatch.setattr(Phone, "statement", lambda *_, told=statement: told)
        with pytest.raises(CityError, match=why):
            phone.register()
    phone.form = "none"
    with pytest.raises(Invalid, match="attests nothing"):
        phone.register()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"type": "public-key", "id": "YQ"},
        {"type": "public-key", "id": "YQ", "rawId": "Yg", "response": {}},
        {"type": "public-key", "id": "YQ", "response": {}},
        {"type": "password", "id": "YQ", "response": {}},
    ],
)
def test_answers_that_are_none(answer: object) -> None:
    with pytest.raises(CityError):
        register(SITE, answer, "x", NOW)
    with pytest.raises(CityError):
        sign_in(SITE, Phone().register(), answer, "x")


@given(st.integers(0, 193), st.integers(1, 255))
def test_any_changed_byte_of_a_registration_is_found_or_harmless(at: int, change: int) -> None:
    phone = Phone()
    client = phone.client_data("webauthn.create", phone.challenge)
    made = phone.created(client, UP | UV)
    kept = register(SITE, made, b64(phone.challenge), NOW)
    raw = bytearray(unb64(made["response"]["attestationObject"]))
    raw[at % len(raw)] ^= change
    made["response"]["attestationObject"] = b64(bytes(raw))
    try:
        other = register(SITE, made, b64(phone.challenge), NOW)
    except CityError:
        return
    assert other != kept  # a counter, a flag or an aaguid, which nobody attests
    assert other.credential_id == kept.credential_id


ATTESTED = Phone("packed.ES256")
CLIENT = ATTESTED.client_data("webauthn.create", ATTESTED.challenge)
OBJECT = unb64(ATTESTED.created(CLIENT, UP | UV)["response"]["attestationObject"])


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(OBJECT) - 1), st.integers(0, 255)), min_size=1))
def test_certificates_that_are_rubbish(changes: list[tuple[int, int]]) -> None:
    raw = bytearray(OBJECT)
    for at, value in changes:
        raw[at] = value
    answer = ATTESTED.answer(CLIENT, attestationObject=b64(bytes(raw)))
    with warnings.catch_warnings(action="ignore"):  # of serial numbers that are not positive
        try:
            kept = register(SITE, answer, b64(ATTESTED.challenge), NOW, anchors=(CA,))
        except CityError:
            return
    assert not kept.attested or bytes(raw) == OBJECT


@given(st.binary(max_size=40))
def test_cbor_is_read_in_one_way_or_not_at_all(raw: bytes) -> None:
    try:
        value = cbor.read(raw)
    except Invalid:
        return
    if "None" not in str(value):  # which the writer here does not write
        assert authenticator.cbor(value) == raw


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x18\x17",  # 23 in two bytes
        b"\x19\x00\xff",
        b"\x5f\x41a\xff",  # indefinite
        b"\xc0\x00",  # tagged
        b"\xf9\x00\x00",  # a fraction
        b"\xf7",  # undefined
        b"\xa2\x01\x02\x01\x03",  # a key twice
        b"\xa1\xf5\x01",
        b"\xa1\x80\x01",
        b"\x62\xff\xff",
        b"\x81" * 9 + b"\x00",
        b"\x9a\xff\xff\xff\xff",
        b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x00\x00",
        b"\x41",
    ],
)
def test_cbor_that_is_not_taken(raw: bytes) -> None:
    with pytest.raises(Invalid):
        cbor.read(raw)


@pytest.mark.parametrize(
    "key",
    [
        {},
        [],
        {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)},  # not on the curve
        {1: 2, 3: -7, -1: 2, -2: bytes(32), -3: bytes(32)},
        {1: 2, 3: -7, -1: 1, -2: bytes(31), -3: bytes(33)},
        {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: True},
        {1: 1, 3: -8, -1: 6, -2: bytes(31)},
        {1: 1, 3: -8, -1: 7, -2: bytes(32)},
        {1: 3, 3: -257, -1: b"\x80" + bytes(127), -2: b"\x01\x00\x01"},  # 1024 bits
        {1: 3, 3: -257, -1: b"\x80" + bytes(255), -2: bytes(5)},
        {1: 3, 3: -257, -1: b"\x00\x80" + bytes(255), -2: b"\x03"},
        {1: 3, 3: -37, -1: b"", -2: b""},
        {1: 1, 3: -8, -1: 6, -2: bytes(32), -4: bytes(32)},  # with its private half
    ],
)
def test_keys_that_are_none(key: object) -> None:
    with pytest.raises(Invalid):
        cose.key_of(authenticator.cbor(key))


def test_options() -> None:
    challenge, _ = draw_code(NOW, 300)
    made = creation_options(SITE, b"handle", "민준", challenge, [b"old"])
    assert [each["alg"] for each in made["pubKeyCredParams"]] == [-7, -8, -257]
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["excludeCredentials"] == [{"type": "public-key", "id": b64(b"old")}]
    assert request_options(SITE, challenge)["allowCredentials"] == []
    assert credential_id({"type": "public-key", "id": "YQ", "response": {}}) == b"a"
    for handle, code in ((b"", challenge), (bytes(65), challenge), (b"a", "YQ")):
        with pytest.raises(Invalid):
            creation_options(SITE, handle, "x", code)
