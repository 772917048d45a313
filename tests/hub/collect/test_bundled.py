"""The bundled mappings of public services, over documents of their shape."""

import io
import json
from typing import Any

import pytest
from google.transit.gtfs_realtime_pb2 import FeedMessage

from hapgang.app.collect.mappings import mapping_at
from hapgang.hub.collect.mapping import Mapping
from hapgang.hub.collect.sift import Part, Sieve


def sifted(name: str, data: bytes | dict[str, Any]) -> Part:
    """Return what a bundled mapping makes of a message."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    (part,) = Sieve(Mapping(mapping_at(name)), {}).parts(io.BytesIO(body))
    return part


def values(part: Part) -> list[dict[str, Any]]:
    return [
        {name: one["value"] for name, one in document.items() if isinstance(one, dict)}
        for document in part.documents
    ]


def public(items: Any) -> dict[str, Any]:
    """Return an answer of the public data portal."""
    header = {"resultCode": "00", "resultMsg": "NORMAL_SERVICE"}
    return {"response": {"header": header, "body": {"items": items, "totalCount": 9}}}


def test_airkorea() -> None:
    fine = {
        "stationName": "신흥동", "dataTime": "2026-11-21 24:00", "so2Value": "0.003",
        "coValue": "0.4", "o3Value": "0.02", "no2Value": "-", "no2Flag": "통신장애",
        "pm10Value": "31", "pm25Value": "12", "khaiValue": "52", "khaiGrade": "2",
        "pm10Flag": None, "mangName": "도시대기",
    }  # fmt: skip
    impossible = {**fine, "stationName": "한솔동", "pm25Value": "40"}
    down = {**dict.fromkeys(fine, "-"), "stationName": "아름동", "dataTime": "2026-11-21 24:00"}
    part = sifted("airkorea", public([fine, impossible, down, {**fine, "pm10Value": "점검중"}]))
    (found,) = values(part)
    assert found["dateObserved"] == {"@type": "DateTime", "@value": "2026-11-21T15:00:00Z"}
    assert (found["pm10"], found["airQualityLevel"], "no2" in found) == (31, "moderate", False)
    assert part.documents[0]["id"] == "urn:ngsi-ld:AirQualityObserved:airkorea-신흥동"
    assert [row.reason for row in part.unfit] == [
        "pm25 40 is more than pm10 31", "pm10: '점검중' is no number",
    ]  # fmt: skip
    assert part.tally.empty == 1


def test_the_kma_s_weather_now() -> None:
    base = {"baseDate": "20261122", "baseTime": "0600", "nx": 66, "ny": 103}
    said = {"T1H": "-1.2", "REH": "-998.9", "RN1": "강수없음", "WSD": "2.1", "VEC": "350",
            "PTY": "0", "UUU": "0.3"}  # fmt: skip
    items = [{**base, "category": name, "obsrValue": value} for name, value in said.items()]
    (found,) = values(sifted("kma-ultra-ncst", public({"item": items})))
    assert found.pop("dateObserved")["@value"] == "2026-11-21T21:00:00Z"
    assert found == {
        "gridCell": "66,103", "temperature": -1.2, "windSpeed": 2.1, "windDirection": 350,
        "precipitation": 0, "weatherType": "dry",
    }  # fmt: skip


def test_the_kma_s_forecast() -> None:
    base = {"baseDate": "20261122", "baseTime": "0500", "nx": 66, "ny": 103}
    items = [
        {**base, "fcstDate": "20261122", "fcstTime": time, "category": name, "fcstValue": value}
        for time, name, value in (
            ("0600", "TMP", "-3"), ("0600", "PCP", "1mm 미만"), ("0600", "SKY", "3"),
            ("0700", "TMP", "-2"), ("0700", "PCP", "30.0~50.0mm"), ("0700", "SNO", "적설없음"),
        )
    ]  # fmt: skip
    first, second = values(sifted("kma-vilage-fcst", public({"item": items})))
    assert first["validFrom"]["@value"] == "2026-11-21T21:00:00Z"
    assert (first["precipitation"], first["skyState"]) == (0.5, "mostly cloudy")
    assert (second["precipitation"], second["snowfall"]) == (30, 0)


@pytest.mark.parametrize(
    ("mapping", "vehicles", "reported", "installed"),
    [
        ("gbfs2-stations", "num_bikes_available", 1_700_000_000, 1),
        ("gbfs3-stations", "num_vehicles_available", "2023-11-14T22:13:20Z", True),
    ],
)
def test_gbfs_stations(mapping: str, vehicles: str, reported: Any, installed: Any) -> None:
    station = {
        "station_id": "s 1", vehicles: 4, "num_docks_available": 3, "is_installed": installed,
        "is_renting": True, "is_returning": False, "last_reported": reported,
    }  # fmt: skip
    gone = {**station, "station_id": "s2", "is_installed": False}
    wrong = {**station, "station_id": "s3", vehicles: -1}
    part = sifted(mapping, {"data": {"stations": [station, gone, wrong]}, "ttl": 0})
    (document,) = part.documents
    assert document["id"] == "urn:ngsi-ld:BikeHireDockingStation:s%201"
    assert document["availableBikeNumber"]["observedAt"] == "2023-11-14T22:13:20Z"
    assert document["isReturning"]["value"] is False
    assert (part.tally.skipped, part.tally.unfit) == (1, 1)


def test_gtfs_realtime_vehicles() -> None:
    feed: Any = FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    for number, lat in (("7", 36.5), ("8", 136.5)):
        vehicle = feed.entity.add(id=number).vehicle
        vehicle.vehicle.id = f"bus-{number}"
        vehicle.timestamp = 1_700_000_000
        vehicle.position.latitude, vehicle.position.longitude = lat, 127.25
        vehicle.trip.route_id = "B0"
    feed.entity.add(id="9").alert.SetInParent()
    part = sifted("gtfs-rt-vehicles", feed.SerializeToString())
    (found,) = values(part)
    assert found["location"] == {"type": "Point", "coordinates": [127.25, 36.5]}
    assert found["routeId"] == "B0"
    assert "not longitude and latitude" in part.unfit[0].reason
    assert part.tally.skipped == 1
