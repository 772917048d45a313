"""What clients of others see of a city: python -m tests.app.ogc.opened ADDRESS.

A process of its own, because GDAL keeps the interpreter while it waits for the city.
"""

import json
import sys
from typing import Any

import pyogrio
import shapely
from owslib.ogcapi.features import Features


def by_gdal(address: str) -> dict[str, Any]:
    """What GDAL, and so QGIS, opens."""
    source = f"OAPIF:{address}"
    box = (127.2995, 36.5, 127.3025, 36.52)
    meta, _, wells, _ = pyogrio.raw.read(source, layer="type.TestWell", PAGE_SIZE=5)
    projected, _, metres, _ = pyogrio.raw.read(source, layer="layer.buildings", CRS="EPSG:5186")
    return {
        "layers": [str(name) for name, _ in pyogrio.list_layers(source)],
        "wells": len(wells),
        "geometry": meta["geometry_type"],
        "fields": [str(name) for name in meta["fields"]],
        "in_box": len(pyogrio.raw.read(source, layer="type.TestWell", bbox=box)[2]),
        "by_name": len(pyogrio.raw.read(source, layer="layer.places", where="place = 'p3'")[2]),
        "crs": projected["crs"],
        "bounds_m": shapely.total_bounds(shapely.from_wkb(metres)).tolist(),
    }


def by_owslib(address: str) -> dict[str, Any]:
    """What OWSLib reads."""
    client = Features(address)
    page = client.collection_items("type.TestWell", limit=2, bbox=[127.2995, 36.5, 127.3025, 36.52])
    return {
        "conforms": client.conformance()["conformsTo"],
        "collections": client.feature_collections(),
        "openapi": client.api()["openapi"],
        "title": client.collection("type.TestWell")["title"],
        "matched": page["numberMatched"],
        "returned": page["numberReturned"],
        "one": client.collection_item("type.TestWell", page["features"][0]["id"]),
    }


if __name__ == "__main__":
    found = {"gdal": by_gdal(sys.argv[1]), "owslib": by_owslib(sys.argv[1])}
    print(json.dumps(found))
