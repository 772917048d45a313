"""Streets as surfaces: pairs of links, widths by hand, heights along the line; and the ground."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from hapgang.twin.exchange.carriageways import carriageways, lanes_of, street_rows, width_m
from hapgang.twin.exchange.terrain import terrain
from hapgang.twin.ground import Ground
from hapgang.twin.modes import Modes
from hapgang.twin.scene import Scene, load_scene
from tests.twin.paper_city import both_ways, write_city

FOOT = int(Modes.WALK)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    streets = [
        *both_ways(
            ("street", 0, 1, {"lanes": 2.0}),
            ("fast", 1, 2, {"lanes": 2.0, "speed_kmh": 70.0}),
            ("motorway", 2, 3, {"kind": "motorway", "lanes": 3.0, "speed_kmh": 100.0}),
            ("path", 3, 4, {"kind": "path", "modes": FOOT, "lanes": 0.0}),
            ("cycles", 4, 5, {"kind": "cycleway", "modes": FOOT | int(Modes.BICYCLE)}),
            ("beyond", 0, 5, {"kind": "outside"}),
        ),
        ("one_way", 0, 2, {"lanes": 1.0}),
    ]
    nodes = [(0, 0), (100, 0), (200, 50), (300, 50), (400, 0), (500, 0)]
    heights = [10.0, 20.0, 20.0, 20.0, 20.0, 20.0]
    folder = tmp_path_factory.mktemp("streets")
    return load_scene(write_city(folder, nodes, streets, heights_m=heights))


@pytest.mark.parametrize(
    ("name", "expected_m"),
    [("street", 12.0), ("fast", 13.0), ("motorway", 21.0), ("path", 2.0), ("cycles", 3.0),
     ("one_way", 3.0)],
)  # fmt: skip
def test_widths_by_hand(scene: Scene, name: str, expected_m: float) -> None:
    (rows,) = (r for r in street_rows(scene.links) if scene.links.link[r[0]] == name)
    assert width_m(scene.links, rows) == expected_m


def test_a_street_is_its_two_directions(scene: Scene) -> None:
    names = [tuple(scene.links.link[list(rows)]) for rows in street_rows(scene.links)]
    assert names[0] == ("street", "streetr")
    assert names[-1] == ("one_way",)
    assert sorted(n for street in names for n in street) == sorted(scene.links.link)


def test_surfaces_cover_the_line_and_rise_with_it(scene: Scene) -> None:
    found = {scene.links.link[one.rows[0]]: one for one in carriageways(scene)}
    assert "beyond" not in found
    street = found["street"]
    flat = shapely.polygons(street.xyz_m[:, :, :2])
    assert shapely.area(flat).sum() == pytest.approx(100 * 12, rel=1e-6)
    assert np.unique(street.xyz_m[:, :, 2].round(6)).tolist() == [10.0, 20.0]
    assert np.all(found["fast"].xyz_m[:, :, 2] == 20.0)


def test_lanes_lie_side_by_side_and_cover_the_street(scene: Scene) -> None:
    found = {scene.links.link[one.rows[0]]: one for one in carriageways(scene)}
    fast = found["fast"]
    assert [(scene.links.link[lane.row], lane.number) for lane in fast.lanes] == [
        ("fast", 2), ("fast", 1), ("fastr", 1), ("fastr", 2),
    ]  # fmt: skip
    areas = shapely.area(shapely.polygons(fast.xyz_m[:, :, :2]))
    length_m = np.hypot(100, 50)
    assert np.bincount(fast.lane, areas) == pytest.approx([3.25 * length_m] * 4)
    # along the street from west to east, its own lanes are on the right, which is south
    street = found["street"]
    middle = [street.xyz_m[street.lane == i][:, :, 1].mean() for i in range(4)]
    assert middle == sorted(middle)
    assert [lane.use for lane in found["path"].lanes] == ["footpath"]
    assert {lane.use for lane in found["cycles"].lanes} == {"cyclepath"}


def test_a_part_of_a_lane_is_the_outermost(scene: Scene) -> None:
    row = scene.links.row_of["motorway"]
    lanes = scene.links.lanes.copy()
    lanes[row] = 2.5
    found = lanes_of(replace(scene.links, lanes=lanes), (row,))
    assert [(lane.number, lane.width_m) for lane in found] == [(3, 1.75), (2, 3.5), (1, 3.5)]


def test_without_streets_there_are_no_surfaces(scene: Scene) -> None:
    nothing = {field.name: getattr(scene.links, field.name)[:0] for field in fields(scene.links)}
    assert [*carriageways(replace(scene, links=replace(scene.links, **nothing)))] == []


def test_the_ground_leaves_out_what_is_unknown_and_says_how_far_off_it_is(scene: Scene) -> None:
    height = np.add.outer(np.arange(40.0) ** 2 / 10, np.arange(30.0))
    height[5, 7] = np.nan
    ground = Ground(elevation_m=height.astype("f4"), bounds=(127.0, 36.5, 127.1, 36.6))
    whole = terrain(replace(scene, ground=ground))
    assert whole is not None
    assert (len(whole.xyz_m), len(whole.triangles)) == (40 * 30 - 1, 2 * (39 * 29 - 4))
    assert whole.off_m == 0.0
    corners = whole.xyz_m[whole.triangles]
    assert (np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2] > 0).all()
    thin = terrain(replace(scene, ground=ground), most_vertices=200)
    assert thin is not None
    assert len(thin.xyz_m) <= 250
    assert 0 < thin.off_m < 2
    unknown = Ground(elevation_m=np.full((3, 3), np.nan, "f4"), bounds=ground.bounds)
    assert terrain(replace(scene, ground=unknown)) is None


def test_sejong_has_a_surface_for_each_street_inside() -> None:
    scene = load_scene(Path(__file__).resolve().parents[2] / "cities" / "sejong")
    found = [*carriageways(scene)]
    rows = sorted(row for one in found for row in one.rows)
    assert rows == np.flatnonzero(scene.links.kind != "outside").tolist()
    assert all(len(one.xyz_m) >= 2 for one in found)
    for one in found:  # lanes make up the street as it would be without them
        line = shapely.transform(
            scene.links.geometry[one.rows[0]], lambda lonlat: scene.projection.xy(*lonlat.T)
        )
        whole = shapely.buffer(
            line, one.width_m / 2, cap_style="flat", join_style="mitre", mitre_limit=2.0
        )
        areas = shapely.area(shapely.polygons(one.xyz_m[:, :, :2]))
        assert areas.sum() == pytest.approx(whole.area, rel=1e-6)
        assert np.unique(one.lane).tolist() == [*range(len(one.lanes))]
