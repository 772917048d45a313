"""A city's data map as the catalogue that goes out by DCAT-AP."""

from urllib.parse import quote

from hapgang.app.context import Context
from hapgang.app.datamap import words
from hapgang.app.datamap.map import DataMap, bounds_of
from hapgang.app.datamap.sets import NGSI_LD, OGC_FEATURES
from hapgang.core.text import Text
from hapgang.hub.datamap.authorities import PREFIXES
from hapgang.hub.datamap.dcat import Catalogue, Entry, Service, things
from hapgang.hub.datamap.rdf import json_ld, turtle

JSON_LD, TURTLE = "application/ld+json", "text/turtle"
_SERVICES = (
    Service("features", Text("OGC API - Features", "OGC API - Features"), "/ogc", "/ogc/api",
            OGC_FEATURES),
    Service("ngsi-ld", Text("NGSI-LD", "NGSI-LD"), "/ngsi-ld/v1", "/openapi.json", NGSI_LD),
    Service("lake", words.LAKE, "/api/lake", "/openapi.json",
            "https://spec.openapis.org/oas/v3.1.0"),
)  # fmt: skip


async def catalogue_of(context: Context, datamap: DataMap) -> Catalogue:
    """Return what is told to a caller now."""
    role, scene = context.caller.role, context.live.scene
    origins = datamap.origins(role)
    entries = [
        Entry(
            found,
            await datamap.quality(context, found),
            f"/city/data/map/{quote(found.id, safe='')}",
            origins[found.id],
        )
        for found in datamap.known(role)
    ]
    return Catalogue(
        origin=context.origin,
        path="/api/data/dcat",
        title=Text(f"Data of {scene.title.en}", f"{scene.title.ko} 자료"),
        about=Text(
            "Everything that the city knows: what is open, and what is sealed or internal.",
            "도시가 아는 모든 것이에요. 열린 것도, 봉인되거나 내부용인 것도 있어요.",
        ),
        publisher=datamap.publisher,
        bounds=bounds_of(scene),
        services=_SERVICES,
        entries=entries,
        issued_at=context.live.clock.now(),
    )


def written(catalogue: Catalogue, is_turtle: bool) -> bytes:
    """Return the catalogue in one of its two forms."""
    said = things(catalogue)
    return turtle(said, PREFIXES) if is_turtle else json_ld(said, PREFIXES)


def wants_turtle(accept: str | None) -> bool:
    """Whether Turtle is asked for before JSON (RFC 9110, 12.5.1)."""
    best: dict[str, float] = {}
    for offer in (accept or "").lower().split(","):
        name, *parameters = (part.strip() for part in offer.split(";"))
        best[name] = max(best.get(name, 0.0), _weight(parameters))
    json = max(best.get(name, 0.0) for name in (JSON_LD, "application/json"))
    return best.get(TURTLE, 0.0) > json


def _weight(parameters: list[str]) -> float:
    for one in parameters:
        if one.startswith("q="):
            try:
                return float(one[2:])
            except ValueError:
                return 0.0
    return 1.0
