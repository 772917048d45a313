"""A load generator in a process of its own: many clients, each waiting for its answer.

python -m benchmarks.load < PLAN      PLAN and what is printed are JSON

Lean on purpose, as it shares the machine with what it measures: requests are encoded beforehand,
one connection for each client, no pipelining.
"""

import asyncio
import sys
import time
from functools import partial
from typing import cast

import msgspec
import uvloop

_GOOD, _IN_PART = b"HTTP/1.1 2", b"HTTP/1.1 207"  # of a batch, some were refused


class Plan(msgspec.Struct):
    """What to send: each client goes round its own requests; `#` in one is a running number."""

    port: int
    requests: list[list[str]]
    warm_up_s: float = 1.0
    measured_s: float = 5.0


class Outcome(msgspec.Struct):
    """What came of it."""

    answers: int
    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    refused: int
    first_refusal: str


class Client(asyncio.Protocol):
    """One connection that always has one request on its way."""

    def __init__(self, requests: list[list[bytes]], number: int, done: asyncio.Event) -> None:
        """Send `requests`, each given as the parts around its running number."""
        self._requests = requests
        self._number = number * 100_000_000
        self._done = done
        self._buffer = b""
        self._sent_s = 0.0
        self._next = 0
        self.measuring = False
        self.took_s: list[float] = []
        self.refused = 0
        self.first_refusal = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take the answer, and send the next request when it is whole."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._buffer.lower().find(b"content-length:", 0, head)
        length = int(self._buffer[at + 15 : self._buffer.find(b"\r", at)]) if at >= 0 else 0
        if len(self._buffer) < head + 4 + length:
            return
        if self.measuring:
            self.took_s.append(time.perf_counter() - self._sent_s)
            if self._buffer.startswith(_IN_PART) or not self._buffer.startswith(_GOOD):
                self.refused += 1
                self.first_refusal = self.first_refusal or self._buffer[:600]
        self._buffer = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that this client is gone."""
        self._done.set()

    def _send(self) -> None:
        parts = self._requests[self._next]
        self._next = (self._next + 1) % len(self._requests)
        self._number += 1
        self._sent_s = time.perf_counter()
        self._transport.write((b"%010d" % self._number).join(parts))


async def run(plan: Plan) -> Outcome:
    """Load the server, and return what was measured after the warm-up."""
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    clients = []
    for number, requests in enumerate(plan.requests):
        parts = [request.encode().split(b"#") for request in requests]
        client = Client(parts, number, done)
        await loop.create_connection(partial(_same, client), "127.0.0.1", plan.port)
        clients.append(client)
    await asyncio.sleep(plan.warm_up_s)
    started_s = time.perf_counter()
    for client in clients:
        client.measuring = True
    await asyncio.sleep(plan.measured_s)
    for client in clients:
        client.measuring = False
    lasted_s = time.perf_counter() - started_s
    took_s = sorted(took for client in clients for took in client.took_s)
    refusals = [client.first_refusal for client in clients if client.refused]
    return Outcome(
        answers=len(took_s),
        per_s=len(took_s) / lasted_s,
        p50_ms=took_s[len(took_s) // 2] * 1e3,
        p95_ms=took_s[int(len(took_s) * 0.95)] * 1e3,
        p99_ms=took_s[int(len(took_s) * 0.99)] * 1e3,
        refused=sum(client.refused for client in clients),
        first_refusal=refusals[0].decode(errors="replace") if refusals else "",
    )


def _same(client: Client) -> Client:
    return client


if __name__ == "__main__":
    wish = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    print(msgspec.json.encode(uvloop.run(run(wish))).decode())
