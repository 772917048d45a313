"""A writer that slept through its own succession writes nothing more."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from hapgang.contract import Caller, Role
from hapgang.writer.postgres import start
from tests.load.clients import Client, Diary, all_are_up, status_of
from tests.load.processes import CityProcesses
from tests.village import person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]
ANNE, OPERATOR = person("anne"), person("op", Role.OPERATOR)
DRAW = "/api/test/village/wells/a/draw"
WRITERS_CONNECTION = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 7040 AND objid = 1 AND granted
"""


class Phone:
    """Calls one process, once, with a key."""

    def __init__(self, city: CityProcesses) -> None:
        self._city = city
        self._number = 0

    async def call(
        self, port: int, path: str, body: dict[str, Any], caller: Caller = ANNE, key: str = ""
    ) -> tuple[int, Any]:
        self._number += 1
        client = Client(self._city, caller, Diary(), 0)
        client._port = port
        status, answer = await client._ask("POST", path, body, key or f"k{self._number}")
        await client._hang_up()
        return status, msgspec.json.decode(answer) if answer else None


async def succession(city: CityProcesses) -> None:
    first, second = city.ports
    phone = Phone(city)
    city.start(first, standby=False)
    while await status_of(first) != 200:
        await asyncio.sleep(0.02)
    city.start(second)
    await all_are_up(city)
    await phone.call(first, "/api/test/village/wells", {"well": "a"}, OPERATOR)
    assert await phone.call(first, DRAW, {}, key="before") == (200, 1)

    os.kill(city.pid(first), signal.SIGSTOP)
    asleep = asyncio.create_task(phone.call(first, DRAW, {}, key="asleep"))
    with start(city.state) as server:
        connection = await asyncpg.connect(**server.connect_kwargs)
        await connection.fetch(WRITERS_CONNECTION)
        await connection.close()
    while await status_of(second) != 200:
        await asyncio.sleep(0.02)
    assert await phone.call(second, DRAW, {}) == (200, 2)
    assert await phone.call(second, DRAW, {}, key="before") == (200, 1)

    os.kill(city.pid(first), signal.SIGCONT)
    status, problem = await asleep
    assert status == 503, problem
    await all_are_up(city)
    assert await status_of(second) == 200
    assert await phone.call(second, DRAW, {}, key="asleep") == (200, 3)
    assert (await phone.call(first, DRAW, {}))[0] == 503


@pytest.mark.timeout(180)
def test_a_sleeping_writer_is_succeeded_and_fenced(small_city: Path, tmp_path: Path) -> None:
    city = CityProcesses(small_city, tmp_path / "state")
    try:
        asyncio.run(succession(city))
    finally:
        city.close()
