"""Finding a page of features: of live entities, and of the layers of the city's model."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import numpy as np

from hapgang.app.ogc.asked import Asked, Span
from hapgang.app.ogc.crs import Box
from hapgang.app.ogc.entities import feature_of, geometry_name, moment_of, points_of, values_of
from hapgang.app.ogc.layers import Layer
from hapgang.hub.datamap.dataset import DataColumn
from hapgang.hub.record import Record

Feature = dict[str, Any]


class Page(NamedTuple):
    """Some features, and how many there are in all."""

    features: list[Feature]
    matched: int


def in_layer(layer: Layer, asked: Asked) -> Page:
    """Return a page of a layer; its features have no time of their own, so any fits."""
    rows = np.arange(len(layer.features))
    if asked.box is not None and len(rows):
        rows = rows[_boxes_meet(layer.boxes, asked.box)]
    chosen = rows.tolist()
    if asked.equal:
        chosen = [r for r in chosen if _equal(layer.features[r]["properties"], asked.equal)]
    part = chosen[asked.offset : asked.offset + asked.limit]
    return Page([layer.features[row] for row in part], len(chosen))


def among(
    records: Sequence[Record], columns: Sequence[DataColumn], asked: Asked, now: datetime
) -> Page:
    """Return a page of entities of a type, in the order in which they came."""
    geometry = geometry_name(columns)
    reads = values_of(columns)
    tests = [(reads[name], text) for name, text in asked.equal.items()]
    page: list[Feature] = []
    matched = 0
    last = asked.offset + asked.limit
    for record in _fitting(records, geometry, asked, now):
        if not all(_is(read(record), text) for read, text in tests):
            continue
        if asked.offset <= matched < last:
            page.append(feature_of(record, columns, geometry))
        matched += 1
    return Page(page, matched)


def _fitting(
    records: Sequence[Record], geometry: str | None, asked: Asked, now: datetime
) -> Iterator[Record]:
    meets = None if asked.box is None else _meets(asked.box)
    for record in records:
        if record.person is not None or (record.expires is not None and record.expires <= now):
            continue
        if asked.span is not None and not _within(moment_of(record), asked.span):
            continue
        if meets is None or _lies(record, geometry, meets):
            yield record


def _lies(record: Record, geometry: str | None, meets: Callable[[Box], bool]) -> bool:
    place = record.place if geometry == "location" else None
    if place is not None:
        return meets((place.lon, place.lat, place.lon, place.lat))
    attribute = record.attribute(geometry) if geometry is not None else None
    one = attribute[0] if isinstance(attribute, list) else attribute
    shape = None if one is None else msgspec.to_builtins(one.get("value"))
    points = list(points_of(shape))
    if not points:
        return False
    lons, lats = zip(*points, strict=True)
    return meets((min(lons), min(lats), max(lons), max(lats)))


def _meets(box: Box) -> Callable[[Box], bool]:
    west, south, east, north = box
    if west <= east:
        return lambda b: b[0] <= east and b[2] >= west and b[1] <= north and b[3] >= south
    # Around the back of the earth, where 180 degrees are -180.
    return lambda b: (b[0] <= east or b[2] >= west) and b[1] <= north and b[3] >= south


def _boxes_meet(boxes: Any, box: Box) -> Any:
    west, south, east, north = box
    high = (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    before, behind = boxes[:, 0] <= east, boxes[:, 2] >= west
    return high & ((before & behind) if west <= east else (before | behind))


def _within(at: datetime, span: Span) -> bool:
    start, end = span
    return (start is None or start <= at) and (end is None or at <= end)


def _equal(properties: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    return all(_is(properties.get(name), text) for name, text in wanted.items())


def _is(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return text.lower() == str(value).lower()
    if isinstance(value, int | float):
        try:
            return float(text) == value
        except ValueError:
            return False
    if isinstance(value, list):
        return any(_is(one, text) for one in value)
    return bool(value == text)
