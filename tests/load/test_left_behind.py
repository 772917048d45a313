"""A killed city leaves its database running, its guard asleep: the next one takes it over."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from hapgang.contract import Role
from tests.load.clients import Client, Diary, who_serves
from tests.load.processes import CityProcesses, wait_for_lock
from tests.load.recount import Disk, check_feed
from tests.village import person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]
OPERATOR = person("op", Role.OPERATOR)
WRITES = 30


def postmaster(state: Path) -> tuple[int, int]:
    """Return the numbers of the database's process and of its guard."""
    pid = int((state / "pg/data/postmaster.pid").read_text().split()[0])
    stat = Path(f"/proc/{pid}/stat").read_text()
    return pid, int(stat.rpartition(")")[2].split()[1])


async def write(city: CityProcesses, first: int) -> list[str]:
    """Make entities, several at once; return those that were acknowledged."""

    async def make(number: int) -> str | None:
        client = Client(city, OPERATOR, Diary(), 0)
        name = f"urn:ngsi-ld:Lamp:{number}"
        body = {"id": name, "type": "Lamp"}
        try:
            status, _ = await client._ask("POST", "/ngsi-ld/v1/entities", body, name)
        except (OSError, asyncio.IncompleteReadError):
            return None
        finally:
            await client._hang_up()
        return name if status == 201 else None

    made = await asyncio.gather(*(make(number) for number in range(first, first + WRITES)))
    return [name for name in made if name is not None]


async def story(city: CityProcesses, guards: list[int]) -> list[str]:
    (port,) = city.ports
    city.start(port, standby=False)
    await who_serves(city)
    kept = await write(city, 0)
    assert len(kept) == WRITES
    database, guard = postmaster(city.state)
    os.kill(guard, signal.SIGSTOP)
    guards.append(guard)
    under_load = asyncio.create_task(write(city, WRITES))
    await asyncio.sleep(0.01)
    city.kill(port)
    kept += await under_load
    os.kill(database, 0)  # it is still there, and nobody uses it
    city.start(port, standby=False)
    await who_serves(city)
    assert postmaster(city.state) == (database, guard)
    kept += await write(city, 2 * WRITES)
    return kept


@pytest.mark.timeout(180)
def test_a_database_left_behind_is_taken_over(small_city: Path, tmp_path: Path) -> None:
    city, guards = CityProcesses(small_city, tmp_path / "state", count=1), list[int]()
    try:
        kept = asyncio.run(story(city, guards))
    finally:
        for guard in guards:
            os.kill(guard, signal.SIGCONT)
        city.close()
    wait_for_lock(tmp_path / "state/pg/server.lock")
    disk = Disk(tmp_path / "state")
    check_feed(disk)
    made = [row["entity"] for row in disk.rows["feed"] if row["kind"] == "created"]
    assert set(kept) <= set(made)
    assert len(made) == len(set(made))
