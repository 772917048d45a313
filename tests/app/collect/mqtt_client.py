"""A small MQTT 3.1.1 client of our own for tests: connect, publish at QoS 1, be acknowledged."""

import asyncio
import ssl
import struct
from typing import Any

import msgspec


class Refused(Exception):
    """The server did not let this client in, or closed the connection."""


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.entered: asyncio.Future[int] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._last = 0
        self._buffer = b""

    @classmethod
    async def connect(
        cls,
        port: int,
        user: str,
        password: str,
        client_id: str | None = None,
        *,
        tls: ssl.SSLContext | None = None,
    ) -> "Client":
        """Come in; `Refused` where that is not allowed."""
        loop = asyncio.get_running_loop()
        transport, client = await loop.create_connection(cls, "127.0.0.1", port, ssl=tls)
        client._transport = transport
        transport.write(_connect(client_id or user, user, password))
        code = await asyncio.wait_for(client.entered, 20)
        if code:
            raise Refused(f"return code {code}")
        return client

    def publish(self, topic: str, body: Any) -> "asyncio.Future[None]":
        """Send at QoS 1; the future is done when it was acknowledged."""
        self._last = self._last % 65_535 + 1
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        done = self._waiting[self._last] = asyncio.get_running_loop().create_future()
        rest = _text(topic) + struct.pack("!H", self._last) + data
        self._transport.write(b"\x32" + _length(len(rest)) + rest)
        return done

    def mention(self, topic: str, body: Any) -> None:
        """Send at QoS 0: nobody answers."""
        rest = _text(topic) + msgspec.json.encode(body)
        self._transport.write(b"\x30" + _length(len(rest)) + rest)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= 2 and len(self._buffer) >= 2 + self._buffer[1]:
            packet = self._buffer[: 2 + self._buffer[1]]
            self._buffer = self._buffer[len(packet) :]
            if packet[0] == 0x20:
                self.entered.set_result(packet[3])
            elif packet[0] == 0x40:
                self._waiting.pop(struct.unpack_from("!H", packet, 2)[0]).set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        why = Refused("the connection was closed")
        for future in (self.entered, *self._waiting.values()):
            if not future.done():
                future.set_exception(why)
                future.exception()  # nobody has to look
        self.closed.set_result(None)


def _connect(client_id: str, user: str, password: str) -> bytes:
    head = _text("MQTT") + bytes([4, 0xC2]) + struct.pack("!H", 60)
    rest = head + _text(client_id) + _text(user) + _text(password)
    return b"\x10" + _length(len(rest)) + rest


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("!H", len(data)) + data


def _length(number: int) -> bytes:
    out = b""
    while True:
        number, digit = divmod(number, 128)
        out += bytes([digit | (0x80 if number else 0)])
        if not number:
            return out
