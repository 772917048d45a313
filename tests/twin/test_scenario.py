"""Scenarios: what each change does, that it is pure, and what is said of wrong ones."""

import datetime as dt
from pathlib import Path

import pytest

from hapgang.core.errors import Invalid, NotFound
from hapgang.twin.modes import Modes
from hapgang.twin.scenario import (
    Close,
    Headway,
    Open,
    Restrict,
    Speed,
    apply_changes,
    links_inside,
    list_scenarios,
)
from hapgang.twin.scene import Scene, load_scene
from tests.twin.paper_city import EVERYBODY, both_ways, gtfs, square, write_city

PLAN = """
services = ["mobility.sharing"]
[[change]]
do = "restrict"
area = "core"
modes = ["car"]
source = "the white paper"
[[change]]
do = "speed"
kind = "ring"
max_kmh = 20
[[change]]
do = "close"
links = ["b"]
[[change]]
do = "route"
route = "B"
[[change]]
do = "headway"
route = "A"
minutes = 30
[service."mobility.sharing"]
fleet = 7
"""
# Street a: 0 -> 1000 outside; b: 1000 -> 1100 half in, half out; c: 1100 -> 1500 inside
NODES = [(0, 0), (1000, 0), (1100, 0), (1500, 0)]
STREETS = both_ways(("a", 0, 1, {"kind": "ring"}), ("b", 1, 2, {}), ("c", 2, 3, {"kind": "ring"}))
DAY = dt.date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    areas = {
        "core": ("restricted", square(1300, 0, 520)),
        "west": ("restricted", square(0, 0, 1500)),
    }
    return write_city(
        tmp_path, NODES, STREETS, areas=areas, transit=gtfs(), scenarios={"plan": PLAN}
    )


@pytest.fixture
def today(folder: Path) -> Scene:
    return load_scene(folder)


def bits(scene: Scene, link: str) -> int:
    return int(scene.links.modes[scene.links.row_of[link]])


def kmh(scene: Scene, link: str) -> float:
    return float(scene.links.speed_kmh[scene.links.row_of[link]])


def test_a_plan_makes_its_changes(folder: Path, today: Scene) -> None:
    plan = load_scene(folder, "plan")
    assert plan.scenario.services == ("mobility.sharing",)
    assert plan.scenario.settings["mobility.sharing"]["fleet"] == 7
    assert bits(plan, "a") == EVERYBODY
    assert bits(plan, "c") == bits(plan, "cr") == EVERYBODY & ~Modes.CAR
    assert bits(plan, "b") == 0
    assert bits(plan, "br") == EVERYBODY & ~Modes.CAR  # 50 of its 100 m and a bit
    assert [kmh(plan, link) for link in ("a", "b", "c")] == [20, 50, 20]
    assert today.timetable is not None
    assert plan.timetable is not None
    assert "B" in today.timetable.left_out
    assert not plan.timetable.left_out
    assert len(plan.timetable.on(DAY).trip) > len(today.timetable.on(DAY).trip)


def test_changes_leave_the_scene_as_it_was(today: Scene) -> None:
    version, modes = today.version, today.links.modes.copy()
    closed = apply_changes(today, [Close(links=("a",))])
    assert bits(closed, "a") == 0
    assert today.version == version
    assert (today.links.modes == modes).all()
    assert closed.version != version
    assert closed.version == apply_changes(today, [Close(links=("a",))]).version


def test_open_adds_and_speed_only_lowers(today: Scene) -> None:
    scene = apply_changes(
        today, [Open(kind="ring", modes=("shuttle", "bus")), Speed(kind="ring", max_kmh=80)]
    )
    assert bits(scene, "a") == EVERYBODY | Modes.SHUTTLE | Modes.BUS
    assert bits(scene, "b") == EVERYBODY
    assert kmh(scene, "a") == 50


def test_area_and_kind_narrow_the_choice(today: Scene) -> None:
    scene = apply_changes(today, [Restrict(area="west", kind="ring", modes=("car", "pm"))])
    assert bits(scene, "a") == EVERYBODY & ~(Modes.CAR | Modes.PM)
    assert bits(scene, "c") == EVERYBODY


def test_an_area_may_be_named_by_its_kind(today: Scene) -> None:
    assert links_inside(today, "restricted").tolist() == [True] * 6
    assert links_inside(today, "west").tolist() == [True, True, False, False, False, False]


def test_even_headways_come_from_changes_too(today: Scene) -> None:
    scene = apply_changes(today, [Headway(route="A", minutes=10)])
    assert scene.timetable is not None
    day = scene.timetable.on(DAY)
    first = day.connections.departure_s[day.connections.departure_stop == 0]
    own = first[first < 86_400].tolist()
    assert own == list(range(8 * 3600, 9 * 3600 + 1, 600))


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (Close(links=("a", "zz")), NotFound, "no link “zz”"),
        (Close(area="moon"), NotFound, "no area.*“moon”.*core"),
        (Close(), Invalid, "needs an area, a kind or links"),
        (Restrict(area="core", modes=("car", "horse")), Invalid, "“horse” is no way of moving"),
        (Headway(route="Z", minutes=5), NotFound, "no route “Z”"),
    ],
)
def test_wrong_changes_are_explained(
    today: Scene, change: Close | Restrict | Headway, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        apply_changes(today, [change])


def test_a_headway_without_timetable_is_refused(tmp_path: Path) -> None:
    scene = load_scene(write_city(tmp_path, NODES, STREETS))
    with pytest.raises(Invalid, match="has no timetable"):
        apply_changes(scene, [Headway(route="A", minutes=5)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[change]]\ndo = "shut"\nlinks = ["a"]', r"plan.toml.*shut"),
        ('[[change]]\ndo = "close"\nlink = ["a"]', r"plan.toml.*unknown field `link`"),
        ('[[change]]\ndo = "speed"\narea = "core"\nmax_kmh = 900', r"plan.toml.*between 1 and 200"),
        ('[[change]]\ndo = "headway"\nroute = "A"\nminutes = 0', r"plan.toml.*between 0.5"),
        ('services = "all"', r"plan.toml.*services"),
        ("[[change]", r"plan.toml"),
    ],
)
def test_wrong_files_are_explained(folder: Path, text: str, said: str) -> None:
    path = folder / "scenarios" / "plan.toml"
    path.write_text('title = { en = "T", ko = "T" }\n' + text, "utf-8")
    with pytest.raises(Invalid, match=said):
        load_scene(folder, "plan")


def test_unknown_scenarios_name_the_known_ones(folder: Path) -> None:
    assert list_scenarios(folder) == ["plan", "today"]
    with pytest.raises(NotFound, match=r"“dream”.*plan, today"):
        load_scene(folder, "dream")
    with pytest.raises(NotFound):
        load_scene(folder, "../scenarios/plan")
