"""A scene: one version of a city's model, with one scenario's changes made."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta

from hapgang.core.errors import NotFound
from hapgang.core.text import Text
from hapgang.twin.ground import FILE as GROUND
from hapgang.twin.ground import Ground, read_ground
from hapgang.twin.gtfs_read import read_timetable
from hapgang.twin.layers import (
    EXTRAS,
    SCHEMA,
    Areas,
    Buildings,
    Links,
    Nodes,
    Places,
    Rows,
    Trees,
    Utilities,
    Zones,
)
from hapgang.twin.projection import Projection
from hapgang.twin.scenario import Scenario, apply_changes, read_scenario, routes_of_scenarios
from hapgang.twin.tables import Array, SceneError, no_rows, read_table
from hapgang.twin.timetable import Timetable

_LAYERS = {**SCHEMA, **EXTRAS}


class CitySource(msgspec.Struct, frozen=True):
    """Where facts of a city come from."""

    title: str
    licence: str
    what: str


class CityFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`city.toml`: what is known of the city as a whole."""

    format: Literal[1]
    name: str
    title: Text
    time_zone: str
    centre: tuple[Annotated[float, Meta(ge=-180, le=180)], Annotated[float, Meta(ge=-90, le=90)]]
    epsg: int
    residents: Annotated[int, Meta(ge=0)]
    country: str
    geoid_m: Annotated[float, Meta(ge=-120, le=120)] = 0.0  # the sea above the WGS 84 ellipsoid
    sources: tuple[CitySource, ...] = ()
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Scene:
    """A city as data: read-only, the same for everybody who holds it.

    `version` is a digest of the files and of the changes made to them since.
    """

    name: str
    title: Text
    time_zone: str
    epsg: int
    projection: Projection
    residents: int
    facts: CityFacts
    nodes: Nodes
    links: Links
    buildings: Buildings
    zones: Zones
    places: Places
    areas: Areas
    trees: Trees
    utilities: Utilities
    ground: Ground
    timetable: Timetable | None
    scenario: Scenario
    version: str


def load_scene(folder: Path, scenario: str | Scenario = "today") -> Scene:
    """Read a city's folder, check it, and make the changes of a scenario: one of its own, or any.

    Own scenarios go by their names.
    """
    facts = read_facts(folder)
    plan = read_scenario(folder, scenario) if isinstance(scenario, str) else scenario
    projection = Projection(facts.epsg)
    tables = {name: _layer(folder, layer, projection) for name, layer in _LAYERS.items()}
    _check_references(tables)
    timetable = None
    if (folder / "transit").is_dir():
        timetable = read_timetable(folder / "transit", projection, routes_of_scenarios(folder))
    scene = Scene(
        name=facts.name,
        title=facts.title,
        time_zone=facts.time_zone,
        epsg=facts.epsg,
        projection=projection,
        residents=facts.residents,
        facts=facts,
        ground=read_ground(folder),
        timetable=timetable,
        scenario=plan,
        version=content_version(folder),
        **tables,
    )
    return replace(apply_changes(scene, plan.changes), scenario=plan)


def read_facts(folder: Path) -> CityFacts:
    """Read and check `city.toml`."""
    path = folder / "city.toml"
    if not path.is_file():
        raise NotFound(
            f"{folder} is no city: it has no city.toml", f"{folder}에 city.toml이 없습니다"
        )
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), CityFacts)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise SceneError.at("city.toml", str(error), str(error)) from error


def _layer(folder: Path, layer: type[Rows], projection: Projection) -> Any:
    is_there = layer not in EXTRAS.values() or (folder / layer.table.file).is_file()
    columns = read_table(folder, layer.table) if is_there else no_rows(layer.table)
    if "geometry" in columns:
        columns["wkb"] = columns.pop("geometry")
    if "lon" in columns:
        xy = projection.xy(columns["lon"], columns["lat"]) if len(columns["lon"]) else _NOWHERE
        xy.flags.writeable = False
        columns["xy"] = xy
    return layer(**columns)


_NOWHERE = np.zeros((0, 2))


def _check_references(tables: Mapping[str, Any]) -> None:
    nodes, links = tables["nodes"], tables["links"]
    _check(
        nodes,
        "node",
        nodes.node != np.arange(len(nodes)),
        "must be the number of its row",
        "행 번호와 같아야 합니다",
    )
    for end in ("source", "target"):
        missing = getattr(links, end) >= len(nodes)
        _check(
            links, end, missing, "is not in street_nodes.parquet", "street_nodes.parquet에 없습니다"
        )
    for name in ("buildings", "places"):
        zone = tables[name].zone
        known = tables["zones"].row_of
        missing = np.array([z is not None and z not in known for z in zone], dtype=np.bool_)
        _check(tables[name], "zone", missing, "is not in zones.parquet", "zones.parquet에 없습니다")
    building = tables["places"].building
    known = tables["buildings"].row_of
    missing = np.array([b is not None and b not in known for b in building], dtype=np.bool_)
    _check(
        tables["places"],
        "building",
        missing,
        "is not in buildings.parquet",
        "buildings.parquet에 없습니다",
    )


def _check(layer: Rows, column: str, bad: Array, en: str, ko: str) -> None:
    if bad.any():
        row = int(np.argmax(bad))
        value = getattr(layer, column)[row]
        raise SceneError.at(
            layer.table.file, f"“{value}” {en}", f"“{value}” {ko}", column=column, row=row
        )


_versions: dict[str, tuple[tuple[tuple[str, int, int], ...], str]] = {}


def content_version(folder: Path) -> str:
    """Return the SHA-256 over the names and contents of a city's model, scenarios left out.

    Remembered until a file's size or time of change differs.
    """
    names = ["city.toml", GROUND, *(layer.table.file for layer in _LAYERS.values())]
    names += sorted(f"transit/{path.name}" for path in (folder / "transit").glob("*.txt"))
    paths = [(name, folder / name) for name in names if (folder / name).is_file()]
    stamp = tuple((name, p.stat().st_size, p.stat().st_mtime_ns) for name, p in paths)
    key = str(folder.resolve())
    if key not in _versions or _versions[key][0] != stamp:
        digest = sha256()
        for name, path in paths:
            content = path.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        _versions[key] = (stamp, digest.hexdigest())
    return _versions[key][1]
