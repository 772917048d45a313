"""EMVCo's text of a payment code: data objects of two digits, a length and a value.

EMV QR Code Specification for Payment Systems, Merchant-Presented Mode, version 1.1: a payload is a
sequence of objects `IDLLvalue`, the first of which is 00 (the format, "01") and the last 63, the
checksum of all before it, its own ID and length included (CRC-16/CCITT-FALSE of ISO/IEC 13239).
Lengths count characters. Checked: the specification's own example.
"""

from collections.abc import Sequence

from hapgang.core.errors import Invalid

MOST_CHARACTERS = 512  # of a payload, as the specification has it
_POLYNOMIAL, _START = 0x1021, 0xFFFF
_CHECKSUM = "6304"


class UnreadableCode(Invalid):
    """The text is no payment code, or not the one that was made."""


def crc16(data: bytes) -> int:
    """Return the CRC-16/CCITT-FALSE of some bytes: 0x29B1 of b"123456789"."""
    crc = _START
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ _POLYNOMIAL if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def written(objects: Sequence[tuple[str, str]]) -> str:
    """Return objects as text, without a checksum; `Invalid` for a value of over 99 characters."""
    parts = []
    for name, value in objects:
        if not 0 < len(value) <= 99:
            raise Invalid(f"object {name} has {len(value)} characters, not 1 to 99", None)
        parts.append(f"{name}{len(value):02d}{value}")
    return "".join(parts)


def payload_of(objects: Sequence[tuple[str, str]]) -> str:
    """Return the payload of objects, with format and checksum."""
    text = written([("00", "01"), *objects]) + _CHECKSUM
    if len(text) + 4 > MOST_CHARACTERS:
        raise Invalid(f"a payment code has at most {MOST_CHARACTERS} characters", None)
    return f"{text}{crc16(text.encode()):04X}"


def objects_in(text: str) -> dict[str, str]:
    """Return the objects of a text by their names; each may be there once."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        name, length = text[at : at + 2], text[at + 2 : at + 4]
        if not (_is_number(name) and _is_number(length)) or name in found:
            raise _unreadable()
        value = text[at + 4 : at + 4 + int(length)]
        if not value or len(value) != int(length):
            raise _unreadable()
        found[name] = value
        at += 4 + len(value)
    return found


def read_payload(payload: str) -> dict[str, str]:
    """Return the objects of a payload whose checksum is right; else `UnreadableCode`."""
    if len(payload) > MOST_CHARACTERS or not payload.startswith("000201"):
        raise _unreadable()
    body, checksum = payload[:-4], payload[-4:]
    if not body.endswith(_CHECKSUM) or checksum != f"{crc16(body.encode()):04X}":
        raise UnreadableCode(
            "The code's checksum is wrong: it was read badly or altered. Scan it again.",
            "코드의 검사값이 맞지 않습니다. 잘못 읽었거나 바뀐 코드입니다. 다시 스캔하세요.",
        )
    return objects_in(payload)


def _is_number(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isdigit()


def _unreadable() -> UnreadableCode:
    return UnreadableCode(
        "This is no payment code of EMVCo's form.", "EMVCo 형식의 결제 코드가 아닙니다."
    )
