"""Buildings, trees and pipes of a CityJSON file, versions 1.1 and 2.0, as columns of layers.

Of buildings are read solids and surfaces of levels of detail 1 to 2.3, a building's own and its
parts'. What stands on the ground gives the footprint, the highest corner the height. Where only a
footprint (level 0) is there, `measuredHeight` gives the height. Trees and pipes are in
`cityjson_read_extras`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from hapgang.twin.exchange.cityjson_facts import Facts
from hapgang.twin.exchange.cityjson_form import (
    Document,
    Geometry,
    Vertices,
    bad_object,
    read_document,
    read_object,
)
from hapgang.twin.exchange.cityjson_read_extras import (
    ExtrasReader,
    ObjectReader,
    layer_of,
    numbered,
)
from hapgang.twin.exchange.cityjson_surfaces import Body, body_of
from hapgang.twin.layers import Buildings, Trees, Utilities
from hapgang.twin.projection import Projection
from hapgang.twin.tables import SceneError, Table

_STOREY_M = 3.0  # OpenStreetMap wiki, "Simple 3D Buildings"
_KIND_ELSE = "mixed"  # as where a map leaves it open
_HIGHEST_M = 1000.0
_EPSG = re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[^/]+/(\d+)")


@dataclass(frozen=True, eq=False, kw_only=True)
class ReadModel:
    """What a file holds: columns for `write_table`, and what was assumed or left out, counted.

    columns: of the buildings. assumed: objects by the column whose value the file does not say, of
    trees after their layer's name. ignored: objects of other types. refused: objects that could not
    be read, where one was not to stop the rest.
    """

    columns: Mapping[str, Any]
    trees: Mapping[str, Any]
    utilities: Mapping[str, Any]
    epsg: int
    assumed: Mapping[str, int]
    ignored: Mapping[str, int]
    refused: Mapping[str, SceneError]


def read_cityjson(path: Path, *, epsg: int | None = None, is_strict: bool = True) -> ReadModel:
    """Read what a file holds; `epsg` where the file does not say its coordinate system.

    The first bad object is raised as a `SceneError` that names it; without `is_strict` bad
    objects are set aside in `refused`.
    """
    document = read_document(path)
    projection = Projection(_epsg(path, document) or _given(path, epsg))
    things = {name: read_object(path, name, raw) for name, raw in document.city_objects.items()}
    vertices = Vertices(path, document)
    buildings = _BuildingReader(path.name, things, vertices, projection)
    extras = ExtrasReader(path.name, things, vertices, projection)
    rows: dict[str, list[dict[str, Any]]] = {"buildings": [], "trees": [], "utilities": []}
    refused, ignored = {}, Counter[str]()
    for name, thing in things.items():
        layer = layer_of(thing)
        if layer is None:
            ignored[thing.type] += thing.type != "BuildingPart"
            continue
        try:
            reader = buildings if layer == "buildings" else extras
            rows[layer].append(reader.row(name))
        except SceneError as error:
            if is_strict:
                raise
            refused[name] = error
    return ReadModel(
        columns=_columns(Buildings.table, rows["buildings"]),
        trees=_columns(Trees.table, numbered(rows["trees"])),
        utilities=_columns(Utilities.table, rows["utilities"]),
        epsg=projection.epsg,
        assumed=dict(sorted((+(buildings.assumed + extras.assumed)).items())),
        ignored=dict(sorted((+ignored).items())),
        refused=refused,
    )


def _columns(table: Table, rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns: dict[str, Any] = {c.name: [row[c.name] for row in rows] for c in table.columns}
    if table.geometry:
        columns["geometry"] = np.array(columns["geometry"], dtype=object)
    return columns


def _epsg(path: Path, document: Document) -> int | None:
    named = document.metadata.reference_system
    if named is None:
        return None
    found = _EPSG.fullmatch(named)
    if found is None:
        raise SceneError.at(
            path.name,
            f"its referenceSystem “{named}” is none of EPSG's",
            f"referenceSystem “{named}”은(는) EPSG 좌표계가 아닙니다",
        )
    return int(found[1])


def _given(path: Path, epsg: int | None) -> int:
    if epsg is None:
        raise SceneError.at(
            path.name,
            "does not say its referenceSystem; give its EPSG number",
            "referenceSystem이 없습니다. EPSG 번호를 지정하십시오",
        )
    return epsg


class _BuildingReader(ObjectReader):
    """Turns buildings into rows."""

    def row(self, name: str) -> dict[str, Any]:
        """Return a building's row, by the names of the columns."""
        facts = Facts(self.file, name, self.things[name].attributes or {}, self.assumed)
        body = self._body(name, facts)
        self.assumed["geometry"] += body.is_outline
        lonlat = shapely.transform(
            body.footprint, lambda xy: np.column_stack(self.projection.to_lonlat(*xy.T))
        )
        middle = shapely.point_on_surface(lonlat)
        floors = facts.count("storeysAboveGround", "floors", 2**15)
        if floors is None:
            floors = max(1, round(body.height_m / _STOREY_M))
        area_m2 = facts.number("floor_area_m2", "floor_area_m2")
        return {
            "building": name,
            "zone": facts.text("zone"),
            "kind": facts.word("function", "kind", _KIND_ELSE),
            "base_m": body.base_m,
            "height_m": body.height_m,
            "floors": floors,
            "dwellings": facts.count("dwellings", "dwellings", 2**31) or 0,
            "floor_area_m2": body.footprint.area * floors if area_m2 is None else area_m2,
            "jobs": facts.count("jobs", "jobs", 2**31) or 0,
            "lon": middle.x,
            "lat": middle.y,
            "geometry": lonlat,
        }

    def _body(self, name: str, facts: Facts) -> Body:
        solids: list[tuple[str, Geometry]] = []
        footprints: list[tuple[str, Geometry]] = []
        for owner, geometry in self._geometries(name, ()):
            (footprints if geometry.level < 1 else solids).append((owner, geometry))
        chosen = solids or footprints
        if not chosen:
            raise bad_object(
                self.file, name, "has no geometry of a level of detail from 0 to 2.3",
                "상세 수준(LoD) 0~2.3의 형상이 없습니다",
            )  # fmt: skip
        body = body_of(self.file, name, chosen, self.vertices)
        if not solids:
            height = facts.number("measuredHeight", "height_m")
            if height is None:
                raise bad_object(
                    self.file, name, "is a footprint without measuredHeight",
                    "measuredHeight가 없는 평면입니다",
                )  # fmt: skip
            body = Body(footprint=body.footprint, base_m=body.base_m, height_m=height)
        if body.height_m > _HIGHEST_M:
            raise bad_object(
                self.file, name, f"is {body.height_m:.0f} m high; at most {_HIGHEST_M:.0f} are",
                f"높이가 {body.height_m:.0f} m입니다. 최대 {_HIGHEST_M:.0f} m까지 가능합니다",
            )  # fmt: skip
        return body

    def _geometries(self, name: str, above: tuple[str, ...]) -> Iterator[tuple[str, Geometry]]:
        """Yield the geometries of an object and of its parts: of each its finest level."""
        thing = self.things[name]
        usable = [one for one in thing.geometry or () if one.is_read]
        finest = max((one.level for one in usable), default=0.0)
        yield from ((name, one) for one in usable if one.level == finest)
        for part in thing.children or ():
            if part not in self.things or part in (*above, name):
                raise bad_object(
                    self.file, name, f"has a child “{part}”, which is not there or its parent",
                    f"자식 “{part}”이(가) 없거나 자신의 부모입니다",
                )  # fmt: skip
            if self.things[part].type == "BuildingPart":
                yield from self._geometries(part, (*above, name))
