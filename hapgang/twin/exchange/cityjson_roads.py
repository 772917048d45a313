"""Streets as Roads of CityJSON 2.0: a TrafficArea for each lane."""

from typing import Any

from hapgang.twin.exchange.carriageways import WIDTH_SOURCE, Carriageway, Lane
from hapgang.twin.exchange.cityjson_vertices import Steps, kept
from hapgang.twin.modes import Modes
from hapgang.twin.scene import Scene

_LOD = "2"  # level 1 is one surface, from 2 on it is divided by what it is for (CityGML 2.0, 10.7)


def road(scene: Scene, street: Carriageway, vertices: Steps) -> dict[str, Any]:
    """Return a street; lists of its attributes have a value for each direction."""
    links, rows = scene.links, list(street.rows)
    attributes = {
        "class": links.kind[rows[0]],
        "name": links.name[rows[0]],
        "links": links.link[rows].tolist(),
        "lanes": [round(float(lanes), 2) for lanes in links.lanes[rows]],
        "speed_kmh": [round(float(speed), 2) for speed in links.speed_kmh[rows]],
        "modes": [_modes(int(modes)) for modes in links.modes[rows]],
        "width_m": round(street.width_m, 2),
        "width_source": WIDTH_SOURCE,
    }
    known = {name: value for name, value in attributes.items() if value is not None}
    return {"type": "Road", "attributes": known, "geometry": _geometry(scene, street, vertices)}


def _geometry(scene: Scene, street: Carriageway, vertices: Steps) -> list[dict[str, Any]]:
    seen = [
        ([vertices.ring(one)], lane)
        for one, lane in zip(vertices.steps(street.xyz_m), street.lane.tolist(), strict=True)
        if len(kept(one))
    ]
    if not seen:
        return []
    areas = [_area(scene, lane) for lane in street.lanes]
    return [{
        "type": "MultiSurface",
        "lod": _LOD,
        "boundaries": [piece for piece, _ in seen],
        "semantics": {"surfaces": areas, "values": [lane for _, lane in seen]},
    }]  # fmt: skip


def _area(scene: Scene, lane: Lane) -> dict[str, Any]:
    return {
        "type": "TrafficArea",
        "function": lane.use,
        "link": scene.links.link[lane.row],
        "lane": lane.number,
        "width_m": round(lane.width_m, 2),
    }


def _modes(bits: int) -> str:
    return " ".join(str(mode.name).lower() for mode in Modes(bits))
