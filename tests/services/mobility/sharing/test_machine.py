"""Random residents, crews, clocks and weather: whatever they do, the books and the fleet agree."""

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hapgang.core.errors import CityError
from hapgang.services.mobility.sharing.actions import (
    cancel,
    find_parking,
    finish_task,
    put_back,
    rent,
    report_problem,
    report_telemetry,
    reserve,
    return_vehicle,
    start_rebalancing,
    take_out,
    take_task,
)
from hapgang.services.mobility.sharing.model import Rental, Station, Task
from tests.services.mobility.sharing.world import (
    BEYOND,
    CREW,
    LAWN,
    OPERATOR,
    STREET,
    World,
    at,
    device,
)

PLATES = ["C0001", "C0002", "C0003", "M0004", "M0005", "A0006"]
PLACES = [STREET, LAWN, BEYOND, at(0.5, 0.5), at(1.5, 1.5), at(2.5, 0.2), at(0.1, 2.9)]
people = st.integers(0, 2)
plates = st.sampled_from(PLATES)
places = st.sampled_from(PLACES)


class Sharing(RuleBasedStateMachine):
    """The city under random hands; `scene` is set by the test."""

    scene: Any

    @initialize()
    def open_city(self) -> None:
        self.world = World(self.scene)
        for station in self.world.desk().hub.find(Station):
            self.world.put(station, capacity=3)
        self.people = [
            self.world.person("rich"),
            self.world.person("old", licence=False, walking="badly"),
            self.world.person("poor", balance_won=7_000),
        ]
        self.rentals: list[str] = ["urn:x:none"]

    def attempt(self, action: Any, who: Any, **arguments: Any) -> Any:
        """Do it; a refusal must leave everything as it was."""
        before = self.world.everything()
        try:
            return self.world.do(action, who, **arguments)
        except CityError:
            assert self.world.everything() == before
            return None

    @rule(person=people, plate=plates, first=st.booleans())
    def take(self, person: int, plate: str, first: bool) -> None:
        found = self.attempt(reserve if first else rent, self.people[person], vehicle=plate)
        if found is not None:
            self.rentals.append(found.id)

    @rule(person=people, data=st.data(), place=places, led=st.sampled_from([0.0, 500.0]),
          metres=st.one_of(st.none(), st.floats(0, 100_000)))  # fmt: skip
    def bring_back(self, person: int, data: Any, place: Any, led: float, metres: Any) -> None:
        rental = data.draw(st.sampled_from(self.rentals))
        self.attempt(return_vehicle, self.people[person], rental=rental, location=place, led_m=led,
                     distance_m=metres)  # fmt: skip

    @rule(person=people, data=st.data())
    def give_up(self, person: int, data: Any) -> None:
        rental = data.draw(st.sampled_from(self.rentals))
        self.attempt(cancel, self.people[person], rental=rental)

    @rule(minutes=st.sampled_from([1, 4, 16, 70, 200]))
    def wait(self, minutes: int) -> None:
        self.world.wait(minutes=minutes)

    @rule(hours=st.integers(1, 9))
    def clock_jumps(self, hours: int) -> None:
        self.world.clock.advance_by(hours * 3600.0)

    @rule(plate=plates, place=places, battery=st.floats(0, 100))
    def vehicle_speaks(self, plate: str, place: Any, battery: float) -> None:
        self.attempt(
            report_telemetry, device(plate), vehicle=plate, location=place, battery_pct=battery
        )

    @rule(plate=plates, problem=st.sampled_from(["damaged", "blocks_the_way", "other"]))
    def complain(self, plate: str, problem: str) -> None:
        self.attempt(report_problem, self.people[0], vehicle=plate, problem=problem)

    @rule(plate=plates, out=st.booleans())
    def operate(self, plate: str, out: bool) -> None:
        if out:
            self.attempt(take_out, OPERATOR, vehicle=plate, reason="inspection")
        else:
            self.attempt(put_back, OPERATOR, vehicle=plate)

    @rule(finish=st.booleans(), undone=st.booleans())
    def crew_works(self, finish: bool, undone: bool) -> None:
        task = self.attempt(take_task, CREW)
        if task is not None and finish:
            left = tuple(e.vehicle for e in task.errands) if undone else ()
            self.attempt(finish_task, CREW, task=task.id, undone=left)

    @rule()
    def rebalance(self) -> None:
        self.attempt(start_rebalancing, OPERATOR)

    @rule(mm_h=st.sampled_from([0.0, 30.0]))
    def weather(self, mm_h: float) -> None:
        self.world.rain(mm_h)

    @rule(place=places)
    def look(self, place: Any) -> None:
        self.attempt(find_parking, self.people[0], lon=place.lon, lat=place.lat)

    @invariant()
    def books_agree(self) -> None:
        book = self.world.runtime.book
        assert book.total_won() == 0
        riding = [r for r in self.open() if r.state == "riding"]
        assert self.world.held_won() == sum(r.held_won for r in riding)
        assert all(account.balance_won >= account.held_won >= 0 for account in book.accounts()
                   if account.floor_won is not None)  # fmt: skip

    @invariant()
    def fleet_agrees_with_rentals(self) -> None:
        rentals = {r.vehicle: r for r in self.open()}
        assert len(rentals) == len(self.open())  # a vehicle has at most one
        assert len({r.renter for r in rentals.values()}) == len(rentals)  # so has a person
        for vehicle in self.world.vehicles():
            mine = rentals.get(vehicle.id)
            expected = {"reserved": "reserved", "riding": "rented"}
            state = expected[mine.state] if mine is not None else None
            if vehicle.state in ("reserved", "rented") or state is not None:
                assert vehicle.state == state
            assert (vehicle.location is None) == (vehicle.state == "rented")
            assert (vehicle.ends_at is not None) == (vehicle.state in ("reserved", "rented"))
            assert 0.0 <= vehicle.battery_pct <= 100.0
            if vehicle.state == "free":
                assert vehicle.fault is None
                assert vehicle.battery_pct >= 20.0

    @invariant()
    def nothing_is_lost(self) -> None:
        assert len(self.world.vehicles()) == len(PLATES)
        for vehicle in self.world.vehicles(state="with_crew"):
            tasks = self.world.desk().hub.find(Task)
            assert any(vehicle.id in {e.vehicle for e in t.errands} for t in tasks)

    @invariant()
    def stations_hold_what_they_can(self) -> None:
        standing = [v.station for v in self.world.vehicles() if v.station is not None]
        assert all(standing.count(station) <= 3 for station in standing)

    def open(self) -> list[Rental]:
        return self.world.desk().hub.find(Rental)


@pytest.mark.slow
def test_whatever_they_do(scene):
    machine = type("SharingHere", (Sharing,), {"scene": scene})
    case = machine.TestCase
    case.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
    case().runTest()
