"""Journeys to choose between, on a town of paper."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from hapgang.science.connection_scan import Walks
from hapgang.twin.network import Network
from hapgang.twin.options import CallDelay, Delay, Router, delayed, one_way
from hapgang.twin.scene import load_scene
from hapgang.twin.transit import Journey, Transit

CITY = Path(__file__).resolve().parents[2] / "cities" / "sejong"
DAY = dt.date(2026, 9, 16)
EIGHT = 8 * 3600


@pytest.fixture(scope="module")
def transit() -> Transit:
    scene = load_scene(CITY, "plan")
    assert scene.timetable is not None
    return Transit.of(Network.of(scene), scene.timetable.on(scene.timetable.like(DAY)))


def ways(transit: Transit, zone: str, *, backwards: bool = False) -> Walks:
    scene = load_scene(CITY, "plan")
    row = scene.zones.row_of[zone]
    return transit.doors(scene.zones.xy[row], backwards=backwards)


def test_the_earliest_of_all_options_is_what_the_plain_router_finds(transit: Transit) -> None:
    scene = load_scene(CITY, "plan")
    router = Router(transit)
    zones = [z for z in scene.zones.ids.tolist() if z.startswith(("A0", "B1", "outside"))]
    found = 0
    for start in zones[:12]:
        for end in zones[-8:]:
            xy = [scene.zones.xy[scene.zones.row_of[z]] for z in (start, end)]
            access = transit.doors(xy[0], backwards=False)
            egress = transit.doors(xy[1], backwards=True)
            options = router.options(access, egress, EIGHT)
            plain = transit.journey(xy[0], xy[1], EIGHT)
            assert bool(options) == (plain is not None)
            if plain is None:
                continue
            found += 1
            assert min(option.arrive_s for option in options) == plain.arrive_s
            changes = [option.transfers for option in options]
            assert changes == sorted(set(changes))
            arrivals = [option.arrive_s for option in options]
            assert arrivals == sorted(arrivals, reverse=True)
            for option in options:
                ends = [leg.end_s for leg in option.legs]
                starts = [leg.start_s for leg in option.legs]
                assert all(a <= b for a, b in zip(ends, starts[1:], strict=False))
                assert ends[-1] == option.arrive_s
    assert found > 20


def first_option(transit: Transit) -> tuple[str, Journey]:
    router = Router(transit)
    scene = load_scene(CITY, "plan")
    for end in [z for z in scene.zones.ids.tolist() if z.startswith("outside")]:
        options = router.options(
            ways(transit, "A01"), ways(transit, end, backwards=True), EIGHT, patience=1.0
        )
        if options:
            return end, options[-1]
    raise AssertionError("nobody gets out of town")


def test_a_late_vehicle_arrives_late_and_a_cancelled_one_not_at_all(transit: Transit) -> None:
    end, before = first_option(transit)
    ride = next(leg for leg in before.legs if leg.kind == "ride")
    late = Router(delayed(transit, [Delay(run=ride.run, delay_s=60)]))
    off = Router(delayed(transit, [Delay(run=ride.run, cancelled=True)]))
    way = ways(transit, "A01"), ways(transit, end, backwards=True)
    after = late.options(*way, EIGHT, patience=1.0)[-1]
    assert before.arrive_s < after.arrive_s or after.legs[1].run != ride.run
    without = off.options(*way, EIGHT, patience=1.0)
    assert all(leg.run != ride.run for option in without for leg in option.legs)
    assert not without or without[-1].arrive_s >= before.arrive_s
    assert len(transit.service.connections.run) > len(off.transit.service.connections.run)


def test_a_delay_holds_from_the_call_on_where_it_is_told(transit: Transit) -> None:
    run = int(transit.service.connections.run[len(transit.service.connections.run) // 2])
    live = delayed(transit, [Delay(run=run, delay_s=120, from_call=1)]).service.connections
    old = transit.service.connections
    mine, was = live.run == run, old.run == run
    assert (live.departure_s[mine] - old.departure_s[was]).tolist()[0] == 0
    assert set((live.departure_s[mine] - old.departure_s[was]).tolist()[1:]) <= {120}
    assert set((live.arrival_s[mine] - old.arrival_s[was]).tolist()) == {120}
    assert (np.diff(live.departure_s) >= 0).all()


def test_any_way_to_the_stops_will_do(transit: Transit) -> None:
    end, on_foot = first_option(transit)
    names = transit.day.timetable.stops.stop
    board = names.tolist().index(on_foot.legs[0].to_stop)
    router = Router(transit)
    walk_s = on_foot.legs[0].end_s - EIGHT
    quicker = one_way(np.array([board]), np.array([walk_s / 3]))
    option = router.options(quicker, ways(transit, end, backwards=True), EIGHT)[-1]
    assert option.arrive_s <= on_foot.arrive_s
    assert option.legs[0].to_stop == names[board]


def middle_run(transit: Transit) -> int:
    return int(transit.service.connections.run[len(transit.service.connections.run) // 2])


def hops_of(transit: Transit, run: int) -> list[tuple[int, int, int, int]]:
    """(departure stop, departure, arrival stop, arrival) of each hop of a run, in order."""
    hops = transit.service.connections
    mine = np.flatnonzero(hops.run == run)
    columns = (hops.departure_stop, hops.departure_s, hops.arrival_stop, hops.arrival_s)
    return list(zip(*(column[mine].tolist() for column in columns), strict=True))


def test_each_call_may_have_its_own_delay(transit: Transit) -> None:
    run = middle_run(transit)
    told = (CallDelay(1, 60, 90), CallDelay(3, 30, 30))
    late = hops_of(delayed(transit, [Delay(run=run, calls=told)]), run)
    was = hops_of(transit, run)
    assert [now[1] - then[1] for now, then in zip(late, was, strict=True)][:4] == [0, 90, 90, 30]
    assert [now[3] - then[3] for now, then in zip(late, was, strict=True)][:3] == [60, 90, 30]
    assert [hop[::2] for hop in late] == [hop[::2] for hop in was]


def test_a_skipped_stop_is_passed(transit: Transit) -> None:
    run = middle_run(transit)
    was = hops_of(transit, run)
    live = delayed(transit, [Delay(run=run, calls=(CallDelay(1, skipped=True),))])
    late = hops_of(live, run)
    assert late == [(*was[0][:2], *was[1][2:]), *was[2:]]
    hops = live.service.connections
    ride = live.ride(*np.flatnonzero(hops.run == run)[[0, 0]].tolist())
    first = transit.day.timetable.trips.first[transit.day.trip[run]]
    assert ride.calls == (first, first + 2)
    last = len(was)
    short = delayed(transit, [Delay(run=run, calls=(CallDelay(last, skipped=True),))])
    assert hops_of(short, run) == was[:-1]


def test_connections_stay_in_order_whatever_is_late(transit: Transit) -> None:
    rng = np.random.default_rng(3)
    runs = rng.choice(len(transit.day.trip), 200, replace=False)
    delays = [
        Delay(
            run=int(run), cancelled=bool(rng.random() < 0.1),
            calls=tuple(
                CallDelay(call, late_s, late_s)
                for call, late_s in enumerate(np.sort(rng.integers(-300, 900, 3)).tolist())
            ),
        )
        for run in runs
    ]  # fmt: skip
    live = delayed(transit, delays).service.connections
    assert (np.diff(live.departure_s) >= 0).all()
    assert (live.arrival_s >= live.departure_s).all()
    order = np.argsort(live.run, kind="stable")
    same = live.run[order][1:] == live.run[order][:-1]
    assert (live.departure_s[order][1:] >= live.arrival_s[order][:-1])[same].all()
    assert (live.departure_stop[order][1:] == live.arrival_stop[order][:-1])[same].all()


@pytest.mark.slow
def test_several_may_ask_at_a_time(transit: Transit) -> None:
    router = Router(transit)
    scene = load_scene(CITY, "plan")
    ends = [z for z in scene.zones.ids.tolist() if z.startswith("outside")]
    asked = [(ways(transit, "A01"), ways(transit, end, backwards=True)) for end in ends]
    alone = [router.options(*doors, EIGHT) for doors in asked]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            together = pool.map(lambda doors: router.options(*doors, EIGHT), asked)
            assert list(together) == alone
