"""A served city to measure, with callers that are signed in to it."""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.database import wait_until_stopped
from benchmarks.load import Outcome, Plan
from hapgang.app.tokens import Tokens
from hapgang.contract import Caller, Role
from hapgang.core.ids import urn

CLIENTS = 64
_CIRCLE = 64  # requests that a client goes round
_NUMBER_BYTES = 10


class ServedCity:
    """A city in its own process."""

    def __init__(self, state: Path, port: int, pid: int) -> None:
        """Know where it listens and how its tokens are signed."""
        self.port = port
        self._pid = pid
        self._tokens = Tokens.at(state)
        self._chance = random.Random(1)

    def token(self, name: str, role: Role = Role.RESIDENT) -> str:
        """Return a bearer token."""
        return self._tokens.issue(Caller(person(name), role), datetime.now(UTC))

    def pick(self, number: int) -> int:
        """Return a random whole number below another."""
        return self._chance.randrange(number)

    def load(
        self, requests: list[list[str]], *, warm_up_s: float = 1.0, measured_s: float = 4.0
    ) -> Outcome:
        """Load the city from another process; every answer has to be a good one."""
        return loaded(self.port, requests, warm_up_s=warm_up_s, measured_s=measured_s)

    def send_once(self, requests: list[list[str]]) -> Outcome:
        """Send each request once, each client its own; what is refused is counted."""
        return _outcome(Plan(self.port, requests, once=True))

    def get(self, path: str, token: str) -> Any:
        """Return what is at a path."""
        return self._ask("GET", path, token, None)

    def post(self, path: str, token: str, body: Any) -> Any:
        """Send one body, and return a good answer."""
        return self._ask("POST", path, token, body)

    def _ask(self, method: str, path: str, token: str, body: Any) -> Any:
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        sent = msgspec.json.encode(body) if body is not None else None
        try:
            line.request(method, path, sent, headers)
            answer = line.getresponse()
            told = answer.read()
            if answer.status >= 300 or answer.status == 207:
                raise RuntimeError(f"{path}: {answer.status} {told[:300]!r}")
            return msgspec.json.decode(told) if told else None
        finally:
            line.close()

    def memory_mb(self) -> float:
        """Return how much memory the city's own process holds."""
        for line in Path(f"/proc/{self._pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return round(int(line.split()[1]) / 1024)
        raise RuntimeError("the system does not tell a process's memory")

    def circles(self, make: Any, clients: int = CLIENTS) -> list[list[str]]:
        """Return a circle of requests for each client: `make(client)` makes one."""
        return [[make(client) for _ in range(_CIRCLE)] for client in range(clients)]


def loaded(port: int, requests: list[list[str]], *, warm_up_s: float, measured_s: float) -> Outcome:
    """Load what listens there from another process; every answer has to be a good one."""
    outcome = _outcome(Plan(port, requests, warm_up_s, measured_s))
    if outcome.refused:
        raise RuntimeError(f"{outcome.refused} refused: {outcome.first_refusal}")
    return outcome


def _outcome(plan: Plan) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=msgspec.json.encode(plan), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return msgspec.json.decode(done.stdout, type=Outcome)


def person(name: str) -> str:
    """Return the id of a person."""
    return urn("Person", name)


def request(
    method: str, path: str, token: str, body: Any = None, *, key: str = "", accept: str = ""
) -> str:
    """Return a request as it goes over the line; `#` in it is a running number of ten digits.

    With a `key` it is done once, however often it is sent; without a token it is not signed in.
    """
    text = msgspec.json.encode(body).decode() if body is not None else ""
    length = len(text.encode()) + (_NUMBER_BYTES - 1) * text.count("#")
    signed = f"Authorization: Bearer {token}\r\n" if token else ""
    wanted = f"Accept: {accept}\r\n" if accept else ""
    once = f"Idempotency-Key: {key}\r\n" if key else ""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: city\r\n{signed}{once}{wanted}"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{text}"
    )


@contextmanager
def served_city(n_workers: int = 0, n_people: int = 0) -> Iterator[ServedCity]:
    """Serve a city until the block ends, with so many workers, and people p0, p1 and so on."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        state.mkdir(mode=0o700)
        with subprocess.Popen(
            [
                sys.executable, "-m", "benchmarks.served", str(state), "0", str(n_workers),
                str(n_people),
            ],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "HAPGANG_STATE": folder},
        ) as process:  # fmt: skip
            assert process.stdout is not None
            try:
                yield ServedCity(state, int(process.stdout.readline()), process.pid)
            finally:
                process.terminate()
        wait_until_stopped(state)
