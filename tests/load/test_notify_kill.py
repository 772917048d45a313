"""What a city acknowledged is told to subscribers at least once, whenever it is killed."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from hapgang.contract import Role
from tests.app.notify.receiver import Receiver, receiving
from tests.load.clients import Client, Diary, all_are_up, who_serves
from tests.load.processes import CityProcesses, wait_for_lock
from tests.village import person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]
KILLS = 3
OPERATOR = person("op", Role.OPERATOR)


class Maker(Client):
    """Makes one lamp after another."""

    def _wish(self, key: str) -> tuple[str, str, str, dict[str, Any]]:
        lamp = {"id": f"urn:ngsi-ld:Lamp:{key}", "type": "Lamp", "power": 1}
        return "create", "POST", "/ngsi-ld/v1/entities", lamp


async def live(city: CityProcesses, diary: Diary, receivers: list[Receiver]) -> None:
    city.start(city.ports[0], standby=False)
    await who_serves(city)
    city.start(city.ports[1])
    first = Client(city, OPERATOR, Diary(), 0)
    for receiver in receivers:
        body = {
            "id": name_of(receiver), "type": "Subscription", "entities": [{"type": "Lamp"}],
            "notification": {"endpoint": {"uri": receiver.url}},
        }  # fmt: skip
        path = "/ngsi-ld/v1/subscriptions"
        made, said = await first._ask("POST", path, body, f"subscribe-{receiver.port}")
        assert made == 201, said
    await first._hang_up()
    stop = asyncio.Event()
    running = asyncio.create_task(Maker(city, OPERATOR, diary, 1).run(stop))
    for _ in range(KILLS):
        await all_are_up(city)
        count = len(diary.done)
        while len(diary.done) < count + 30:
            await asyncio.sleep(0.005)
        serving = await who_serves(city)
        city.kill(serving)
        city.start(serving)
    await all_are_up(city)
    stop.set()
    await running


async def replay(city: CityProcesses, receiver: Receiver) -> None:
    """Send again what was given up because too much waited."""
    client = Client(city, OPERATOR, Diary(), 2)
    client._port = await who_serves(city)
    path, body = "/api/deliveries/replay", {"subscription": name_of(receiver)}
    status, said = await client._ask("POST", path, body, "replay")
    assert status == 200, said
    await client._hang_up()


def name_of(receiver: Receiver) -> str:
    return f"urn:ngsi-ld:Subscription:{receiver.port}"


def told(receiver: Receiver) -> list[str]:
    return [entity["id"] for one in receiver.got for entity in one["data"]]


@pytest.mark.timeout(200)
def test_nothing_that_was_acknowledged_is_left_untold(small_city: Path, tmp_path: Path) -> None:
    city, diary = CityProcesses(small_city, tmp_path / "state"), Diary()

    async def run() -> None:
        async with receiving() as good, receiving() as late:
            late.manner = "503"  # nothing gets there before the last kill
            await live(city, diary, [good, late])
            late.manner = "200"
            wanted = [done.body["id"] for done in diary.done]
            assert len(wanted) >= 30 * KILLS
            async with asyncio.timeout(90):
                while not (set(wanted) <= set(told(good)) and set(wanted) <= set(told(late))):
                    await replay(city, late)
                    await asyncio.sleep(0.2)
            firsts = list(dict.fromkeys(told(good)))
            assert [one for one in firsts if one in set(wanted)] == wanted, "out of order"

    try:
        asyncio.run(run())
    finally:
        city.close()
    wait_for_lock(tmp_path / "state/pg/server.lock")
    assert diary.refused == []
