"""Crews: tours to batteries and broken vehicles, and crews that never come back."""

import pytest

from hapgang.contract import Caller, Role
from hapgang.core.errors import Conflict, Refused
from hapgang.services.mobility.sharing.actions import (
    finish_task,
    list_tasks,
    rent,
    report_problem,
    take_task,
)
from hapgang.services.mobility.sharing.actions.crew import add_task
from hapgang.services.mobility.sharing.model import SERVICE, Errand
from tests.services.mobility.sharing.world import CREW, OPERATOR, STREET, at

OTHER_CREW = Caller("urn:ngsi-ld:Staff:crew-2", Role.OPERATOR)


@pytest.fixture
def empties(world):
    """Three empty vehicles on streets, two near one another and one far off."""
    places = (at(0.5, 1.0), at(0.55, 1.0), at(2.9, 2.9))
    cars = world.vehicles(kind="closed")
    for vehicle, place in zip(cars, places, strict=True):
        world.put(vehicle, battery_pct=5.0, state="empty", location=place, station=None)
    world.wait(minutes=15)
    return [vehicle.id for vehicle in cars]


def move(world, vehicle, to):
    """Have a crew asked to carry a vehicle."""
    errands = (Errand(vehicle.id, vehicle.location, to),)
    world.runtime.perform(_ask, CREW_OFFICE, errands=errands)


def _ask(city, *, errands: tuple[Errand, ...]) -> None:
    add_task(city, "move", errands)


_ask.__module__ = f"hapgang.services.{SERVICE}.actions"
CREW_OFFICE = Caller("urn:ngsi-ld:Service:platform", Role.PLATFORM)


def test_empty_vehicles_are_put_on_one_tour_each_once(world, empties):
    tasks = world.do(list_tasks, OPERATOR)
    assert sorted(e.vehicle for t in tasks for e in t.errands) == sorted(empties)
    assert {t.work for t in tasks} == {"swap"}
    world.wait(minutes=30)
    assert world.do(list_tasks, OPERATOR) == tasks


def test_a_crew_brings_full_batteries(world, empties):
    task = world.do(take_task, CREW, location=at(0, 0))
    assert task.state == "taken"
    assert task.duration_s > 180.0
    assert task.due_at is not None
    world.wait(seconds=task.duration_s)
    done = world.do(finish_task, CREW, task=task.id)
    assert done.state == "done"
    for errand in task.errands:
        served = world.vehicle(errand.vehicle)
        assert (served.state, served.battery_pct) == ("free", 100.0)
    assert world.events("PmServed")[-1] == {
        "work": "swap",
        "vehicles": len(task.errands),
        "in_time": True,
    }


def test_a_tour_starts_at_its_nearest_end(world, empties):
    near = world.do(take_task, CREW, location=at(3, 3))
    assert near.errands


def test_taking_again_gives_the_same_tour(world, empties):
    task = world.do(take_task, CREW)
    before = world.everything()
    assert world.do(take_task, CREW) == task
    assert world.everything() == before


def test_no_work_is_no_error(world):
    assert world.do(take_task, CREW) is None


def test_what_a_crew_could_not_do_stays_undone(world, empties):
    task = world.do(take_task, CREW)
    first = task.errands[0].vehicle
    world.do(finish_task, CREW, task=task.id, undone=(first,))
    assert world.vehicle(first).state == "empty"
    world.wait(minutes=15)  # and is planned again
    again = world.do(list_tasks, OPERATOR)
    assert first in {e.vehicle for t in again for e in t.errands}


def test_a_crew_that_never_comes_back_loses_its_tour(world, empties):
    task = world.do(take_task, CREW)
    world.wait(hours=3)
    released = next(t for t in world.do(list_tasks, OPERATOR) if t.id == task.id)
    assert (released.state, released.crew, released.late) == ("open", None, 1)
    assert all(world.vehicle(v).state == "empty" for v in empties)  # rented to nobody meanwhile
    assert not world.events("PmServed")[-1]["in_time"]
    with pytest.raises(Refused, match="not yours"):
        world.do(finish_task, CREW, task=task.id)
    taken = world.do(take_task, OTHER_CREW)
    world.do(finish_task, OTHER_CREW, task=taken.id)
    with pytest.raises(Conflict):
        world.do(finish_task, OTHER_CREW, task=taken.id)


def test_carried_vehicles_of_a_lost_crew_are_missing_until_seen(world):
    vehicle = world.put(world.vehicles(plate="C0001")[0], location=STREET, station=None)
    move(world, vehicle, at(2.0, 0.25))
    task = world.do(take_task, CREW)
    assert world.vehicle(vehicle.id).state == "with_crew"
    with pytest.raises(Conflict):
        world.do(rent, world.person("jimin"), vehicle="C0001")
    world.wait(hours=3)
    lost = world.vehicle(vehicle.id)
    assert (lost.state, lost.location) == ("missing", STREET)
    assert task.id not in {t.id for t in world.do(list_tasks, OPERATOR)}
    search = world.do(take_task, OTHER_CREW)
    assert (search.work, search.errands[0].vehicle) == ("visit", vehicle.id)
    world.do(finish_task, OTHER_CREW, task=search.id)
    assert world.vehicle(vehicle.id).state == "free"


def test_a_carried_vehicle_stands_where_it_was_brought(world):
    vehicle = world.put(world.vehicles(plate="C0001")[0], location=STREET, station=None)
    before = vehicle.public_id
    move(world, vehicle, at(2.0, 0.25))
    task = world.do(take_task, CREW)
    world.do(finish_task, CREW, task=task.id)
    moved = world.vehicle(vehicle.id)
    assert (moved.state, moved.location) == ("free", at(2.0, 0.25))
    assert moved.public_id != before


def test_a_vehicle_that_was_rented_meanwhile_is_left_alone(world):
    vehicle = world.put(world.vehicles(plate="C0001")[0], location=STREET, station=None)
    move(world, vehicle, at(2.0, 0.25))
    world.do(rent, world.person("jimin"), vehicle="C0001")
    assert world.do(take_task, CREW) is None
    assert world.vehicle(vehicle.id).state == "rented"
    assert world.do(list_tasks, OPERATOR) == []


def test_a_damaged_vehicle_is_visited_and_mended(world):
    jimin = world.person("jimin")
    world.do(report_problem, jimin, vehicle="C0001", problem="damaged", note="mirror")
    world.wait(minutes=15)
    task = world.do(take_task, CREW)
    assert task.work == "visit"
    world.do(finish_task, CREW, task=task.id)
    mended = world.vehicles(plate="C0001")[0]
    assert (mended.state, mended.fault, mended.wants_visit) == ("free", None, False)


def test_a_vehicle_that_cannot_be_mended_waits_for_an_operator(world):
    jimin = world.person("jimin")
    world.do(report_problem, jimin, vehicle="C0001", problem="damaged", note="frame")
    world.wait(minutes=15)
    task = world.do(take_task, CREW)
    world.do(finish_task, CREW, task=task.id, undone=(task.errands[0].vehicle,))
    out = world.vehicles(plate="C0001")[0]
    assert (out.state, out.fault, out.wants_visit) == ("out_of_service", "frame", False)
    world.wait(hours=1)
    assert world.do(list_tasks, OPERATOR) == []
