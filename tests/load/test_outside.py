"""Journeys with an operator outside, booked while the city is killed between steps: all or none.

The operator is a server of the test's own and lives on. Whenever the city dies, in the middle of a
booking, of an answer or of taking something back, what both sides keep is the same in the end.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from hapgang.contract import Caller, Role
from tests.load.clients import Diary, all_are_up, who_serves
from tests.load.processes import CityProcesses, wait_for_lock
from tests.load.recount import Disk, check_balances, check_feed
from tests.load.test_bookings import CITY, PEOPLE, Traveller, opened
from tests.services.mobility.maas.fake_operator import FakeOperator, Fault, served
from tests.services.mobility.maas.world import zone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]
KILLS = 4
SEED = 5
START, END = "A01", "B05"
API = "/api/mobility/maas"
STAFF = Caller("urn:ngsi-ld:Staff:operator", Role.OPERATOR)
OVER = ("booked", "failed", "cancelled")


class Cyclist(Traveller):
    """Books a bicycle of the operator again and again, and cancels two of three."""

    async def act(self) -> None:
        a, b = zone(START), zone(END)
        words = {
            "from_lon": a.lon, "from_lat": a.lat, "to_lon": b.lon, "to_lat": b.lat,
            "ways": "walk,pm",
        }  # fmt: skip
        options = await self._until_told("GET", f"{API}/options?{urlencode(words)}", {})
        theirs = [o for o in options or [] if any(g["mode"] == "bicycle" for g in o["legs"])]
        if not theirs:
            await asyncio.sleep(0.05)
            return
        journey = await self._until_told("POST", f"{API}/journeys", {"option": theirs[0]})
        if journey is None:
            return
        self.booked.append(journey)
        await asyncio.sleep(self.chance.uniform(0, 0.4))
        if self.chance.random() < 0.67:
            await self._until_told("DELETE", f"{API}/journeys/{journey['id']}", {})
            self.cancelled.add(journey["id"])

    async def state_of(self, journey: str) -> str:
        told = await self._until_told("GET", f"{API}/journeys/{journey}", {})
        return str(told["state"])


def faults(chance: random.Random) -> list[Fault]:
    """What goes wrong at the operator, now and then."""
    paths = ("/planning/offers", "POST /bookings {", "GET /bookings", "COMMIT", "CANCEL")
    hows = ("deaf", "500", "rubbish", "twice")
    wrong = [Fault(chance.choice(paths), chance.choice(hows)) for _ in range(20)]
    return [*wrong, Fault("POST /bookings {", "refuse", 3), Fault("COMMIT", "refuse", 3)]


async def live(city: CityProcesses, fake: FakeOperator, state: Path) -> list[Cyclist]:
    """Load the city and kill it; return what everybody was told, when all is over."""
    chance = random.Random(SEED)
    async with served(fake) as url:
        secrets = state / "operators.toml"
        secrets.write_text(f'[bikes]\nurl = "{url}"\n')
        secrets.chmod(0o600)
        city.start(city.ports[0], standby=False)
        await who_serves(city)
        city.start(city.ports[1])
        body = {
            "name": "bikes", "title_en": "Bikes", "title_ko": "자전거", "base_url": url,
            "modes": ["bicycle"],
        }  # fmt: skip
        diary = Diary()
        staff = Traveller(city, STAFF, diary, SEED)
        await staff._until_told("POST", f"{API}/operators", body)
        riders = [
            Cyclist(city, Caller(one.id, one.role), diary, SEED + n)
            for n, one in enumerate(PEOPLE)
            if one.id.endswith(("designer", "homemaker", "visitor"))
        ]
        for rider in riders:
            await rider._until_told("POST", "/api/sign-in", {"identity": rider._caller.id})
        fake.faults += faults(chance)
        stop = asyncio.Event()
        running = [asyncio.create_task(rider.run(stop)) for rider in riders]
        for _ in range(KILLS):
            await all_are_up(city)
            await asyncio.sleep(chance.uniform(0.2, 1.5))
            serving = await who_serves(city)
            city.kill(serving)
            city.start(serving)
        await all_are_up(city)
        stop.set()
        await asyncio.gather(*running)
        fake.faults.clear()
        await settled(staff, riders, fake)
        for one in (staff, *riders):
            await one._hang_up()
        return riders


async def settled(staff: Traveller, riders: list[Cyclist], fake: FakeOperator) -> None:
    """Wait until no journey is pending, and the operator keeps nothing that is being undone."""
    waiting = [(rider, j["id"]) for rider in riders for j in rider.booked]
    orders: list[Any] = []
    try:
        async with asyncio.timeout(100):
            while True:
                told = [(r, j, await r.state_of(j)) for r, j in waiting]
                waiting = [(r, j) for r, j, state in told if state not in OVER]
                orders = await staff._until_told("GET", f"{API}/orders", {})
                open_ = [o for o in orders if o["state"] != "confirmed"]
                # What never came to be is looked for during some minutes: it is undone as well.
                gone = {fake.bookings.get(o["theirs"], "CANCELLED") for o in open_}
                undone = {o["state"] for o in open_} <= {"undoing"} and gone <= {"CANCELLED"}
                if not waiting and undone:
                    return
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise AssertionError(f"never settled: {waiting} {orders} {fake.bookings}") from None


def test_both_sides_keep_the_same_whenever_the_city_dies(tmp_path: Path) -> None:
    city = CityProcesses(CITY, tmp_path / "state", is_demo=True)
    near = zone(START)
    bikes = {f"b{n}": (near.lon + n * 1e-5, near.lat) for n in range(40)}
    fake = FakeOperator(bikes=bikes)
    try:
        riders = asyncio.run(live(city, fake, tmp_path / "state"))
    finally:
        city.close()
    wait_for_lock(tmp_path / "state/pg/server.lock")
    disk = Disk(tmp_path / "state")
    check_feed(disk)
    check_balances(disk)
    journeys = opened(disk, "MobilityJourney")
    told = {journey["id"] for rider in riders for journey in rider.booked}
    assert set(journeys) == told, "a booking was lost, or made that nobody was told of"
    states = Counter(journey["state"] for journey in journeys.values())
    cancelled = {name for rider in riders for name in rider.cancelled}
    assert all(journeys[name]["state"] in ("cancelled", "failed") for name in cancelled)
    rows = [row for row in disk.rows["entity"] if row["type"] == "MobilityOrder"]
    orders = [simple(row["doc"]) for row in rows]
    kept = sorted(order["theirs"] for order in orders if order["state"] == "confirmed")
    assert len(kept) == states["booked"]
    assert fake.kept == kept, "what the operator keeps is what the city booked, each once"
    rides = opened(disk, "MobilityOutsideRide")
    over = {row["of"] for row in disk.rows["transfer"] if row["step"] in ("captured", "released")}
    open_holds = sorted(r["hold"] for r in rides.values() if r["hold"] not in over)
    assert len(open_holds) == states["booked"]
    assert all(order["state"] != "disputed" for order in orders)
    print(f"\n{dict(states)}, {len(fake.asked)} requests, {len(fake.bookings)} bookings there")
    assert states["booked"] > 0
    assert states["cancelled"] + states["failed"] > 5


def simple(document: Any) -> dict[str, Any]:
    """Return an entity's document as names and values."""
    if isinstance(document, str | bytes):
        document = json.loads(document)
    return {
        name: part.get("value", part.get("object"))
        for name, part in msgspec.to_builtins(document).items()
        if isinstance(part, dict)
    }
