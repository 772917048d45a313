"""Devices in a process of their own: each has one connection and speaks MQTT 3.1.1 at QoS 1.

python -m benchmarks.mqtt_load < PLAN      PLAN and what is printed are JSON

Each device sends its next message no sooner than the one before was acknowledged. With a rate the
messages leave at their time, device after device; without one, as soon as the device may.
"""

import asyncio
import struct
import sys
import time
from functools import partial
from typing import cast

import msgspec
import uvloop

_AT_ONCE = 50  # connections that come in together
_PATIENCE_S = 60.0


class Plan(msgspec.Struct):
    """Who sends what: device number n says `body` with its running number for `#`."""

    port: int
    tokens: list[str]  # of the devices d0, d1 ...
    topic: str  # with {key}
    body: str
    messages: int  # of all devices together
    per_s: float = 0.0  # 0: as fast as they are acknowledged


class Outcome(msgspec.Struct):
    """What came of it."""

    connected_s: float
    sent: int
    acknowledged: int
    took_s: float
    p50_ms: float
    p99_ms: float


class Device(asyncio.Protocol):
    """One connection."""

    def __init__(self, key: str, token: str) -> None:
        """Come in under a key."""
        self._hello = _connect(key, token)
        self.is_in: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.acknowledged: asyncio.Event = asyncio.Event()
        self.acknowledged.set()
        self.took_s: list[float] = []
        self._sent_s = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say who is there."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        """Take what the server acknowledges: CONNACK or PUBACK, four bytes each."""
        if data[0] == 0x20:
            self.is_in.set_result(data[3])
        elif data[0] == 0x40:
            self.took_s.append(time.perf_counter() - self._sent_s)
            self.acknowledged.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        if not self.is_in.done():
            self.is_in.set_exception(exc or ConnectionError("refused"))

    def send(self, topic: bytes, body: bytes) -> None:
        """Publish one message."""
        self.acknowledged.clear()
        self._sent_s = time.perf_counter()
        rest = topic + struct.pack("!H", len(self.took_s) % 65_535 + 1) + body
        self._transport.write(b"\x32" + _length(len(rest)) + rest)


async def run(plan: Plan) -> Outcome:
    """Let all devices come in, and send."""
    began_s = time.perf_counter()
    devices = await _come_in(plan)
    connected_s = time.perf_counter() - began_s
    numbers = iter(range(plan.messages))
    started_s = time.perf_counter()

    async def speak(at: int) -> None:
        topic = _text(plan.topic.replace("{key}", f"d{at}"))
        device = devices[at]
        for number in numbers:
            if plan.per_s:
                wait_s = number / plan.per_s - (time.perf_counter() - started_s)
                if wait_s > 0:
                    await asyncio.sleep(wait_s)
            device.send(topic, plan.body.replace("#", str(number)).encode())
            await device.acknowledged.wait()

    async with asyncio.timeout(_PATIENCE_S + plan.messages / (plan.per_s or 500.0)):
        await asyncio.gather(*(speak(at) for at in range(len(devices))))
    took_s = time.perf_counter() - started_s
    each_s = sorted(one for device in devices for one in device.took_s)
    return Outcome(
        connected_s=connected_s,
        sent=plan.messages,
        acknowledged=len(each_s),
        took_s=took_s,
        p50_ms=each_s[len(each_s) // 2] * 1e3,
        p99_ms=each_s[int(len(each_s) * 0.99)] * 1e3,
    )


def _same(device: Device) -> Device:
    return device


async def _come_in(plan: Plan) -> list[Device]:
    devices: list[Device] = []
    loop = asyncio.get_running_loop()
    for start in range(0, len(plan.tokens), _AT_ONCE):
        group = []
        for at, token in enumerate(plan.tokens[start : start + _AT_ONCE], start):
            device = Device(f"d{at}", token)
            await loop.create_connection(partial(_same, device), "127.0.0.1", plan.port)
            group.append(device)
        codes = await asyncio.gather(*(device.is_in for device in group))
        if any(codes):
            raise RuntimeError(f"refused with return code {max(codes)}")
        devices += group
    return devices


def _connect(key: str, token: str) -> bytes:
    head = _text("MQTT") + bytes([4, 0xC2]) + struct.pack("!H", 600)
    rest = head + _text(key) + _text(key) + _text(token)
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


if __name__ == "__main__":
    wish = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    print(msgspec.json.encode(uvloop.run(run(wish))).decode())
