"""KPIs computed from what happened: by hand for a few rides, and from a lake on disk."""

import msgspec
import pytest

from hapgang.hub.lake import SCHEMAS, Lake
from hapgang.services.mobility.sharing import service
from hapgang.services.mobility.sharing.actions import (
    list_reviews,
    rent,
    report_problem,
    return_vehicle,
    settle_review,
)
from hapgang.services.mobility.sharing.model import SERVICE
from tests.services.mobility.sharing.world import OPERATOR, STREET

KPIS = {kpi.name: kpi for kpi in service.kpis}


def lake_of(world, folder, trips=(), legs=()):
    """Write what the world did, and some trips, into a lake."""
    lake = Lake(folder)
    rows = {"event": [], "transfer": [], "trip": trips, "leg": legs}
    for unit in world.units:
        for item in unit.items:
            if item.kind == "event":
                body = msgspec.json.encode(item.body).decode()
                rows["event"].append((unit.at, item.name, item.entity, item.person, "", body))
        rows["transfer"] += [(t.id, unit.at, *t[1:]) for t in unit.transfers]
    for table, values in rows.items():
        names = SCHEMAS[table].names
        columns = {name: [row[k] for row in values] for k, name in enumerate(names)}
        lake.write(table, "2026-11-23", columns)
    return lake


def measured(lake, name):
    kpi = KPIS[name]
    return kpi.measure(lake.limited_to(kpi.tables))


def trip(number, mode, origin="A1", destination="A2", depart=0.0, service=""):
    return (f"t{number}", f"p{number}", "work", mode, origin, destination, depart, depart + 900.0,
            2000.0, 0, service, "", "")  # fmt: skip


def leg(number, order, mode, start):
    return (f"t{number}", order, mode, start, start + 300.0, 500.0, 0.0, "")


TRIPS = [
    trip(1, "pm", service=SERVICE),
    trip(2, "pm", depart=600.0, service=SERVICE),
    trip(3, "walk"),
    trip(4, "car"),
    trip(5, "pm", destination="outside_osong", service=SERVICE),
]
LEGS = [
    leg(1, 0, "walk", 0.0),
    leg(1, 1, "pm", 120.0),
    leg(2, 0, "walk", 600.0),
    leg(2, 1, "pm", 1020.0),
    leg(2, 2, "walk", 1500.0),
    leg(5, 0, "pm", 60.0),
]


@pytest.fixture
def worked(world, tmp_path):
    """Four hours: two rides, one of them without end, one report; and some trips."""
    jimin, minsu = world.person("jimin"), world.person("minsu")
    dry = world.do(rent, jimin, vehicle="C0001")
    world.do(rent, minsu, vehicle="M0004")
    world.wait(minutes=10)
    world.do(return_vehicle, jimin, rental=dry.id, location=STREET)
    world.do(report_problem, minsu, vehicle="C0001", problem="blocks_the_way")
    world.wait(hours=4)
    review = world.do(list_reviews, OPERATOR)[0]
    world.do(settle_review, OPERATOR, review=review.id, refund_won=6_000)
    return lake_of(world, tmp_path / "lake", TRIPS, LEGS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trip_share", 60.0),
        ("trip_share_inside", 50.0),
        ("first_vehicle_median", 2.0),  # minutes: 1, 2 and 7
        ("first_vehicle_p90", 6.0),
        ("sheltered_rides", 50.0),
        ("blocked_returns", 100.0),  # one report and one lost vehicle of two rides
        ("out_of_charge", 0.0),
        ("revenue", 620 + 5 * 100 + 6_120 - 6_000),
    ],
)
def test_numbers_by_hand(worked, name, value):
    assert measured(worked, name) == pytest.approx(value)


def test_rides_for_each_vehicle_and_day(worked):
    counted_h = 4.0  # between the first count of the fleet and the last
    assert measured(worked, "rides_per_vehicle_day") == pytest.approx(
        2 / 6 / (counted_h / 24), rel=0.1
    )


def test_what_nobody_reports_is_not_zero(world, tmp_path):
    jimin = world.person("jimin")
    ride = world.do(rent, jimin, vehicle="C0001")
    world.do(return_vehicle, jimin, rental=ride.id, location=STREET)
    assert measured(lake_of(world, tmp_path / "silent"), "blocked_returns") is None
    world.do(report_problem, jimin, vehicle="C0001", problem="damaged")
    assert measured(lake_of(world, tmp_path / "told"), "blocked_returns") == 0.0


def test_batteries_out_of_charge_over_time(world, tmp_path):
    first, second = world.vehicles()[:2]
    world.put(first, state="empty", station=None)
    world.wait(minutes=15)
    world.put(second, state="charging", battery_pct=1.0, station=None)
    world.wait(minutes=15)
    lake = lake_of(world, tmp_path / "lake")
    assert measured(lake, "out_of_charge") == pytest.approx(100 * 3 / 12)


@pytest.mark.parametrize("name", KPIS)
def test_nothing_happened_is_no_number(name):
    assert measured(Lake(), name) is None


def test_every_kpi_says_what_where_and_which_way(worked):
    assert len(KPIS) == len(service.kpis) >= 8
    for kpi in service.kpis:
        assert kpi.unit
        assert kpi.source.en
        assert kpi.source.ko
        assert kpi.title.en != kpi.title.ko
        assert set(kpi.tables) <= set(SCHEMAS)


def test_a_kpi_follows_what_happened(worked, world, tmp_path):
    """One more paid ride is more revenue: the number is not typed in."""
    before = measured(worked, "revenue")
    ride = world.do(rent, world.person("third"), vehicle="C0002")
    world.do(return_vehicle, world.person("third"), rental=ride.id, location=STREET)
    assert measured(lake_of(world, tmp_path / "later"), "revenue") == before + 620
