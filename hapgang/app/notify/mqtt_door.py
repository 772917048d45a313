"""Notifications by MQTT (clause 7): published to a topic, with what HTTP says in headers inside."""

import asyncio
import secrets
import ssl

import msgspec

from hapgang.app.notify import mqtt_words as words
from hapgang.app.notify.doors import Message, NotTaken
from hapgang.app.notify.places import Address

_MOST_ANSWER = 65_536
_VERSIONS = {"mqtt3.1.1": words.V311, "mqtt5.0": words.V5}


class MqttDoor:
    """One topic of one broker."""

    def __init__(self, address: Address, *, version: str = "mqtt5.0", qos: int = 0) -> None:
        """Publish at an address; nothing is opened yet."""
        self._address = address
        self._level = _VERSIONS.get(version, words.V5)
        self._qos = qos
        self._number = 0
        self._pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, message: Message) -> None:
        """Publish one notification; return when the broker has said as much as the quality asks."""
        metadata = msgspec.json.encode(message.headers)
        payload = b'{"metadata":' + metadata + b',"body":' + message.body + b"}"
        try:
            await self._publish(payload)
        except (OSError, ssl.SSLError, EOFError, IndexError) as error:
            self.close()
            raise NotTaken(f"{type(error).__name__}: {error}"[:200]) from None
        except BaseException:  # refused, or the time is over
            self.close()
            raise

    def close(self) -> None:
        """Leave the broker."""
        if self._pair is not None:
            _, writer = self._pair
            self._pair = None
            if not writer.is_closing():
                writer.write(words.goodbye())
            writer.close()

    async def _publish(self, payload: bytes) -> None:
        if self._pair is None or self._pair[0].at_eof():
            await self._open()
        assert self._pair is not None
        reader, writer = self._pair
        self._number = self._number % 0xFFFF + 1
        topic = self._address.target
        writer.write(words.publish(self._level, topic, payload, self._qos, self._number))
        await writer.drain()
        if self._qos == 1:
            await self._expect(reader, words.PUBACK)
        elif self._qos == 2:
            await self._expect(reader, words.PUBREC)
            writer.write(words.release(self._number))
            await self._expect(reader, words.PUBCOMP)

    async def _open(self) -> None:
        self.close()
        address = self._address
        reader, writer = await asyncio.open_connection(
            address.host,
            address.port,
            ssl=ssl.create_default_context() if address.is_secure else None,
        )
        self._pair = reader, writer
        client = f"hapgang-{secrets.token_hex(6)}"
        writer.write(words.connect(self._level, client, address.user, address.password))
        await self._expect(reader, words.CONNACK)

    async def _expect(self, reader: asyncio.StreamReader, kind: int) -> None:
        while True:
            packet = await _read(reader)
            if packet.kind == words.DISCONNECT:
                raise EOFError("the broker ended the session")
            if packet.kind == kind:
                break
        reason = words.reason_of(packet)
        if reason:
            what = "connection" if kind == words.CONNACK else "message"
            raise NotTaken(f"the broker refused the {what}: reason {reason:#04x}")


async def _read(reader: asyncio.StreamReader) -> words.Packet:
    first = (await reader.readexactly(1))[0]
    size = shift = 0
    while True:
        part = (await reader.readexactly(1))[0]
        size |= (part & 0x7F) << shift
        shift += 7
        if not part & 0x80:
            break
        if shift > 21:
            raise EOFError("no MQTT")
    if size > _MOST_ANSWER:
        raise EOFError(f"an answer of more than {_MOST_ANSWER:,} bytes")
    return words.Packet(first >> 4, await reader.readexactly(size))
