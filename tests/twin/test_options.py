"""Journeys to choose between, on a town of paper."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from hapgang.science.connection_scan import Walks
from hapgang.twin.network import Network
from hapgang.twin.options import Delay, Router, delayed, one_way
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
