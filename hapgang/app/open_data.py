"""What anybody may know of the city's data: the data map, and the same data for maps of others."""

from hapgang.app.datamap import Maps, Uses, datamap_endpoints
from hapgang.app.endpoints import Endpoint
from hapgang.app.ogc.endpoints import ogc_endpoints
from hapgang.app.wiring import LiveCity


def open_data_endpoints(live: LiveCity, uses: Uses) -> list[Endpoint]:
    """Return the endpoints; `uses` counts how often what is read."""
    maps = Maps(live)
    return [*datamap_endpoints(maps, uses), *ogc_endpoints(maps)]
