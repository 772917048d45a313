"""What holds on every rehearsed day: people, cars, legs, money and schedules."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hapgang.contract import Kpi
from hapgang.ledger.till import account_id
from hapgang.rehearsal.population import CarAccess
from hapgang.rehearsal.travel import PASSENGER, TAXI
from tests.rehearsal.one_day import MAAS, SHARING, lived, rows

pytestmark = pytest.mark.slow  # rehearses whole days

Row = dict[str, Any]
DAYS = pytest.mark.parametrize("scenario", ["today", "plan"])


def by_person(scenario: str) -> dict[str, list[Row]]:
    """Return everybody's trips in order."""
    trips = sorted(rows("trip", scenario=scenario), key=lambda row: row["trip"])
    return {who: list(own) for who, own in groupby(trips, key=lambda row: row["person"])}


def legs_of(scenario: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for leg in rows("leg", scenario=scenario):
        found[leg["trip"]].append(leg)
    return found


def row_of(person: str) -> int:
    return int(person.rsplit(":r", 1)[1])


@DAYS
def test_every_planned_trip_is_made(scenario: str) -> None:
    assert lived(scenario=scenario).not_made == 0


@DAYS
def test_everybody_is_home_at_the_end(scenario: str) -> None:
    homes = lived(scenario=scenario).population.home_zone
    names = lived(scenario=scenario).runtime.scene.zones.ids
    for person, trips in by_person(scenario).items():
        home = names[homes[row_of(person)]]
        assert (trips[0]["origin"], trips[-1]["destination"]) == (home, home)


@DAYS
def test_activities_and_trips_fill_the_day_without_gap_or_overlap(scenario: str) -> None:
    activities: dict[str, list[Row]] = defaultdict(list)
    for row in rows("activity", scenario=scenario):
        activities[row["person"]].append(row)
    trips = by_person(scenario)
    assert len(activities) == len(lived(scenario=scenario).population)
    for person, own in activities.items():
        made = trips.get(person, [])
        assert len(own) == len(made) + 1
        assert own[0]["start_s"] == 0.0
        assert own[-1]["end_s"] >= 86_400.0
        assert own[0]["activity"] == "home"
        for before, trip, after in zip(own, made, own[1:], strict=False):
            assert before["start_s"] <= before["end_s"] == trip["depart_s"]
            assert trip["depart_s"] <= trip["arrive_s"] == after["start_s"]
            assert (before["zone"], after["zone"]) == (trip["origin"], trip["destination"])
            assert after["activity"] == trip["purpose"]


@DAYS
def test_legs_follow_one_another_within_their_trip(scenario: str) -> None:
    legs = legs_of(scenario)
    for trip in rows("trip", scenario=scenario):
        own = legs[trip["trip"]]
        assert [leg["leg"] for leg in own] == list(range(len(own)))
        times = [t for leg in own for t in (leg["start_s"], leg["end_s"])]
        assert times == sorted(times)
        assert trip["depart_s"] - 1.0 <= times[0]  # timetables know whole seconds
        assert times[-1] <= trip["arrive_s"] + 1e-6
        assert trip["distance_m"] == pytest.approx(sum(leg["distance_m"] for leg in own))
        assert trip["mode"] in {leg["mode"] for leg in own}


@DAYS
def test_nobody_is_faster_than_their_vehicle(scenario: str) -> None:
    most_kmh = {"walk": 6.0, "bicycle": 15.0, "pm": 40.0, "car": 110.0, "bus": 320.0}
    for leg in rows("leg", scenario=scenario):
        took_s = leg["end_s"] - leg["start_s"]
        assert leg["distance_m"] <= most_kmh[leg["mode"]] / 3.6 * took_s + 20.0, leg


@DAYS
def test_cars_are_never_more_than_the_household_has_and_come_home(scenario: str) -> None:
    run, legs = lived(scenario=scenario), legs_of(scenario)
    persons = run.population.persons
    names, homes = run.runtime.scene.zones.ids, run.population.home_zone
    moves: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for person, trips in by_person(scenario).items():
        who, is_out = row_of(person), False
        home = names[homes[who]]
        for trip in trips:
            drives = any(leg["mode"] == "car" and leg["route"] == "" for leg in legs[trip["trip"]])
            if drives and not is_out:
                assert trip["origin"] == home
                assert persons.car_access[who] != CarAccess.NEVER
                moves[int(persons.household[who])].append((trip["depart_s"], -1))
            is_out = is_out or drives
            if drives and trip["destination"] == home:
                moves[int(persons.household[who])].append((trip["arrive_s"], 1))
                is_out = False
        assert not is_out, person
    assert moves
    for household, changes in moves.items():
        there = int(run.population.households.cars[household])
        for _, change in sorted(changes):
            there += change
            assert there >= 0, household


@DAYS
def test_small_children_go_as_their_carer_goes(scenario: str) -> None:
    run, legs = lived(scenario=scenario), legs_of(scenario)
    age = run.population.persons.age
    trips = by_person(scenario)
    together = 0
    for person, own in trips.items():
        if age[row_of(person)] >= 8:
            continue
        household = run.population.persons.household[row_of(person)]
        others = [t for other, found in trips.items() for t in found
                  if other != person and age[row_of(other)] >= 18
                  and run.population.persons.household[row_of(other)] == household]  # fmt: skip
        for trip in own:
            beside = [t for t in others if t["depart_s"] == trip["depart_s"]]
            assert beside, trip
            assert trip["mode"] in {t["mode"] for t in beside}
            ways = ("origin", "destination", "arrive_s", "distance_m")
            together += any(all(t[way] == trip[way] for way in ways) for t in beside)
            routes = {leg["route"] for leg in legs[trip["trip"]] if leg["mode"] == "car"}
            assert routes <= {PASSENGER}
    assert together > 10


def test_taxis_are_the_last_resort() -> None:
    legs = rows("leg", scenario="today")
    taxis = sum(leg["route"] == TAXI for leg in legs)
    assert taxis < 0.05 * sum(leg["mode"] == "car" for leg in legs)


def test_what_people_paid_is_what_the_service_took_in() -> None:
    run, trips = lived(), [row for row in rows("trip") if row["service"] == SHARING]
    transfers = {row["transfer"]: row for row in rows("transfer")}
    for trip in trips:
        paid = transfers[trip["transfer"]]
        assert paid["step"] == "captured"
        assert paid["amount_won"] == trip["cost_won"] > 0
        assert (paid["debit"], paid["credit"]) == (account_id(trip["person"]), account_id(SHARING))
        rental = run.runtime.closed.find(trip["entity"])
        assert rental is not None
        assert rental.value("payment") == trip["transfer"]
        assert rental.value("fare") == trip["cost_won"]
    journeys = [row for row in rows("trip") if row["service"] == MAAS]
    for trip in journeys:
        paid = transfers[trip["transfer"]]
        assert (paid["step"], paid["debit"]) == ("captured", account_id(trip["person"]))
        assert paid["credit"] in (account_id(SHARING), account_id(MAAS))
    taken_in = sum(run.runtime.book.account(account_id(s)).balance_won for s in (SHARING, MAAS))
    assert taken_in == sum(trip["cost_won"] for trip in trips + journeys)
    assert sum(trip["cost_won"] for trip in rows("trip") if trip["service"] == "") == 0


def test_nothing_is_held_and_nothing_is_missing_after_the_day() -> None:
    book = lived().runtime.book
    assert book.total_won() == 0
    assert [account for account in book.accounts() if account.held_won] == []
    floors = [a for a in book.accounts() if a.floor_won is not None]
    assert all(account.balance_won >= 0 for account in floors)


def test_schedules_run_on_the_grid_of_the_clock() -> None:
    midnight = datetime(2026, 9, 16, tzinfo=ZoneInfo("Asia/Seoul")).astimezone(UTC)
    counted = [row["time"] for row in rows("event") if row["event"] == "PmFleetCounted"]
    quarter = timedelta(minutes=15)
    assert counted == [midnight + quarter * i for i in range(1, 28 * 4 + 1)]


def test_what_happens_is_told_in_the_order_of_time() -> None:
    for table in ("event", "transfer", "measurement"):
        times = [row["time"] for row in rows(table)]
        assert times == sorted(times)
        assert times


def test_crews_carry_vehicles_and_leave_none_behind() -> None:
    served = [row for row in rows("event") if row["event"] == "PmServed"]
    assert served
    assert all('"in_time":true' in row["body"] for row in served)


def test_several_days_follow_one_another() -> None:
    first, last = rows("trip", days=3)[0]["trip"][:10], rows("trip", days=3)[-1]["trip"][:10]
    assert (first, last) == ("2026-09-16", "2026-09-18")
    trips = rows("trip", days=3)
    assert len({trip["trip"] for trip in trips}) == len(trips)
    day_one = [row for row in trips if row["trip"].startswith("2026-09-16")]
    assert day_one == rows("trip")
    for name in ("2026-09-16", "2026-09-17", "2026-09-18"):
        day = [trip for trip in trips if trip["trip"].startswith(name)]
        assert 0.9 * len(day_one) < len(day) < 1.1 * len(day_one)
        assert any(trip["mode"] == "pm" for trip in day)
    counted = [row["time"] for row in rows("event", days=3) if row["event"] == "PmFleetCounted"]
    assert [(after - before).seconds for before, after in pairwise(counted)] == [900] * (76 * 4 - 1)
    assert all(account.held_won == 0 for account in lived(days=3).runtime.book.accounts())


def test_kpis_over_days_are_for_one_day() -> None:
    def value(name: str, **words: Any) -> float:
        kpi = next(k for k in measured(**words) if k[0].name == name)
        assert kpi[1] is not None
        return kpi[1]

    for name in ("trips_per_person", "commute_min", "walk_min_per_person"):
        assert value(name, days=3) == pytest.approx(value(name), rel=0.1)


def measured(**words: Any) -> list[tuple[Kpi, float | None]]:
    from hapgang.rehearsal.kpis import CityKpis  # noqa: PLC0415
    from tests.rehearsal.one_day import lake  # noqa: PLC0415

    kpis = CityKpis.of(lived(**words).runtime.scene).kpis()
    return [(kpi, kpi.measure(lake(**words).limited_to(kpi.tables))) for kpi in kpis]


@DAYS
def test_the_city_s_kpis_are_what_its_rows_say(scenario: str) -> None:
    trips, legs = rows("trip", scenario=scenario), rows("leg", scenario=scenario)
    found = {kpi.name: value for kpi, value in measured(scenario=scenario)}
    people = len({trip["person"] for trip in trips})
    cars = [trip for trip in trips if trip["mode"] == "car"]
    took_min = [(trip["arrive_s"] - trip["depart_s"]) / 60 for trip in trips]
    walked_s = sum(leg["end_s"] - leg["start_s"] for leg in legs if leg["mode"] == "walk")
    expected = {
        "car_share": 100 * len(cars) / len(trips),
        "trips_per_person": len(trips) / people,
        "trip_min": float(np.mean(took_min)),
        "car_km_per_person": sum(trip["distance_m"] for trip in cars) / 1000 / people,
        "walk_min_per_person": walked_s / 60 / people,
        "commute_min": commute_min(by_person(scenario)),
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value), name


def commute_min(trips: dict[str, list[Row]]) -> float:
    there, back = [], []
    for own in trips.values():
        purposes = ["home", *(trip["purpose"] for trip in own)]
        for (before, after), trip in zip(pairwise(purposes), own, strict=True):
            if (before, after) == ("home", "work"):
                there.append(trip["arrive_s"] - trip["depart_s"])
            if (before, after) == ("work", "home"):
                back.append(trip["arrive_s"] - trip["depart_s"])
    return float(np.mean(there) + np.mean(back)) / 60


def test_car_shares_by_ring_are_what_its_rows_say() -> None:
    import shapely  # noqa: PLC0415

    scene = lived().runtime.scene
    ring = scene.areas.geometry[scene.areas.kind == "ring_interior"][0]
    inside = {
        str(zone)
        for zone, lon, lat in zip(scene.zones.ids, scene.zones.lon, scene.zones.lat, strict=True)
        if ring.contains(shapely.Point(lon, lat))
    }
    found = {kpi.name: value for kpi, value in measured()}
    for name, wanted in (("inside", 2), ("across", 1), ("outside", 0)):
        ways = [t for t in rows("trip")
                if (t["origin"] in inside) + (t["destination"] in inside) == wanted]  # fmt: skip
        share = 100 * sum(trip["mode"] == "car" for trip in ways) / len(ways)
        assert found[f"car_share_{name}"] == pytest.approx(share), name
