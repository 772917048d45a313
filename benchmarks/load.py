"""A load generator in a process of its own: many clients, each waiting for its answer.

python -m benchmarks.load < PLAN      PLAN and what is printed are JSON

Lean on purpose, as it shares the machine with what it measures: requests are encoded beforehand,
one connection for each client, no pipelining.
"""

import asyncio
import sys
import time
from collections import Counter
from functools import partial
from typing import cast

import msgspec
import uvloop

_GOOD, _IN_PART = b"HTTP/1.1 2", b"HTTP/1.1 207"  # of a batch, some were refused
_LONGEST_S = 1_800.0
_PATIENCE_S = 60.0  # for what is still under way, which should not burden what is measured next
_LAST_CHUNK = b"\r\n0\r\n\r\n"


class Plan(msgspec.Struct):
    """What to send: each client goes round its own requests; `#` in one is a running number."""

    port: int
    requests: list[list[str]]
    warm_up_s: float = 1.0
    measured_s: float = 5.0
    once: bool = False
    """Each client sends each of its requests once; all of it is measured, however long it takes."""


class Outcome(msgspec.Struct):
    """What came of it."""

    answers: int
    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    refused: int
    first_refusal: str
    lasted_s: float = 0.0
    statuses: dict[int, int] = {}
    """How many answers had which status."""


class Client(asyncio.Protocol):
    """One connection that always has one request on its way."""

    def __init__(
        self, requests: list[list[bytes]], number: int, done: asyncio.Event, *, once: bool
    ) -> None:
        """Send `requests`, each given as the parts around its running number."""
        self._requests = requests
        self._once = once
        self._number = number * 100_000_000
        self._done = done
        self._buffer = b""
        self._sent_s = 0.0
        self._next = 0
        self.measuring = once
        self.is_over = False
        self.took_s: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.refused = 0
        self.first_refusal = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take the answer, and send the next request when it is whole."""
        self._buffer += data
        if not is_whole(self._buffer):
            return
        if self.measuring:
            self.took_s.append(time.perf_counter() - self._sent_s)
            self.statuses[int(self._buffer[9:12])] += 1
            if self._buffer.startswith(_IN_PART) or not self._buffer.startswith(_GOOD):
                self.refused += 1
                self.first_refusal = self.first_refusal or self._buffer[:600]
        self._buffer = b""
        if self.is_over or (self._once and self._next == 0):
            self._done.set()
        else:
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that nothing more will come."""
        self._done.set()

    def _send(self) -> None:
        parts = self._requests[self._next]
        self._next = (self._next + 1) % len(self._requests)
        self._number += 1
        self._sent_s = time.perf_counter()
        self._transport.write((b"%010d" % self._number).join(parts))


def is_whole(answer: bytes) -> bool:
    """Whether all of an answer has come: as long as it says, or up to the last of its chunks."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = answer[:end].lower()
    if (at := head.find(b"content-length:")) >= 0:
        length = int(head[at + 15 :].partition(b"\r")[0])
        return len(answer) >= end + 4 + length
    return b"chunked" not in head or answer.endswith(_LAST_CHUNK)


async def run(plan: Plan) -> Outcome:
    """Load the server, and return what was measured: after the warm-up, or all of it."""
    loop = asyncio.get_running_loop()
    clients, ends = [], []
    began_s = time.perf_counter()
    for number, requests in enumerate(plan.requests):
        parts = [request.encode().split(b"#") for request in requests]
        ends.append(asyncio.Event())
        client = Client(parts, number, ends[-1], once=plan.once)
        await loop.create_connection(partial(_same, client), "127.0.0.1", plan.port)
        clients.append(client)
    over = asyncio.gather(*(end.wait() for end in ends))
    if plan.once:
        await asyncio.wait_for(over, _LONGEST_S)
        return _outcome(clients, time.perf_counter() - began_s)
    await asyncio.sleep(plan.warm_up_s)
    started_s = time.perf_counter()
    for client in clients:
        client.measuring = True
    await asyncio.sleep(plan.measured_s)
    for client in clients:
        client.measuring, client.is_over = False, True
    lasted_s = time.perf_counter() - started_s
    await asyncio.wait_for(over, _PATIENCE_S)
    return _outcome(clients, lasted_s)


def _outcome(clients: list[Client], lasted_s: float) -> Outcome:
    took_s = sorted(took for client in clients for took in client.took_s)
    if not took_s:
        raise RuntimeError(f"no answer in {lasted_s:.1f} s")
    refusals = [client.first_refusal for client in clients if client.refused]
    return Outcome(
        answers=len(took_s),
        per_s=len(took_s) / lasted_s,
        p50_ms=took_s[len(took_s) // 2] * 1e3,
        p95_ms=took_s[int(len(took_s) * 0.95)] * 1e3,
        p99_ms=took_s[int(len(took_s) * 0.99)] * 1e3,
        refused=sum(client.refused for client in clients),
        first_refusal=refusals[0].decode(errors="replace") if refusals else "",
        lasted_s=lasted_s,
        statuses=dict(sum((client.statuses for client in clients), Counter())),
    )


def _same(client: Client) -> Client:
    return client


if __name__ == "__main__":
    wish = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    print(msgspec.json.encode(uvloop.run(run(wish))).decode())
