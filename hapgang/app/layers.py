"""The city's model as GeoJSON, for the portal's map and for anybody else's."""

from collections.abc import Callable
from typing import Any

import contourpy
import numpy as np
import shapely

from hapgang.core.errors import NotFound
from hapgang.twin.layers import Rows, Shapes
from hapgang.twin.scene import Scene

Feature = dict[str, Any]
_CONTOUR_STEP_M = 10.0
_DIGITS = 6  # of a degree: some 10 cm


def layer_geojson(scene: Scene, layer: str) -> dict[str, Any]:
    """Return one layer as a FeatureCollection; `NotFound` for a layer that the city has not."""
    make = LAYERS.get(layer)
    if make is None:
        raise NotFound(f"there is no layer {layer}; there are {', '.join(LAYERS)}", None)
    return {"type": "FeatureCollection", "features": make(scene)}


def _shapes(rows: Shapes) -> list[Feature]:
    geometries = shapely.set_precision(rows.geometry, 10.0**-_DIGITS)
    whole = np.where(shapely.is_empty(geometries), rows.geometry, geometries)
    return [
        {"type": "Feature", "id": i, "properties": row, "geometry": shapely.geometry.mapping(shape)}
        for i, (row, shape) in enumerate(zip(_properties(rows), whole, strict=True))
    ]


def _points(rows: Rows) -> list[Feature]:
    found = []
    for row in _properties(rows):
        position = [round(row.pop("lon"), _DIGITS), round(row.pop("lat"), _DIGITS)]
        geometry = {"type": "Point", "coordinates": position}
        found.append({"type": "Feature", "properties": row, "geometry": geometry})
    return found


def _properties(rows: Rows) -> list[dict[str, Any]]:
    names = [column.name for column in rows.table.columns if column.name != "geometry"]
    columns = [getattr(rows, name).tolist() for name in names]
    return [
        {name: round(v, 2) if isinstance(v, float) and name not in ("lon", "lat") else v
         for name, v in zip(names, values, strict=True)}
        for values in zip(*columns, strict=True)
    ]  # fmt: skip


def _streets(scene: Scene) -> list[Feature]:
    """Return each street once, whichever way it is driven."""
    seen: set[tuple[int, int]] = set()
    found = []
    links = scene.links
    for feature, source, target in zip(
        _shapes(links), links.source.tolist(), links.target.tolist(), strict=True
    ):
        if (target, source) not in seen:
            seen.add((source, target))
            found.append(feature)
    return found


def _stops(scene: Scene) -> list[Feature]:
    if scene.timetable is None:
        return []
    stops = scene.timetable.stops
    return [
        {
            "type": "Feature",
            "properties": {"stop": stop, "name": name},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for stop, name, lon, lat in zip(
            stops.stop.tolist(), stops.name.tolist(), stops.lon.tolist(), stops.lat.tolist(),
            strict=True,
        )
    ]  # fmt: skip


def _ground(scene: Scene) -> list[Feature]:
    """Return contour lines each 10 m, in metres above the sea."""
    height = scene.ground.elevation_m.astype(float)
    if not np.isfinite(height).any():
        return []
    west, south, east, north = scene.ground.bounds
    rows, columns = height.shape
    x = west + (np.arange(columns) + 0.5) * (east - west) / columns
    y = north - (np.arange(rows) + 0.5) * (north - south) / rows
    lines = contourpy.contour_generator(x, y, np.ma.masked_invalid(height))
    low = np.ceil(np.nanmin(height) / _CONTOUR_STEP_M) * _CONTOUR_STEP_M
    return [
        {
            "type": "Feature",
            "properties": {"elevation_m": float(level)},
            "geometry": {
                "type": "LineString",
                "coordinates": np.round(np.asarray(line, float), _DIGITS).tolist(),
            },
        }
        for level in np.arange(low, np.nanmax(height), _CONTOUR_STEP_M)
        for line in lines.lines(level)
    ]


def _rounded(line: Any) -> list[list[float]]:
    positions: list[list[float]] = np.round(np.asarray(line, float), _DIGITS).tolist()
    return positions


LAYERS: dict[str, Callable[[Scene], list[Feature]]] = {
    "streets": _streets,
    "buildings": lambda scene: _shapes(scene.buildings),
    "areas": lambda scene: _shapes(scene.areas),
    "zones": lambda scene: _shapes(scene.zones),
    "places": lambda scene: _points(scene.places),
    "stops": _stops,
    "ground": _ground,
}
