"""Vehicles stay where people leave them, and come home."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.travellers import Travellers, person_id

HOME, WORK, LUNCH, SHOP = range(4)


class _Persons(SimpleNamespace):
    def __len__(self) -> int:
        return len(self.age)


def travellers(
    ways: list[tuple[int, int, int]], *, cars: int = 1, drives: bool = True, led: bool = False
) -> Travellers:
    """One household; `ways` are (person, from, to) in order."""
    person = np.array([way[0] for way in ways])
    people = int(person.max()) + 1
    cost = np.tile([10.0, 5.0, 3.0 if drives else np.inf, 20.0], (len(ways), 1))
    demand: Any = SimpleNamespace(
        trips=SimpleNamespace(person=person),
        leader=np.full(len(ways), 0 if led else -1),
        origin=np.array([way[1] for way in ways]),
        destination=np.array([way[2] for way in ways]),
        cost_min=cost,
        home=np.zeros(people, int),
    )
    population: Any = SimpleNamespace(
        persons=_Persons(
            household=np.zeros(people, int), age=np.full(people, 40),
            impairment=np.zeros(people, int), licence=np.ones(people, bool),
        ),
        households=SimpleNamespace(cars=np.array([cars])),
    )  # fmt: skip
    return Travellers(population, demand)


def modes(of: Travellers, trip: int) -> set[Mode]:
    return {mode for mode, _ in of.open_modes(trip)}


def go(of: Travellers, trip: int, mode: Mode) -> bool:
    own = of.sets_out(trip, mode)
    of.arrives(trip)
    return own


DAY = [(0, HOME, WORK), (0, WORK, LUNCH), (0, LUNCH, WORK), (0, WORK, HOME)]


def test_at_home_everything_is_open() -> None:
    assert modes(travellers(DAY), 0) == {Mode.WALK, Mode.BICYCLE, Mode.CAR, Mode.BUS}
    assert modes(travellers(DAY, cars=0), 0) == {Mode.WALK, Mode.BICYCLE, Mode.BUS}
    assert modes(travellers(DAY, drives=False), 0) == {Mode.WALK, Mode.BICYCLE, Mode.BUS}


def test_a_car_that_waits_at_work_is_driven_home() -> None:
    of = travellers(DAY)
    assert go(of, 0, Mode.CAR)
    assert modes(of, 1) == {Mode.CAR, Mode.WALK, Mode.BUS}
    assert not go(of, 1, Mode.WALK)
    assert modes(of, 2) == {Mode.WALK, Mode.BUS}
    assert of.is_free(2)
    assert not go(of, 2, Mode.PM)
    assert modes(of, 3) == {Mode.CAR}
    assert not of.is_free(3)
    assert go(of, 3, Mode.CAR)


def test_who_drives_to_lunch_drives_back() -> None:
    of = travellers(DAY)
    go(of, 0, Mode.CAR)
    assert go(of, 1, Mode.CAR)
    assert modes(of, 2) == {Mode.CAR}


def test_a_bicycle_comes_along_until_it_is_home() -> None:
    of = travellers([(0, HOME, WORK), (0, WORK, SHOP), (0, SHOP, HOME), (0, HOME, SHOP)])
    assert go(of, 0, Mode.BICYCLE)
    assert modes(of, 1) == {Mode.BICYCLE}
    go(of, 1, Mode.BICYCLE)
    go(of, 2, Mode.BICYCLE)
    assert modes(of, 3) == {Mode.WALK, Mode.BICYCLE, Mode.CAR, Mode.BUS}


def test_two_people_share_one_car() -> None:
    of = travellers([(0, HOME, WORK), (0, WORK, HOME), (1, HOME, SHOP), (1, SHOP, HOME)])
    go(of, 0, Mode.CAR)
    assert Mode.CAR not in modes(of, 2)
    go(of, 1, Mode.CAR)
    assert Mode.CAR in modes(of, 2)


def test_whoever_walks_away_from_home_finds_no_bicycle_there() -> None:
    of = travellers(DAY)
    go(of, 0, Mode.WALK)
    assert modes(of, 3) == {Mode.WALK, Mode.BUS}


def test_a_taxi_is_nobody_s_own() -> None:
    of = travellers(DAY, drives=False)
    assert not go(of, 0, Mode.CAR)
    assert modes(of, 1) == {Mode.WALK, Mode.BUS}
    assert Mode.CAR not in modes(travellers(DAY, drives=False), 3)


def test_a_passenger_brings_no_vehicle() -> None:
    of = travellers(DAY, led=True)
    assert of.is_passenger(0)
    assert not go(of, 0, Mode.CAR)
    assert of.is_free(1)


@pytest.mark.parametrize("row", [0, 41])
def test_ids_are_urns(row: int) -> None:
    assert person_id(row) == f"urn:ngsi-ld:Person:r{row:06d}"
