"""A city of three by three blocks, written to a folder: small enough to think about."""

from pathlib import Path

import numpy as np
from shapely.geometry import LineString, Polygon, box

from hapgang.twin.layers import SCHEMA
from hapgang.twin.tables import write_table

LON, LAT, STEP = 127.30, 36.51, 0.002  # some 180 m by 220 m
_ALL = 1 | 2 | 4 | 8 | 16 | 32 | 64
_FACTS = """format = 1
name = "small"
title = {{en = "Small city", ko = "작은 도시"}}
time_zone = "Asia/Seoul"
centre = [127.303, 36.513]
epsg = 5186
residents = {residents}
country = "KR"
sources = [{{title = "none", licence = "Apache-2.0", what = "made for tests"}}]
"""
_SCENARIO = 'title = {{en = "{name}", ko = "{name}"}}\nservices = [{services}]\n'


def write_small_city(folder: Path, *, services: str = "", residents: int = 400) -> Path:
    """Write the city and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text(_FACTS.format(residents=residents))
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios/today.toml").write_text(_SCENARIO.format(name="today", services=""))
    (folder / "scenarios/plan.toml").write_text(_SCENARIO.format(name="plan", services=services))
    write_table(folder, SCHEMA["nodes"].table, _nodes())
    write_table(folder, SCHEMA["links"].table, _links())
    _write_blocks(folder, residents)
    bounds = np.array([LON - 0.01, LAT - 0.01, LON + 0.02, LAT + 0.02])
    np.savez(folder / "ground.npz", elevation_m=np.full((8, 8), 20.0, "f4"), bounds=bounds)
    return folder


def _nodes() -> dict[str, object]:
    row, column = np.divmod(np.arange(16), 4)
    return {
        "node": np.arange(16),
        "lon": LON + column * STEP,
        "lat": LAT + row * STEP,
        "elevation_m": np.full(16, 20.0),
    }


def _links() -> dict[str, object]:
    pairs = [(a, b) for a in range(16) for b in (a + 1, a + 4) if b < 16 and (b != a + 1 or b % 4)]
    ends = np.array([end for a, b in pairs for end in ((a, b), (b, a))])
    nodes = _nodes()
    at = np.stack([nodes["lon"], nodes["lat"]], axis=1)
    n = len(ends)
    return {
        "link": np.array([f"l{a}-{b}" for a, b in ends.tolist()], object),
        "source": ends[:, 0],
        "target": ends[:, 1],
        "length_m": np.where(np.abs(ends[:, 0] - ends[:, 1]) == 1, 179.0, 222.0),
        "modes": np.full(n, _ALL),
        "speed_kmh": np.full(n, 30.0),
        "lanes": np.ones(n),
        "capacity_veh_h": np.full(n, 600.0),
        "kind": np.array(["residential"] * n, object),
        "name": np.array([None] * n, object),
        "geometry": [LineString(at[list(pair)]) for pair in ends],
    }


def _write_blocks(folder: Path, residents: int) -> None:
    row, column = np.divmod(np.arange(9), 3)
    west, south = LON + column * STEP, LAT + row * STEP
    lon, lat = west + STEP / 2, south + STEP / 2
    names = np.array([f"z{i}" for i in range(9)], object)
    places = np.array([f"p{i}" for i in range(9)], object)
    blocks = [box(w, s, w + STEP, s + STEP) for w, s in zip(west, south, strict=True)]
    homes = -(-residents // 18)
    write_table(
        folder,
        SCHEMA["zones"].table,
        {
            "zone": names, "kind": np.array(["block"] * 9, object), "lon": lon, "lat": lat,
            "population": np.full(9, residents // 9), "dwellings": np.full(9, homes),
            "jobs": np.full(9, residents // 18), "school_places": np.full(9, residents // 50 + 1),
            "shops": np.ones(9), "leisure": np.ones(9), "health": np.ones(9), "geometry": blocks,
        },
    )  # fmt: skip
    write_table(
        folder,
        SCHEMA["buildings"].table,
        {
            "building": np.array([f"b{i}" for i in range(9)], object), "zone": names,
            "kind": np.array(["mixed"] * 9, object), "base_m": np.full(9, 20.0),
            "height_m": np.full(9, 12.0), "floors": np.full(9, 4), "dwellings": np.full(9, homes),
            "floor_area_m2": np.full(9, 4000.0), "jobs": np.full(9, residents // 18), "lon": lon,
            "lat": lat, "geometry": [block.buffer(-STEP / 4) for block in blocks],
        },
    )  # fmt: skip
    write_table(
        folder,
        SCHEMA["places"].table,
        {
            "place": places, "kind": np.array(["pm_station"] * 9, object), "title_en": names,
            "title_ko": names, "capacity": np.full(9, 12), "zone": names,
            "building": np.array([None] * 9, object), "lon": lon, "lat": lat,
            "source": np.array([None] * 9, object),
        },
    )  # fmt: skip
    edge = box(LON - STEP, LAT - STEP, LON + 4 * STEP, LAT + 4 * STEP)
    pond = Polygon(box(LON + 2.2 * STEP, LAT + 2.2 * STEP, LON + 2.4 * STEP, LAT + 2.4 * STEP))
    write_table(
        folder,
        SCHEMA["areas"].table,
        {
            "area": np.array(["boundary", "pond"], object),
            "kind": np.array(["boundary", "water"], object),
            "title_en": np.array(["City", "Pond"], object),
            "title_ko": np.array(["도시", "연못"], object),
            "geometry": [edge, pond],
        },
    )
