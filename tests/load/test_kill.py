"""The city under load while its writer, its database and the database's guard are killed.

HAPGANG_KILLS=200 makes a long night of it; HAPGANG_KILL_SEED chooses another one.
"""

import asyncio
import os
import random
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from hapgang.contract import Role
from tests.load.clients import PEOPLE, WELLS, Client, Diary, Done, all_are_up, who_serves
from tests.load.processes import CityProcesses, wait_for_lock
from tests.load.recount import Disk, check
from tests.village import person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]
KILLS = int(os.environ.get("HAPGANG_KILLS", "9"))
SEED = int(os.environ.get("HAPGANG_KILL_SEED", "7"))
WHAT = ("writer", "postmaster", "guard", "writer and postmaster", "standby")
TAKEOVER_S = 5.0
OPERATOR = person("op", Role.OPERATOR)


class Night:
    """One run: clients, kills, and how long the city was away each time."""

    def __init__(self, city: CityProcesses) -> None:
        self.city = city
        self.diary = Diary()
        self.chance = random.Random(SEED)
        self.kills: list[tuple[str, float]] = []

    def away_s(self) -> dict[str, list[float]]:
        """Return how long nobody was answered after each kill."""
        found: dict[str, list[float]] = {what: [] for what in WHAT}
        for (what, since_s), (_, until_s) in pairwise(self.kills):
            found[what].append(round(self.diary.longest_silence_s(since_s, until_s), 2))
        return found

    async def live(self) -> None:
        """Load the city, and kill something of it again and again."""
        self.city.start(self.city.ports[0], standby=False)
        await who_serves(self.city)
        for port in self.city.ports[1:]:
            self.city.start(port)
        await self._settle()
        stop = asyncio.Event()
        callers = [person(f"p{n}") for n in range(PEOPLE)] + [OPERATOR] * 4
        clients = [
            Client(self.city, caller, self.diary, SEED * 1000 + n)
            for n, caller in enumerate(callers[: PEOPLE + 1])
        ]
        running = [asyncio.create_task(client.run(stop)) for client in clients]
        for number in range(KILLS):
            await all_are_up(self.city)
            await asyncio.sleep(self.chance.uniform(0.2, 2.0))
            await self._kill(WHAT[number % len(WHAT)])
            assert self.city.ended() == [], "a process gave up by itself"
        await all_are_up(self.city)
        self.kills.append(("end", time.monotonic()))
        stop.set()
        await asyncio.gather(*running)

    async def _kill(self, what: str) -> None:
        serving = await who_serves(self.city)
        others = [port for port in self.city.ports if port != serving]
        self.kills.append((what, time.monotonic()))
        if "postmaster" in what or what == "guard":
            self.city.kill_database("guard" if what == "guard" else "postmaster")
        killed = []
        if "writer" in what:
            killed.append(serving)
        elif what == "standby":
            killed += others
        for port in killed:
            self.city.kill(port)
        for port in killed:
            self.city.start(port)

    async def _settle(self) -> None:
        """People move in, wells are dug, lamps hung: before anything is killed."""
        told = Diary()
        for n in range(PEOPLE):
            await self._once(told, person(f"p{n}"), "/api/me/top-up", {"amount_won": 500_000})
        await self._once(told, person("till"), "/api/me/top-up", {"amount_won": 1000})
        for n in range(WELLS):
            await self._once(told, OPERATOR, "/api/test/village/wells", {"well": str(n)})
        for n in range(3):
            lamp = {"id": f"urn:ngsi-ld:Lamp:shared-{n}", "type": "Lamp"}
            await self._once(told, OPERATOR, "/ngsi-ld/v1/entities", lamp)

    async def _once(self, told: Diary, caller: object, path: str, body: dict[str, object]) -> None:
        client = Client(self.city, caller, told, 0)  # type: ignore[arg-type]
        status, answer = await client._ask("POST", path, body, f"set-up {path} {body}"[:150])
        assert status < 300, answer
        self.diary.done.append(
            Done("set-up", client._caller.id, f"set-up {path} {body}"[:150], body, status, None, 1)
        )
        await client._hang_up()


@pytest.mark.timeout(240 + 15 * KILLS)
def test_nothing_is_lost_and_nothing_done_twice(small_city: Path, tmp_path: Path) -> None:
    city = CityProcesses(small_city, tmp_path / "state")
    night = Night(city)
    try:
        asyncio.run(night.live())
    finally:
        city.close()
    wait_for_lock(tmp_path / "state/pg/server.lock")
    disk = Disk(tmp_path / "state")
    check(disk, night.diary)
    assert night.diary.refused == []
    kinds = Counter(done.kind for done in night.diary.done)
    often = ("draw", "send", "create", "patch", "diary", "reserve", "settle", "refund", "read")
    assert min(kinds[kind] for kind in often) > 10, kinds
    retried = sum(done.tries > 1 for done in night.diary.done)
    assert retried > 0, "no request met a kill"
    print(f"\n{dict(kinds)}, {retried} asked for again; away, s: {night.away_s()}")
    assert max(night.away_s()["writer"]) < TAKEOVER_S
