"""MQTT as far as a publisher needs it: version 3.1.1 and 5.0, pure (OASIS, mqtt-v5.0 clause 3)."""

import struct
from typing import NamedTuple

V311, V5 = 4, 5  # protocol levels
CONNACK, PUBACK, PUBREC, PUBCOMP, DISCONNECT = 2, 4, 5, 7, 14
_CONNECT, _PUBLISH = 0x10, 0x30
_CLEAN, _PASSWORD, _USER = 0x02, 0x40, 0x80
_REFUSED_FROM = 0x80  # reason codes of version 5


class Packet(NamedTuple):
    """A packet that came in."""

    kind: int
    body: bytes


def connect(level: int, client: str, user: str | None, password: str | None) -> bytes:
    """Return what opens a session that is kept by nobody; there is no keep-alive."""
    flags = _CLEAN | (_USER if user is not None else 0)
    if password is not None:
        flags |= _PASSWORD
    body = _text("MQTT") + bytes([level, flags]) + struct.pack("!H", 0)
    body += b"\x00" if level == V5 else b""
    body += _text(client)
    for one in (user, password):
        if one is not None:
            body += _text(one)
    return _packet(_CONNECT, body)


def publish(level: int, topic: str, payload: bytes, qos: int, number: int) -> bytes:
    """Return a message; `number` tells which answer belongs to it, from quality 1 on."""
    body = _text(topic)
    if qos:
        body += struct.pack("!H", number)
    body += b"\x00" if level == V5 else b""
    return _packet(_PUBLISH | qos << 1, body + payload)


def release(number: int) -> bytes:
    """Return the second step of quality 2 (PUBREL)."""
    return _packet(0x62, struct.pack("!H", number))


def goodbye() -> bytes:
    """Return what ends a session (DISCONNECT)."""
    return b"\xe0\x00"


def reason_of(packet: Packet) -> int:
    """Return why something was refused, 0 where it was not."""
    if packet.kind == CONNACK:
        return packet.body[1]
    code = packet.body[2] if len(packet.body) > 2 else 0
    return code if code >= _REFUSED_FROM else 0


def number_of(packet: Packet) -> int:
    """Return which message an answer belongs to."""
    return int(struct.unpack("!H", packet.body[:2])[0])


def _packet(first: int, body: bytes) -> bytes:
    size, left = bytearray(), len(body)
    while True:
        left, part = left >> 7, left & 0x7F
        size.append(part | (0x80 if left else 0))
        if not left:
            return bytes([first]) + bytes(size) + body


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("!H", len(encoded)) + encoded
