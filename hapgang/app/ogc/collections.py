"""The collections of the city's features: which there are for a caller, what is told of each."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from hapgang.app.context import Context
from hapgang.app.datamap.map import DataMap, bounds_of
from hapgang.app.ogc.crs import CRS84, crs_list
from hapgang.app.ogc.entities import MODIFIED, property_forms
from hapgang.app.ogc.errors import no_collection
from hapgang.contract import Role
from hapgang.core.errors import NotFound
from hapgang.core.text import Language
from hapgang.hub.datamap.dataset import Dataset, Form
from hapgang.twin.scene import Scene

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"


def collections_of(datamap: DataMap, role: Role) -> Iterator[Dataset]:
    """Yield the data sets whose features a caller may have."""
    return (one for one in datamap.known(role) if may_have(one, role))


def may_have(found: Dataset, role: Role) -> bool:
    """Whether a data set is given as features: layers of the model, and types about nobody."""
    is_theirs = found.access == "open" or (
        found.access == "signed_in" and role is not Role.ANONYMOUS
    )
    return is_theirs and found.kind in ("layer", "type")


def collection(datamap: DataMap, name: str, role: Role) -> Dataset:
    """Return the data set of a collection; `NoCollection` where a caller may have none."""
    try:
        found = datamap.get(name, role)
    except NotFound:
        raise no_collection(name) from None
    if not may_have(found, role):
        raise no_collection(name)
    return found


def properties_of(found: Dataset) -> dict[str, Form]:
    """Return by which properties the features of a collection can be chosen, with their forms."""
    forms = property_forms(found.columns)
    left = ("lon", "lat", MODIFIED) if found.kind == "layer" else ()
    return {name: form for name, form in forms.items() if name not in left}


def described(found: Dataset, scene: Scene, origin: str, language: Language) -> dict[str, Any]:
    """Return a collection as part 1, clause 7.13 tells it, with the systems of part 2."""
    at = f"{origin}/ogc/collections/{quote(found.id, safe='')}"
    title = found.title.in_language(language)
    page = f"{origin}/city/data/map/{quote(found.id, safe='')}"
    links = [
        link(at, "self", JSON, title),
        link(f"{at}/items", "items", GEOJSON, title),
        link(page, "describedby", HTML, title),
    ]
    if found.licence is not None:
        links.append(link(found.licence.url, "license", HTML, found.licence.name))
    west, south, east, north = bounds_of(scene)
    return {
        "id": found.id,
        "title": title,
        "description": found.about.in_language(language),
        "keywords": list(found.keywords),
        "extent": {"spatial": {"bbox": [[west, south, east, north]], "crs": CRS84}},
        "itemType": "feature",
        "crs": crs_list(scene.epsg),
        "storageCrs": CRS84,
        "links": links,
    }


def link(href: str, rel: str, media_type: str, title: str = "") -> dict[str, str]:
    """Return a link as the standard writes it."""
    found = {"href": href, "rel": rel, "type": media_type}
    return {**found, "title": title} if title else found


def language_of(context: Context) -> Language:
    """Return the first of our languages that a caller reads; English where none is told."""
    for part in (context.header(b"accept-language") or "").lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in ("ko", "en"):
            return "ko" if code == "ko" else "en"
    return "en"
