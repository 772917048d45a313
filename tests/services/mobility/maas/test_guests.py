"""The city as a transport operator: what providers may, what it costs, what lapses."""

from datetime import timedelta
from typing import Any

import pytest

from hapgang.contract import Caller, Role
from hapgang.core.errors import CityError, Conflict, Invalid, NotFound, Refused
from hapgang.ledger.book import NotEnoughMoney
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import open_account
from hapgang.runtime.platform.people import register_person
from hapgang.services.mobility.maas.actions import (
    cancel_guest,
    clear_guest,
    commit_guest,
    guest_of,
    guests_to_clear,
    keep_guest,
    move_guest,
    register_operator,
    serve_assets,
    serve_booking,
    serve_bookings,
    serve_information,
    serve_inquiries,
    serve_meta,
    serve_offers,
    turn_guest_away,
)
from hapgang.services.mobility.sharing.actions import VehicleTaken, reserve
from tests.services.mobility.maas.outside_world import CITY_STAFF
from tests.services.mobility.maas.world import SHARING, World, zone
from tests.tomp_schema import Schema

PROVIDER = Caller("urn:ngsi-ld:MobilityOperator:elsewhere", Role.COMPANY)
STRANGER = Caller("urn:ngsi-ld:MobilityOperator:stranger", Role.COMPANY)
MOST_WON = 6_120
GROWN = {"isValidated": True, "age": 30, "licenseTypes": [{"assetClass": "CAR"}]}


class Guests:
    """A provider and what it asks, as `app` passes it on."""

    def __init__(self, credit_won: int = 20_000) -> None:
        self.world = World()
        self.do = self.world.do
        self.do(
            register_operator, CITY_STAFF, name="elsewhere", title_en="E", title_ko="E",
            base_url="https://e.example", credit_won=credit_won,
        )  # fmt: skip
        self.do(open_account, PLATFORM, owner=PROVIDER.id, kind="operator", credit_won=credit_won)

    def wish(self, who: Any = GROWN, **more: Any) -> dict[str, Any]:
        a, b = zone("A01"), zone("B05")
        return {
            "from": {"coordinates": {"lng": a.lon, "lat": a.lat}},
            "to": {"coordinates": {"lng": b.lon, "lat": b.lat}},
            "travelers": [who], **more,
        }  # fmt: skip

    def offer(self, who: Any = GROWN) -> dict[str, Any]:
        told = self.do(serve_offers, PROVIDER, document=self.wish(who))
        first: dict[str, Any] = told["options"][0]
        return first

    def book(self, who: Any = GROWN, offer: dict[str, Any] | None = None) -> str:
        name: str = (offer or self.offer(who))["id"]
        self.do(serve_bookings, PROVIDER, document={"id": name})
        self.do(
            register_person, PLATFORM, person=guest_of(name), visitor=True,
            age_band="30-39" if who is GROWN else "0-9", licence=who is GROWN,
        )  # fmt: skip
        try:
            self.do(keep_guest, self.guest(name), booking=name)
        except CityError as error:
            self.do(turn_guest_away, PLATFORM, booking=name, reason=error.message.en)
            raise
        return name

    def guest(self, name: str) -> Caller:
        return Caller(guest_of(name), Role.PLATFORM)

    def act(self, action: Any, name: str, **more: Any) -> Any:
        return self.do(action, self.guest(name), booking=name, provider=PROVIDER.id, **more)

    def move(self, name: str, event: str, **more: Any) -> Any:
        document = {"time": "2026-09-16T00:00:00Z", "event": event, **more}
        words = {"leg": f"{name}-1", "provider": PROVIDER.id, "document": document}
        return self.do(move_guest, self.guest(name), **words)

    def account(self, owner: str = PROVIDER.id) -> tuple[int, int]:
        row = self.world.runtime.book.account(account_id(owner))
        return row.balance_won, row.held_won

    def clear(self) -> None:
        for booking in self.do(guests_to_clear, PLATFORM):
            self.do(clear_guest, self.guest(booking.rsplit(":", 1)[-1]), booking=booking)


@pytest.fixture
def guests() -> Guests:
    return Guests()


def test_a_guest_rides_and_the_provider_pays_the_fare(guests):
    name = guests.book()
    assert guests.do(serve_booking, PROVIDER, booking=name)["state"] == "PENDING"
    assert guests.account() == (-MOST_WON, 0)
    assert guests.act(commit_guest, name)["state"] == "CONFIRMED"
    assert guests.act(commit_guest, name)["state"] == "CONFIRMED"
    assert guests.move(name, "SET_IN_USE")["state"] == "IN_USE"
    assert guests.move(name, "SET_IN_USE")["state"] == "IN_USE"
    guests.world.wait(minutes=8)
    told = guests.move(name, "FINISH")
    assert told["state"] == "FINISHED"
    assert told["pricing"]["parts"][0]["amount"] == 620 + 300
    assert guests.account() == (-920, 0)
    assert guests.account(SHARING) == (920, 0)
    assert guests.account(guest_of(name)) == (0, 0)
    assert guests.do(serve_booking, PROVIDER, booking=name)["state"] == "FINISHED"
    assert guests.move(name, "FINISH") == told
    assert guests.world.runtime.book.total_won() == 0


def test_what_is_cancelled_costs_nothing(guests):
    name = guests.book()
    guests.act(commit_guest, name)
    assert guests.act(cancel_guest, name)["state"] == "CANCELLED"
    assert guests.act(cancel_guest, name)["state"] == "CANCELLED"
    assert guests.account() == (0, 0)
    assert not list(guests.world.runtime.state.of_type("PersonalMobilityRental"))
    guests.world.refused(
        Refused, commit_guest, guests.guest(name), booking=name, provider=PROVIDER.id
    )


def test_what_is_not_confirmed_in_time_lapses(guests):
    name = guests.book()
    guests.world.wait(minutes=3)
    guests.clear()
    assert guests.do(serve_booking, PROVIDER, booking=name)["state"] == "EXPIRED"
    assert guests.account() == (0, 0)
    assert guests.world.held_won() == 0


def test_what_its_operator_lets_lapse_is_cancelled(guests):
    name = guests.book()
    guests.act(commit_guest, name)
    guests.world.wait(minutes=30)  # reserved vehicles wait for ten minutes
    guests.clear()
    assert guests.do(serve_booking, PROVIDER, booking=name)["state"] == "CANCELLED"
    assert guests.account() == (0, 0)


def test_a_booking_that_was_cut_off_expires(guests):
    offer = guests.offer()
    guests.do(serve_bookings, PROVIDER, document={"id": offer["id"]})
    assert guests.account() == (0, MOST_WON)
    guests.world.wait(minutes=3)
    assert guests.account() == (0, 0)
    assert guests.do(serve_booking, PROVIDER, booking=offer["id"])["state"] == "CANCELLED"


def test_a_vehicle_that_is_gone_costs_nothing(guests):
    offer = guests.offer()
    quicker = guests.world.person("quicker")
    guests.do(reserve, quicker, vehicle=offer["legs"][0]["asset"]["id"])
    with pytest.raises(VehicleTaken):
        guests.book(offer=offer)
    assert guests.account() == (0, 0)


def test_an_operators_own_rules_hold_for_guests(guests):
    child = {"age": 9}
    with pytest.raises(Refused):
        guests.book(child)
    assert guests.account() == (0, 0)


def test_credit_has_an_end():
    guests = Guests(credit_won=MOST_WON)
    guests.book()
    with pytest.raises(NotEnoughMoney):
        guests.book()


def test_offers_expire_and_are_swept(guests):
    offer = guests.offer()
    later = guests.world.clock.now() + timedelta(minutes=6)
    guests.world.clock.advance_to(later)
    guests.world.refused(Conflict, serve_bookings, PROVIDER, document={"id": offer["id"]})
    guests.world.wait(minutes=2)
    assert not list(guests.world.runtime.state.of_type("MobilityGuestBooking"))


def test_only_registered_companies_book_and_only_their_own(guests):
    guests.world.refused(Refused, serve_offers, STRANGER, document=guests.wish())
    name = guests.book()
    guests.world.refused(NotFound, serve_booking, STRANGER, booking=name)
    guests.world.refused(
        NotFound, commit_guest, guests.guest(name), booking=name, provider=STRANGER.id
    )
    somebody = guests.world.person("somebody")
    guests.world.refused(Refused, serve_booking, somebody, booking=name)
    guests.world.refused(NotFound, serve_booking, PROVIDER, booking="no such\x00")


def test_rubbish_is_refused(guests):
    for wrong in ({}, {"from": 1}, guests.wish(travelers=[{"age": -1}]), guests.wish(radius=1e9)):
        guests.world.refused(Invalid, serve_offers, PROVIDER, document=wrong)
    wish = guests.wish()
    del wish["to"]
    guests.world.refused(Invalid, serve_inquiries, PROVIDER, document=wish)
    guests.world.refused(Invalid, serve_bookings, PROVIDER, document={"id": 7})
    name = guests.book()
    words = {"leg": f"{name}-1", "provider": PROVIDER.id}
    document = {"time": "2026-09-16T00:00:00Z", "event": "PAUSE"}
    guests.world.refused(Invalid, move_guest, guests.guest(name), **words, document=document)


def test_documents_have_what_the_standard_requires(guests):
    option = guests.offer()
    assert {"id", "legs", "pricing"} <= set(option)
    assert {"from", "assetType"} <= set(option["legs"][0])
    assert {"estimated", "parts"} <= set(option["pricing"])
    kinds = guests.do(serve_assets, PROVIDER)
    assert sum(kind["nrAvailable"] for kind in kinds) > 100
    meta = guests.do(serve_meta, PROVIDER)[0]
    assert {"version", "baseUrl", "endpoints", "scenarios", "processIdentifiers"} <= set(meta)


def test_documents_fit_the_standards_own_schema(guests):
    schema = Schema()
    assert schema.answer("GET", "/operator/meta", 200, guests.do(serve_meta, PROVIDER)) == []
    told = guests.do(serve_information, PROVIDER)
    assert schema.answer("GET", "/operator/information", 200, told) == []
    told = guests.do(serve_assets, PROVIDER)
    assert schema.answer("GET", "/operator/available-assets", 200, told) == []
    told = guests.do(serve_inquiries, PROVIDER, document=guests.wish())
    assert schema.answer("POST", "/planning/inquiries", 201, told) == []
    assert told["options"]
    told = guests.do(serve_offers, PROVIDER, document=guests.wish())
    assert schema.answer("POST", "/planning/offers", 201, told) == []
    told["options"][0]["state"] = "SOLD"
    assert len(schema.answer("POST", "/planning/offers", 201, told)) == 1
    del told["options"][0]["legs"][0]["from"]
    assert len(schema.answer("POST", "/planning/offers", 201, told)) == 2
