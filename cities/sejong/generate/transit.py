"""Buses, BRT and trains as GTFS text files.

Running times between stops: the straight line times the detour of `facts`, at the line's speed
between stops, and a stop at each (`lines.toml`). Source of the format: General Transit Feed
Specification, reference.
"""

import csv
import io
import tomllib
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from cities.sejong.generate import facts
from cities.sejong.generate.plane import bend, lonlat, to_xy

TABLE = Path(__file__).with_name("lines.toml")
FIRST_DAY, LAST_DAY, VERSION = "20230101", "20351231", "1"
_AGENCIES = (
    ("sctc", "세종도시교통공사", "https://www.sctc.kr"),
    ("korail", "한국철도공사", "https://www.letskorail.com"),
)
_DETOUR_BRT = 1.18  # ASSUMED: the BRT's own road is straighter than a drive

Rows = list[tuple[str | int | float, ...]]


@cache
def read() -> dict[str, list[dict[str, Any]]]:
    """Stops and lines, in the order of `lines.toml`."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


@cache
def _stop_xy() -> dict[str, tuple[float, float]]:
    out = {}
    for stop in read()["stop"]:
        if "uv" in stop:
            x, y = bend(np.array([stop["uv"]], dtype=np.float64))[0]
        else:
            x, y = to_xy(np.array([(stop["lon"], stop["lat"])]))[0]
        out[str(stop["id"])] = (float(x), float(y))
    return out


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def run_s(line: dict[str, Any], stops: list[str]) -> list[tuple[int, int]]:
    """Arrival and departure at each stop, seconds after the first departure, to 5 s."""
    xy = _stop_xy()
    detour = _DETOUR_BRT if line["id"] in {"B0", "B4", "SD"} else facts.DETOUR
    now, out = 0, [(0, 0)]
    for a, b in pairwise(stops):
        metres = detour * float(np.hypot(xy[b][0] - xy[a][0], xy[b][1] - xy[a][1]))
        ride = metres / (float(line["speed_kmh"]) / 3.6)
        arrive = now + 5 * max(6, round(ride / 5))
        now = arrive + int(line["dwell_s"])
        out.append((arrive, now))
    out[-1] = (out[-1][0], out[-1][0])
    return out


def _departures(first: str, last: str, minutes: int) -> range:
    return range(_seconds(first), _seconds(last) + 1, minutes * 60)


def _trips() -> tuple[Rows, Rows]:
    trips: Rows = []
    times: Rows = []
    for line in read()["line"]:
        for service in ("weekday", "weekend"):
            for direction, stops in enumerate((line["stops"], line["stops"][::-1])):
                run = run_s(line, stops)
                for n, start in enumerate(_departures(*line[service]), start=1):
                    trip = f"{line['id']}_{service}_{direction}_{n:03d}"
                    trips.append((line["id"], service, trip, _headsign(stops), direction))
                    times += [
                        (trip, _clock(start + a), _clock(start + d), stop, k)
                        for k, (stop, (a, d)) in enumerate(zip(stops, run, strict=True), start=1)
                    ]
    return trips, times


def _headsign(stops: list[str]) -> str:
    """The last stop; a circle line names the stop half-way round."""
    far = stops[len(stops) // 2] if stops[0] == stops[-1] else stops[-1]
    name = {str(s["id"]): str(s["name"]) for s in read()["stop"]}[far]
    return name.split(" (")[0]


def _stops() -> Rows:
    degrees = lonlat(np.array(list(_stop_xy().values())))
    return [
        (s["id"], s["name"], f"{lat:.6f}", f"{lon:.6f}")
        for s, (lon, lat) in zip(read()["stop"], degrees, strict=True)
    ]


def _calendar() -> Rows:
    span = (FIRST_DAY, LAST_DAY)
    return [("weekday", 1, 1, 1, 1, 1, 0, 0, *span), ("weekend", 0, 0, 0, 0, 0, 1, 1, *span)]


def _text(head: str, rows: Iterable[tuple[str | int | float, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head.split())
    writer.writerows(rows)
    return out.getvalue()


def files() -> dict[str, str]:
    """Every file of the feed, by name."""
    trips, times = _trips()
    agency = [(*a, "Asia/Seoul", "ko") for a in _AGENCIES]
    routes = [
        (
            x["id"],
            "korail" if x["type"] == 2 else "sctc",
            x["id"],
            f"{x['ko']} ({x['en']})",
            x["type"],
        )
        for x in read()["line"]
    ]
    feed = [("Hapgang", "https://hapgang.example/", "ko", FIRST_DAY, LAST_DAY, VERSION)]
    days = "monday tuesday wednesday thursday friday saturday sunday"
    return {
        "agency.txt": _text("agency_id agency_name agency_url agency_timezone agency_lang", agency),
        "stops.txt": _text("stop_id stop_name stop_lat stop_lon", _stops()),
        "routes.txt": _text(
            "route_id agency_id route_short_name route_long_name route_type", routes
        ),
        "trips.txt": _text("route_id service_id trip_id trip_headsign direction_id", trips),
        "stop_times.txt": _text("trip_id arrival_time departure_time stop_id stop_sequence", times),
        "calendar.txt": _text(f"service_id {days} start_date end_date", _calendar()),
        "feed_info.txt": _text(
            "feed_publisher_name feed_publisher_url feed_lang feed_start_date feed_end_date"
            " feed_version",
            feed,
        ),
    }
