"""Credentials, passkeys and blind tokens against what their standards publish."""

from collections.abc import Callable, Iterator
from hashlib import sha256

from hapgang.core.errors import CityError
from hapgang.ledger.ballots import tokens
from hapgang.ledger.identity import status
from hapgang.ledger.identity.did import key_did, key_of
from hapgang.ledger.identity.disclosures import digest, reveal
from hapgang.ledger.identity.jose import b64, thumbprint, unb64
from hapgang.ledger.identity.passkeys import register, sign_in
from hapgang.ledger.identity.sdjwt import Asked, split, verify
from tests.ledger.ballots import test_tokens as blind
from tests.ledger.identity import test_did, test_jose, test_passkeys, test_sdjwt, test_status
from tests.ledger.identity.authenticator import Device
from validation.case import Case

Checks = Iterator[bool]
_THEN_S = 1_748_537_300  # within the times of RFC 9901's example
_ASKED = Asked("https://verifier.example.org", "1234567890")


def cases(counted: Callable[[str, Callable[[], Checks], str], Case]) -> list[Case]:
    """Return a case for each standard."""
    return [
        counted("SD-JWT: digests, disclosures, key binding", _sdjwt, "RFC 9901, 4.2.1, 5.1, 5.2"),
        counted("status lists", _status, "draft-ietf-oauth-status-list, 4.1, 4.2, test vectors"),
        counted(
            "WebAuthn: registrations and sign-ins", _webauthn, "WebAuthn Level 3, 'Test Vectors'"
        ),
        counted("blind RSA signatures", _blind, "RFC 9474, appendix A"),
        counted("did:key", _did, "the did:key method, examples of Ed25519 and P-256"),
        counted("JOSE: a key's thumbprint", _jose, "RFC 8037, A.3"),
    ]


def _sdjwt() -> Checks:
    told, digests = test_sdjwt.TOLD, test_sdjwt.DIGESTS
    yield digest(told["given_name"]) == digests[7]
    yield digest(told["email"]) == digests[1]
    yield digest(told["US"]) == "pFndjkZ_VCzmyTa6UjlZo3dh-ko8aIKQc9DlGzhaVYo"
    parts = split(test_sdjwt.rfc_example(test_sdjwt.BINDING))
    claims = reveal(test_sdjwt.CLAIMS, parts.told).claims
    yield (claims["given_name"], claims["family_name"]) == ("John", "Doe")
    yield claims["address"] == test_sdjwt.ADDRESS
    yield "email" not in claims
    yield digest(parts.unbound()) == "0_Af-2B-EhLWX5ydh_w2xzwmO6iM66B_2QCEanI4fUY"
    # Its signatures hold, and it is still none of ours, since it names no type.
    yield "of what kind" in _refusal(test_sdjwt.ISSUER)
    yield "signature" in _refusal(test_sdjwt.HOLDER)


def _refusal(key: dict[str, str]) -> str:
    whole = test_sdjwt.rfc_example(test_sdjwt.BINDING)
    try:
        verify(whole, lambda *_: key, _THEN_S, _ASKED, typ="example+sd-jwt")
    except CityError as error:
        return error.message.en
    return ""


def _status() -> Checks:
    one = status.read({"bits": 1, "lst": "eNrbuRgAAhcBXQ"})
    two = status.read({"bits": 2, "lst": "eNo76fITAAPfAgc"})
    yield [one.get(at) for at in range(16)] == test_status.ONE_BIT
    yield [two.get(at) for at in range(12)] == test_status.TWO_BITS
    long = status.read({"bits": 1, "lst": test_status.LONG})
    yield len(long) == 1 << 20
    yield [at for at in range(len(long)) if long.get(at)] == test_status.LONG_SET


def _webauthn() -> Checks:
    site, now, anchors = test_passkeys.SITE, test_passkeys.NOW, (test_passkeys.CA,)
    for info, (attestation, signature) in test_passkeys.PUBLISHED.items():
        device = Device(info)
        made, challenge = device.vector_registration(), b64(device.challenge)
        told = unb64(made["response"]["attestationObject"])
        yield sha256(told).hexdigest() == attestation
        kept = register(site, made, challenge, now, verified=False, anchors=anchors)
        yield (kept.credential_id, kept.aaguid) == (device.id, device.aaguid)
        shown = device.vector_authentication()
        yield sha256(unb64(shown["response"]["signature"])).hexdigest() == signature
        again = b64(device.challenge)
        yield bool(sign_in(site, kept, shown, again, verified=False))


def _blind() -> Checks:
    for vector in blind.VECTORS:
        key, n = blind.key_of(vector), int(vector["n"], 16)
        message, salt = bytes.fromhex(vector["prepared_msg"]), bytes.fromhex(vector["salt"])
        factor = pow(int(vector["inv"], 16), -1, n)
        blinded = tokens.blind(key.public_key(), message, salt=salt, factor=factor)
        yield blinded.message.hex() == vector["blinded_msg"]
        signed = tokens.blind_sign(key, blinded.message, mask=factor - 1)
        yield signed.hex() == vector["blind_sig"]
        if len(salt) == tokens.SALT_BYTES:  # the variant that tokens are of
            token = tokens.finish(key.public_key(), message, signed, blinded.inverse)
            yield token == vector["sig"]


def _did() -> Checks:
    for did, key in test_did.KNOWN.items():
        yield key_of(did) == key
        yield key_did(key) == did


def _jose() -> Checks:
    yield thumbprint(test_jose.RFC8037) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
