"""Notifications: one change is told to a hundred subscribers, each by a request of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import msgspec

from benchmarks.city import ServedCity, served_city
from benchmarks.report import Result, repeated, throughput
from hapgang.contract import Role

RUNS = 5
SUBSCRIBERS = 100
CHANGES = 300
GOAL_PER_S = 5_000.0
_API = "/ngsi-ld/v1"
_LAMP = "urn:ngsi-ld:Lamp:measured"


class Receivers:
    """The process that counts what comes in."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        """Speak with it by lines."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        self.port = int(self._out.readline())

    def expect(self, count: int) -> None:
        """Begin to count."""
        self._in.write(f"{count}\n")
        self._in.flush()
        self._out.readline()

    def there_s(self) -> float:
        """Wait until all are there; return when it was."""
        return float(self._out.readline())


def run() -> list[Result]:
    """Measure it."""
    with served_city() as city, _receivers() as receivers:
        token = city.token("operator", Role.OPERATOR)
        city.post(f"{_API}/entities", token, _lamp(0))
        for number in range(SUBSCRIBERS):
            city.post(f"{_API}/subscriptions", token, _subscription(number, receivers.port))
        rates = repeated(lambda: _told(city, token, receivers), RUNS)
    return [
        throughput(
            "hub.notifications_per_s", rates, goal=GOAL_PER_S,
            note=f"{CHANGES} changes to {SUBSCRIBERS} subscribers by HTTP, each accounted for",
        )
    ]  # fmt: skip


def _told(city: ServedCity, token: str, receivers: Receivers) -> float:
    """Return how many were told in a second, from the first change to the last notification."""
    count = CHANGES * SUBSCRIBERS
    receivers.expect(count)
    line = HTTPConnection("127.0.0.1", city.port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    started_s = time.monotonic()
    for number in range(CHANGES):
        body = msgspec.json.encode({"power": {"type": "Property", "value": number}})
        line.request("PATCH", f"{_API}/entities/{_LAMP}", body, headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != 204:
            raise RuntimeError(f"a change was answered {answer.status}")
    line.close()
    return count / (receivers.there_s() - started_s)


def _lamp(power: int) -> dict[str, object]:
    return {"id": _LAMP, "type": "Lamp", "power": {"type": "Property", "value": power}}


def _subscription(number: int, port: int) -> dict[str, object]:
    return {
        "id": f"urn:ngsi-ld:Subscription:measured-{number}",
        "type": "Subscription",
        "entities": [{"type": "Lamp"}],
        "watchedAttributes": ["power"],
        "notification": {"endpoint": {"uri": f"http://127.0.0.1:{port}/{number}"}},
    }


@contextmanager
def _receivers() -> Iterator[Receivers]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.receivers"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield Receivers(process)
        finally:
            process.terminate()
