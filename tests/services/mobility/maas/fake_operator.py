"""A transport operator that speaks TOMP-API 1.6, written against its OpenAPI document, with faults.

It knows nothing of Hapgang's code. `answer` is the operator; `served` puts it behind real HTTP.
"""

import asyncio
import contextlib
import json
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

PLAN = {
    "planId": "standard", "name": "Standard", "isTaxable": False, "description": "Per minute",
    "fare": {
        "estimated": True,
        "parts": [
            {"type": "FIXED", "amount": 500, "currencyCode": "KRW"},
            {
                "type": "FLEX", "amount": 100, "currencyCode": "KRW", "unitType": "MINUTE",
                "units": 1, "scaleFrom": 5, "scaleType": "MINUTE",
            },
            {"type": "MAX", "amount": 3000, "currencyCode": "KRW"},
        ],
    },
}  # fmt: skip


@dataclass
class Fault:
    """What goes wrong with one request: `how` is done instead of answering properly."""

    path: str  # a part of "METHOD /path BODY"
    how: str  # down | slow | 500 | rubbish | deaf | refuse | wrong_id | twice
    times: int = 1


@dataclass
class FakeOperator:
    """An operator with some bicycles."""

    bikes: dict[str, tuple[float, float]] = field(default_factory=dict)
    asset_class: str = "BICYCLE"
    final_won: int = 900
    bookings: dict[str, str] = field(default_factory=dict)  # id: state
    asked: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    posted: Counter[str] = field(default_factory=Counter)
    late: deque[tuple[str, str, Any]] = field(default_factory=deque)
    extra_assets: list[Any] = field(default_factory=list)
    prefix: str = "bk"
    number: int = 0

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes] | None:
        """Answer a request, or nothing at all."""
        line = f"{method} {path} {body.decode()}"
        self.asked.append(line)
        fault = next((f for f in self.faults if f.times > 0 and f.path in line), None)
        document = json.loads(body) if body else None
        if fault is None:
            return self.proper(method, path, document)
        fault.times -= 1
        return self._wrong(fault.how, method, path, document)

    def _wrong(  # noqa: PLR0911 (one for each fault)
        self, how: str, method: str, path: str, document: Any
    ) -> tuple[int, bytes] | None:
        if how == "down":
            return None
        if how == "deaf":  # does it, and the answer is lost
            self.proper(method, path, document)
            return None
        if how == "slow":  # nothing for now; done later
            self.late.append((method, path, document))
            return None
        if how == "500":
            return 500, b'{"title": "oh"}'
        if how == "refuse":
            return 409, b'{"detail": "somebody was quicker", "status": 409}'
        if how == "twice":
            self.proper(method, path, document)
            return self.proper(method, path, document)
        if how == "wrong_id":
            return 201, b'{"id": "another", "state": "PENDING"}'
        assert how == "rubbish", how
        return 200, b'{"id": [[[\xff'

    def catch_up(self) -> None:
        """Do what came in while it was slow."""
        while self.late:
            self.proper(*self.late.popleft())

    def proper(  # noqa: PLR0911 (one for each endpoint)
        self, method: str, path: str, document: Any
    ) -> tuple[int, bytes]:
        """Answer as the standard says."""
        match (method, path.strip("/").split("/")):
            case ("GET", ["operator", "available-assets"]):
                return 200, json.dumps([*self._assets(), *self.extra_assets]).encode()
            case ("GET", ["operator", "stations"]):
                return 200, b"[]"
            case ("POST", ["planning", "offers"]):
                return 201, json.dumps(self._offers(document)).encode()
            case ("POST", ["bookings"]):
                return self._book(document["id"])
            case ("GET", ["bookings", name]):
                return self._told(name) if name in self.bookings else (404, b"")
            case ("POST", ["bookings", name, "events"]):
                return self._event(name, document["operation"])
            case ("POST", ["legs", leg, "events"]):
                return self._leg_event(leg, document["event"])
        return 404, b""

    def _assets(self) -> list[Any]:
        return [
            {
                "id": "bike", "assetClass": self.asset_class, "defaultPricingPlan": PLAN,
                "assets": [
                    {
                        "id": name,
                        "overriddenProperties": {
                            "location": {"coordinates": {"lng": at[0], "lat": at[1]}}
                        },
                    }
                    for name, at in self.bikes.items()
                ],
            }
        ]  # fmt: skip

    def _offers(self, wish: Any) -> Any:
        if not any(name in self.bikes for name in wish.get("useAssets", [])):
            return {"validUntil": "2099-01-01T00:00:00Z", "options": []}
        self.number += 1
        name = f"{self.prefix}-{self.number}"
        leg = {"id": f"{name}-leg", "from": wish["from"], "assetType": {"id": "bike"}}
        option = {"id": name, "legs": [leg], "pricing": PLAN["fare"]}
        return {"validUntil": "2099-01-01T00:00:00Z", "options": [option]}

    def _book(self, name: str) -> tuple[int, bytes]:
        self.posted[name] += 1
        if name in self.bookings:
            return 409, b"{}"
        self.bookings[name] = "PENDING"
        return 201, self._told(name)[1]

    def _event(self, name: str, operation: str) -> tuple[int, bytes]:
        state = self.bookings.get(name)
        if state is None:
            return 404, b""
        if operation == "COMMIT":
            if state != "PENDING":
                return 403, b"{}"
            self.bookings[name] = "CONFIRMED"
        elif operation == "CANCEL":
            if state in ("STARTED", "FINISHED", "CANCELLED"):
                return 403, b"{}"
            self.bookings[name] = "CANCELLED"
        return self._told(name)

    def _leg_event(self, leg: str, event: str) -> tuple[int, bytes]:
        name = leg.removesuffix("-leg")
        follows = {"SET_IN_USE": ("CONFIRMED", "STARTED"), "FINISH": ("STARTED", "FINISHED")}
        before, after = follows[event]
        if self.bookings.get(name) != before:
            return 403, b"{}"
        self.bookings[name] = after
        return 204, b""

    def _told(self, name: str) -> tuple[int, bytes]:
        leg = {
            "id": f"{name}-leg", "assetType": {"id": "bike"},
            "from": {"coordinates": {"lng": 127.3, "lat": 36.5}},
        }  # fmt: skip
        told: dict[str, Any] = {"id": name, "state": self.bookings[name], "legs": [leg]}
        if self.bookings[name] == "FINISHED":
            part = {"type": "FIXED", "amount": self.final_won, "currencyCode": "KRW"}
            told["pricing"] = {"estimated": False, "parts": [part]}
        return 200, json.dumps(told).encode()

    @property
    def kept(self) -> list[str]:
        """The bookings that it still keeps for somebody."""
        return sorted(n for n, s in self.bookings.items() if s in ("PENDING", "CONFIRMED"))


@asynccontextmanager
async def served(operator: FakeOperator, token: str = "") -> AsyncIterator[str]:
    """Put an operator behind HTTP; yields its base URL. What is not answered hangs."""
    hanging: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, path, _ = first.split(" ")
            got: tuple[int, bytes] | None = (401, b"{}")
            if not token or headers.get("authorization") == f"Bearer {token}":
                got = operator.answer(method, path.removeprefix("/tomp"), body)
            if got is None:
                hanging.append(writer)
                return
            length = f"Content-Length: {len(got[1])}"
            writer.write(f"HTTP/1.1 {got[0]} X\r\n{length}\r\n\r\n".encode() + got[1])
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/tomp"
    finally:
        for writer in hanging:
            writer.close()
        server.close()
