"""Killed cities and killed servers: what was acknowledged to devices is performed, and once."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from hapgang.app.tokens import Tokens
from hapgang.contract import Caller, Role
from hapgang.twin.scene import read_facts
from hapgang.writer.postgres import start
from tests.app.collect.mqtt_client import Client, Refused
from tests.app.collect.test_mqtt import FEED, MAPPING, free_port

pytestmark = pytest.mark.slow  # starts and kills cities

DEVICES = 10
START = datetime(2026, 1, 1, tzinfo=UTC)


class City:
    """A city in a process of its own, as `hapgang up` runs it."""

    def __init__(self, model: Path, home: Path) -> None:
        self.state = home / "cities" / read_facts(model).name
        feeds = self.state / "feeds"
        feeds.mkdir(parents=True, mode=0o700)
        (feeds / "air.toml").write_text(FEED)
        (feeds / "air-map.toml").write_text(MAPPING)
        self.mqtt_port = free_port()
        self._command = [
            sys.executable, "-m", "hapgang.app.cli", "up", str(model), "--scenario", "today",
            "--port", str(free_port()), "--mqtt", str(self.mqtt_port),
        ]  # fmt: skip
        self._home = home
        self._log = (home / "city.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdout=self._log, stderr=self._log, start_new_session=True,
            env={**os.environ, "HAPGANG_STATE": str(self._home)},
        )  # fmt: skip

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self._log.close()

    def kill_server(self) -> None:
        """Kill the NATS server alone."""
        os.kill(int((self.state / "devices" / "nats.pid").read_text()), signal.SIGKILL)

    def token(self, key: str) -> str:
        caller = Caller(f"urn:ngsi-ld:Device:{key}", Role.DEVICE)
        return Tokens.at(self.state).issue(caller, datetime.now(UTC))


@contextmanager
def running(model: Path, home: Path) -> Iterator[City]:
    city = City(model, home)
    city.start()
    try:
        yield city
    finally:
        city.kill()
        city.close()


async def speak(city: City, key: str, acknowledged: list[int], stop: asyncio.Event) -> None:
    """Be a device: what is not acknowledged is said again, as MQTT wants, until it is."""
    number = 0
    while not stop.is_set():
        try:
            client = await Client.connect(city.mqtt_port, key, city.token(key))
        except (OSError, Refused, TimeoutError):
            await asyncio.sleep(0.1)
            continue
        try:
            while not stop.is_set():
                at = (START + timedelta(seconds=number)).isoformat()
                await client.publish(f"devices/{key}/air", {"at": at, "pm10": number % 1000})
                acknowledged.append(number)
                number += 1
        except Refused:
            continue
        finally:
            client.close()


async def enough(acknowledged: dict[str, list[int]], more: int) -> None:
    """Return when devices have been acknowledged so many messages more."""
    wanted = sum(map(len, acknowledged.values())) + more
    async with asyncio.timeout(60):
        while sum(map(len, acknowledged.values())) < wanted:
            await asyncio.sleep(0.01)


async def said_on_disk(state: Path) -> Counter[tuple[str, str]]:
    """Return how often history holds each device's value of each time."""
    with start(state) as server:
        connection = await asyncpg.connect(**server.connect_kwargs)
        rows = await connection.fetch(
            "SELECT entity, body FROM feed WHERE name = 'AirQualityObserved'"
        )
        await connection.close()
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        body: Any = msgspec.json.decode(row["body"])
        if "pm10" in body:
            found[row["entity"].rpartition(":")[2], body["pm10"]["observedAt"]] += 1
    return found


def test_nothing_acknowledged_is_lost_or_performed_twice(small_city: Path, tmp_path: Path) -> None:
    acknowledged: dict[str, list[int]] = {f"d{at}": [] for at in range(DEVICES)}

    async def then(city: City) -> None:
        stop = asyncio.Event()
        devices = [
            asyncio.create_task(speak(city, key, numbers, stop))
            for key, numbers in acknowledged.items()
        ]
        for what in ("city", "server", "city", "database"):
            await enough(acknowledged, 400)
            if what == "city":
                city.kill()
                city.start()
            elif what == "server":
                city.kill_server()
            else:
                pid = (city.state / "pg/data/postmaster.pid").read_text().split()[0]
                os.kill(int(pid), signal.SIGKILL)
        await enough(acknowledged, 400)
        stop.set()
        await asyncio.gather(*devices)
        async with asyncio.timeout(60):
            while sum((await said_on_disk(city.state)).values()) < sum(
                map(len, acknowledged.values())
            ):
                await asyncio.sleep(0.2)

    with running(small_city, tmp_path) as city:
        asyncio.run(then(city))
        found = asyncio.run(said_on_disk(city.state))
    assert set(found.values()) == {1}
    for key, numbers in acknowledged.items():
        for number in numbers:
            at = (START + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
            assert found[key, at] == 1, (key, number)
