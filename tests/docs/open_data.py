"""Open data of a town that never was: a map, timetables, a grid and heights, some of it dirty."""

from pathlib import Path

import h3
import numpy as np
import osmium
import tifffile

from tests.twin.osm_paper import LAT, LON, write_osm, write_zip
from tests.twin.paper_city import gtfs

STEP = 0.002  # degrees: some 200 m
SIDE = 6
_GEO_KEYS = (1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326)  # WGS 84, degrees


def write_open_data(folder: Path) -> None:
    """Write what the guide asks for: town.osm.pbf, bus.zip, cells.csv and heights.tif."""
    folder.mkdir(parents=True)
    _map(folder)
    _bus(folder)
    _cells(folder)
    _heights(folder)


def _map(folder: Path) -> None:
    nodes = {
        1 + row * SIDE + column: (column * STEP, row * STEP)
        for row in range(SIDE)
        for column in range(SIDE)
    }
    rows = [[1 + r * SIDE + c for c in range(SIDE)] for r in range(SIDE)]
    lines = [*rows, *([row[c] for row in rows] for c in range(SIDE))]
    tags = {"highway": "residential"}
    ways: list[tuple[int, list[int], dict[str, str]]] = [
        (100 + i, line, {**tags, "name": f"Street {i}"}) for i, line in enumerate(lines)
    ]
    ways.append((150, [1, 999], tags))  # a node that the map does not have
    paper = write_osm(
        folder / "town.osm", nodes, ways, tagged={8: {"shop": "bakery", "addr:country": "KR"}}
    )
    with osmium.SimpleWriter(folder / "town.osm.pbf") as out:
        for thing in osmium.FileProcessor(paper):
            out.add(thing)
    paper.unlink()


def _bus(folder: Path) -> None:
    stops = "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
        f"s{i},Stop {i},{LAT + 0.0001},{LON + STEP * i}\n" for i in range(4)
    )
    times = gtfs()["stop_times.txt"] + "a1,08:09:00,08:09:00,s99,4\n"  # no such stop
    write_zip(folder / "bus.zip", gtfs(stops=stops, stop_times=times))


def _cells(folder: Path) -> None:
    middles = [(LAT + r * STEP, LON + c * STEP) for r in range(SIDE) for c in range(SIDE)]
    cells = sorted({h3.latlng_to_cell(*middle, 9) for middle in middles})
    rows = [f"{cell},{60 + i},{20 + i},1,0" for i, cell in enumerate(cells)]
    rows.append("nonsense,5,5,0,0")
    text = "\n".join(["id,population,jobs,schools,healthcare", *rows])
    (folder / "cells.csv").write_text(text, "utf-8")


def _heights(folder: Path) -> None:
    size, cell = 60, 0.0005
    heights = np.linspace(20, 60, size * size, dtype="f4").reshape(size, size)
    tags = [
        (33550, "d", 3, (cell, cell, 0.0), True),
        (33922, "d", 6, (0.0, 0.0, 0.0, LON - 0.01, LAT + 0.02, 0.0), True),
        (34735, "H", 12, _GEO_KEYS, True),
    ]
    tifffile.imwrite(folder / "heights.tif", heights, extratags=tags)
