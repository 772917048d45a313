"""The service as a whole: setting up, who sees what, and one seed one run."""

import msgspec
import pytest

from hapgang.contract import Level
from hapgang.core.entity import type_of
from hapgang.core.errors import Invalid
from hapgang.hub.ngsild.types import any_of
from hapgang.hub.search import Selection
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.ngsild.entities import get_entity, query_entities
from hapgang.services.mobility.sharing import service
from hapgang.services.mobility.sharing.actions import (
    get_rental,
    rent,
    reserve,
    return_vehicle,
    setup,
)
from hapgang.services.mobility.sharing.method.fleet import EMPTY_PCT, FULL_PCT
from hapgang.services.mobility.sharing.model import SERVICE, Rental, Vehicle
from hapgang.twin.scene import load_scene
from tests.services.mobility.sharing.world import OPERATOR, STREET, World
from tests.small_city import write_small_city


def test_the_service_is_in_full_shape():
    assert service.level is Level.REHEARSED
    assert service.page
    assert all((service.routes, service.kpis, service.habits, service.every, service.hears))
    assert all(route.allow for route in service.routes)


def test_setting_up(world):
    types = world.runtime.state.types()
    assert types["PersonalMobilityVehicle"] == 6
    assert types["PersonalMobilityStation"] == types["PersonalMobilityArea"] == 9
    assert world.free_won(SERVICE) == 0
    vehicles = world.vehicles()
    assert {v.state for v in vehicles} == {"free"}
    assert len({v.public_id for v in vehicles}) == len({v.plate for v in vehicles}) == 6


def test_setting_up_twice_changes_nothing(world):
    before = world.everything()
    world.do(setup, PLATFORM)
    assert world.everything() == before


def test_a_rehearsal_with_fewer_residents_has_fewer_vehicles(scene):
    world = World(scene, closed_vehicles=40, open_vehicles=20, accessible_vehicles=4)
    world.runtime.state.__init__()
    world.do(setup, PLATFORM, scale=0.25)
    kinds = [v.kind for v in world.vehicles()]
    assert {k: kinds.count(k) for k in set(kinds)} == {"closed": 10, "open": 5, "accessible": 1}


def test_a_fleet_starts_charged_as_one_that_is_at_work(scene):
    world = World(scene, closed_vehicles=60, open_vehicles=20)
    world.runtime.state.__init__()
    world.do(setup, PLATFORM)
    charge = sorted(v.battery_pct for v in world.vehicles())
    assert EMPTY_PCT <= charge[0] < 25.0
    assert 95.0 < charge[-1] < FULL_PCT
    assert sum(charge) / len(charge) == pytest.approx((EMPTY_PCT + FULL_PCT) / 2, abs=8.0)
    assert {v.state for v in world.vehicles()} == {"free"}


def test_the_fleet_follows_the_residents_where_a_scenario_is_silent(tmp_path):
    scene = load_scene(write_small_city(tmp_path / "c", residents=6_000), "plan")
    world = World(scene, closed_vehicles=None, open_vehicles=None, accessible_vehicles=None)
    kinds = [v.kind for v in world.vehicles()]
    assert (kinds.count("closed"), kinds.count("open"), kinds.count("accessible")) == (55, 100, 6)


def test_a_scenario_that_misspells_a_setting_is_refused(scene):
    with pytest.raises(Invalid, match="closed_vehicels"):
        World(scene, closed_vehicels=3)


def test_a_rider_is_nowhere_but_in_their_own_rental(world):
    """No event and no other entity names the person who rides, and the rental is personal."""
    jimin = world.person("jimin")
    start = len(world.units)
    kept = world.do(reserve, jimin, vehicle="C0001")
    world.do(rent, jimin, vehicle="C0001")
    world.wait(minutes=5)
    world.do(return_vehicle, jimin, rental=kept.id, location=STREET)
    assert type_of(Rental).person == "renter"
    for item in (i for unit in world.units[start:] for i in unit.items):
        if item.person is None:
            assert "jimin" not in str(item.body)
            assert kept.id not in str(item.body)


def test_no_client_meets_vehicles_by_their_lasting_ids(world):
    """Who sees one id at two places knows a ride; the feed's ids change, these are kept inside."""
    jimin = world.person("jimin")
    vehicle = world.vehicles()[0].id
    with pytest.raises(Exception, match="no entity"):
        world.runtime.perform(get_entity, jimin, entity=vehicle)
    for who in (jimin, OPERATOR):
        asked = Selection(types=any_of(["PersonalMobilityVehicle"]))
        page = world.runtime.perform(query_entities, who, selections=(asked,))
        assert list(page.records) == []


def test_an_operators_look_at_a_rental_is_logged(world):
    jimin = world.person("jimin")
    ride = world.do(rent, jimin, vehicle="C0001")
    world.do(get_rental, OPERATOR, rental=ride.id)
    reads = [read for unit in world.units for read in unit.reads]
    assert [(read.person, read.reader) for read in reads] == [(jimin.id, OPERATOR.id)]


def test_documents_are_ngsi_ld_with_units(world):
    record = world.runtime.state.get(world.vehicles()[0].id)
    document = msgspec.json.decode(msgspec.json.encode(record.document()))
    assert document["batteryLevel"] == {"type": "Property", "value": 100.0, "unitCode": "P1"}
    assert document["location"]["type"] == "GeoProperty"
    assert document["refStation"]["type"] == "Relationship"
    attributes = {k: v for k, v in document.items() if k not in ("id", "type")}
    assert type_of(Vehicle).read(record.id, attributes) == record.view


def one_day(scene):
    world = World(scene, closed_vehicles=12, open_vehicles=6)
    people = [world.person(f"p{k}") for k in range(8)]
    for hour in range(6):
        for k, who in enumerate(people):
            vehicle = world.vehicles(state="free")[(7 * k + hour) % 9]
            ride = world.do(rent, who, vehicle=vehicle.id)
            world.wait(minutes=3 + k)
            world.do(return_vehicle, who, rental=ride.id, location=STREET, led_m=500.0)
        world.wait(hours=1)
    return world


def test_one_seed_is_one_run(scene):
    first, second = one_day(scene), one_day(scene)
    assert first.runtime.writer.digest == second.runtime.writer.digest
    assert len(first.events("PmReturned")) == 48
    fares = sum(event["fare_won"] for event in first.events("PmReturned"))
    assert first.runtime.book.account(account_id(SERVICE)).balance_won == fares
