"""A city's model as GeoJSON (RFC 7946), for the portal's map and for anybody else's.

Longitude before latitude, WGS 84, outer rings counter-clockwise; `id` is the row's own name.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import contourpy
import msgspec
import numpy as np
import shapely

from hapgang.core.errors import NotFound
from hapgang.twin.exchange.carriageways import street_rows, width_m
from hapgang.twin.layers import Rows, Shapes
from hapgang.twin.scene import Scene

Feature = dict[str, Any]
_CONTOUR_STEP_M = 10.0
_DIGITS = 6  # of a degree: some 10 cm
USUAL = ("streets", "buildings", "areas", "zones", "places", "stops")


def layer_geojson(scene: Scene, layer: str) -> dict[str, Any]:
    """Return one layer as a FeatureCollection; `NotFound` for a layer that the city has not."""
    if layer not in LAYERS:
        raise _unknown(layer, LAYERS)
    return {"type": "FeatureCollection", "features": list(features(scene, layer))}


def features(scene: Scene, layer: str) -> Iterator[Feature]:
    """Return one layer's features, one after another; `NotFound` for an unknown layer."""
    if layer not in EXPORTED:
        raise _unknown(layer, EXPORTED)
    return EXPORTED[layer](scene)


def _unknown(layer: str, known: Collection[str]) -> NotFound:
    names = ", ".join(known)
    return NotFound(
        f"there is no layer {layer}; there are {names}", f"{layer} 층이 없습니다. 있는 층: {names}"
    )


def geojson(scene: Scene, layers: Collection[str] = USUAL) -> Iterator[bytes]:
    """Yield the pieces of a FeatureCollection, a line for each feature; its property `layer`.

    Streets once, whichever way they are driven, with what is true of the one direction; `links`
    gives each direction.
    """
    yield b'{"type":"FeatureCollection","features":[\n'
    comma = b""
    for layer in layers:
        for feature in features(scene, layer):
            named = {**feature, "properties": {"layer": layer, **feature["properties"]}}
            yield comma + msgspec.json.encode(named)
            comma = b",\n"
    yield b"\n]}\n"


def _shapes(rows: Shapes) -> Iterator[Feature]:
    rounded = shapely.set_precision(rows.geometry, 10.0**-_DIGITS)
    whole = np.where(shapely.is_empty(rounded), rows.geometry, rounded)
    turned = shapely.orient_polygons(whole)
    for name, row, shape in zip(rows.ids.tolist(), _properties(rows), turned, strict=True):
        geometry = shapely.geometry.mapping(shape)
        yield {"type": "Feature", "id": name, "properties": row, "geometry": geometry}


def _points(rows: Rows) -> Iterator[Feature]:
    for name, row in zip(rows.ids.tolist(), _properties(rows), strict=True):
        position = [round(row.pop("lon"), _DIGITS), round(row.pop("lat"), _DIGITS)]
        geometry = {"type": "Point", "coordinates": position}
        yield {"type": "Feature", "id": name, "properties": row, "geometry": geometry}


def _properties(rows: Rows) -> Iterator[dict[str, Any]]:
    names = [column.name for column in rows.table.columns if column.name != "geometry"]
    columns = [getattr(rows, name).tolist() for name in names]
    for values in zip(*columns, strict=True):
        yield {
            name: round(v, 2) if isinstance(v, float) and name not in ("lon", "lat") else v
            for name, v in zip(names, values, strict=True)
        }


def _streets(scene: Scene) -> Iterator[Feature]:
    """Yield each street once, whichever way it is driven, with the width of all its lanes.

    `lanes` are those of the one direction, `lanes_back` of the other, 0 where nobody goes back.
    """
    links = scene.links
    whole = {rows[0]: rows for rows in street_rows(links)}
    for row, feature in enumerate(_shapes(links)):
        if row in whole:
            rows = whole[row]
            back = round(float(links.lanes[rows[1]]), 2) if len(rows) > 1 else 0.0
            width = {"lanes_back": back, "width_m": round(width_m(links, rows), 2)}
            yield {**feature, "properties": {**feature["properties"], **width}}


def _stops(scene: Scene) -> Iterator[Feature]:
    if scene.timetable is None:
        return
    stops = scene.timetable.stops
    for stop, name, lon, lat in zip(
        stops.stop.tolist(), stops.name.tolist(), stops.lon.tolist(), stops.lat.tolist(),
        strict=True,
    ):  # fmt: skip
        yield {
            "type": "Feature",
            "id": stop,
            "properties": {"stop": stop, "name": name},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }


def _ground(scene: Scene) -> Iterator[Feature]:
    """Yield contour lines each 10 m, in metres above the sea."""
    height = scene.ground.elevation_m.astype(float)
    if not np.isfinite(height).any():
        return
    west, south, east, north = scene.ground.bounds
    rows, columns = height.shape
    x = west + (np.arange(columns) + 0.5) * (east - west) / columns
    y = north - (np.arange(rows) + 0.5) * (north - south) / rows
    lines = contourpy.contour_generator(x, y, np.ma.masked_invalid(height))
    low = np.ceil(np.nanmin(height) / _CONTOUR_STEP_M) * _CONTOUR_STEP_M
    for level in np.arange(low, np.nanmax(height), _CONTOUR_STEP_M):
        for line in lines.lines(level):
            positions = np.round(np.asarray(line, float), _DIGITS).tolist()
            yield {
                "type": "Feature",
                "properties": {"elevation_m": float(level)},
                "geometry": {"type": "LineString", "coordinates": positions},
            }


LAYERS: Mapping[str, Callable[[Scene], Iterator[Feature]]] = {
    "streets": _streets,
    "buildings": lambda scene: _shapes(scene.buildings),
    "areas": lambda scene: _shapes(scene.areas),
    "zones": lambda scene: _shapes(scene.zones),
    "places": lambda scene: _points(scene.places),
    "stops": _stops,
    "ground": _ground,
    "trees": lambda scene: _points(scene.trees),
    "utilities": lambda scene: _shapes(scene.utilities),
}
EXPORTED: Mapping[str, Callable[[Scene], Iterator[Feature]]] = {
    **LAYERS,
    "links": lambda scene: _shapes(scene.links),
}
