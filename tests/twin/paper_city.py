"""A city drawn on paper: nodes in metres, streets, areas and a timetable, written as a folder."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from hapgang.twin.ground import Ground, write_ground
from hapgang.twin.layers import SCHEMA
from hapgang.twin.modes import Modes
from hapgang.twin.projection import Projection
from hapgang.twin.tables import write_table

EPSG = 32652
ORIGIN_M = (350_000.0, 4_040_000.0)
EVERYBODY = int(Modes.WALK | Modes.BICYCLE | Modes.PM | Modes.CAR | Modes.SERVICE)
# name, source, target, and anything that differs from a street of 50 km/h for everybody
Street = tuple[str, int, int, Mapping[str, Any]]


def shared_data() -> Path:
    """Where the public data lie; skips the test where they do not."""
    default = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    folder = Path(os.environ.get("HAPGANG_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"no public data in {folder}; set HAPGANG_DATA")
    return folder


def lonlat(xy_m: Sequence[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Degrees of places given in metres from the origin."""
    xy = np.array(xy_m, "f8").reshape(-1, 2) + ORIGIN_M
    return Projection(EPSG).to_lonlat(*xy.T)


def both_ways(*streets: Street) -> list[Street]:
    """Each street and its way back, whose name ends in r."""
    return [
        one
        for name, a, b, other in streets
        for one in ((name, a, b, other), (f"{name}r", b, a, other))
    ]


def square(x: float, y: float, side: float) -> shapely.Polygon:
    """A square around a place, in degrees."""
    h = side / 2
    corners = [(x - h, y - h), (x + h, y - h), (x + h, y + h), (x - h, y + h)]
    return shapely.Polygon(np.column_stack(lonlat(corners)))


def write_city(
    folder: Path,
    nodes_m: Sequence[tuple[float, float]],
    streets: Sequence[Street],
    *,
    heights_m: Sequence[float] | None = None,
    areas: Mapping[str, tuple[str, shapely.Polygon]] | None = None,
    zones_m: Sequence[tuple[float, float]] = ((0, 0),),
    transit: Mapping[str, str] | None = None,
    scenarios: Mapping[str, str] | None = None,
) -> Path:
    """Write the city; lengths are those of straight lines unless a street says otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    lon, lat = lonlat(nodes_m)
    n = len(nodes_m)
    facts = (
        'format = 1\nname = "paper"\ntitle = { en = "Paper", ko = "종이" }\n'
        f'time_zone = "Asia/Seoul"\ncentre = [{lon[0]}, {lat[0]}]\nepsg = {EPSG}\n'
        'residents = 10\ncountry = "KR"\n'
    )
    (folder / "city.toml").write_text(facts, "utf-8")
    write_table(
        folder,
        SCHEMA["nodes"].table,
        {
            "node": np.arange(n),
            "lon": lon,
            "lat": lat,
            "elevation_m": np.zeros(n) if heights_m is None else heights_m,
        },
    )
    write_table(folder, SCHEMA["links"].table, _links(nodes_m, streets))
    _write_rest(folder, areas or {}, zones_m)
    bounds = (lon.min() - 0.01, lat.min() - 0.01, lon.max() + 0.01, lat.max() + 0.01)
    write_ground(folder, Ground(elevation_m=np.zeros((2, 2), "f4"), bounds=bounds))
    (folder / "scenarios").mkdir(exist_ok=True)
    title = 'title = { en = "T", ko = "T" }\n'
    for name, text in {"today": "", **(scenarios or {})}.items():
        (folder / "scenarios" / f"{name}.toml").write_text(title + text, "utf-8")
    if transit is not None:
        (folder / "transit").mkdir(exist_ok=True)
        for name, text in transit.items():
            (folder / "transit" / name).write_text(text, "utf-8")
    return folder


def _links(nodes_m: Sequence[tuple[float, float]], streets: Sequence[Street]) -> dict[str, Any]:
    lon, lat = lonlat(nodes_m)
    source = [street[1] for street in streets]
    target = [street[2] for street in streets]
    straight = [float(np.hypot(*np.subtract(nodes_m[a], nodes_m[b]))) for _, a, b, _ in streets]

    def column(name: str, default: Any) -> list[Any]:
        return [street[3].get(name, default) for street in streets]

    return {
        "link": [street[0] for street in streets],
        "source": source,
        "target": target,
        "length_m": [
            given or one for given, one in zip(column("length_m", None), straight, strict=True)
        ],
        "modes": column("modes", EVERYBODY),
        "speed_kmh": column("speed_kmh", 50.0),
        "lanes": column("lanes", 1.0),
        "capacity_veh_h": column("capacity_veh_h", 600.0),
        "kind": column("kind", "residential"),
        "name": column("name", None),
        "geometry": np.array(
            [
                shapely.LineString([(lon[a], lat[a]), (lon[b], lat[b])])
                for a, b in zip(source, target, strict=True)
            ],
            dtype=object,
        ),
    }


def _write_rest(
    folder: Path,
    areas: Mapping[str, tuple[str, shapely.Polygon]],
    zones_m: Sequence[tuple[float, float]],
) -> None:
    for layer in ("buildings", "places"):
        table = SCHEMA[layer].table
        write_table(folder, table, {column.name: [] for column in table.columns})
    write_table(
        folder,
        SCHEMA["areas"].table,
        {
            "area": list(areas),
            "kind": [kind for kind, _ in areas.values()],
            "title_en": list(areas),
            "title_ko": list(areas),
            "geometry": np.array([shape for _, shape in areas.values()], dtype=object),
        },
    )
    lon, lat = lonlat(zones_m)
    zeros = np.zeros(len(zones_m))
    numbers = ("population", "dwellings", "jobs", "school_places", "shops", "leisure", "health")
    write_table(
        folder,
        SCHEMA["zones"].table,
        {
            "zone": [f"z{i}" for i in range(len(zones_m))],
            "kind": ["block"] * len(zones_m),
            "lon": lon,
            "lat": lat,
            **dict.fromkeys(numbers, zeros),
            "geometry": np.array([square(x, y, 100) for x, y in zones_m], dtype=object),
        },
    )


def gtfs(**tables: str) -> dict[str, str]:
    """A feed's files with one bus route A of stops s0, s1, ... at the nodes of a street, daily."""
    lon, lat = lonlat([(0, 0), (1000, 0), (2000, 0), (3000, 0)])
    stops = "".join(f"s{i},Stop {i},{lat[i]:.7f},{lon[i]:.7f}\n" for i in range(4))
    feed = {
        "agency": "agency_id,agency_name,agency_url,agency_timezone\nX,X,,Asia/Seoul\n",
        "stops": "stop_id,stop_name,stop_lat,stop_lon\n" + stops,
        "routes": "route_id,route_type\nA,3\nB,3\n",
        "trips": "trip_id,route_id,service_id\na1,A,D\na2,A,D\nb1,B,D\n",
        "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
        "start_date,end_date\nD,1,1,1,1,1,1,1,20260101,20261231\n",
        "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "a1,08:00:00,08:00:00,s0,1\na1,08:02:00,08:03:00,s1,2\na1,08:05:00,08:05:00,s2,3\n"
        "a2,09:00:00,09:00:00,s0,1\na2,09:02:00,09:03:00,s1,2\na2,09:05:00,09:05:00,s2,3\n"
        "b1,08:07:00,08:07:00,s2,1\nb1,08:10:00,08:10:00,s3,2\n",
    }
    return {f"{name}.txt": text for name, text in {**feed, **tables}.items() if text}
