"""GBFS 3.0, the standard of shared mobility: entities in, the feed's documents out. Pure.

Standard: MobilityData, General Bikeshare Feed Specification 3.0 (2024-04-11). Privacy as it asks:
vehicles that are ridden do not appear, and a vehicle's id is another one after every ride.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.services.mobility.sharing.method.fleet import MODELS
from hapgang.services.mobility.sharing.method.ground import Ground, Rule
from hapgang.services.mobility.sharing.model import Pause, Settings, Station, Tariff, Vehicle

Document = dict[str, Any]
Feed = Literal[
    "gbfs.json",
    "system_information.json",
    "vehicle_types.json",
    "vehicle_status.json",
    "station_information.json",
    "station_status.json",
    "geofencing_zones.json",
    "system_pricing_plans.json",
    "system_alerts.json",
]
FEEDS: tuple[Feed, ...] = Feed.__args__  # type: ignore[attr-defined]  # typing keeps them there
_LIVE_S, _STILL_S = 15, 3600  # how long a document is good for
_PLAN = "standard"


def document(data: Mapping[str, Any], now: datetime, ttl_s: int) -> Document:
    """Return what every GBFS document shares, round its data."""
    return {"last_updated": _time(now), "ttl": ttl_s, "version": "3.0", "data": dict(data)}


def gbfs(public_url: str, now: datetime) -> Document:
    """gbfs.json: where the others are."""
    feeds = [
        {"name": feed.removesuffix(".json"), "url": f"{public_url}/gbfs/{feed}"}
        for feed in FEEDS
        if feed != "gbfs.json"
    ]
    return document({"feeds": feeds}, now, _STILL_S)


def system_information(ground: Ground, terms: Settings, now: datetime) -> Document:
    """system_information.json: who runs this, and when it is open."""
    data = {
        "system_id": f"hapgang_{ground.name}_pm",
        "languages": ["en", "ko"],
        "name": _texts(
            Text(f"{ground.title.en} shared PM", f"{ground.title.ko} 공유 PM"),
        ),
        "opening_hours": "24/7",
        "feed_contact_email": terms.contact_email,
        "timezone": ground.time_zone.key,
    }
    return document(data, now, _STILL_S)


def vehicle_types(terms: Settings, now: datetime) -> Document:
    """vehicle_types.json: the three kinds."""
    types = [
        {
            "vehicle_type_id": kind,
            "form_factor": model.form_factor,
            "propulsion_type": "electric",
            "rider_capacity": model.seats,
            "wheel_count": model.wheels,
            "max_range_meters": model.range_m,
            "max_permitted_speed": model.top_kmh,
            "name": _texts(model.title),
            "return_constraint": "hybrid",
            "default_reserve_time": terms.reserve_min,
            "default_pricing_plan_id": _PLAN,
            "pricing_plan_ids": [_PLAN],
        }
        for kind, model in MODELS.items()
    ]
    return document({"vehicle_types": types}, now, _STILL_S)


def vehicle_status(vehicles: Sequence[Vehicle], pauses: Sequence[Pause], now: datetime) -> Document:
    """vehicle_status.json: every vehicle that is not being ridden."""
    paused = {pause.kind for pause in pauses}
    shown = [_vehicle(v, paused=v.kind in paused) for v in vehicles if _is_shown(v)]
    return document({"vehicles": shown}, now, _LIVE_S)


def station_information(stations: Sequence[Station], now: datetime) -> Document:
    """station_information.json: where stations are and how much they hold."""
    rows = [
        {
            "station_id": _short(station.id),
            "name": _texts(station.title),
            "lat": station.location.lat,
            "lon": station.location.lon,
            "capacity": station.capacity,
            "is_charging_station": True,
            "parking_type": "sidewalk_parking",
        }
        for station in stations
    ]
    return document({"stations": rows}, now, _STILL_S)


def station_status(
    stations: Sequence[Station], vehicles: Sequence[Vehicle], now: datetime
) -> Document:
    """station_status.json: what stands at each station, and how much room is left."""
    standing: dict[str, list[Vehicle]] = {station.id: [] for station in stations}
    for vehicle in vehicles:
        if vehicle.station in standing:
            standing[vehicle.station].append(vehicle)
    rows = [_station(station, standing[station.id], now) for station in stations]
    return document({"stations": rows}, now, _LIVE_S)


def geofencing_zones(ground: Ground, now: datetime) -> Document:
    """geofencing_zones.json: where vehicles may go and stand; the strictest zone comes first."""
    order = sorted(ground.zones, key=lambda z: (z.rule.ride, z.rule.park, z.rule.max_kmh or 999))
    features = [_feature(zone.title, zone.rule, zone.shape) for zone in order]
    everywhere = ground.service is None
    if ground.service is not None:
        features.append(_feature(ground.title, Rule(), ground.service))
    beyond = _rule(Rule(ride=everywhere, park=everywhere))
    zones = {"type": "FeatureCollection", "features": features}
    return document({"geofencing_zones": zones, "global_rules": [beyond]}, now, _STILL_S)


def system_pricing_plans(tariff: Tariff, now: datetime) -> Document:
    """system_pricing_plans.json: the one tariff."""
    per_min: Document = {"start": tariff.included_min, "rate": tariff.per_min_won, "interval": 1}
    if tariff.per_min_won and not tariff.per_km_won:
        charged = max(tariff.most_won - tariff.unlock_won, 0) // tariff.per_min_won
        per_min["end"] = tariff.included_min + charged
    plan: Document = {
        "plan_id": _PLAN,
        "name": _texts(Text("Standard", "기본 요금")),
        "currency": "KRW",
        "price": tariff.unlock_won,
        "is_taxable": False,
        "description": _texts(
            Text(
                f"{won_text(tariff.unlock_won)} for the first {tariff.included_min} minutes, then"
                f" {won_text(tariff.per_min_won)} a minute, {won_text(tariff.most_won)} at most",
                f"처음 {tariff.included_min}분 {won_text(tariff.unlock_won)}, 이후 1분당"
                f" {won_text(tariff.per_min_won)}, 최대 {won_text(tariff.most_won)}",
            )
        ),
        "per_min_pricing": [per_min],
    }
    if tariff.per_km_won:
        plan["per_km_pricing"] = [{"start": 0, "rate": tariff.per_km_won, "interval": 1}]
    return document({"plans": [plan]}, now, _STILL_S)


def system_alerts(pauses: Sequence[Pause], now: datetime) -> Document:
    """system_alerts.json: what is not as usual."""
    alerts = [
        {
            "alert_id": _short(pause.id),
            "type": "other",
            "times": [{"start": _time(pause.since)}],
            "summary": _texts(pause.reason),
        }
        for pause in pauses
    ]
    return document({"alerts": alerts}, now, _LIVE_S)


def _is_shown(vehicle: Vehicle) -> bool:
    return vehicle.location is not None and vehicle.state not in ("rented", "missing", "with_crew")


def _vehicle(vehicle: Vehicle, *, paused: bool) -> Document:
    assert vehicle.location is not None
    row: Document = {
        "vehicle_id": vehicle.public_id,
        "lat": vehicle.location.lat,
        "lon": vehicle.location.lon,
        "is_reserved": vehicle.state == "reserved",
        "is_disabled": paused or vehicle.state not in ("free", "reserved"),
        "vehicle_type_id": vehicle.kind,
        "current_range_meters": MODELS[vehicle.kind].range_m * vehicle.battery_pct / 100.0,
        "current_fuel_percent": vehicle.battery_pct / 100.0,
        "pricing_plan_id": _PLAN,
    }
    if vehicle.station is not None:
        row["station_id"] = _short(vehicle.station)
    return row


def _station(station: Station, here: Sequence[Vehicle], now: datetime) -> Document:
    free = [vehicle.kind for vehicle in here if vehicle.state == "free"]
    room = max(station.capacity - len(here), 0)
    return {
        "station_id": _short(station.id),
        "num_vehicles_available": len(free),
        "vehicle_types_available": [
            {"vehicle_type_id": kind, "count": free.count(kind)} for kind in MODELS
        ],
        "num_vehicles_disabled": sum(v.state not in ("free", "reserved") for v in here),
        "num_docks_available": room,
        "is_installed": True,
        "is_renting": True,
        "is_returning": room > 0,
        "last_reported": _time(now),
    }


def _feature(title: Text, rule: Rule, shape: BaseGeometry) -> Document:
    return {
        "type": "Feature",
        "properties": {"name": _texts(title), "rules": [_rule(rule)]},
        "geometry": mapping(_multi_polygon(shape)),
    }


def _rule(rule: Rule) -> Document:
    row: Document = {
        "ride_start_allowed": rule.ride,
        "ride_end_allowed": rule.ride,
        "ride_through_allowed": rule.ride,
    }
    if rule.ride and not rule.park:
        row["station_parking"] = True
    if rule.max_kmh is not None:
        row["maximum_speed_kph"] = rule.max_kmh
    return row


def _multi_polygon(shape: BaseGeometry) -> MultiPolygon:
    """Return a shape as RFC 7946 wants it: outer rings counter-clockwise."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return MultiPolygon([orient(part, 1.0) for part in parts])


def _texts(text: Text) -> list[dict[str, str]]:
    return [{"text": text.en, "language": "en"}, {"text": text.ko, "language": "ko"}]


def _short(urn: str) -> str:
    return urn.rsplit(":", 1)[-1]


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
