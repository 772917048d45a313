"""Learning demand hour by hour, and rebalancing as a job whose plan is checked again."""

import pickle
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hapgang.core.vocabulary.platform import Job
from hapgang.insight.forecast import WEEK_H, Slot
from hapgang.runtime.perform import PLATFORM
from hapgang.services.mobility.sharing.actions import (
    apply_rebalancing,
    finish_task,
    list_tasks,
    rent,
    return_vehicle,
    start_rebalancing,
    take_task,
)
from hapgang.services.mobility.sharing.method.demand import (
    RIDES_PER_VEHICLE_DAY,
    Carry,
    Parked,
    expected,
    first_guess,
    hour_of_week,
    known_of,
    plan_rebalancing,
)
from hapgang.services.mobility.sharing.method.ground import ground_of
from hapgang.services.mobility.sharing.model import Area, Demand, DemandLevel
from tests.services.mobility.sharing.world import CREW, OPERATOR, STREET, World, at

SEOUL = ZoneInfo("Asia/Seoul")


def silent(_share: float) -> None:
    """Nobody watches the job's progress."""


def test_hours_of_the_week_are_the_citys():
    assert hour_of_week(datetime(2026, 11, 22, 15, 0, tzinfo=UTC), SEOUL) == 0  # Monday midnight
    assert hour_of_week(datetime(2026, 11, 22, 14, 59, tzinfo=UTC), SEOUL) == 167


def test_the_first_guess_is_what_sejong_measured_spread_by_people_and_jobs():
    guess = first_guess(np.array([3.0, 1.0]), 48)
    assert guess.rate.tolist() == pytest.approx(
        [48 * RIDES_PER_VEHICLE_DAY / 24 * share for share in (0.75, 0.25)]
    )
    assert pytest.approx(3.05, abs=0.005) == RIDES_PER_VEHICLE_DAY
    assert first_guess(np.zeros(2), 48).rate.tolist() == [0.0, 0.0]


def test_expected_rides_run_over_the_week_end():
    learnt = {h: Slot(np.array([float(h)]), 1.0) for h in range(WEEK_H)}
    guess = Slot(np.array([100.0]), 0.25)
    assert expected(learnt, guess, 166, 3, 2.0).tolist() == [2.0 * (166 + 167 + 0)]
    assert expected({}, guess, 166, 3, 2.0).tolist() == [3 * 400.0]  # a guess knows no level


def test_an_hour_that_was_never_seen_is_like_the_same_hour_of_other_days():
    guess = Slot(np.array([100.0]), 0.25)
    learnt = {8: Slot(np.array([6.0]), 2.0), 32: Slot(np.array([5.0]), 1.0)}
    assert known_of(8, learnt, guess) is learnt[8]
    wednesday = known_of(56, learnt, guess)
    assert wednesday.rate.tolist() == [4.0]
    assert wednesday.weight == 0.25
    assert known_of(57, learnt, guess) is guess


def test_an_hour_is_learnt_where_rides_began_and_ended(world):
    jimin = world.person("jimin")
    ride = world.do(rent, jimin, vehicle="C0001")
    world.wait(minutes=10)
    world.do(return_vehicle, jimin, rental=ride.id, location=STREET)
    areas = ground_of(world.runtime.scene)
    start, end = areas.area_of(ride.origin), areas.area_of(STREET)
    counted = {a.id.rsplit(":", 1)[-1]: a for a in world.desk().hub.find(Area)}
    assert counted[areas.area_ids[start]].departures == 1
    assert counted[areas.area_ids[end]].arrivals == 1
    world.wait(minutes=50)  # nine o'clock: the hour from eight is over
    demand = world.desk().hub.find(Demand)
    assert [d.hour for d in demand] == [8]
    guess = first_guess(areas.area_weight, 6)
    wanted = 0.9 * guess.counts + (np.arange(9) == start)
    assert demand[0].departures == pytest.approx(wanted.tolist(), abs=1e-6)
    assert demand[0].weeks == pytest.approx(0.9 * 0.25 + 1)
    assert all(a.departures == a.arrivals == 0 for a in world.desk().hub.find(Area))


@pytest.mark.slow
def test_how_busy_it_is_follows_from_what_was_learnt_before(world):
    jimin = world.person("jimin")
    for pause_h in (168, 1):  # eight o'clock on two Mondays
        ride = world.do(rent, jimin, vehicle="C0001")
        world.do(return_vehicle, jimin, rental=ride.id, location=STREET)
        world.wait(hours=pause_h)
    level = world.desk().hub.find(DemandLevel)[0]
    guess = first_guess(ground_of(world.runtime.scene).area_weight, 6)
    after_one_week = (0.9 * guess.counts.sum() + 1) / (0.9 * guess.weight + 1)
    assert level.actual == 1.0
    assert level.expected == pytest.approx(after_one_week, abs=1e-5)


def line_of_areas(n):
    """Areas 500 m apart on a line, with the middle of each."""
    lonlat = np.array([at(0, 0).coordinates] * n) + np.arange(n)[:, None] * [0.0056, 0.0]
    return lonlat, [at(0, 0)] * n


def test_a_plan_brings_what_will_be_missing():
    lonlat, places = line_of_areas(2)
    parked = [Parked(f"v{k}", "closed", 0, places[0], k < 2) for k in range(6)]
    tours = plan_rebalancing(
        silent,
        parked=parked,
        area_lonlat=lonlat,
        departures=np.array([0.0, 2.0]),
        arrivals=np.array([0.0, 0.0]),
        detour=1.3,
    )
    carries = [c for tour in tours for c in tour]
    # 2 rides expected: 4 vehicles keep nine in ten people served (P(X > 3) = 0.143, > 4: 0.053);
    # two to a trailer, the ones on the street first
    assert sorted(c.vehicles for c in carries) == [("v2", "v3"), ("v4", "v5")]
    assert {(c.source, c.target) for c in carries} == {(0, 1)}


def test_no_demand_and_no_vehicles_are_no_plan():
    lonlat, places = line_of_areas(3)
    none = {"area_lonlat": lonlat, "departures": np.zeros(3), "arrivals": np.zeros(3)}
    assert plan_rebalancing(silent, parked=[], detour=1.3, **none) == ()
    parked = [Parked("v", "open", 1, places[1], False)]
    assert plan_rebalancing(silent, parked=parked, detour=1.3, **none) == ()


@pytest.fixture
def heap(scene):
    """Everything stands in one corner block; people and jobs are everywhere."""
    world = World(scene, closed_vehicles=30, open_vehicles=0, accessible_vehicles=0)
    corner = at(0.6, 0.9)
    for k, vehicle in enumerate(world.vehicles()):
        world.put(vehicle, location=at(0.6 + 0.01 * k, 0.9), station=None)
    assert ground_of(scene).area_of(corner) == 0
    return world


def test_a_heap_is_spread_by_a_job_and_crews(heap):
    job = heap.do(start_rebalancing, OPERATOR)
    done = heap.runtime.state.get(job).view
    assert isinstance(done, Job)
    assert (done.state, done.error) == ("done", None)
    tasks = heap.do(list_tasks, OPERATOR)
    assert tasks
    assert {t.work for t in tasks} == {"move"}
    moving = {e.vehicle for t in tasks for e in t.errands}
    assert len(moving) >= 8  # at least one vehicle for each other block
    while (task := heap.do(take_task, CREW)) is not None:
        heap.do(finish_task, CREW, task=task.id)
    area = ground_of(heap.runtime.scene).area_of
    stocked = {area(v.location) for v in heap.vehicles(state="free")}
    assert stocked == set(range(9))
    assert len(heap.vehicles(state="free")) == 30


def test_the_job_can_leave_the_process(heap):
    """In a real city it is computed elsewhere: what goes and what comes back survives pickling."""
    heap.runtime.perform(start_rebalancing, OPERATOR)
    started = pickle.loads(pickle.dumps(heap.runtime.started.popleft()))
    result = started.compute(silent, **started.snapshot)
    assert result
    back = pickle.loads(pickle.dumps(result))
    assert heap.runtime.perform(started.then, PLATFORM, result=back) >= 8


def test_a_plan_is_checked_against_what_is_so_now(heap):
    plan = ((Carry(("urn:x:gone", heap.vehicles()[0].id), 0, 8),),)
    jimin = heap.person("jimin")
    heap.do(rent, jimin, vehicle=heap.vehicles()[0].plate)
    assert heap.runtime.perform(apply_rebalancing, PLATFORM, result=plan) == 0
    assert heap.do(list_tasks, OPERATOR) == []


def test_a_newer_plan_replaces_what_nobody_took(heap):
    heap.do(start_rebalancing, OPERATOR)
    taken = heap.do(take_task, CREW)
    old = {t.id for t in heap.do(list_tasks, OPERATOR)}
    heap.do(start_rebalancing, OPERATOR)
    new = {t.id for t in heap.do(list_tasks, OPERATOR)}
    assert old & new == {taken.id}


def test_rebalancing_strikes_by_the_citys_clock(heap):
    jobs = []
    for hours in (1, 1, 17):  # to nine, to ten, through two in the afternoon and three at night
        heap.wait(hours=hours)
        jobs.append(heap.runtime.state.types().get("Job", 0))
    assert jobs == [0, 1, 3]
