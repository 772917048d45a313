"""A city many times over: copies of a city's folder side by side, joined by streets at their edges.

Every copy has its own streets, zones, buildings, places, trees, pipes, stops and buses; what lies
beyond the map (Daejeon, Seoul) is there once for all of them, with as many times the jobs. Nothing
of it is a real city: it is as large as a measurement wants one, and people may go from any copy to
any other.

python -m benchmarks.tiled_city cities/sejong /tmp/ten 10
"""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.tiled_transit import write_transit
from benchmarks.tiling import Column, Columns, Tiling
from hapgang.twin.ground import Ground, read_ground, write_ground
from hapgang.twin.layers import EXTRAS, SCHEMA
from hapgang.twin.modes import Modes
from hapgang.twin.scene import read_facts
from hapgang.twin.tables import write_table

_LAYERS = {**SCHEMA, **EXTRAS}
_PER_COPY = ("jobs", "school_places", "shops", "leisure", "health")  # of zones that are shared
# The streets that join two copies: who may go there, kind, km/h, lanes, vehicles an hour, how many.
_ON_WHEELS = int(Modes.CAR | Modes.BUS | Modes.SHUTTLE | Modes.SERVICE)
_ON_FOOT = int(Modes.WALK | Modes.BICYCLE | Modes.PM)
_JOINTS = (
    (_ON_WHEELS, Modes.CAR, "primary", 60.0, 2.0, 3_600.0, 3),
    (_ON_FOOT, Modes.WALK, "path", 20.0, 1.0, 0.0, 2),
)
_GROUND_STEP_M = 40.0


def make_tiled_city(source: Path, folder: Path, tiles: int) -> Path:
    """Write the folder of a city that is so many times another one."""
    tiling = Tiling.of(source, tiles)
    shutil.copytree(
        source, folder,
        ignore=shutil.ignore_patterns("*.parquet", "*.npz", "*.py", "README.md", "generate",
                                      "transit", "__pycache__"),
    )  # fmt: skip
    layers = {"nodes": _nodes, "links": _links, "zones": _zones, "buildings": _copied,
              "places": _copied, "areas": _copied, "trees": _copied,
              "utilities": _copied}  # fmt: skip
    for name, make in layers.items():
        if name in tiling.tables:
            write_table(folder, _LAYERS[name].table, make(tiling, name))
    write_ground(folder, _ground(tiling, read_ground(source)))
    if (source / "transit").is_dir():
        write_transit(source / "transit", folder / "transit", tiling)
    for path in sorted((folder / "scenarios").glob("*.toml")):
        path.write_text(_scenario(path.read_text("utf-8"), tiles), "utf-8")
    _write_facts(tiling, source, folder)
    return folder


def named(names: Column, tile: int) -> Column:
    """Return the names of a copy's rows; nothing stays nothing."""
    return np.array([None if name is None else f"{name}.{tile + 1}" for name in names], object)


def _stacked(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _copied(tiling: Tiling, name: str) -> Columns:
    """Copy a table whole: its names, its places on the ground, and what it refers to."""
    return _stacked([_copy(tiling, name, tile) for tile in range(tiling.count)])


def _copy(tiling: Tiling, name: str, tile: int, rows: Any = slice(None)) -> Columns:
    table = {column: values[rows] for column, values in tiling.tables[name].items()}
    key = _LAYERS[name].table.key
    for column in dict.fromkeys((key, "zone", "building", "street")):
        if column in table and table[column].dtype == object:
            table[column] = named(table[column], tile)
    if name == "trees":  # are numbered
        table[key] = table[key] + tile * (int(table[key].max(initial=-1)) + 1)
    if "lon" in table:
        lonlat = tiling.moved(np.column_stack([table["lon"], table["lat"]]), tile)
        table["lon"], table["lat"] = lonlat.T
    if "geometry" in table:
        shapes = shapely.from_wkb(table["geometry"])
        table["geometry"] = shapely.transform(shapes, lambda points: tiling.moved(points, tile))
    return table


def _nodes(tiling: Tiling, name: str) -> Columns:
    nodes = tiling.tables[name]
    parts = [
        {column: values[~tiling.is_beyond] for column, values in nodes.items()}
        for _ in range(tiling.count)
    ]
    for tile, part in enumerate(parts):
        lonlat = tiling.moved(np.column_stack([part["lon"], part["lat"]]), tile)
        part["lon"], part["lat"] = lonlat.T
    parts.append({column: values[tiling.is_beyond] for column, values in nodes.items()})
    stacked = _stacked(parts)
    return {**stacked, "node": np.arange(len(stacked["node"]))}


def _links(tiling: Tiling, name: str) -> Columns:
    parts = [_copy(tiling, name, tile) for tile in range(tiling.count)]
    for tile, part in enumerate(parts):
        far = np.flatnonzero(part["kind"] == "outside")
        ends = part["source"][far], part["target"][far]
        part["geometry"][far] = shapely.linestrings(
            np.stack([_lonlat(tiling, tile, nodes) for nodes in ends], axis=1)
        )
        for end in ("source", "target"):
            part[end] = tiling.node(tile, part[end])
    return _stacked([*parts, *(_joints(tiling, a, b) for a, b in tiling.neighbours())])


def _lonlat(tiling: Tiling, tile: int, rows: Column) -> NDArray[np.float64]:
    """Return where a copy's nodes lie; the shared ones stay where they are."""
    nodes = tiling.tables["nodes"]
    lonlat = np.column_stack([nodes["lon"], nodes["lat"]])[rows]
    return np.where(tiling.is_beyond[rows][:, None], lonlat, tiling.moved(lonlat, tile))


def _joints(tiling: Tiling, a: int, b: int) -> Columns:
    """Return the streets between two copies, both ways: the shortest ones at different ends."""
    rows: list[dict[str, Any]] = []
    for modes, by, kind, speed_kmh, lanes, capacity, number in _JOINTS:
        for rank, (start, end, length_m) in enumerate(_nearest(tiling, a, b, by, number)):
            for way, (s, t) in {"f": ((a, start), (b, end)), "b": ((b, end), (a, start))}.items():
                ends = [_lonlat(tiling, tile, np.array([node]))[0] for tile, node in (s, t)]
                rows.append({
                    "link": f"joint.{a + 1}-{b + 1}:{kind}{rank}{way}",
                    "source": tiling.node(s[0], np.array(s[1])),
                    "target": tiling.node(t[0], np.array(t[1])), "length_m": length_m,
                    "modes": modes, "speed_kmh": speed_kmh, "lanes": lanes,
                    "capacity_veh_h": capacity, "kind": kind, "name": None,
                    "geometry": shapely.LineString(ends),
                })  # fmt: skip
    return {column: _column([row[column] for row in rows]) for column in rows[0]}


def _column(values: list[Any]) -> Column:
    kind = None if isinstance(values[0], int | float | np.integer) else object
    column = np.empty(len(values), kind or np.asarray(values).dtype)
    column[:] = values
    return column


def _nearest(
    tiling: Tiling, a: int, b: int, by: Modes, number: int
) -> list[tuple[int, int, float]]:
    """Return pairs of nodes, one in each copy, that are near one another and used once each."""
    links = tiling.tables["links"]
    used = (links["modes"] & by > 0) & np.isin(links["kind"], ("outside", "pm_lane"), invert=True)
    nodes = np.unique(np.concatenate([links["source"][used], links["target"][used]]))
    xy = tiling.node_xy[nodes]
    apart_m = np.hypot(
        *np.moveaxis((xy + tiling.offset_m(a))[:, None] - (xy + tiling.offset_m(b))[None], -1, 0)
    )
    pairs: list[tuple[int, int, float]] = []
    while len(pairs) < number:
        i, j = divmod(int(np.argmin(apart_m)), len(nodes))
        pairs.append((int(nodes[i]), int(nodes[j]), max(float(apart_m[i, j]), 1.0)))
        apart_m[i, :] = apart_m[:, j] = np.inf
    return pairs


def _zones(tiling: Tiling, name: str) -> Columns:
    """Copy the zones inside; those beyond are there once and hold more."""
    zones = tiling.tables[name]
    outside = zones["kind"] == "outside"
    parts = [_copy(tiling, name, tile, ~outside) for tile in range(tiling.count)]
    shared = {column: values[outside].copy() for column, values in zones.items()}
    shared["geometry"] = shapely.from_wkb(shared["geometry"])
    for column in _PER_COPY:
        shared[column] = shared[column] * tiling.count
    return _stacked([*parts, shared])


def _ground(tiling: Tiling, ground: Ground) -> Ground:
    """Return the heights under all copies, on a coarser grid."""
    west, south, east, north = ground.bounds
    corners = np.array([(west, south), (east, north), (west, north), (east, south)])
    every = np.vstack([tiling.moved(corners, tile) for tile in range(tiling.count)])
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    low, high = tiling.projection.xy([west, east], [south, north])
    columns, rows = np.ceil((high - low) / _GROUND_STEP_M).astype(int)
    lon = west + (np.arange(columns) + 0.5) * (east - west) / columns
    lat = north - (np.arange(rows) + 0.5) * (north - south) / rows
    lonlat = np.column_stack([part.ravel() for part in np.meshgrid(lon, lat)])
    height = np.full(len(lonlat), np.nan)
    xy = tiling.projection.xy(lonlat[:, 0], lonlat[:, 1])
    for tile in range(tiling.count):
        back = xy - tiling.offset_m(tile)
        found = ground.at(*tiling.projection.to_lonlat(back[:, 0], back[:, 1]))
        height = np.where(np.isnan(height), found, height)
    return Ground(
        elevation_m=height.reshape(rows, columns).astype(np.float32),
        bounds=(float(west), float(south), float(east), float(north)),
    )


def _scenario(text: str, tiles: int) -> str:
    """Return a scenario for all copies: a change of a route for each, fleets so many times."""
    head, *changes = re.split(r"(?m)^(?=\[\[change\]\]|\[service)", text)
    parts = [head]
    for change in changes:
        route = re.search(r'(?m)^route = "(.+)"$', change)
        if change.startswith("[[change]]") and route is not None:
            parts += [change.replace(route[0], f'route = "{route[1]}.{n + 1}"')
                      for n in range(tiles)]  # fmt: skip
        else:
            parts.append(
                re.sub(r"(_vehicles = )(\d+)", lambda m: m[1] + str(int(m[2]) * tiles), change)
            )
    return "".join(parts)


def _write_facts(tiling: Tiling, source: Path, folder: Path) -> None:
    """Write `city.toml`: another name, more residents, the middle of all copies."""
    facts, k = read_facts(source), tiling.count
    centres = np.vstack([tiling.moved(np.array([facts.centre]), tile) for tile in range(k)])
    lon, lat = centres.mean(axis=0)
    text = (source / "city.toml").read_text("utf-8")
    for key, value in (
        ("name", f'"{facts.name}-{k}-times"'), ("residents", facts.residents * k),
        ("centre", f"[{lon:.6f}, {lat:.6f}]"), ("en", f'"{facts.title.en}, {k} times"'),
        ("ko", f'"{facts.title.ko} {k}개"'),
    ):  # fmt: skip
        text = re.sub(rf"(?m)^{key} = .*$", f"{key} = {value}", text, count=1)
    (folder / "city.toml").write_text(text, "utf-8")


if __name__ == "__main__":
    print(make_tiled_city(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
