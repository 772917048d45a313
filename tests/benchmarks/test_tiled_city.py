"""A city many times over: a city like any other, one network, the same bytes again."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.tiled_city import make_tiled_city
from hapgang.rehearsal.population import margins, read_spec, synthesise
from hapgang.rehearsal.run import rehearse
from hapgang.rehearsal.wish import Wish
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scene import Scene, load_scene
from tests.rehearsal.one_day import CITY

COPIES = 3


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiled_city(CITY, tmp_path_factory.mktemp("tiled") / "three", COPIES)


@pytest.fixture(scope="module")
def scene(city: Path) -> Scene:
    return load_scene(city, "plan")


@pytest.fixture(scope="module")
def original() -> Scene:
    return load_scene(CITY, "plan")


def test_everything_is_there_as_often_as_it_should(scene: Scene, original: Scene) -> None:
    assert scene.residents == COPIES * original.residents
    for layer in ("buildings", "places", "areas", "trees", "utilities"):
        assert len(getattr(scene, layer)) == COPIES * len(getattr(original, layer))
    outside = original.zones.kind == "outside"
    assert len(scene.zones) == COPIES * int((~outside).sum()) + int(outside.sum())
    for column in ("jobs", "shops", "school_places"):
        total = getattr(original.zones, column).sum() * COPIES
        assert getattr(scene.zones, column).sum() == pytest.approx(total)
    assert scene.timetable is not None
    assert original.timetable is not None
    assert len(scene.timetable.routes.route) == COPIES * len(original.timetable.routes.route)
    fleet = scene.scenario.settings["mobility.sharing"]["open_vehicles"]
    assert fleet == COPIES * original.scenario.settings["mobility.sharing"]["open_vehicles"]


def test_trees_and_pipes_are_copied_with_all_they_say(scene: Scene, original: Scene) -> None:
    n, trees = len(original.trees), original.trees
    assert n > 0
    for copy in range(COPIES):
        part = slice(copy * n, (copy + 1) * n)
        for column in ("kind", "species", "height_m", "crown_m"):
            assert getattr(scene.trees, column)[part].tolist() == getattr(trees, column).tolist()
        assert np.ptp(scene.trees.xy[part] - trees.xy, axis=0).max() < 0.01
    pipes = scene.utilities
    streets = pipes.street[[street is not None for street in pipes.street]]
    assert len(streets) > 0
    assert all(street in scene.links.row_of for street in streets)
    assert pipes.diameter_mm.sum() == pytest.approx(COPIES * original.utilities.diameter_mm.sum())


def test_every_file_of_the_model_is_carried(city: Path) -> None:
    assert {path.name for path in CITY.glob("*.parquet")} == {
        path.name for path in city.glob("*.parquet")
    }


def test_copies_lie_beside_one_another(scene: Scene, original: Scene) -> None:
    n = len(original.buildings)
    for copy in range(COPIES):
        moved = scene.buildings.xy[copy * n : (copy + 1) * n] - original.buildings.xy
        assert np.ptp(moved, axis=0).max() < 0.01  # all by the same
    inside = scene.zones.xy[scene.zones.kind != "outside"].reshape(COPIES, -1, 2)
    spans = [(part.min(axis=0), part.max(axis=0)) for part in inside]
    for a in range(COPIES):
        for b in range(a):
            (low, high), (other_low, other_high) = spans[a], spans[b]
            assert (high < other_low).any() or (other_high < low).any()


@pytest.mark.parametrize("mode", [Modes.WALK, Modes.BICYCLE, Modes.CAR])
@pytest.mark.parametrize("scenario", ["today", "plan"])
def test_all_copies_are_one_network(city: Path, scenario: str, mode: Modes) -> None:
    scene = load_scene(city, scenario)
    network = Network.of(scene)
    nodes = network.nearest_node(scene.zones.xy, mode)
    assert np.isfinite(network.times_s(mode, nodes, nodes)).all()
    apart_m = np.hypot(*(network.node_xy[nodes] - scene.zones.xy).T)
    assert np.median(apart_m[scene.zones.kind != "outside"]) < 300.0


def test_the_plan_closes_the_same_streets_in_each_copy(scene: Scene, original: Scene) -> None:
    closed = {
        link.rpartition(".")[0] or link: 0 for link in scene.links.link[scene.links.modes & 8 == 0]
    }
    wanted = set(original.links.link[original.links.modes & 8 == 0].tolist())
    assert wanted <= closed.keys()
    count = int((scene.links.modes & 8 == 0).sum())
    joints = sum(link.startswith("joint") and ":path" in link for link in scene.links.link)
    assert count == COPIES * len(wanted) + joints


def test_the_same_city_again_has_the_same_content(city: Path, tmp_path: Path) -> None:
    again = make_tiled_city(CITY, tmp_path / "again", COPIES)
    names = sorted(p.relative_to(city) for p in city.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert all((city / name).read_bytes() == (again / name).read_bytes() for name in names)


def test_people_fill_all_copies_and_fit_what_is_known(city: Path, scene: Scene) -> None:
    spec = read_spec(city / "population.toml")
    population = synthesise(scene, spec, 9_000, 7)
    copies = {zone.rpartition(".")[2] for zone in scene.zones.zone[population.home_zone]}
    assert copies == {"1", "2", "3"}
    home = np.array([z.rpartition(".")[2] for z in scene.zones.zone[population.home_zone]])
    works = population.persons.work_zone
    work = np.array([scene.zones.zone[zone].rpartition(".")[2] for zone in works])
    inside = (works >= 0) & (scene.zones.kind[works] != "outside")
    assert 0.05 < (home[inside] != work[inside]).mean() < 0.95
    assert all(margin.fits for margin in margins(scene, spec, population))


@pytest.mark.slow
def test_a_day_is_lived_there(city: Path) -> None:
    report = rehearse(Wish(model=str(city), residents=300, seed=7), lambda *_: None)
    assert report.city == "sejong-3-times"
    assert sum(report.trips.values()) > 500
    assert report.not_made == 0
