"""The GBFS feed as anybody may read it."""

from hapgang.contract import City
from hapgang.services.mobility.sharing import speaks
from hapgang.services.mobility.sharing.actions.checks import ground, settings
from hapgang.services.mobility.sharing.model import Pause, Station, Vehicle


def gbfs_feed(city: City, *, feed: speaks.Feed) -> speaks.Document:  # noqa: PLR0911 (one a feed)
    """Return one document of the GBFS 3.0 feed."""
    now, hub = city.now, city.hub
    match feed:
        case "gbfs.json":
            return speaks.gbfs(settings(city).public_url, now)
        case "system_information.json":
            return speaks.system_information(ground(city), settings(city), now)
        case "vehicle_types.json":
            return speaks.vehicle_types(settings(city), now)
        case "vehicle_status.json":
            return speaks.vehicle_status(hub.find(Vehicle), hub.find(Pause), now)
        case "station_information.json":
            return speaks.station_information(hub.find(Station), now)
        case "station_status.json":
            return speaks.station_status(hub.find(Station), hub.find(Vehicle), now)
        case "geofencing_zones.json":
            return speaks.geofencing_zones(ground(city), now)
        case "system_pricing_plans.json":
            return speaks.system_pricing_plans(settings(city).tariff, now)
        case "system_alerts.json":
            return speaks.system_alerts(hub.find(Pause), now)
