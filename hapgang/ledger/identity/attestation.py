"""What an authenticator says with a new key: its data, and who vouches for it (WebAuthn L3, 6, 8).

Formats `none` and `packed`: with the key itself, or with a certificate of who made the device.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

from hapgang.core.errors import Invalid
from hapgang.ledger.identity import cbor
from hapgang.ledger.identity.cose import CoseKey, first_key, holds
from hapgang.ledger.identity.jose import NotProven

UP, UV, BE, BS, AT, ED = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80
_MOST_ID_BYTES = 1_023  # WebAuthn L3, 6.5.1
_MOST_CERTIFICATES = 4
_UNREADABLE = (
    ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature, x509.InvalidVersion,
    x509.ExtensionNotFound, x509.DuplicateExtension,
)  # fmt: skip
_AAGUID = x509.ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")  # WebAuthn L3, 8.2.1


class AuthenticatorData(msgspec.Struct, frozen=True):
    """What every signature of an authenticator is over."""

    rp_id_hash: bytes
    flags: int
    sign_count: int
    aaguid: bytes = b""
    credential_id: bytes = b""
    key: CoseKey | None = None
    key_bytes: bytes = b""

    def has(self, flag: int) -> bool:
        """Return whether a flag is set."""
        return bool(self.flags & flag)


def read_data(raw: bytes) -> AuthenticatorData:
    """Return authenticator data (6.1), to its last byte."""
    if len(raw) < 37:
        raise _invalid("its data are cut off", "데이터가 잘렸습니다")
    flags, count, rest = raw[32], int.from_bytes(raw[33:37], "big"), raw[37:]
    if flags & BS and not flags & BE:
        raise _invalid("a key that cannot be backed up is backed up", "백업 표시가 맞지 않습니다")
    data = AuthenticatorData(raw[:32], flags, count)
    if flags & AT:
        data, rest = _attested(data, rest)
    if flags & ED:
        extensions, rest = cbor.read_first(rest)
        if not isinstance(extensions, dict):
            raise _invalid("its extensions are no map", "확장 항목의 형식이 아닙니다")
    if rest:
        raise _invalid("something follows its data", "데이터 뒤에 다른 것이 있습니다")
    return data


def check_attestation(
    form: object,
    statement: object,
    data: AuthenticatorData,
    signed: bytes,
    anchors: Sequence[bytes],
    now_s: int,
) -> bool:
    """Return whether a maker whom we trust vouches for the device; refuse what does not hold.

    `signed` is authenticator data and client data's hash; `anchors` certificates in DER.
    """
    if not isinstance(statement, dict):
        raise _invalid("its attestation is no map", "인증 진술의 형식이 아닙니다")
    if form == "none":
        if statement:
            raise _invalid("it attests nothing, and says something", "빈 진술이어야 합니다")
        return False
    if form != "packed":
        raise NotProven("its attestation is of a kind not known here", "알지 못하는 진술입니다")
    algorithm, signature = statement.get("alg"), statement.get("sig")
    if not isinstance(algorithm, int) or not isinstance(signature, bytes) or data.key is None:
        raise _invalid("its attestation lacks a signature", "서명이 없습니다")
    if "x5c" not in statement:
        if statement.keys() != {"alg", "sig"} or algorithm != data.key.algorithm:
            raise _invalid("it attests itself by another algorithm", "서명 방식이 다릅니다")
        if not data.key.holds(signature, signed):
            raise NotProven("its own attestation does not hold", "진술의 서명이 맞지 않습니다")
        return False
    chain = _chain(statement)
    if not holds(chain[0].public_key(), algorithm, signature, signed):
        raise NotProven("its attestation does not hold", "진술의 서명이 맞지 않습니다")
    _check_leaf(chain[0], data.aaguid)
    return _trusted(chain, anchors, now_s)


def _attested(data: AuthenticatorData, rest: bytes) -> tuple[AuthenticatorData, bytes]:
    size = int.from_bytes(rest[16:18], "big")
    if len(rest) < 18 + size or not 0 < size <= _MOST_ID_BYTES:
        raise _invalid("its credential id is cut off or too long", "식별자가 바르지 않습니다")
    aaguid, name = rest[:16], rest[18 : 18 + size]
    key, raw, rest = first_key(rest[18 + size :])
    return msgspec.structs.replace(
        data, aaguid=aaguid, credential_id=name, key=key, key_bytes=raw
    ), rest


def _chain(statement: Mapping[str, Any]) -> list[x509.Certificate]:
    listed = statement["x5c"]
    if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_CERTIFICATES:
        raise _invalid("its certificates are none or too many", "인증서 목록이 바르지 않습니다")
    try:
        chain = [x509.load_der_x509_certificate(each) for each in listed]
        for each in chain:
            each.public_key()
    except _UNREADABLE as wrong:
        raise _invalid("a certificate cannot be read", "인증서를 읽을 수 없습니다") from wrong
    return chain


def _check_leaf(leaf: x509.Certificate, aaguid: bytes) -> None:
    """WebAuthn L3, 8.2.1: what the certificate of an authenticator has to say."""
    try:
        named = {
            oid: [each.value for each in leaf.subject.get_attributes_for_oid(oid)]
            for oid in (
                NameOID.COUNTRY_NAME,
                NameOID.ORGANIZATION_NAME,
                NameOID.ORGANIZATIONAL_UNIT_NAME,
                NameOID.COMMON_NAME,
            )
        }
        basic = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
        device = [each for each in leaf.extensions if each.oid == _AAGUID]
    except _UNREADABLE as wrong:
        raise _invalid("its certificate is not in order", "인증서가 바르지 않습니다") from wrong
    units = named[NameOID.ORGANIZATIONAL_UNIT_NAME]
    if not all(named.values()) or units != ["Authenticator Attestation"] or basic.ca:
        raise NotProven("its certificate is not an authenticator's", "인증기의 인증서가 아닙니다")
    for each in device:
        value = each.value
        told = value.value if isinstance(value, x509.UnrecognizedExtension) else b""
        if each.critical or told != b"\x04\x10" + aaguid:
            raise NotProven("its certificate is of another device", "다른 기기의 인증서입니다")


def _trusted(chain: Sequence[x509.Certificate], anchors: Sequence[bytes], now_s: int) -> bool:
    """Return whether the chain leads to an anchor; each is signed by the next, and in time."""
    now = datetime.fromtimestamp(now_s, UTC)
    roots = [x509.load_der_x509_certificate(each) for each in anchors]
    for place, each in enumerate(chain):
        if not each.not_valid_before_utc <= now <= each.not_valid_after_utc:
            return False
        if any(each == root or _issued(each, root) for root in roots):
            return True
        if place + 1 == len(chain) or not _issued(each, chain[place + 1]):
            return False
    return False


def _issued(each: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        each.verify_directly_issued_by(by)
        return by.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except _UNREADABLE:
        return False


def _invalid(en: str, ko: str) -> Invalid:
    return Invalid(f"this is not an authenticator's answer: {en}", f"인증기의 답이 아닙니다: {ko}")
