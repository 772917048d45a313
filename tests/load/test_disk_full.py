"""The disk is full: what cannot be kept is refused, what was acknowledged stays, and it passes.

A file system of its own is mounted for the city, so only root can run this.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.app.backup.make import CityPlace, back_up
from hapgang.contract import Role
from hapgang.core.errors import Unavailable
from tests.load.clients import Client, Diary, status_of, who_serves
from tests.load.processes import CityProcesses, wait_for_lock
from tests.load.recount import Disk, check_feed
from tests.village import person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs"),
]
OPERATOR = person("op", Role.OPERATOR)
ENTITIES = "/ngsi-ld/v1/entities"
PADDING = "x" * 200_000
DISK = "300m"
REFUSALS = 3


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "none", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


class Writer:
    """Writes one entity after another and remembers what was acknowledged."""

    def __init__(self, city: CityProcesses) -> None:
        self.city = city
        self.number = 0
        self.kept: list[str] = []

    async def write(self, text: str) -> int:
        self.number += 1
        name = f"urn:ngsi-ld:Block:{self.number}"
        client = Client(self.city, OPERATOR, Diary(), 0)
        body = {"id": name, "type": "Block", "text": text}
        try:
            status, _ = await client._ask("POST", ENTITIES, body, name)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            status = 0
        await client._hang_up()
        if status == 201:
            self.kept.append(name)
        return status

    async def read(self, name: str) -> tuple[int, Any]:
        client = Client(self.city, OPERATOR, Diary(), 0)
        status, answer = await client._ask("GET", f"{ENTITIES}/{name}", {}, "")
        await client._hang_up()
        return status, msgspec.json.decode(answer)


async def story(city: CityProcesses, filler: Path) -> list[str]:
    port = city.ports[0]
    city.start(port, standby=False)
    await who_serves(city)
    writer = Writer(city)
    for _ in range(20):
        assert await writer.write("small") == 201
    fill(filler)
    refused = []
    async with asyncio.timeout(120):
        while len(refused) < REFUSALS:
            status = await writer.write(PADDING)
            if status != 201:
                refused.append(status)
                await asyncio.sleep(0.5)
    assert set(refused) <= {503}, refused
    assert city.ended() == [], "the city gave up"
    filler.unlink()
    async with asyncio.timeout(90):
        while await status_of(port) != 200:
            await asyncio.sleep(0.1)
    assert await writer.write("small again") == 201
    for name in (writer.kept[0], writer.kept[-1]):
        assert (await writer.read(name))[0] == 200
    return writer.kept


def fill(path: Path) -> None:
    """Write until nothing more fits."""
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1 << 20)):
                pass
        except OSError:
            return


@pytest.mark.timeout(300)
def test_a_full_disk_refuses_and_recovers(small_city: Path, tmp_path: Path, disk: Path) -> None:
    city = CityProcesses(small_city, disk / "state", count=1)
    try:
        kept = asyncio.run(story(city, disk / "filler"))
    finally:
        city.close()
    wait_for_lock(disk / "state/pg/server.lock")
    rows = Disk(disk / "state")
    check_feed(rows)
    made = [row["entity"] for row in rows.rows["feed"] if row["kind"] == "created"]
    assert set(kept) <= set(made)
    assert len(made) == len(set(made)), "something was made twice"
    wait_for_lock(disk / "state/pg/server.lock")
    fill(disk / "filler")
    place = CityPlace("small", small_city, disk / "state")
    (disk / "filler").write_bytes(b"")
    with (disk / "filler").open("wb") as file:  # room for the server, but not for a backup
        left = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        file.write(bytes(max(left - (20 << 20), 0)))
    (disk / "state/lake").mkdir(exist_ok=True)
    (disk / "state/lake/large").write_bytes(bytes(15 << 20))
    with pytest.raises(Unavailable, match="No space left"):
        asyncio.run(back_up(place, disk / "backup", url=None, with_keys=False, say=lambda *_: None))
    assert [path.name for path in disk.iterdir() if "backup" in path.name] == []
    wait_for_lock(disk / "state/pg/server.lock")
