"""The GBFS 3.0 feed: valid by the standard's schemas and by a validator that we did not write."""

import json
import os
from pathlib import Path

import pytest
import shapely
from gbfs_validator import GBFS
from gbfs_validator.validate import validate_file

from hapgang.contract import Caller, Role
from hapgang.core.errors import Invalid
from hapgang.services.mobility.sharing.actions import gbfs_feed, rent, reserve, return_vehicle
from hapgang.services.mobility.sharing.speaks import FEEDS
from tests.services.mobility.sharing.world import STREET, World

ANYBODY = Caller("anonymous", Role.ANONYMOUS)
DATA = Path(os.environ.get("HAPGANG_DATA", Path(__file__).parents[5] / "shared/data"))
SCHEMAS = DATA / "gbfs-schemas/v3.0"


@pytest.fixture
def busy(world):
    """A city with rides, a reservation, an empty vehicle, and rain."""
    jimin, minsu = world.person("jimin"), world.person("minsu")
    world.do(rent, jimin, vehicle="C0001")
    world.do(reserve, minsu, vehicle="C0002")
    world.put(world.vehicles(plate="C0003")[0], state="empty", battery_pct=3.0)
    world.put(world.vehicles(plate="A0006")[0], location=STREET, station=None)
    world.rain(20.0)
    return world


def read(world, name):
    return world.do(gbfs_feed, ANYBODY, feed=f"{name}.json")["data"]


def written(world, folder):
    """The feed as files, with links to files."""
    folder.mkdir(parents=True)
    for feed in FEEDS:
        document = world.do(gbfs_feed, ANYBODY, feed=feed)
        text = json.dumps(document, allow_nan=False)
        if feed == "gbfs.json":
            text = text.replace("http://localhost:8000/api/mobility/sharing/gbfs", folder.as_uri())
        (folder / feed).write_text(text)
    return (folder / "gbfs.json").as_uri()


@pytest.mark.parametrize("fixture", ["world", "busy"])
def test_the_validator_finds_nothing_wrong(fixture, request, tmp_path):
    url = written(request.getfixturevalue(fixture), tmp_path / "feed")
    report = GBFS(url, docked=True, freefloating=True).validation()
    assert report["summary"]["version"] == {"detected": "3.0", "validated": "3.0"}
    assert report["summary"]["errorsCount"] == 0, report
    found = {f["file"] for f in report["files"] if f["exists"]}
    assert found >= set(FEEDS)


def test_the_validator_would_find_something_wrong(world, tmp_path):
    url = written(world, tmp_path / "feed")
    path = tmp_path / "feed/vehicle_status.json"
    path.write_text(path.read_text().replace('"is_reserved": false', '"is_reserved": "no"'))
    assert GBFS(url, docked=True, freefloating=True).validation()["summary"]["hasErrors"]


@pytest.mark.skipif(not SCHEMAS.exists(), reason=f"no {SCHEMAS}")
@pytest.mark.parametrize("feed", FEEDS)
def test_every_document_fits_the_official_schema(busy, feed):
    schema = json.loads((SCHEMAS / feed).read_text())
    document = json.loads(json.dumps(busy.do(gbfs_feed, ANYBODY, feed=feed)))
    assert validate_file(schema, document, None)["errors"] in (False, [])


def test_ridden_vehicles_do_not_appear_and_others_say_how_they_are(busy):
    shown = {v["vehicle_id"]: v for v in read(busy, "vehicle_status")["vehicles"]}
    by_plate = {v.plate: v for v in busy.vehicles()}
    assert len(shown) == 5
    assert by_plate["C0001"].public_id not in shown
    reserved = shown[by_plate["C0002"].public_id]
    assert (reserved["is_reserved"], reserved["is_disabled"]) == (True, False)
    assert shown[by_plate["C0003"].public_id]["is_disabled"]
    assert shown[by_plate["M0004"].public_id]["is_disabled"]  # it rains
    free = shown[by_plate["A0006"].public_id]
    assert (free["is_reserved"], free["is_disabled"], "station_id" in free) == (False,) * 3
    assert free["current_range_meters"] == 50_000.0


def test_ids_change_after_every_ride_and_only_then(world):
    jimin = world.person("jimin")
    seen = {world.vehicles(plate="C0001")[0].public_id}
    for ride in range(1, 6):
        rental = world.do(rent, jimin, vehicle="C0001")
        assert world.vehicles(plate="C0001")[0].public_id in seen
        world.do(return_vehicle, jimin, rental=rental.id, location=STREET)
        seen.add(world.vehicles(plate="C0001")[0].public_id)
        assert len(seen) == ride + 1


def test_nothing_in_the_feed_names_a_vehicle_or_a_person_for_good(busy):
    for feed in FEEDS:
        text = json.dumps(busy.do(gbfs_feed, ANYBODY, feed=feed))
        for private in ("C0001", "C0002", "M0004", "PersonalMobilityVehicle", "jimin", "minsu"):
            assert private not in text


def test_stations_count_what_stands_there(world):
    stations = {s["station_id"]: s for s in read(world, "station_information")["stations"]}
    status = {s["station_id"]: s for s in read(world, "station_status")["stations"]}
    assert set(stations) == set(status)
    assert len(stations) == 9
    assert sum(s["num_vehicles_available"] for s in status.values()) == 3  # and three on streets
    for name, row in status.items():
        kinds = {k["vehicle_type_id"]: k["count"] for k in row["vehicle_types_available"]}
        assert sum(kinds.values()) == row["num_vehicles_available"]
        assert row["num_docks_available"] == stations[name]["capacity"] - sum(kinds.values())


def test_zones_are_ordered_from_the_strictest_to_the_city(world):
    zones = read(world, "geofencing_zones")
    rules = [f["properties"]["rules"][0] for f in zones["geofencing_zones"]["features"]]
    names = [f["properties"]["name"][0]["text"] for f in zones["geofencing_zones"]["features"]]
    assert names == ["Pond", "lawn", "school", "ring", "Small city"]
    assert [r["ride_through_allowed"] for r in rules] == [False, True, True, True, True]
    assert [r.get("station_parking", False) for r in rules] == [False, True, False, False, False]
    assert [r.get("maximum_speed_kph") for r in rules] == [None, None, 20, 30, None]
    assert zones["global_rules"][0]["ride_end_allowed"] is False


def test_outer_rings_turn_left(world):
    for feature in read(world, "geofencing_zones")["geofencing_zones"]["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            assert shapely.is_ccw(shapely.LinearRing(polygon[0]))


def test_the_plan_charges_as_the_city_does(world):
    plan = read(world, "system_pricing_plans")["plans"][0]
    per_min = plan["per_min_pricing"][0]
    most = plan["price"] + (per_min["end"] - per_min["start"]) * per_min["rate"]
    assert (plan["price"], per_min["start"], per_min["rate"], most) == (620, 5, 100, 6_120)


def test_a_tariff_by_distance_is_told_too(scene):
    world = World(scene, tariff={"per_km_won": 50})
    plan = read(world, "system_pricing_plans")["plans"][0]
    assert plan["per_km_pricing"] == [{"start": 0, "rate": 50, "interval": 1}]


def test_rain_is_an_alert_while_it_lasts(busy):
    alert = read(busy, "system_alerts")["alerts"][0]
    assert "heavy rain" in alert["summary"][0]["text"]
    busy.rain(0.0)
    assert read(busy, "system_alerts")["alerts"] == []


def test_there_are_no_other_documents(world):
    with pytest.raises(Invalid):
        world.do(gbfs_feed, ANYBODY, feed="trips.json")
