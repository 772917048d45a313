"""Journeys by timetable: Connection Scan beside RAPTOR, which share a day's runs and the walks.

From door to door at random in Porto Alegre, the sample city of the R package r5r, whose timetables
cover a weekday from 11:20 to 16:00.
"""

import datetime as dt
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.science import journeys
from hapgang.science.connection_scan import NEVER, Service, Walks
from hapgang.twin.importers import import_city
from hapgang.twin.network import Network
from hapgang.twin.scene import load_scene
from hapgang.twin.transit import Transit
from validation.case import Case
from validation.raptor import Lines, earliest_arrivals_s, lines_of

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
QUERIES = 10_000
RIDES = 4
_TUESDAY = dt.date(2026, 11, 24)  # stands for the fullest Tuesday of the feed
_AROUND_M = 150.0  # standard deviation of doors around the middles of zones
_LEAVE_S = (41_400, 54_000)  # 11:30 to 15:00
_FOREVER = 1e6
_PATIENCE = (1.0, 1.5, 2.0)  # in turns

Ints = NDArray[np.int32]


class Doors(NamedTuple):
    """Queries: walks from their origins to stops, from stops to their destinations, departures."""

    access: Walks
    egress: Walks
    leave_s: Ints


class Answers(NamedTuple):
    """What the engines say: arrivals at doors (queries, rides) s, by at most 1, 2, ... rides.

    stops_differ (queries): arrivals at stops that are not equal. hasty_differ (queries): arrivals
    at doors that are not, of those that a scan of limited patience answers for. elapsed_s
    (queries, 3): what RAPTOR, the scan of everything and the one of limited patience took.
    """

    raptor_s: Ints
    scan_s: Ints
    stops_differ: Ints
    hasty_differ: Ints
    elapsed_s: NDArray[np.float64]


def cases() -> list[Case]:
    """Return on how many arrivals the engines differ, and how many queries find a journey."""
    data = Path(os.environ.get("HAPGANG_DATA", DATA)) / "multimodal-porto-alegre"
    if not data.is_dir():
        print(f"no public data in {data}; set HAPGANG_DATA", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as folder:
        transit, zone_xy = _porto_alegre(data, Path(folder) / "poa")
    answers = answered(transit, doors_of(transit, zone_xy, QUERIES, seed=1))
    raptor_ms, scan_ms, hasty_ms = answers.elapsed_s.mean(axis=0) * 1e3
    peer = "RAPTOR (Delling, Pajor, Werneck 2015, doi 10.1287/trsc.2014.0534)"
    timed = f"{raptor_ms:.2g} ms a query; our scan {scan_ms:.2g}, {hasty_ms:.2g} if it is impatient"
    differ = (answers.scan_s != answers.raptor_s).sum(axis=1)
    n_stops = len(transit.service.feet.first) - 1
    return [
        _none_of(differ, f"doors, of {differ.size * RIDES}", f"{peer}: {timed}"),
        _none_of(answers.stops_differ, f"stops, of {differ.size * RIDES * n_stops}", peer),
        _none_of(answers.hasty_differ, "doors with limited patience", peer),
        *(
            Case(
                name=f"queries of {QUERIES} with a journey, rides at most {n + 1}", tolerance=0.0,
                value=float((answers.scan_s[:, n] < NEVER).sum()), source=peer,
                expected=float((answers.raptor_s[:, n] < NEVER).sum()),
            )
            for n in range(RIDES)
        ),
    ]  # fmt: skip


def _none_of(differ: Ints, where: str, source: str) -> Case:
    return Case(
        name=f"arrivals that differ, at {where}", value=float(differ.sum()), expected=0.0,
        tolerance=0.0, source=source, note=f"query {np.argmax(differ > 0)} is the first that does",
    )  # fmt: skip


def _porto_alegre(data: Path, folder: Path) -> tuple[Transit, NDArray[np.float64]]:
    """Import the city; return its public transport and the middles of its zones."""
    import_city(
        "poa",
        osm=data / "poa_osm.pbf",
        gtfs=[data / "poa_eptc.zip", data / "poa_trensurb.zip"],
        grid=data / "poa_hexgrid.csv",
        elevation=data / "poa_elevation.tif",
        folder=folder,
    )
    scene = load_scene(folder)
    assert scene.timetable is not None
    day = scene.timetable.on(scene.timetable.like(_TUESDAY))
    return Transit.of(Network.of(scene), day), scene.zones.xy


def doors_of(transit: Transit, zone_xy: NDArray[np.float64], queries: int, seed: int) -> Doors:
    """Draw doors around zones and times to leave."""
    rng = np.random.default_rng(seed)
    shape = (2, queries)
    xy = zone_xy[rng.integers(len(zone_xy), size=shape)] + rng.normal(0, _AROUND_M, (*shape, 2))
    return Doors(
        transit._walks_of(xy[0], backwards=False),
        transit._walks_of(xy[1], backwards=True),
        rng.integers(*_LEAVE_S, size=queries).astype("i4"),
    )


def answered(transit: Transit, doors: Doors) -> Answers:
    """Ask both engines."""
    engines = Engines(
        transit.service, journeys.new_labels(transit.service, RIDES), lines_of(transit.day)
    )
    n = len(doors.leave_s)
    shape = (n, RIDES)
    answers = Answers(
        np.zeros(shape, "i4"), np.zeros(shape, "i4"), np.zeros(n, "i4"), np.zeros(n, "i4"),
        np.zeros((n, 3)),
    )  # fmt: skip
    for q in (0, *range(n)):  # the first twice, as its time is also the compiler's
        leave_s, patience = int(doors.leave_s[q]), _PATIENCE[q % len(_PATIENCE)]
        access, egress = _row(doors.access, q), _row(doors.egress, q)
        rounds_s, answers.elapsed_s[q, 0] = engines.by_rounds(access, leave_s)
        peer_s = answers.raptor_s[q] = _at_door(rounds_s, egress)
        _, own_s, answers.elapsed_s[q, 1] = engines.scan(access, egress, leave_s, _FOREVER)
        answers.scan_s[q] = _at_door(own_s, egress)
        answers.stops_differ[q] = (own_s != rounds_s).sum()
        best_s, own_s, answers.elapsed_s[q, 2] = engines.scan(access, egress, leave_s, patience)
        promised = peer_s <= leave_s + patience * (best_s - leave_s)
        wrong = promised & (_at_door(own_s, egress) != peer_s)
        answers.hasty_differ[q] = wrong.sum() + (best_s != peer_s.min())
    return answers


class Engines(NamedTuple):
    """Both engines; their answers are arrivals (rides, stops) s, and how long they took, s."""

    service: Service
    labels: journeys.Labels
    lines: Lines

    def by_rounds(self, access: Walks, leave_s: int) -> tuple[Ints, float]:
        """Ask RAPTOR."""
        feet, change_s = self.service.feet, self.service.change_s
        begun = perf_counter()
        arrival_s = earliest_arrivals_s(self.lines, feet, change_s, access, leave_s, RIDES)
        return arrival_s[1:], perf_counter() - begun

    def scan(
        self, access: Walks, egress: Walks, leave_s: int, patience: float
    ) -> tuple[int, Ints, float]:
        """Ask Connection Scan, which also says when the door is reached."""
        egress_s = np.full(len(self.service.feet.first) - 1, NEVER)
        egress_s[egress.stop] = egress.walk_s
        begun = perf_counter()
        journeys.forget(self.labels)
        best_s = journeys.scan(self.service, self.labels, access, egress_s, leave_s, patience)
        elapsed_s = perf_counter() - begun
        return best_s, self.labels.arrival_s[:, 1:].T, elapsed_s


def _at_door(arrival_s: Ints, egress: Walks) -> Ints:
    """Arrivals at the door (rides) from those at the stops (rides, stops)."""
    at_s: Ints = arrival_s[:, egress.stop] + egress.walk_s
    earliest_s: Ints = at_s.min(axis=1, initial=NEVER)  # where a stop is not reached, it is later
    return earliest_s


def _row(walks: Walks, place: int) -> Walks:
    """Return the walks of one place."""
    own = slice(*walks.first[place : place + 2])
    stop, walk_s = walks.stop[own], walks.walk_s[own]
    return Walks(np.array([0, len(stop)]), stop, walk_s)
