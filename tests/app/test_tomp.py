"""TOMP-API at the city's own door: status codes, headers, rights, and guests whose ride fails."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from hapgang.contract import Caller, City, Role, Text
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform import platform
from hapgang.services.mobility.maas import service as maas
from hapgang.services.mobility.sharing import service as sharing
from hapgang.services.mobility.sharing.actions.ride import end_reservation
from hapgang.services.mobility.sharing.model import Rental
from tests.app.test_operators import API, STAFF, until
from tests.living import Town, run
from tests.services.mobility.maas.world import CITY, zone
from tests.tomp_schema import PATH, Schema

SERVICES = {"mobility.maas": maas, "mobility.sharing": sharing, "platform": platform}
PROVIDER = Caller("urn:ngsi-ld:MobilityOperator:elsewhere", Role.COMPANY)
STRANGER = Caller("urn:ngsi-ld:MobilityOperator:stranger", Role.COMPANY)
TOMP = f"{API}/tomp"
TIME = "2026-09-16T00:00:00Z"


@pytest.fixture
def live(database: dict[str, Any], tmp_path: Path) -> Any:
    def do(then: Callable[[Town], Awaitable[None]]) -> None:
        async def inside(town: Town) -> None:
            body = {
                "name": "elsewhere", "title_en": "E", "title_ko": "E",
                "base_url": "https://e.example", "credit_won": 50_000,
            }  # fmt: skip
            assert (await town.call("POST", f"{API}/operators", body, caller=STAFF)).status == 200
            name = account_id(PROVIDER.id)
            await until(lambda: town.runtime.book.find_account(name) is not None)
            await then(town)

        run(inside, database, CITY, tmp_path / "state", services=SERVICES)

    return do


def wish() -> dict[str, Any]:
    a, b = zone("A01"), zone("B05")
    return {
        "from": {"coordinates": {"lng": a.lon, "lat": a.lat}},
        "to": {"coordinates": {"lng": b.lon, "lat": b.lat}},
        "travelers": [{"isValidated": True, "age": 40, "licenseTypes": [{"assetClass": "CAR"}]}],
    }  # fmt: skip


async def ask(
    town: Town, method: str, path: str, body: Any = None, *, caller: Caller | None = PROVIDER
) -> Any:
    """Ask, and check the answer against the standard's own document where it is at hand."""
    answer = await town.call(method, TOMP + path, body, caller=caller)
    if PATH.is_file() and answer.status < 300:
        schema = Schema()
        value = answer.json() if answer.body else None
        assert schema.answer(method, schema.path_of(path), answer.status, value) == []
    return answer


async def booked(town: Town) -> str:
    offers = (await ask(town, "POST", "/planning/offers", wish())).json()
    name = str(offers["options"][0]["id"])
    assert (await ask(town, "POST", "/bookings", {"id": name})).status == 201
    return name


def owed_won(town: Town) -> int:
    return -int(town.runtime.book.account(account_id(PROVIDER.id)).balance_won)


def test_a_booking_from_offer_to_end(live: Any) -> None:
    async def then(town: Town) -> None:
        for path in ("/operator/ping", "/operator/meta", "/operator/information"):
            assert (await ask(town, "GET", path, caller=None)).status == 200
        assert (await ask(town, "POST", "/planning/inquiries", wish())).status == 201
        offers = await ask(town, "POST", "/planning/offers", wish())
        assert offers.status == 201
        assert offers.headers["content-language"] == "ko"
        name = offers.json()["options"][0]["id"]
        made = await ask(town, "POST", "/bookings", {"id": name})
        assert (made.status, made.json()["state"]) == (201, "PENDING")
        expires = parsedate_to_datetime(made.headers["expires"])
        assert timedelta(0) < expires - datetime.now(UTC) < timedelta(minutes=3)
        again = await ask(town, "POST", "/bookings", {"id": name})
        assert (again.status, again.json()["state"]) == (201, "PENDING")
        assert owed_won(town) == 6_120
        place = f"/bookings/{name}/events"
        told = await ask(town, "POST", place, {"operation": "COMMIT"})
        assert (told.status, told.json()["state"]) == (200, "CONFIRMED")
        leg = f"/legs/{told.json()['legs'][0]['id']}/events"
        told = await ask(town, "POST", leg, {"time": TIME, "event": "SET_IN_USE"})
        assert (told.status, told.json()["state"]) == (200, "IN_USE")
        told = await ask(town, "POST", place, {"operation": "CANCEL"})
        assert told.status == 403
        told = await ask(town, "POST", leg, {"time": TIME, "event": "FINISH"})
        assert (told.status, told.json()["state"]) == (200, "FINISHED")
        assert (await ask(town, "GET", f"/bookings/{name}")).json()["state"] == "FINISHED"
        assert owed_won(town) == 620

    live(then)


def test_what_is_refused(live: Any) -> None:
    async def then(town: Town) -> None:
        mina = Caller("urn:ngsi-ld:Person:mina", Role.RESIDENT)
        for caller, status in ((None, 401), (mina, 403), (STRANGER, 403)):
            got = await ask(town, "POST", "/planning/offers", wish(), caller=caller)
            assert got.status == status
        for body in ({}, {"from": 7}, b"{", b"[]", b'{"a": "\\u0000"}'):
            assert (await ask(town, "POST", "/planning/offers", body)).status == 400
        assert (await ask(town, "POST", "/bookings", {"id": "none"})).status == 404
        assert (await ask(town, "GET", "/bookings/none")).status == 404
        assert (await ask(town, "DELETE", "/bookings/none")).status == 405
        name = await booked(town)
        got = await ask(town, "GET", f"/bookings/{name}", caller=STRANGER)
        assert got.status == 404
        place = f"/bookings/{name}/events"
        assert (await ask(town, "POST", place, {"operation": "DENY"})).status == 400
        assert (await ask(town, "POST", place, {"operation": "NONE"})).status == 400
        got = await ask(town, "POST", f"/legs/{name}-1/events", {"time": TIME, "event": "PAUSE"})
        assert got.status == 400
        assert (await ask(town, "POST", place, {"operation": "CANCEL"})).status == 200
        assert owed_won(town) == 0

    live(then)


def test_two_who_want_the_same_vehicle(live: Any) -> None:
    async def then(town: Town) -> None:
        first = (await ask(town, "POST", "/planning/offers", wish())).json()["options"][0]
        again = (await ask(town, "POST", "/planning/offers", wish())).json()["options"][0]
        assert first["legs"][0]["asset"] == again["legs"][0]["asset"]
        assert (await ask(town, "POST", "/bookings", {"id": first["id"]})).status == 201
        assert (await ask(town, "POST", "/bookings", {"id": again["id"]})).status == 409
        told = await ask(town, "GET", f"/bookings/{again['id']}")
        assert told.json()["state"] == "CANCELLED"
        assert owed_won(town) == 6_120

    live(then)


def lapse(city: City) -> None:
    """End all reservations, as the sharing service does when their time is over."""
    for rental in city.hub.find(Rental):
        end_reservation(city, rental, "lapsed", failed=Text("It is over.", "끝났습니다."))


lapse.__module__ = "hapgang.services.mobility.sharing.actions.test"


def test_a_guest_whose_ride_fails_pays_nothing(live: Any) -> None:
    async def then(town: Town) -> None:
        name = await booked(town)
        await ask(town, "POST", f"/bookings/{name}/events", {"operation": "COMMIT"})
        town.runtime.perform(lapse, PLATFORM)
        await until(lambda: owed_won(town) == 0)
        told = await ask(town, "GET", f"/bookings/{name}")
        assert told.json()["state"] == "CANCELLED"

    live(then)
