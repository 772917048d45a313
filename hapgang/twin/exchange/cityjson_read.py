"""Buildings of a CityJSON file, versions 1.1 and 2.0, as columns of `buildings.parquet`.

Read are solids and surfaces of levels of detail 1 to 2.3, a building's own and its parts'. What
stands on the ground gives the footprint, the highest corner the height. Where only a footprint
(level 0) is there, `measuredHeight` gives the height.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely

from hapgang.twin.exchange.cityjson_form import (
    CityObject,
    Document,
    Geometry,
    Vertices,
    bad_object,
    read_document,
    read_object,
)
from hapgang.twin.exchange.cityjson_surfaces import Body, body_of
from hapgang.twin.layers import Buildings
from hapgang.twin.projection import Projection
from hapgang.twin.tables import SceneError

_STOREY_M = 3.0  # OpenStreetMap wiki, "Simple 3D Buildings"
_KIND_ELSE = "mixed"  # as where a map leaves it open
_HIGHEST_M = 1000.0
_EPSG = re.compile(r"^https?://www\.opengis\.net/def/crs/EPSG/[^/]+/(\d+)$")


@dataclass(frozen=True, eq=False, kw_only=True)
class ReadBuildings:
    """What a file holds: columns for `write_table`, and what was assumed or left out, counted.

    assumed: buildings by the column whose value the file does not say. ignored: objects of other
    types. refused: buildings that could not be read, where one was not to stop the rest.
    """

    columns: Mapping[str, Any]
    epsg: int
    assumed: Mapping[str, int]
    ignored: Mapping[str, int]
    refused: Mapping[str, SceneError]


def read_cityjson(path: Path, *, epsg: int | None = None, is_strict: bool = True) -> ReadBuildings:
    """Read the buildings of a file; `epsg` where the file does not say its coordinate system.

    The first bad object is raised as a `SceneError` that names it; without `is_strict` bad
    buildings are set aside in `refused`.
    """
    document = read_document(path)
    projection = Projection(_epsg(path, document) or _given(path, epsg))
    things = {name: read_object(path, name, raw) for name, raw in document.city_objects.items()}
    reader = _Reader(path.name, things, Vertices(path, document), projection)
    rows, refused = [], {}
    for name in (name for name, thing in things.items() if thing.type == "Building"):
        try:
            rows.append(reader.row(name))
        except SceneError as error:
            if is_strict:
                raise
            refused[name] = error
    columns: dict[str, Any] = {
        c.name: [row[c.name] for row in rows] for c in Buildings.table.columns
    }
    columns["geometry"] = np.array(columns["geometry"], dtype=object)
    kinds = (t.type for t in things.values() if t.type not in ("Building", "BuildingPart"))
    return ReadBuildings(
        columns=columns,
        epsg=projection.epsg,
        assumed=dict(sorted((+reader.assumed).items())),
        ignored=dict(sorted(Counter(kinds).items())),
        refused=refused,
    )


def _epsg(path: Path, document: Document) -> int | None:
    named = document.metadata.reference_system
    if named is None:
        return None
    found = _EPSG.match(named)
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


class _Reader:
    """Turns the objects of one file into rows, counting what it had to assume."""

    def __init__(
        self,
        file: str,
        things: Mapping[str, CityObject],
        vertices: Vertices,
        projection: Projection,
    ) -> None:
        self.file, self.things, self.vertices = file, things, vertices
        self.projection = projection
        self.assumed: Counter[str] = Counter()

    def row(self, name: str) -> dict[str, Any]:
        """Return a building's row, by the names of the columns."""
        facts = self.things[name].attributes or {}
        body = self._body(name, facts)
        self.assumed["geometry"] += body.is_outline
        lonlat = shapely.transform(
            body.footprint, lambda xy: np.column_stack(self.projection.to_lonlat(*xy.T))
        )
        middle = shapely.point_on_surface(lonlat)
        floors = self._count(name, facts, "storeysAboveGround", "floors", 2**15)
        if floors is None:
            floors = max(1, round(body.height_m / _STOREY_M))
        area_m2 = self._number(name, facts, "floor_area_m2", "floor_area_m2")
        return {
            "building": name,
            "zone": self._text(facts, "zone"),
            "kind": self._kind(facts),
            "base_m": body.base_m,
            "height_m": body.height_m,
            "floors": floors,
            "dwellings": self._count(name, facts, "dwellings", "dwellings", 2**31) or 0,
            "floor_area_m2": body.footprint.area * floors if area_m2 is None else area_m2,
            "jobs": self._count(name, facts, "jobs", "jobs", 2**31) or 0,
            "lon": middle.x,
            "lat": middle.y,
            "geometry": lonlat,
        }

    def _body(self, name: str, facts: Mapping[str, Any]) -> Body:
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
            height = self._number(name, facts, "measuredHeight", "height_m")
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

    def _kind(self, facts: Mapping[str, Any]) -> str:
        """Return the first function; files may list several."""
        named = facts.get("function")
        found = self._text({"function": named[0] if isinstance(named, list) and named else named},
                           "function")  # fmt: skip
        if found is None:
            self.assumed["kind"] += 1
        return found or _KIND_ELSE

    def _text(self, facts: Mapping[str, Any], key: str) -> str | None:
        value = facts.get(key)
        return value if isinstance(value, str) and value else None

    def _number(self, name: str, facts: Mapping[str, Any], key: str, column: str) -> float | None:
        value = facts.get(key)
        if value is None:
            self.assumed[column] += 1
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise bad_object(
                self.file, name, f"{key} must be a number from 0 on, not {_shown(value)}",
                f"{key}은(는) 0 이상의 수여야 합니다: {_shown(value)}",
            )  # fmt: skip
        return float(value)

    def _count(
        self, name: str, facts: Mapping[str, Any], key: str, column: str, below: int
    ) -> int | None:
        value = self._number(name, facts, key, column)
        if value is not None and (value != int(value) or value >= below):
            raise bad_object(
                self.file, name, f"{key} must be a whole number below {below}, not {value:g}",
                f"{key}은(는) {below} 미만의 정수여야 합니다: {value:g}",
            )  # fmt: skip
        return None if value is None else int(value)


def _shown(value: object) -> str:
    return msgspec.json.encode(value).decode()[:40]
