"""From tags and drawn ways to streets, buildings, places; and dirt on the way."""

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from hapgang.twin.ground import Ground
from hapgang.twin.importers.features import build_areas, build_buildings, build_places
from hapgang.twin.importers.osm_read import OsmData, read_osm
from hapgang.twin.importers.osm_tags import profile, speed_kmh
from hapgang.twin.importers.osm_words import building_kind, place_kind, titles
from hapgang.twin.importers.report import ImportRefused, Journal
from hapgang.twin.importers.streets import Streets, build_streets
from hapgang.twin.modes import Modes
from hapgang.twin.projection import Projection
from tests.twin.osm_paper import LAT, LON, write_osm

UTM = Projection(32652)
W, B, P, C, U, S, V = (int(mode) for mode in Modes)
ALL = W | B | P | C | U | S | V
STEP = 0.001
NODES = {i: (STEP * (i % 10), STEP * (i // 10)) for i in range(1, 100)}
RESIDENTIAL = {"highway": "residential"}


def bits(**tags: str) -> tuple[int, int]:
    traits = profile({key.replace("__", ":"): value for key, value in tags.items()}, {})
    return traits.forward.modes, traits.backward.modes


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"highway": "residential"}, ALL, ALL),
        ({"highway": "residential", "oneway": "yes"}, ALL, W),
        ({"highway": "residential", "oneway": "-1"}, W, ALL),
        ({"highway": "residential", "oneway": "yes", "oneway__bicycle": "no"}, ALL, W | B | P),
        ({"highway": "residential", "oneway": "yes", "cycleway": "opposite_lane"}, ALL, W | B | P),
        ({"highway": "residential", "junction": "roundabout"}, ALL, W),
        ({"highway": "residential", "junction": "roundabout", "oneway": "no"}, ALL, ALL),
        ({"highway": "motorway"}, C | U | V, 0),
        ({"highway": "motorway", "access": "yes"}, C | U | V, 0),
        ({"highway": "trunk", "foot": "yes"}, W | C | U | V, W | C | U | V),
        ({"highway": "service", "access": "private"}, V, V),
        ({"highway": "service", "access": "private", "foot": "yes"}, W | V, W | V),
        ({"highway": "residential", "motor_vehicle": "no"}, W | B | P | V, W | B | P | V),
        ({"highway": "primary", "motor_vehicle": "no", "bus": "yes", "oneway": "yes"},
         W | B | P | U | V, W),
        ({"highway": "primary", "bicycle": "no", "foot": "no"}, C | U | S | V, C | U | S | V),
        ({"highway": "footway"}, W, W),
        ({"highway": "footway", "bicycle": "designated"}, W | B | P, W | B | P),
        ({"highway": "path"}, W | B, W | B),
        ({"highway": "cycleway", "foot": "no", "oneway": "yes"}, B | P, 0),
        ({"highway": "steps", "conveying": "forward", "oneway": "yes"}, W, 0),
        ({"highway": "pedestrian"}, W | V, W | V),
    ],
)  # fmt: skip
def test_who_may_go_where(tags: Mapping[str, str], forward: int, backward: int) -> None:
    assert bits(**tags) == (forward, backward)


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50.0), ("50 km/h", 50.0), ("30 mph", 48.28032), ("50; 40", 40.0), ("40|60", 40.0),
        ("BR:urban", 50.0), ("DE:zone30", 30.0), ("walk", 5.0), ("signals", None), ("none", None),
        ("fast", None), ("", None), ("-50", None), ("5000", None), ("0", None),
    ],
)  # fmt: skip
def test_posted_speeds(text: str, kmh: float | None) -> None:
    assert speed_kmh(text) == kmh


def test_lanes_and_capacity_are_those_of_a_direction() -> None:
    both = profile({"highway": "primary", "lanes": "4"}, {})
    assert (both.forward.lanes, both.backward.lanes) == (2, 2)
    assert both.forward.capacity_veh_h == 2 * 1500
    one = profile({"highway": "primary", "lanes": "3", "oneway": "yes"}, {})
    assert (one.forward.lanes, one.backward.lanes) == (3, 0)
    assert one.backward.capacity_veh_h == 0
    tidal = profile({"highway": "primary", "lanes:forward": "2", "lanes:backward": "1"}, {})
    assert (tidal.forward.lanes, tidal.backward.lanes) == (2, 1)
    assert profile({"highway": "primary", "lanes": "many"}, {}).forward.lanes == 1


def read(tmp_path: Path, *args: Any, **kwargs: Any) -> tuple[OsmData, Journal]:
    with closing(Journal(tmp_path / "city")) as journal:
        return read_osm(write_osm(tmp_path / "map.osm", *args, **kwargs), journal), journal


def streets(tmp_path: Path, *args: Any, **kwargs: Any) -> tuple[Streets, Journal]:
    with closing(Journal(tmp_path / "city")) as journal:
        data = read_osm(write_osm(tmp_path / "map.osm", *args, **kwargs), journal)
        return build_streets(data, UTM, journal), journal


def reasons(journal: Journal) -> dict[str, int]:
    return {problem.reason: problem.count for problem in journal.problems()}


def test_junctions_become_nodes_and_bends_do_not(tmp_path: Path) -> None:
    # 11-12-13-14 crosses 3-13-23 at 13; 12 is only a bend.
    ways = [(1, [11, 12, 13, 14], RESIDENTIAL), (2, [3, 13, 23], {"highway": "footway"})]
    built, journal = streets(tmp_path, NODES, ways)
    assert len(built.nodes["node"]) == 5
    assert built.links["link"] == sorted(built.links["link"], key=built.links["link"].index)
    assert sorted(built.links["link"]) == [
        "w1.0b", "w1.0f", "w1.1b", "w1.1f", "w2.0b", "w2.0f", "w2.1b", "w2.1f",
    ]  # fmt: skip
    row = built.links["link"].index("w1.0f")
    line = built.links["geometry"][row]
    assert len(line.coords) == 3
    start, end = built.links["source"][row], built.links["target"][row]
    assert line.coords[0] == (built.nodes["lon"][start], built.nodes["lat"][start])
    assert line.coords[-1] == (built.nodes["lon"][end], built.nodes["lat"][end])
    back = built.links["geometry"][built.links["link"].index("w1.0b")]
    assert list(back.coords) == list(line.coords)[::-1]
    assert built.links["length_m"][row] == pytest.approx(2 * 89.5, rel=0.01)
    assert not journal.problems()


def test_two_streets_of_one_kind_are_joined_and_others_are_not(tmp_path: Path) -> None:
    main = {"highway": "residential", "name": "Main"}
    ways = [
        (1, [11, 12], main),
        (2, [13, 12], main),  # drawn the other way round
        (3, [13, 14], {"highway": "residential", "name": "Other"}),
        (4, [14, 15], {**main, "oneway": "yes"}),
        (5, [16, 15], {**main, "oneway": "-1"}),
    ]
    built, _ = streets(tmp_path, NODES, ways)
    names = [name for name in built.links["link"] if name.endswith("f")]
    assert sorted(names) == ["w1.0f", "w3.0f", "w4.0f"]
    lengths = dict(zip(built.links["link"], built.links["length_m"], strict=True))
    assert lengths["w4.0f"] == pytest.approx(2 * 89.5, rel=0.01)
    modes = dict(zip(built.links["link"], built.links["modes"].tolist(), strict=True))
    assert modes["w4.0f"] == ALL
    assert modes["w4.0b"] == W


def test_a_barrier_stops_cars_and_lets_people_through(tmp_path: Path) -> None:
    built, _ = streets(
        tmp_path, NODES, [(1, [11, 12, 13], RESIDENTIAL)], tagged={12: {"barrier": "bollard"}}
    )
    modes = dict(zip(built.links["link"], built.links["modes"].tolist(), strict=True))
    assert modes["w1.0gf"] == modes["w1.0gb"] == W | B | P | V
    assert built.links["kind"][built.links["link"].index("w1.0gf")] == "gate"
    assert len(built.nodes["node"]) == 4
    ends = set(zip(built.links["source"].tolist(), built.links["target"].tolist(), strict=True))
    assert len(ends) == 6  # three streets in a row, both ways


def test_missing_speeds_are_the_median_of_signed_ones(tmp_path: Path) -> None:
    signed = [
        (i, [i, i + 10], {"highway": "tertiary", "maxspeed": "40" if i % 3 else "70"})
        for i in range(1, 40)
    ]
    bare = (90, [95, 96], {"highway": "tertiary"})
    built, journal = streets(tmp_path, NODES, [*signed, bare])
    row = built.links["link"].index("w90.0f")
    assert built.links["speed_kmh"][row] == 40
    assert "tertiary 40" in journal.assumptions[0]


def test_dirty_ways_are_cut_or_left_out_and_told(tmp_path: Path) -> None:
    nodes = {**NODES, 500: (0.9, 0.9), 600: (-127.3, -36.51), 601: (-127.299, -36.51)}
    ways = [
        (1, [11, 12, 777, 13, 14], RESIDENTIAL),
        (2, [21, 778], RESIDENTIAL),
        (3, [31, 32, 500], RESIDENTIAL),
        (4, [41, 42], {"highway": "hyperloop"}),
        (5, [51, 52], {"highway": "residential", "maxspeed": "fast"}),
        (6, [61, 61, 62], RESIDENTIAL),
        (7, [600, 601], RESIDENTIAL),
        (8, [71, 72], {"highway": "proposed"}),
        (9, [81, 82], {"highway": "unclassified;tertiary"}),
    ]
    built, journal = streets(tmp_path, nodes, ways)
    names = sorted({name[:-1] for name in built.links["link"]})
    assert names == ["w1.0", "w1.1", "w3.0", "w5.0", "w6.0", "w9.0"]
    assert reasons(journal) == {
        "nodes are missing (edge of the extract)": 1,
        "fewer than two of its nodes are there": 1,
        "it jumps from one node to the next": 1,
        "its kind of highway is not known": 1,
        "maxspeed is no speed": 1,
        "it lies far from the others": 1,
    }
    lines = (tmp_path / "city" / "quarantine" / "map.osm.jsonl").read_text("utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert {entry["object"] for entry in entries} == {f"way/{i}" for i in (1, 2, 3, 4, 5, 7)}
    unknown = next(entry for entry in entries if entry["object"] == "way/4")
    assert unknown["tags"] == {"highway": "hyperloop"}
    assert unknown["done"] == "left out"


@pytest.mark.parametrize("content", [b"", b"rubbish", b"<osm version='0.6'><node id='1'"])
def test_what_is_no_map_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "map.osm"
    path.write_bytes(content)
    with closing(Journal(tmp_path / "city")) as journal, pytest.raises(ImportRefused):
        read_osm(path, journal)


def test_a_map_without_streets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="holds no street"):
        read(tmp_path, NODES, [(1, [11, 12, 22, 11], {"building": "yes"})])


def ring(*corners: int) -> list[int]:
    return [*corners, corners[0]]


def test_buildings_get_floors_heights_and_dwellings(tmp_path: Path) -> None:
    ways = [
        (1, [91, 92], RESIDENTIAL),
        (2, ring(11, 12, 22, 21), {"building": "apartments", "building:levels": "10"}),
        (3, ring(13, 14, 24, 23), {"building": "house", "height": "9.5 m"}),
        (4, ring(15, 16, 26, 25), {"building": "yes", "amenity": "school", "height": "tall"}),
        (5, ring(17, 18, 28, 27), {"building": "office", "building:levels": "3.5"}),
        (6, ring(31, 32, 42, 41), {"building": "no"}),
    ]
    data, journal = read(tmp_path, NODES, ways)
    ground = Ground(elevation_m=np.full((2, 2), 30.0, "f4"), bounds=(127, 36, 128, 37))
    with closing(journal):
        table = build_buildings(data, UTM, ground, journal)
    rows = {name: i for i, name in enumerate(table["building"])}
    assert sorted(rows) == ["way/2", "way/3", "way/4", "way/5"]
    area_m2 = 89.5 * 111.0
    assert table["kind"] == ["apartments", "house", "school", "office"]
    assert table["floors"].tolist() == [10, 3, 2, 4]
    assert table["height_m"].tolist() == [30, 9.5, 6, 12]
    assert table["dwellings"][0] == pytest.approx(10 * area_m2 / 90, rel=0.01)
    assert table["dwellings"][2] == table["dwellings"][3] == 0
    assert table["jobs"][0] == 0
    assert table["jobs"][3] == pytest.approx(4 * area_m2 / 12, rel=0.01)
    assert (table["base_m"] == 30).all()
    assert reasons(journal) == {"height is no number that fits": 1}


def test_multipolygons_keep_their_holes_and_broken_ones_are_told(tmp_path: Path) -> None:
    ways = [
        (1, [91, 92], RESIDENTIAL),
        (2, ring(11, 14, 44, 41), {}),
        (3, ring(22, 23, 33, 32), {}),
        (4, [51, 54, 84], {}),
    ]
    relations = [
        (1, [(2, "outer"), (3, "inner")], {"type": "multipolygon", "natural": "water"}),
        (2, [(4, "outer")], {"type": "multipolygon", "leisure": "park", "name": "Open"}),
        (3, [(5, "outer")], {"type": "multipolygon", "leisure": "park", "name": "Beyond"}),
    ]
    data, journal = read(tmp_path, NODES, ways, relations=relations)
    areas = build_areas(data, shapely.box(LON, LAT, LON + 1, LAT + 1))
    assert areas["area"] == ["boundary", "relation/1"]
    assert areas["title_ko"] == ["경계", "수면"]
    assert len(areas["geometry"][1].interiors) == 1
    assert reasons(journal) == {
        "its surface cannot be built": 1,
        "parts are missing (edge of the extract)": 1,
    }


def test_places_worth_going_to(tmp_path: Path) -> None:
    tagged = {
        5: {"amenity": "school", "isced:level": "2", "name": "Middle School", "capacity": "300"},
        6: {"amenity": "bench"},
        7: {"shop": "bakery", "name": "빵집", "name:en": "Bakery"},
        8: {"shop": "vacant"},
        9: {"healthcare": "doctor", "capacity": "-3"},
    }
    data, _ = read(tmp_path, NODES, [(1, [91, 92], RESIDENTIAL)], tagged=tagged)
    places = build_places(data)
    assert places["place"] == ["node/5", "node/7", "node/9"]
    assert places["kind"] == ["school_middle", "shop", "clinic"]
    assert places["title_en"] == ["Middle School", "Bakery", "Clinic"]
    assert places["title_ko"] == ["Middle School", "빵집", "의원"]
    assert places["capacity"] == [300, 0, 0]


def test_words_that_leave_a_building_open_make_it_mixed() -> None:
    assert building_kind({"building": "yes"}) == "mixed"
    assert building_kind({"building": "yes", "shop": "mall"}) == "shop"
    assert building_kind({"building": "yes", "office": "it"}) == "office"
    assert building_kind({"building": "ruins"}) is None
    assert place_kind({"amenity": "waste_basket"}) is None
    assert titles({}, "pm_station") == ("Pm station", "공유 이동 수단 정류소")
