"""GeoJSON as RFC 7946 wants it: one collection, rings that turn left, names as ids."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from hapgang.core.errors import Invalid, NotFound
from hapgang.twin.exchange import FORMATS, chosen_layers
from hapgang.twin.exchange.geojson import USUAL, geojson, layer_geojson
from hapgang.twin.scene import Scene, load_scene

SEJONG = Path(__file__).resolve().parents[2] / "cities" / "sejong"


@pytest.fixture(scope="module")
def scene() -> Scene:
    return load_scene(SEJONG)


def exported(scene: Scene, *layers: str) -> list[dict[str, Any]]:
    collection = json.loads(b"".join(geojson(scene, layers)))
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    features: list[dict[str, Any]] = collection["features"]
    return features


def test_every_layer_is_there(scene: Scene) -> None:
    found = exported(scene, *USUAL)
    assert list(dict.fromkeys(one["properties"]["layer"] for one in found)) == list(USUAL)
    buildings = [one for one in found if one["properties"]["layer"] == "buildings"]
    assert [one["id"] for one in buildings] == scene.buildings.building.tolist()
    assert buildings[0]["properties"]["kind"] == scene.buildings.kind[0]


def test_rings_turn_left_and_lie_in_the_city(scene: Scene) -> None:
    for feature in exported(scene, "buildings", "areas"):
        shape = shapely.geometry.shape(feature["geometry"])
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)
        west, south, _, north = shape.bounds
        assert 127 < west < 128
        assert 36 < south < north < 37


def test_links_are_each_direction_and_streets_are_both(scene: Scene) -> None:
    links, streets = exported(scene, "links"), exported(scene, "streets")
    assert [one["id"] for one in links] == scene.links.link.tolist()
    assert len(streets) < len(links)
    assert {one["id"] for one in streets} <= {one["id"] for one in links}


def test_streets_say_their_lanes_and_their_width(scene: Scene) -> None:
    streets = {one["id"]: one["properties"] for one in exported(scene, "streets")}
    ring = next(one for one in streets.values() if one["kind"] == "ring" and one["lanes_back"])
    assert (ring["lanes"], ring["lanes_back"], ring["width_m"]) == (2.0, 2.0, 12.0)
    trunk = next(one for one in streets.values() if one["kind"] == "trunk")
    assert (trunk["lanes"], trunk["lanes_back"], trunk["width_m"]) == (3.0, 3.0, 18.0)
    path = next(one for one in streets.values() if one["modes"] == 1)
    assert path["width_m"] == 2.0


def test_it_comes_in_pieces(scene: Scene) -> None:
    pieces = [*geojson(scene, ("places", "stops"))]
    assert len(pieces) == 2 + len(exported(scene, "places", "stops"))
    assert b"".join([*geojson(scene, ())]).count(b"\n") == 3


def test_unknown_layers_are_refused(scene: Scene) -> None:
    with pytest.raises(NotFound, match="there is no layer moon"):
        layer_geojson(scene, "moon")
    with pytest.raises(Invalid, match=r"glTF 2.0, binary has no layer “stops”; there are"):
        chosen_layers(FORMATS["gltf"], ["stops"])
    assert chosen_layers(FORMATS["cityjson"], ["ground", "buildings", "ground"]) == (
        "buildings", "ground",
    )  # fmt: skip
    assert chosen_layers(FORMATS["geojson"], []) == USUAL
