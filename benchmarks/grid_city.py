"""A city on squared paper, as large as a measurement wants it: streets, lines and their timetable.

Every other street has a line in both directions with a stop at every other corner; all are known to
OpenStreetMap and GTFS, so that the importer makes a city of it like of any other.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from hapgang.twin.importers import import_city

SIDE = 80  # streets in each direction
STEP_DEG = 0.0016  # some 150 to 180 m
LON, LAT = 127.0, 36.0
FIRST_S, LAST_S = 5 * 3600, 24 * 3600
HOP_S = 60  # from stop to stop, 340 m at 20 km/h
_FEED = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\na,Grid,http://grid,Asia/Seoul",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
                    "start_date,end_date\nd,1,1,1,1,1,1,1,20260101,20261231",
}  # fmt: skip


def make_grid_city(folder: Path, *, stop_times: int) -> Path:
    """Write and import the city with about so many stop times a day; return its folder."""
    source = folder / "source"
    source.mkdir(parents=True)
    osm = source / "grid.osm"
    osm.write_text("\n".join(_map()), "utf-8")
    feed = source / "feed"
    feed.mkdir()
    for name, text in _FEED.items():
        (feed / name).write_text(text, "utf-8")
    lines = [(way, number) for way in "ew" for number in range(1, SIDE, 2)]
    lines += [(way, number) for way in "ns" for number in range(1, SIDE, 2)]
    stops_a_line = SIDE // 2
    headway_s = (LAST_S - FIRST_S) * len(lines) * stops_a_line / stop_times
    (feed / "routes.txt").write_text("\n".join(_routes(lines)), "utf-8")
    (feed / "stops.txt").write_text("\n".join(_stops()), "utf-8")
    with (feed / "trips.txt").open("w") as trips, (feed / "stop_times.txt").open("w") as times:
        trips.write("route_id,service_id,trip_id\n")
        times.write("trip_id,arrival_time,departure_time,stop_id,stop_sequence\n")
        for line in lines:
            _write_line(line, headway_s, trips, times)
    city = folder / "grid"
    import_city("grid", osm=osm, gtfs=[feed], folder=city, residents=100_000)
    return city


def _map() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">'
    for row in range(SIDE):
        for column in range(SIDE):
            lat, lon = LAT + row * STEP_DEG, LON + column * STEP_DEG
            yield f'<node id="{_node(row, column)}" version="1" lat="{lat:.6f}" lon="{lon:.6f}"/>'
    tag = '<tag k="highway" v="residential"/>'
    for number in range(SIDE):
        for way, cells in enumerate((
            [(number, at) for at in range(SIDE)], [(at, number) for at in range(SIDE)],
        )):  # fmt: skip
            refs = "".join(f'<nd ref="{_node(*cell)}"/>' for cell in cells)
            yield f'<way id="{100_000 + 2 * number + way}" version="1">{refs}{tag}</way>'
    yield "</osm>"


def _node(row: int, column: int) -> int:
    return 1 + row * SIDE + column


def _routes(lines: list[tuple[str, int]]) -> Iterator[str]:
    yield "route_id,agency_id,route_short_name,route_long_name,route_type"
    for way, number in lines:
        yield f"{way}{number},a,{way}{number},,3"


def _stops() -> Iterator[str]:
    yield "stop_id,stop_name,stop_lat,stop_lon"
    for row in range(SIDE):
        for column in range(SIDE):
            if row % 2 or column % 2:
                lat, lon = LAT + row * STEP_DEG + 0.0001, LON + column * STEP_DEG + 0.0001
                yield f"{row}-{column},Corner {row}/{column},{lat:.6f},{lon:.6f}"


def _write_line(line: tuple[str, int], headway_s: float, trips: TextIO, times: TextIO) -> None:
    way, number = line
    places = range(0, SIDE, 2) if way in "en" else range(SIDE - 1, -1, -2)
    stops = [f"{number}-{at}" if way in "ew" else f"{at}-{number}" for at in places]
    begin_s = FIRST_S + (_number_of(line) % int(headway_s))
    for trip in range(int((LAST_S - begin_s) / headway_s)):
        name = f"{way}{number}-{trip}"
        trips.write(f"{way}{number},d,{name}\n")
        start_s = int(begin_s + trip * headway_s)
        times.write(
            "".join(
                f"{name},{_clock(start_s + i * HOP_S)},{_clock(start_s + i * HOP_S)},{stop},{i}\n"
                for i, stop in enumerate(stops)
            )
        )


def _number_of(line: tuple[str, int]) -> int:
    """Return a number for a line that is the same in every process."""
    return line[1] * 7919 + ord(line[0]) * 104_729


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
