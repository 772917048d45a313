"""The buses of a tiled city: each copy's own stops, routes and trips, as plain GTFS."""

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.tiling import Tiling

# What names something of a copy, by file; agencies and calendars are shared.
_OWN = {
    "stops.txt": ("stop_id", "parent_station"),
    "routes.txt": ("route_id",),
    "trips.txt": ("route_id", "trip_id"),
    "stop_times.txt": ("trip_id", "stop_id"),
}
_NEAR_M = 500.0  # of a copy's streets: farther stops are beyond the map and stay where they are


def write_transit(source: Path, folder: Path, tiling: Tiling) -> None:
    """Write the feed of all copies."""
    folder.mkdir()
    for path in sorted(source.glob("*.txt")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, names = list(reader), list(reader.fieldnames or ())
        if path.name in _OWN:
            rows = [row for tile in range(tiling.count) for row in _copy(path, rows, tile, tiling)]
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _copy(
    path: Path, rows: list[dict[str, str]], tile: int, tiling: Tiling
) -> Iterable[dict[str, str]]:
    own = [name for name in _OWN[path.name] if rows and name in rows[0]]
    copies = [
        {**row, **{name: f"{row[name]}.{tile + 1}" for name in own if row[name]}} for row in rows
    ]
    if path.name != "stops.txt":
        return copies
    lonlat = np.array([(float(row["stop_lon"]), float(row["stop_lat"])) for row in rows])
    xy = tiling.projection.xy(lonlat[:, 0], lonlat[:, 1])
    low, high = tiling.bounds_m
    near = np.all((xy >= low - _NEAR_M) & (xy <= high + _NEAR_M), axis=1)
    lonlat = np.where(np.reshape(near, (-1, 1)), tiling.moved(lonlat, tile), lonlat)
    for row, (lon, lat) in zip(copies, lonlat.tolist(), strict=True):
        row["stop_lon"], row["stop_lat"] = f"{lon:.6f}", f"{lat:.6f}"
    return copies
