"""The machine's clock is set back while the city runs, and while it does not."""

import time
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from hapgang.contract import Role
from hapgang.core import clock
from tests.living import Town, run
from tests.village import person

pytestmark = pytest.mark.slow
OPERATOR = person("op", Role.OPERATOR)
LAMP = "/ngsi-ld/v1/entities/urn:ngsi-ld:Lamp:1"
LATER_S, BACK_S = 5.0, -20.0


class Machine:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.off_s = 0.0

    def time(self) -> float:
        return time.time() + self.off_s


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(clock, "time", SimpleNamespace(time=made.time))
    return made


def test_time_never_goes_back_in_what_is_kept(
    database: dict[str, Any], small_city: Path, tmp_path: Path, machine: Machine
) -> None:
    told: list[datetime] = []

    async def write(town: Town, power: int) -> None:
        done = await town.call("PATCH", LAMP, {"power": power}, caller=OPERATOR)
        assert done.status == 204, done.body
        asked = f"{LAMP}?options=sysAttrs"
        said = (await town.call("GET", asked, caller=OPERATOR)).json()
        told.append(datetime.fromisoformat(said["power"]["modifiedAt"]))

    async def first(town: Town) -> None:
        body = {"id": "urn:ngsi-ld:Lamp:1", "type": "Lamp", "power": 0}
        made = await town.call("POST", "/ngsi-ld/v1/entities", body, caller=OPERATOR)
        assert made.status == 201, made.body
        for power, off_s in enumerate((0.0, BACK_S, LATER_S, 2 * BACK_S)):
            machine.off_s = off_s
            await write(town, power)

    async def second(town: Town) -> None:
        await write(town, 10)
        machine.off_s = 2 * LATER_S
        await write(town, 11)
        assert told == sorted(told)
        assert told[-1] > told[-2]
        rows = await town.live.reads.feed_after(0)
        assert [row.at for row in rows] == sorted(row.at for row in rows)
        written = [msgspec.json.decode(row.body) for row in rows if row.kind == "updated"]
        assert [body["power"]["value"] for body in written] == [0, 1, 2, 3, 10, 11]

    run(first, database, small_city, tmp_path)
    run(second, database, small_city, tmp_path)
