"""Clients write and read back through workers while workers, writer and database are killed.

What each reads is never older than what it was told, and lies on disk once.
"""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.contract import Role
from tests.load.clients import Client, Diary, all_are_up, who_serves
from tests.load.processes import CityProcesses, wait_for_lock
from tests.load.recount import Disk, check_feed
from tests.village import person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]
WRITERS = 4
ENTITIES = "/ngsi-ld/v1/entities"
WHAT = ("a worker", "writer", "postmaster", "all workers")


class Reader(Client):
    """Writes an attribute of its own entity, and reads it back over another connection."""

    def __init__(self, city: CityProcesses, diary: Diary, number: int) -> None:
        super().__init__(city, person(f"op{number}", Role.OPERATOR), diary, number)
        self.path = f"{ENTITIES}/urn:ngsi-ld:Junction:{number}"
        self.told = self.seen = 0

    def _wish(self, key: str) -> tuple[str, str, str, dict[str, Any]]:
        if self._number % 2:
            return (
                "write",
                "PATCH",
                self.path,
                {"value": {"type": "Property", "value": self._number}},
            )
        return "read", "GET", self.path, {}

    def _remember(self, kind: str, body: dict[str, Any], answer: Any) -> None:
        if kind == "write":
            self.told = self._number
            return
        self.seen += 1
        assert answer["value"]["value"] == self.told, "a read is older than what was told before"

    async def act(self) -> None:
        await super().act()
        if self._number % 8 == 0:
            await self._hang_up()  # the next connection may be another worker's


async def live(city: CityProcesses, diary: Diary) -> list[Reader]:
    chance = random.Random(5)
    (port,) = city.ports
    city.start(port, standby=False)
    await who_serves(city)
    readers = [Reader(city, diary, number) for number in range(WRITERS)]
    for reader in readers:
        body = {"id": reader.path.rpartition("/")[2], "type": "Junction"}
        made, said = await reader._ask("POST", ENTITIES, body, "set-up")
        assert made == 201, said
    stop = asyncio.Event()
    running = [asyncio.create_task(reader.run(stop)) for reader in readers]
    for what in WHAT:
        await all_are_up(city)
        await two_workers(city)
        await asyncio.sleep(chance.uniform(0.3, 0.8))
        if what == "postmaster":
            city.kill_database("postmaster")
        elif what == "writer":
            city.kill(port)
            city.start(port)
        else:
            killed = city.workers(port)[: 1 if what == "a worker" else None]
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
    await all_are_up(city)
    await two_workers(city)
    stop.set()
    await asyncio.gather(*running)
    return readers


async def two_workers(city: CityProcesses) -> None:
    async with asyncio.timeout(120):
        while len(city.workers(city.ports[0])) < 2:
            await asyncio.sleep(0.02)


@pytest.mark.timeout(300)
def test_reads_at_workers_are_never_older_than_answers(small_city: Path, tmp_path: Path) -> None:
    city, diary = CityProcesses(small_city, tmp_path / "state", 1, n_workers=2), Diary()
    try:
        readers = asyncio.run(live(city, diary))
    finally:
        city.close()
    wait_for_lock(tmp_path / "state/pg/server.lock")
    assert diary.refused == []
    assert sum(done.tries > 1 for done in diary.done) > 0, "no request met a kill"
    assert all(reader.seen > 10 for reader in readers)
    disk = Disk(tmp_path / "state")
    check_feed(disk)
    on_disk = {row["id"]: row for row in disk.rows["entity"]}
    for reader in readers:
        document = msgspec.json.decode(on_disk[reader.path.rpartition("/")[2]]["doc"])
        assert document["value"]["value"] == reader.told
