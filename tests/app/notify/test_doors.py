"""Where notifications may go, and how they get there by MQTT."""

import asyncio
from typing import Any

import msgspec
import pytest

from hapgang.app.notify.doors import Message, NotTaken
from hapgang.app.notify.http_door import HttpDoor
from hapgang.app.notify.mqtt_door import MqttDoor
from hapgang.app.notify.places import Address, Places, address_of
from hapgang.core.errors import Invalid, Refused
from hapgang.hub.subscriptions.words import Pair

MESSAGE = Message("urn:n:1", b'{"type":"Notification"}', {"Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("http://a.kr/x?y=1", Address("http", "a.kr", 80, "/x?y=1")),
        ("https://a.kr:8443", Address("https", "a.kr", 8443, "/")),
        ("mqtt://u:p@a.kr/t/u", Address("mqtt", "a.kr", 1883, "t/u", "u", "p")),
        ("mqtts://a.kr/t", Address("mqtts", "a.kr", 8883, "t")),
    ],
)
def test_an_address_is_taken_apart(uri: str, address: Address) -> None:
    assert address_of(uri) == address


@pytest.mark.parametrize(
    "uri", ["ftp://a.kr/", "http:///x", "http://a.kr:x/", "mqtt://a.kr/", "mqtt://a.kr/a/%23", "x",
            "http://a.kr/\r\nX: y"],
)  # fmt: skip
def test_what_is_no_address_is_refused(uri: str) -> None:
    with pytest.raises(Invalid):
        address_of(uri)


def test_only_whole_hosts_and_steps_are_allowed() -> None:
    places = Places(["https://a.kr/hooks", "mqtt://b.kr:1884"])
    places.check("https://a.kr/hooks/1")
    places.check("mqtt://b.kr:1884/topic")
    for uri in (
        "https://a.kr/hooks2", "http://a.kr/hooks", "https://a.kr.evil.kr/hooks",
        "https://a.kr/hooks/../x", "mqtt://b.kr/topic", "http://127.0.0.1/",
    ):  # fmt: skip
        with pytest.raises(Refused):
            places.check(uri)
    Places(allows_loopback=True).check("http://127.0.0.1:9/")
    with pytest.raises(Refused):
        Places(allows_loopback=True).check("http://10.0.0.1/")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\nX: y"])
def test_a_header_is_one_line(end: str) -> None:
    for said in ({"key": "X", "value": f"y{end}"}, {"key": f"X{end}", "value": "y"}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(said, Pair)
    door = HttpDoor(address_of("http://127.0.0.1:9/"))
    with pytest.raises(NotTaken, match="more than one line"):
        asyncio.run(door.send(Message("urn:n:1", b"{}", {"Link": f"y{end}"})))


class Broker:
    """As much of a broker as a publisher needs."""

    def __init__(self, *, refuses: int = 0) -> None:
        self.refuses = refuses
        self.packets: list[tuple[int, bytes]] = []
        self.done = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                first = (await reader.readexactly(1))[0]
                size = shift = 0
                while True:
                    part = (await reader.readexactly(1))[0]
                    size, shift = size | (part & 127) << shift, shift + 7
                    if part < 128:
                        break
                body = await reader.readexactly(size)
                self.packets.append((first, body))
                writer.write(self._answer(first, body))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self.done.set()

    def _answer(self, first: int, body: bytes) -> bytes:
        if first >> 4 == 1:
            is_5 = body[6] == 5
            return bytes([0x20, 2 + is_5, 0, self.refuses]) + (b"\0" if is_5 else b"")
        if first >> 4 == 3 and first & 6:
            length = int.from_bytes(body[:2], "big")
            number = body[2 + length : 4 + length]
            return bytes([0x40 if first & 2 else 0x50, 2]) + number
        if first >> 4 == 6:
            return bytes([0x70, 2]) + body
        return b""


def published(broker: Broker, times: int = 1, **options: Any) -> None:
    async def run() -> None:
        server = await asyncio.start_server(broker.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        door = MqttDoor(address_of(f"mqtt://me:secret@127.0.0.1:{port}/a/b"), **options)
        try:
            async with asyncio.timeout(10):
                for _ in range(times):
                    await door.send(MESSAGE)
                if not options.get("qos"):
                    while len(broker.packets) <= times:
                        await asyncio.sleep(0)
        finally:
            door.close()
            async with asyncio.timeout(10):
                await broker.done.wait()
            server.close()
            await asyncio.sleep(0)  # in which the sockets are closed

    asyncio.run(run())


@pytest.mark.parametrize("qos", [0, 1, 2])
@pytest.mark.parametrize("version", ["mqtt3.1.1", "mqtt5.0"])
def test_a_message_is_published_at_every_quality(version: str, qos: int) -> None:
    broker = Broker()
    published(broker, 2, version=version, qos=qos)
    connect, message = broker.packets[:2]
    assert connect[1].startswith(b"\0\4MQTT" + bytes([5 if version == "mqtt5.0" else 4, 0xC2]))
    assert connect[1].endswith(b"\0\2me\0\6secret")
    assert message[0] == 0x30 | qos << 1
    assert message[1].startswith(b"\0\3a/b")
    told = msgspec.json.decode(message[1][message[1].index(b"{") :])
    assert told == {"metadata": MESSAGE.headers, "body": {"type": "Notification"}}
    kinds = [first >> 4 for first, _ in broker.packets if first >> 4 != 14]
    assert kinds == [1, *([3, 6] if qos == 2 else [3]) * 2]


def test_a_broker_that_refuses_is_told_of() -> None:
    with pytest.raises(NotTaken, match="refused the connection: reason 0x05"):
        published(Broker(refuses=5), version="mqtt3.1.1")
