"""Journeys of several operators, booked while the writer and its database are killed: all or none.

A booking makes a rental of the sharing service, a hold for it, a journey and a hold for its ticket.
Whatever dies in the middle, they are all on disk, or none of them is.
"""

import asyncio
import random
import sys
from collections import Counter
from datetime import UTC, datetime
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from hapgang.app.identities import IDENTITIES
from hapgang.contract import Caller, Role
from hapgang.ledger.till import account_id
from hapgang.twin.scene import load_scene
from tests.load.clients import Client, Diary, all_are_up, who_serves
from tests.load.processes import CityProcesses, wait_for_lock
from tests.load.recount import Disk, check_balances, check_feed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]
CITY = Path(__file__).resolve().parents[2] / "cities" / "sejong"
KILLS = ("writer", "postmaster", "writer", "guard", "writer", "postmaster")
SEED = 11
EIGHT = datetime(2026, 9, 15, 23, tzinfo=UTC)  # Wednesday, 08:00 in Seoul: buses run
DOORS = ("A01", "A30", "B05", "B09", "C01", "C05")  # blocks of Sejong 5-1
FAR = "outside_daejeon*"
PEOPLE = [one for one in IDENTITIES if one.role in (Role.RESIDENT, Role.VISITOR)]
REFUSED_IN_PEACE = {403, 409}  # somebody else was quicker, or may not ride


class Traveller(Client):
    """Plans, books and cancels again and again; everything is asked for until it is answered."""

    def __init__(self, city: CityProcesses, caller: Caller, diary: Diary, seed: int) -> None:
        super().__init__(city, caller, diary, seed)
        self.chance = random.Random(seed)
        self.booked: list[dict[str, Any]] = []
        self.cancelled: set[str] = set()
        self.refused: Counter[int] = Counter()

    async def act(self) -> None:
        """Book one journey, and mostly cancel it again."""
        near, far = places()
        start, end = self.chance.choice(near), self.chance.choice([*near, far, far])
        ways = "walk,pm,bus" if end == far else self.chance.choice(("walk,bus", "walk,pm"))
        words = {"from_lon": start[0], "from_lat": start[1], "to_lon": end[0], "to_lat": end[1]}
        words |= {"ways": ways, "prefer": "few_changes"}
        place = f"/api/mobility/maas/options?{urlencode(words)}"
        options = await self._until_told("GET", place, {})
        bookable = [
            o for o in options or [] if any(leg["item"] or leg["ride"] for leg in o["legs"])
        ]
        if not bookable:
            return
        both = [o for o in bookable if {"pm", "bus"} <= {leg["mode"] for leg in o["legs"]}]
        option = self.chance.choice(both or bookable)
        journey = await self._until_told("POST", "/api/mobility/maas/journeys", {"option": option})
        if journey is None:
            return
        self.booked.append(journey)
        keeps = 0.03 if journey["bookings"] else 0.2  # whoever keeps a vehicle can book no other
        if self.chance.random() >= keeps:
            await self._until_told("DELETE", f"/api/mobility/maas/journeys/{journey['id']}", {})
            self.cancelled.add(journey["id"])

    async def _until_told(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """Ask with one key until there is an answer; None where it is a refusal."""
        self._number += 1
        key = f"{self._caller.id[-6:]}-{self._number}"
        while True:
            try:
                status, answer = await self._ask(method, path, body, key)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                status, answer = 503, b""
            if status != 503:
                break
            await self._elsewhere()
        if status >= 400:
            assert status in REFUSED_IN_PEACE, answer
            self.refused[status] += 1
            return None
        self._diary.times_s.append(asyncio.get_running_loop().time())
        return msgspec.json.decode(answer) if answer else None


@cache
def places() -> tuple[list[tuple[float, float]], tuple[float, float]]:
    """Return doors in the city, and one in Daejeon, as longitude and latitude."""
    zones = load_scene(CITY, "plan").zones
    lonlat = dict(zip(zones.zone.tolist(), zip(zones.lon, zones.lat, strict=True), strict=True))
    return [lonlat[door] for door in DOORS], next(
        at for zone, at in lonlat.items() if fnmatch(zone, FAR)
    )


async def live(city: CityProcesses) -> list[Traveller]:
    """Load the city and kill; return what everybody was told."""
    city.start(city.ports[0], standby=False)
    await who_serves(city)
    city.start(city.ports[1])
    diary = Diary()
    travellers = [
        Traveller(city, Caller(one.id, one.role), diary, SEED + n) for n, one in enumerate(PEOPLE)
    ]
    for traveller, one in zip(travellers, PEOPLE, strict=True):
        await traveller._until_told("POST", "/api/sign-in", {"identity": one.id})
    stop, chance = asyncio.Event(), random.Random(SEED)
    running = [asyncio.create_task(traveller.run(stop)) for traveller in travellers]
    for what in KILLS:
        await all_are_up(city)
        await asyncio.sleep(chance.uniform(0.3, 1.5))
        serving = await who_serves(city)
        if what == "writer":
            city.kill(serving)
            city.start(serving)
        else:
            city.kill_database(what)
    await all_are_up(city)
    stop.set()
    await asyncio.gather(*running)
    return travellers


def opened(disk: Disk, type_: str) -> dict[str, dict[str, Any]]:
    """Return all documents of a personal type by id, simplified, closed ones too."""
    found = {}
    for row in disk.rows["entity"]:
        if row["type"] == type_:
            document = msgspec.json.decode(disk.vault.open(row["person"], row["sealed"]))
            found[row["id"]] = {
                name: part.get("value", part.get("object"))
                for name, part in document.items()
                if isinstance(part, dict)
            } | {"open": not row["closed"], "who": row["person"]}
    return found


def test_a_booking_is_whole_whatever_dies(tmp_path: Path) -> None:
    city = CityProcesses(CITY, tmp_path / "state", is_demo=True, at=EIGHT)
    try:
        travellers = asyncio.run(live(city))
    finally:
        city.close()
    wait_for_lock(tmp_path / "state/pg/server.lock")
    disk = Disk(tmp_path / "state")
    check_feed(disk)
    check_balances(disk)
    journeys = opened(disk, "MobilityJourney")
    rentals = opened(disk, "PersonalMobilityRental")
    told = {journey["id"]: journey for one in travellers for journey in one.booked}
    cancelled = {name for one in travellers for name in one.cancelled}
    assert set(journeys) == set(told), "a booking was lost, or made that nobody was told of"
    assert len(told) > 20
    steps = {row["id"]: row["step"] for row in disk.rows["transfer"]}
    over = {row["of"] for row in disk.rows["transfer"] if row["step"] in ("captured", "released")}
    held: Counter[str] = Counter()
    booked_rentals = set()
    for name, journey in told.items():
        for booking in journey["bookings"]:
            booked_rentals.add(booking["booking"])
            rental = rentals[booking["booking"]]
            assert steps[rental["hold"]] == "held"
            if name in cancelled:
                assert (rental["state"], rental["hold"] in over) == ("cancelled", True)
        if journey["ticket"] is not None:
            assert steps[journey["ticket"]] == "held"
            assert (journey["ticket"] in over) == (name in cancelled)
            if name not in cancelled:
                held[account_id(journeys[name]["who"])] += journey["ticket_won"]
    assert set(rentals) == booked_rentals, "a vehicle is kept for nobody's journey"
    for rental in rentals.values():
        if rental["open"]:
            held[account_id(rental["who"])] += rental["held"]
    for account in disk.rows["account"]:
        assert account["held_won"] == held[account["id"]], account
    kinds = Counter(
        len(journey["bookings"]) + (journey["ticket"] is not None) for journey in told.values()
    )
    print(f"\n{len(told)} booked, {len(cancelled)} cancelled, by operators {dict(kinds)}")
    assert kinds[2] > 0, "no journey had two operators"
