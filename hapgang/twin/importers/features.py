"""Turns a map's points and surfaces into the tables of buildings, places and areas."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.twin.ground import Ground
from hapgang.twin.importers.osm_read import Feature, OsmData
from hapgang.twin.importers.osm_words import area_kind, building_kind, place_kind, titles
from hapgang.twin.importers.report import Journal
from hapgang.twin.projection import Projection

Columns = dict[str, Any]

LEVEL_M = 3.0  # height of a storey. OpenStreetMap wiki, "Simple 3D Buildings"
_ENOUGH_TAGS = 30  # buildings of a kind with tagged storeys, for their median to stand for others
_STOREYS = {"house": 2, "apartments": 4, "office": 4, "hospital": 4, "hotel": 4, "utility": 1,
            "parking": 1, "industry": 1}  # fmt: skip
_STOREYS_ELSE = 2
_SMALLEST_M2 = 8.0  # smaller ones are sheds and drawing errors
DWELLING_M2 = 90.0  # floor area of a dwelling with its share of stairs and walls
_DWELLING_SHARE = {"apartments": 1.0, "house": 1.0, "mixed": 0.5}
# Floor area per job. Homes and Communities Agency 2015, "Employment Density Guide", 3rd edition:
# offices 12, high street shops 15 to 20, light industry 47, cultural attractions 36.
JOB_M2 = {"office": 12.0, "shop": 17.5, "industry": 47.0, "culture": 36.0, "school": 36.0,
          "hospital": 36.0, "clinic": 36.0, "community": 36.0, "hotel": 36.0,
          "mixed": 48.0}  # fmt: skip
_NUMBER = re.compile(r"(\d+(?:\.\d+)?) ?(m|metres|meters)?")


def _parts(feature: Feature) -> Iterator[tuple[str, Any]]:
    """Polygons of a surface, largest first, with names that tell them apart."""
    if feature.geometry.geom_type == "Polygon":
        yield feature.name, feature.geometry
    elif feature.geometry.geom_type == "MultiPolygon":
        parts = sorted(feature.geometry.geoms, key=lambda part: -part.area)
        for i, part in enumerate(parts):
            yield f"{feature.name}.{i}", part


def _metres(text: str | None, low: float, high: float) -> float | None:
    number = _NUMBER.fullmatch((text or "").strip().replace(",", "."))
    return float(number[1]) if number and low <= float(number[1]) <= high else None


def build_buildings(
    data: OsmData, projection: Projection, ground: Ground, journal: Journal
) -> Columns:
    """Build `buildings.parquet` without zones; jobs are weights until the zones know theirs."""
    found = [
        (name, kind, polygon, feature.tags)
        for feature in data.features
        for kind in [building_kind(feature.tags)]
        if kind is not None
        for name, polygon in _parts(feature)
    ]
    polygons = np.array([one[2] for one in found], dtype=object)
    area_m2 = _area_m2(polygons, projection)
    large = [i for i in range(len(found)) if area_m2[i] >= _SMALLEST_M2]
    found, polygons, area_m2 = [found[i] for i in large], polygons[large], area_m2[large]
    usual = _usual_storeys([(one[1], one[3]) for one in found], journal)
    shapes = [_storeys(data.file, one, usual, journal) for one in found]
    kinds = [one[1] for one in found]
    floors = np.array([shape[0] for shape in shapes], dtype="i2")
    floor_area_m2 = area_m2 * floors
    share = np.array([_DWELLING_SHARE.get(kind, 0.0) for kind in kinds])
    dwellings = np.floor(floor_area_m2 * share / DWELLING_M2 + 0.5)
    dwellings = np.where(np.array(kinds) == "house", np.maximum(dwellings, 1), dwellings)
    centre = shapely.point_on_surface(polygons)
    lon, lat = shapely.get_x(centre), shapely.get_y(centre)
    return {
        "building": [one[0] for one in found],
        "kind": kinds,
        "base_m": np.nan_to_num(ground.at(lon, lat)) if found else np.zeros(0),
        "height_m": np.array([shape[1] for shape in shapes], dtype="f4"),
        "floors": floors,
        "dwellings": dwellings.astype("i4"),
        "floor_area_m2": floor_area_m2.astype("f4"),
        "jobs": floor_area_m2 / np.array([JOB_M2.get(kind, math.inf) for kind in kinds]),
        "lon": lon,
        "lat": lat,
        "geometry": polygons,
    }


def _area_m2(polygons: NDArray[np.object_], projection: Projection) -> NDArray[np.float64]:
    if not len(polygons):
        return np.zeros(0)
    flat = shapely.transform(polygons, lambda lonlat: projection.xy(*lonlat.T))
    return np.asarray(shapely.area(flat), "f8")


def _usual_storeys(found: list[tuple[str, Any]], journal: Journal) -> dict[str, int]:
    tagged: dict[str, list[float]] = defaultdict(list)
    for kind, tags in found:
        levels = _metres(tags.get("building:levels"), 1, 150)
        if levels is not None:
            tagged[kind].append(levels)
    usual = {
        kind: max(1, round(median(levels)))
        for kind, levels in sorted(tagged.items())
        if len(levels) >= _ENOUGH_TAGS
    }
    if found:
        listed = ", ".join(f"{kind} {storeys}" for kind, storeys in usual.items())
        journal.assume(
            "buildings without storeys on the map: the median of their kind in this map "
            f"({listed or 'none tagged often enough'}), else 4 for flats and offices, 2, or 1; a "
            f"storey is {LEVEL_M:g} m, a dwelling {DWELLING_M2:g} m2 of floor"
        )
    return usual


def _storeys(
    file: str, one: tuple[str, str, Any, Any], usual: dict[str, int], journal: Journal
) -> tuple[int, float]:
    """Storeys and height of a building, from its tags where they make sense."""
    name, kind, _, tags = one
    height = _metres(tags.get("height"), 1, 500)
    levels = _metres(tags.get("building:levels"), 0, 150)
    for key, value in (("height", height), ("building:levels", levels)):
        if value is None and key in tags:
            journal.thing(
                file, name, f"{key} is no number that fits", "the usual taken", {"value": tags[key]}
            )
    if levels is None and height is not None:
        levels = max(1.0, height // LEVEL_M)
    if levels is None:
        levels = float(usual.get(kind, _STOREYS.get(kind, _STOREYS_ELSE)))
    storeys = max(1, math.floor(levels + 0.5))
    return storeys, height if height is not None else storeys * LEVEL_M


def build_places(data: OsmData) -> Columns:
    """Build `places.parquet` without zones."""
    rows: list[tuple[str, str, str, str, int, float, float]] = []
    for feature in data.features:
        kind = place_kind(feature.tags)
        if kind is None:
            continue
        point = shapely.point_on_surface(feature.geometry)
        text = feature.tags.get("capacity", feature.tags.get("beds", ""))
        capacity = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
        english, korean = titles(feature.tags, kind)
        rows.append((feature.name, kind, english, korean, capacity, point.x, point.y))
    names = ("place", "kind", "title_en", "title_ko", "capacity", "lon", "lat")
    columns: Columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    columns["building"] = [None] * len(rows)
    columns["source"] = [f"OpenStreetMap {row[0]}" for row in rows]
    return columns


def build_areas(data: OsmData, boundary: Any) -> Columns:
    """Build `areas.parquet`: the city's boundary, water, parks and the like."""
    rows = [("boundary", "boundary", "Boundary", "경계", boundary)]
    for feature in data.features:
        kind = area_kind(feature.tags)
        if kind is None:
            continue
        english, korean = titles(feature.tags, kind)
        rows += [(name, kind, english, korean, part) for name, part in _parts(feature)]
    names = ("area", "kind", "title_en", "title_ko", "geometry")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}
