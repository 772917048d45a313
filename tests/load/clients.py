"""Clients that never give up: each request is repeated with its key until it counts."""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import msgspec

from hapgang.contract import Caller, Role
from tests.load.processes import CityProcesses
from tests.village import person

WELLS = 4
PEOPLE = 8
AMOUNT_WON = 7
RESERVED_WON = 5
_PAUSE_S = 0.02


@dataclass(frozen=True)
class Done:
    """A request and the answer that was acknowledged."""

    kind: str
    caller: str
    key: str
    body: dict[str, Any]
    status: int
    answer: Any
    tries: int


@dataclass
class Diary:
    """What all clients were told."""

    done: list[Done] = field(default_factory=list)
    refused: list[tuple[str, int, bytes]] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)

    def note(self, done: Done) -> None:
        self.times_s.append(time.monotonic())
        self.done.append(done)

    def longest_silence_s(self, since_s: float, until_s: float) -> float:
        """Return the longest time without an answer to anybody between two instants."""
        within = [at for at in self.times_s if since_s < at < until_s]
        return max(later - earlier for earlier, later in pairwise([since_s, *within, until_s]))


class Client:
    """One caller with one connection at a time."""

    def __init__(self, city: CityProcesses, caller: Caller, diary: Diary, seed: int) -> None:
        self._city = city
        self._caller = caller
        self._diary = diary
        self._chance = random.Random(seed)
        self._token = city.token(caller)
        self._port = city.ports[0]
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._number = 0
        self._holds: list[str] = []
        self._payments: list[str] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Send one request after another until told to stop; the last one is finished."""
        while not stop.is_set():
            await self.act()
        await self._hang_up()

    async def act(self) -> None:
        """Do one thing, once, however often it has to be asked for."""
        self._number += 1
        key = f"{self._caller.id[-4:]}-{self._number}"
        kind, method, path, body = self._wish(key)
        tries = 0
        while True:
            tries += 1
            try:
                status, answer = await self._ask(method, path, body, key)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                status, answer = 503, b""
            if status != 503:
                break
            await self._elsewhere()
        if status >= 400:
            self._diary.refused.append((kind, status, answer))
            return
        value = msgspec.json.decode(answer) if answer else None
        self._remember(kind, body, value)
        self._diary.note(Done(kind, self._caller.id, key, body, status, value, tries))

    def _remember(self, kind: str, body: dict[str, Any], answer: Any) -> None:
        """Keep what a later request is about: what is reserved, and what was paid."""
        if kind == "reserve":
            self._holds.append(answer)
        elif kind == "settle" and body["price_won"] > 0:
            self._payments.append(answer)

    def _wish(self, key: str) -> tuple[str, str, str, dict[str, Any]]:
        well = str(self._chance.randrange(WELLS))
        if self._chance.randrange(3) == 0:
            return "draw", "POST", f"/api/test/village/wells/{well}/draw", {}
        if self._caller.role is Role.OPERATOR:
            return self._operators_wish(key)
        return self._residents_wish(key)

    def _operators_wish(self, key: str) -> tuple[str, str, str, dict[str, Any]]:
        match self._chance.randrange(5):
            case 0:
                return "read", "GET", "/api/test/village/diaries", {}
            case 1 | 2:
                document = {"id": f"urn:ngsi-ld:Lamp:{key}", "type": "Lamp", "power": 1}
                return "create", "POST", "/ngsi-ld/v1/entities", document
            case _:
                place = f"/ngsi-ld/v1/entities/urn:ngsi-ld:Lamp:shared-{self._chance.randrange(3)}"
                return "patch", "PATCH", place, {key: {"type": "Property", "value": key}}

    def _residents_wish(self, key: str) -> tuple[str, str, str, dict[str, Any]]:
        match self._chance.randrange(5):
            case 0 | 1:
                payee = person(f"p{self._chance.randrange(PEOPLE)}").id
                if payee == self._caller.id:
                    payee = person("till").id
                body = {"transfer": key, "payee": payee, "amount_won": AMOUNT_WON}
                return "send", "POST", "/api/me/transfers", body
            case 2 if self._payments:
                body = {"payment": self._payments.pop(), "amount_won": 1}
                return "refund", "POST", "/api/test/village/give-back", body
            case 2 | 3 if len(self._holds) > 2:
                price_won = self._chance.choice((0, 3, RESERVED_WON))
                body = {"hold": self._holds.pop(0), "price_won": price_won}
                return "settle", "POST", "/api/test/village/settle", body
            case 2 | 3:
                return "reserve", "POST", "/api/test/village/reserve", {"price_won": RESERVED_WON}
            case _:
                return "diary", "POST", "/api/test/village/diaries", {"text": f"secret {key}"}

    async def _ask(
        self, method: str, path: str, body: dict[str, Any], key: str
    ) -> tuple[int, bytes]:
        async with asyncio.timeout(20):
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            sent = msgspec.json.encode(body)
            head = (
                f"{method} {path} HTTP/1.1\r\nHost: city\r\nAuthorization: Bearer {self._token}\r\n"
                f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(sent)}\r\n\r\n"
            )
            writer.write(head.encode() + sent)
            await writer.drain()
            got = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = next(
                (int(line[15:]) for line in got.split("\r\n") if line.startswith("content-length")),
                0,
            )
            return int(got.split(" ", 2)[1]), await reader.readexactly(length)

    async def _elsewhere(self) -> None:
        await self._hang_up()
        ports = self._city.ports
        self._port = ports[(ports.index(self._port) + 1) % len(ports)]
        await asyncio.sleep(_PAUSE_S)

    async def _hang_up(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            with contextlib.suppress(OSError):
                await self._streams[1].wait_closed()
            self._streams = None


async def status_of(port: int) -> int:
    """Return what a process says to /health; 0 when it says nothing."""
    answer = b""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(b"GET /health HTTP/1.1\r\nHost: city\r\nConnection: close\r\n\r\n")
                answer = await reader.read()
            finally:
                writer.close()
    return int(answer.split(b" ", 2)[1]) if answer else 0


async def who_serves(city: CityProcesses) -> int:
    """Return the port of the process in charge, as soon as there is one."""
    async with asyncio.timeout(120):
        while True:
            for port in city.ports:
                if await status_of(port) == 200:
                    return port
            await asyncio.sleep(0.01)


async def all_are_up(city: CityProcesses) -> None:
    """Return when one process serves and every other one stands by."""
    async with asyncio.timeout(120):
        while sorted([await status_of(port) for port in city.ports]) != [200, *others(city)]:
            await asyncio.sleep(0.05)


def others(city: CityProcesses) -> list[int]:
    """Return what the processes that stand by answer."""
    return [503] * (len(city.ports) - 1)
