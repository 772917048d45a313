"""Clients write two attributes of one entity at a time, all into the same one, while all is killed.

What each was told lies on disk, both attributes of it together, and each write once.
"""

import asyncio
import random
import sys
from collections import defaultdict
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
WRITERS = 8
BUSY = "urn:ngsi-ld:Junction:busy"
ENTITIES = "/ngsi-ld/v1/entities"
WHAT = ("writer", "postmaster", "guard", "writer and postmaster", "everything")


class Pair(Client):
    """Writes its two attributes of the entity that everybody writes to, again and again."""

    def __init__(self, city: CityProcesses, diary: Diary, number: int) -> None:
        super().__init__(city, person(f"op{number}", Role.OPERATOR), diary, number)
        self.me = number
        self.told = 0

    def _wish(self, key: str) -> tuple[str, str, str, dict[str, Any]]:
        pair = {f"left{self.me}": self._number, f"right{self.me}": self._number}
        if self.me % 2:
            return "append", "POST", f"{ENTITIES}/{BUSY}/attrs", pair
        return "merge", "PATCH", f"{ENTITIES}/{BUSY}", pair

    def _remember(self, kind: str, body: dict[str, Any], answer: Any) -> None:
        self.told = self._number


async def live(city: CityProcesses, diary: Diary) -> list[Pair]:
    chance = random.Random(11)
    city.start(city.ports[0], standby=False)
    await who_serves(city)
    for port in city.ports[1:]:
        city.start(port)
    first = Client(city, person("op", Role.OPERATOR), diary, 0)
    made, said = await first._ask("POST", ENTITIES, {"id": BUSY, "type": "Junction"}, "set-up")
    assert made == 201, said
    await first._hang_up()
    stop = asyncio.Event()
    pairs = [Pair(city, diary, number) for number in range(WRITERS)]
    running = [asyncio.create_task(pair.run(stop)) for pair in pairs]
    for what in WHAT:
        await all_are_up(city)
        await asyncio.sleep(chance.uniform(0.3, 1.0))
        await kill(city, what)
        assert city.ended() == [], "a process gave up by itself"
    await all_are_up(city)
    stop.set()
    await asyncio.gather(*running)
    return pairs


async def kill(city: CityProcesses, what: str) -> None:
    serving = await who_serves(city)
    if what == "guard":
        city.kill_database("guard")
    elif "writer" not in what or "postmaster" in what:
        city.kill_database("postmaster")
    killed = [port for port in city.ports if what == "everything" or port == serving]
    if what in ("postmaster", "guard"):
        return
    for port in killed:
        city.kill(port)
    for port in killed:
        city.start(port)


@pytest.mark.timeout(300)
def test_two_attributes_of_one_entity_come_and_stay_together(
    small_city: Path, tmp_path: Path
) -> None:
    city, diary = CityProcesses(small_city, tmp_path / "state"), Diary()
    try:
        pairs = asyncio.run(live(city, diary))
    finally:
        city.close()
    wait_for_lock(tmp_path / "state/pg/server.lock")
    assert diary.refused == []
    assert sum(done.tries > 1 for done in diary.done) > 0, "no request met a kill"
    disk = Disk(tmp_path / "state")
    check_feed(disk)
    (entity,) = [row for row in disk.rows["entity"] if row["id"] == BUSY]
    document = msgspec.json.decode(entity["doc"])
    written = lines_of(disk)
    for pair in pairs:
        left, right = document[f"left{pair.me}"], document[f"right{pair.me}"]
        assert left["value"] == right["value"] == pair.told
        once = [(n, n) for n in range(1, pair.told + 1)]
        assert written[pair.me] == once, "a write was lost, torn, done twice or out of order"
    assert most_in_a_group(disk) > 1, "no group held writes of more than one client"


def lines_of(disk: Disk) -> dict[int, list[tuple[int, int]]]:
    """Return what each client wrote, as the feed tells it in its order."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in sorted(disk.rows["feed"], key=lambda row: row["position"]):
        if row["entity"] == BUSY and row["kind"] == "updated":
            body = disk.body(row)
            (me,) = {int(name.lstrip("leftrigh")) for name in body}
            found[me].append((body[f"left{me}"]["value"], body[f"right{me}"]["value"]))
    return found


def most_in_a_group(disk: Disk) -> int:
    """Return how many answers at most bear the number of the transaction that wrote them."""
    groups: dict[int, int] = defaultdict(int)
    for row in disk.rows["answer"]:
        groups[row["xmin"]] += 1
    return max(groups.values())
