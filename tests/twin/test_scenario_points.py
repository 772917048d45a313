"""Stops that move, car parks that are built, and scenarios written as files again."""

import datetime as dt
from pathlib import Path

import msgspec
import numpy as np
import pytest

from hapgang.core.errors import CityError, Conflict, Invalid, NotFound
from hapgang.core.text import Text
from hapgang.rehearsal.spots import Spots
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scenario import (
    AddCarPark,
    Close,
    MoveStop,
    Restrict,
    Speed,
    apply_changes,
    closed_to,
    effects_of,
    read_scenario,
    toml_of,
)
from hapgang.twin.scene import Scene, load_scene
from hapgang.twin.transit import Transit

CITY = Path(__file__).resolve().parents[2] / "cities" / "sejong"
STOP = "hapgang_south"


@pytest.fixture(scope="module")
def today() -> Scene:
    return load_scene(CITY, "today")


def moved(scene: Scene, east_m: float, north_m: float = 0.0) -> MoveStop:
    assert scene.timetable is not None
    x, y = scene.timetable.stops.xy[scene.timetable.stops.row_of[STOP]]
    lon, lat = scene.projection.to_lonlat(np.array([x + east_m]), np.array([y + north_m]))
    return MoveStop(stop=STOP, lon=float(lon[0]), lat=float(lat[0]))


def park_at(scene: Scene, xy: np.ndarray, place: str = "new_park") -> AddCarPark:
    lon, lat = scene.projection.to_lonlat(np.array([xy[0]]), np.array([xy[1]]))
    return AddCarPark(
        place=place, title=Text("New", "새"), capacity=80, lon=float(lon[0]), lat=float(lat[0])
    )


def walk_to_stop_s(scene: Scene, xy: np.ndarray) -> float:
    assert scene.timetable is not None
    day = scene.timetable.on(scene.timetable.like(dt.date(2026, 9, 16)))
    walks = Transit.of(Network.of(scene), day).doors(xy, backwards=False)
    return float(walks.walk_s[walks.stop == scene.timetable.stops.row_of[STOP]].min())


def test_a_moved_stop_is_nearer_to_those_it_moved_to(today: Scene) -> None:
    assert today.timetable is not None
    row = today.timetable.stops.row_of[STOP]
    before = today.timetable.stops.xy[row].copy()
    change = moved(today, 300.0)
    scene = apply_changes(today, [change])
    assert scene.timetable is not None
    door = scene.timetable.stops.xy[row]
    assert np.hypot(*(door - before)) == pytest.approx(300.0, abs=0.5)
    assert walk_to_stop_s(scene, door) < walk_to_stop_s(today, door) - 60
    assert scene.timetable.trips is today.timetable.trips  # what runs there keeps its times
    assert (today.timetable.stops.xy[row] == before).all()
    assert scene.version != today.version


@pytest.mark.parametrize(("east_m", "said"), [(600.0, "at most 500 m"), (-1e5, "at most 500 m")])
def test_a_stop_does_not_move_far(today: Scene, east_m: float, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        apply_changes(today, [moved(today, east_m)])


def test_nothing_stands_where_no_street_is(today: Scene) -> None:
    shut = Close(links=tuple(today.links.link.tolist()))
    with pytest.raises(Invalid, match="on foot"):
        apply_changes(today, [shut, moved(today, 10.0)])
    with pytest.raises(Invalid, match="to cars"):
        apply_changes(today, [shut, park_at(today, today.places.xy[0])])
    with pytest.raises(NotFound, match="no stop “moon”"):
        apply_changes(today, [MoveStop(stop="moon", lon=127.3, lat=36.5)])


def test_a_car_park_takes_the_cars_that_may_not_stand_at_the_door() -> None:
    plan = load_scene(CITY, "plan")
    spots = Spots(plan, Network.of(plan))
    far = int(np.argmax(spots.car_walk_s))
    network = Network.of(plan)
    ends = np.unique(network.link_source[(network.link_modes & Modes.CAR) != 0])
    near = ends[np.argmin(np.hypot(*(network.node_xy[ends] - spots.xy[far]).T))]
    change = park_at(plan, network.node_xy[near])
    scene = apply_changes(plan, [change])
    fresh = Spots(scene, Network.of(scene))
    assert fresh.car_walk_s[far] < spots.car_walk_s[far]
    assert (fresh.car_walk_s <= spots.car_walk_s).all()
    assert scene.places.capacity[scene.places.row_of["new_park"]] == 80
    assert len(scene.places) == len(plan.places) + 1
    with pytest.raises(Conflict, match="already"):
        apply_changes(scene, [change])


def test_a_car_park_lies_outside_of_what_is_closed_to_cars() -> None:
    plan = load_scene(CITY, "plan")
    inside = closed_to(plan, "car").representative_point()
    middle = plan.projection.xy(np.array([inside.x]), np.array([inside.y]))[0]
    with pytest.raises(Invalid, match="closed to cars"):
        apply_changes(plan, [park_at(plan, middle)])


def test_closing_a_street_makes_the_way_longer(today: Scene) -> None:
    network = Network.of(today)
    a, b = 0, int(network.nearest_node(today.zones.xy[3], Modes.CAR))
    way = network.route(Modes.CAR, a, b)
    assert way.size
    shut = Close(links=(str(today.links.link[way[len(way) // 2]]),))
    detour = Network.of(apply_changes(today, [shut])).times_s(Modes.CAR, [a], [b])
    assert detour[0, 0] > network.times_s(Modes.CAR, [a], [b])[0, 0]


def test_a_speed_may_be_raised_where_it_is_asked_for(today: Scene) -> None:
    link = str(today.links.link[np.argmin(today.links.speed_kmh)])
    row = today.links.row_of[link]
    kept = apply_changes(today, [Speed(links=(link,), max_kmh=60)])
    raised = apply_changes(today, [Speed(links=(link,), max_kmh=60, raises=True)])
    assert kept.links.speed_kmh[row] == today.links.speed_kmh[row]
    assert raised.links.speed_kmh[row] == 60


def test_effects_tell_each_change_alone(today: Scene) -> None:
    link = str(today.links.link[0])
    scene, effects = effects_of(
        today,
        [
            Close(links=(link,)),
            Close(links=("zz",)),
            Restrict(links=(link,), modes=("car",)),
            moved(today, 20.0),
        ],
    )
    assert [effect.links for effect in effects] == [1, 0, 0, 0]
    assert [effect.problem is None for effect in effects] == [True, False, True, True]
    assert scene.links.modes[0] == 0


def test_what_is_written_reads_back(tmp_path: Path, today: Scene) -> None:
    plan = read_scenario(CITY, "plan")
    changes = (
        *plan.changes,
        moved(today, 50.0),
        park_at(today, today.zones.xy[0]),
        Speed(kind="ring", max_kmh=30.5, raises=True, source='a "quoted" line\n\x7f'),
    )
    scenario = type(plan)(
        name="mine",
        title=Text('My "plan"', "내 계획"),
        services=plan.services,
        changes=changes,
        settings={**plan.settings, "x": {"list": [1, "a"], "table": {"b": True}, "n": 1e30}},
    )
    path = tmp_path / "mine.toml"
    path.write_text(toml_of(scenario), "utf-8")
    assert read_scenario(CITY, str(path)) == scenario
    assert toml_of(read_scenario(CITY, str(path))) == toml_of(scenario)


@pytest.mark.parametrize(
    "words",
    [
        {"do": "stop", "stop": "x", "lon": 400, "lat": 0},
        {"do": "stop", "stop": "x", "lon": float("nan"), "lat": 0},
        {"do": "car_park", "place": "a b", "title": {"en": "", "ko": ""}, "capacity": 1, "lon": 0,
         "lat": 0},
        {"do": "car_park", "place": "a", "title": {"en": "", "ko": ""}, "capacity": 0, "lon": 0,
         "lat": 0},
    ],
)  # fmt: skip
def test_values_out_of_range_are_refused(words: dict[str, object], today: Scene) -> None:
    with pytest.raises((msgspec.ValidationError, CityError)):
        apply_changes(today, [msgspec.convert(words, MoveStop | AddCarPark)])
