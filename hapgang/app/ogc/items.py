"""The features of a collection, by the page and one by one (part 1, clauses 7.15 and 7.16)."""

import gzip
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from hapgang.app.context import Context, Reply
from hapgang.app.datamap.map import DataMap
from hapgang.app.ogc.asked import Asked, asked_of, check_form, check_known
from hapgang.app.ogc.collections import GEOJSON, JSON, collection, link, properties_of
from hapgang.app.ogc.crs import CRS84, checked, turned
from hapgang.app.ogc.entities import feature_of, geometry_name
from hapgang.app.ogc.find import Feature, Page, among, in_layer
from hapgang.app.ogc.layers import layer_of
from hapgang.core.errors import NotFound
from hapgang.hub.datamap.dataset import Dataset
from hapgang.twin.scene import Scene

_PACKING = 3  # of gzip: two thirds of the time of its usual 6, some per cent larger


async def items(context: Context, datamap: DataMap) -> Reply:
    """Answer with a page of features."""
    found = collection(datamap, context.path["collection"], context.caller.role)
    words = context.words()
    asked = asked_of(words, properties_of(found), context.live.scene.epsg)
    now = context.live.clock.now()
    finding = _finding(context, found, asked, now)

    is_packed = context.accepts("gzip")

    def work() -> bytes:
        body = _encoded(finding(), asked, _links(context, found, words), now)
        return gzip.compress(body, _PACKING, mtime=0) if is_packed else body

    reply = _reply(await context.beside(work), asked.crs)
    return reply.with_header("Content-Encoding", "gzip") if is_packed else reply


async def item(context: Context, datamap: DataMap) -> Reply:
    """Answer with one feature."""
    found = collection(datamap, context.path["collection"], context.caller.role)
    words = context.words()
    check_known(words, ("crs", "f"))
    check_form(words, ("json",))
    crs = checked(words.get("crs", CRS84), context.live.scene.epsg, "crs")
    name = context.path["feature"]
    if found.kind == "layer":
        layer = await context.beside(lambda: _layer(context.live.scene, found))
        row = layer.rows.get(name)
        feature = None if row is None else layer.features[row]
    else:
        feature = _entity(context, found, name)
    if feature is None:
        raise NotFound(f"{found.id} has no feature {name:.200}", f"{name:.200}이(가) 없습니다")
    at = f"{context.origin}/ogc/collections/{quote(found.id, safe='')}"
    links = [
        link(f"{at}/items/{quote(name, safe='')}", "self", GEOJSON),
        link(at, "collection", JSON, found.title.en),
    ]
    body = {**feature, "geometry": turned(feature["geometry"], crs), "links": links}
    return _reply(msgspec.json.encode(body), crs)


def _finding(context: Context, found: Dataset, asked: Asked, now: datetime) -> Callable[[], Page]:
    """Return the work of finding: over what does not change, so that it can be done in a thread."""
    if found.kind == "layer":
        scene = context.live.scene
        return lambda: in_layer(_layer(scene, found), asked)
    records = list(context.live.runtime.state.of_type(found.id.removeprefix("type.")))
    return lambda: among(records, found.columns, asked, now)


def _layer(scene: Scene, found: Dataset) -> Any:
    return layer_of(scene, found.id.removeprefix("layer."))


def _entity(context: Context, found: Dataset, name: str) -> Feature | None:
    record = context.live.runtime.state.get(name)
    if record is None or record.person is not None:
        return None
    if found.id.removeprefix("type.") not in record.types:
        return None
    return feature_of(record, found.columns, geometry_name(found.columns))


class _Links(msgspec.Struct):
    here: str
    collection: str
    title: str
    words: dict[str, str]


def _links(context: Context, found: Dataset, words: dict[str, str]) -> _Links:
    at = f"{context.origin}/ogc/collections/{quote(found.id, safe='')}"
    return _Links(f"{at}/items", at, found.title.en, words)


def _encoded(page: Page, asked: Asked, links: _Links, now: datetime) -> bytes:
    shown = len(page.features)
    own = {**links.words, "limit": str(asked.limit), "offset": str(asked.offset)}
    told = [
        link(f"{links.here}?{urlencode(own)}" if links.words else links.here, "self", GEOJSON),
        link(links.collection, "collection", JSON, links.title),
    ]
    if asked.offset + shown < page.matched and shown:
        after = {**own, "offset": str(asked.offset + shown)}
        told.append(link(f"{links.here}?{urlencode(after)}", "next", GEOJSON))
    if asked.offset:
        before = {**own, "offset": str(max(0, asked.offset - asked.limit))}
        told.append(link(f"{links.here}?{urlencode(before)}", "prev", GEOJSON))
    features = page.features
    if asked.crs != CRS84:
        features = [{**one, "geometry": turned(one["geometry"], asked.crs)} for one in features]
    return msgspec.json.encode(
        {
            "type": "FeatureCollection",
            "timeStamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "numberMatched": page.matched,
            "numberReturned": shown,
            "links": told,
            "features": features,
        }
    )


def _reply(body: bytes, crs: str) -> Reply:
    return (
        Reply(body, media_type=GEOJSON)
        .with_header("Content-Crs", f"<{crs}>")
        .with_header("Vary", "Accept-Encoding, Authorization")
    )
