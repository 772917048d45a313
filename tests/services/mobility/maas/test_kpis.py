"""KPIs computed from what happened: a few journeys by hand, written into a lake."""

from datetime import timedelta

import msgspec
import pytest

from hapgang.hub.lake import SCHEMAS, Lake
from hapgang.services.mobility.maas import service
from hapgang.services.mobility.maas.actions import board, book, cancel, report_delay
from hapgang.services.mobility.maas.model import SERVICE
from tests.services.mobility.maas.world import DEVICE, World, modes, outside

KPIS = {kpi.name: kpi for kpi in service.kpis}
FARE_WON = 1_400


def trip(number, mode, took_min, service=""):
    return (f"t{number}", f"p{number}", "work", mode, "A1", "A2", 0.0, 60.0 * took_min, 2000.0, 0,
            service, "", "")  # fmt: skip


TRIPS = [
    trip(1, "bus", 30.0, SERVICE),
    trip(2, "bus", 40.0, SERVICE),
    trip(3, "bus", 50.0),
    trip(4, "walk", 5.0),
]


def lake_of(units, folder):
    rows = {"event": [], "transfer": [], "trip": TRIPS}
    for unit in units:
        for item in unit.items:
            if item.kind == "event":
                body = msgspec.json.encode(item.body).decode()
                rows["event"].append((unit.at, item.name, item.entity, item.person, "", body))
        rows["transfer"] += [(t.id, unit.at, *t[1:]) for t in unit.transfers]
    lake = Lake(folder)
    for table, values in rows.items():
        names = SCHEMAS[table].names
        lake.write(
            table, "2026-09-16", {n: [row[k] for row in values] for k, n in enumerate(names)}
        )
    return lake


def by_bus(world, who):
    options = world.plan(who, "A01", outside(), ways="walk,bus")
    return min((o for o in options if "bus" in modes(o)), key=lambda o: o.transfers)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """Four bookings: one ridden, one cancelled, one of which the bus fails, one left alone."""
    world, units = World(), []
    world.runtime.writer.listeners.append(units.append)
    rider, canceller, unlucky, idle = (
        world.person(name) for name in ("rider", "canceller", "unlucky", "idle")
    )
    ridden = world.do(book, rider, option=by_bus(world, rider))
    world.do(board, rider, journey=ridden.id)
    dropped = world.do(book, canceller, option=by_bus(world, canceller))
    world.do(cancel, canceller, journey=dropped.id)
    option = world.plan(unlucky, "A01", outside(), ways="walk,bus")[0]
    failed = world.do(book, unlucky, option=option)
    ride = next(leg.ride for leg in failed.legs if leg.ride is not None)
    world.do(report_delay, DEVICE, day=ride.day, trip=ride.trip, cancelled=True)
    later = world.clock.now() + timedelta(hours=2)
    world.do(book, idle, option=next(
        o for o in world.plan(idle, "A01", outside(), ways="walk,bus", leave_at=later)
        if "bus" in modes(o)
    ))  # fmt: skip
    world.wait(hours=8)
    return lake_of(units, tmp_path_factory.mktemp("lake"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("booked_share", 50.0),
        ("booked_min", 35.0),
        ("walked_min", 50.0),
        ("failed", 25.0),
        ("replanned", 100.0),
        ("unused", 100.0 * 2 / 3),
        ("tickets", FARE_WON),
    ],
)
def test_measured(lake, name, value):
    kpi = KPIS[name]
    assert kpi.measure(lake.limited_to(kpi.tables)) == pytest.approx(value)


def test_changes_are_those_of_what_was_booked(lake):
    kpi = KPIS["transfers"]
    assert 0.0 <= kpi.measure(lake.limited_to(kpi.tables)) <= 3.0


def test_nothing_is_measured_where_nothing_happened(tmp_path):
    empty = Lake(tmp_path)
    for table in ("trip", "event", "transfer"):
        empty.write(table, "2026-09-16", {name: [] for name in SCHEMAS[table].names})
    for kpi in KPIS.values():
        assert kpi.measure(empty.limited_to(kpi.tables)) is None
