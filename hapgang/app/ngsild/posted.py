"""A query in a body (clauses 5.2.23 and 6.23), read as one in an address is."""

from typing import Any

import msgspec

from hapgang.app.context import Context
from hapgang.app.ngsild.asked import Posted, PostedEntities, join_of, languages, query_of, style_of
from hapgang.app.ngsild.linked import Asked
from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.ngsild.choice import read_members
from hapgang.hub.ngsild.geo import read_geo_query
from hapgang.hub.ngsild.join import MOST_LEVELS, Join
from hapgang.hub.ngsild.order import Order, read_order
from hapgang.hub.ngsild.represent import Shape
from hapgang.hub.ngsild.scope import read_scope_query
from hapgang.hub.ngsild.types import read_types
from hapgang.hub.search import Selection


def read_posted(document: dict[str, Any]) -> Posted:
    """Return the query that a body says; `Invalid` names what does not fit."""
    try:
        found = msgspec.convert(document, Posted, strict=True)
    except msgspec.ValidationError as error:
        raise Invalid(f"the query does not fit: {error}", f"질의 형식 오류: {error}") from None
    if found.type != "Query":
        raise Invalid("a query's type is Query", "질의의 type은 Query입니다")
    return found


def selections_of(posted: Posted, asked: Asked) -> tuple[Selection, ...]:
    """Return the selections: one for each selector of entities."""
    inward = asked.context.inward
    geo = posted.geoQ
    if posted.scopeQ:
        read_scope_query(posted.scopeQ)
    common = Selection(
        attrs=frozenset(inward(name) for name in posted.attrs),
        query=query_of(posted.q, posted.expandValues, asked),
        geo=None
        if geo is None
        else read_geo_query(geo.georel, geo.geometry, geo.coordinates, inward(geo.geoproperty)),
        scope=posted.scopeQ,
        datasets=frozenset(posted.datasetId),
    )
    if not posted.entities:
        return (common,)
    return tuple(_selector(common, one, asked) for one in posted.entities)


def _selector(common: Selection, one: PostedEntities, asked: Asked) -> Selection:
    ids = one.id if isinstance(one.id, list) else [one.id] if one.id else []
    return msgspec.structs.replace(
        common,
        types=read_types("" if one.type == "*" else one.type, asked.context.inward),
        ids=tuple(check_uri(name) for name in ids),
        id_pattern=one.idPattern,
    )


def posted_shape(posted: Posted, context: Context, asked: Asked) -> Shape:
    """Return the form of the answer."""
    inward = asked.context.inward
    pick = read_members(",".join(posted.pick), "pick", inward)
    omit = read_members(",".join(posted.omit), "omit", inward)
    if posted.attrs and (pick or omit):
        raise Invalid("attrs goes with neither pick nor omit", None)
    style, has_times = style_of(context)
    return Shape(
        style=style,
        has_times=has_times,
        attrs=frozenset(inward(name) for name in posted.attrs),
        pick=pick,
        omit=omit,
        datasets=frozenset(posted.datasetId),
        languages=languages(posted.lang or context.query("lang")),
        geometry=inward(context.query("geometryProperty", "location")),
    )


def posted_join(posted: Posted, context: Context) -> Join | None:
    """Return which linked entities are asked for; in the body, or in the address."""
    if posted.join not in ("inline", "flat"):
        return join_of(context)
    if not 1 <= posted.joinLevel <= MOST_LEVELS:
        raise Invalid(f"joinLevel is 1 to {MOST_LEVELS}", None)
    return Join(
        "inline" if posted.join == "inline" else "flat",
        posted.joinLevel,
        frozenset(posted.containedBy),
    )


def posted_orders(posted: Posted, asked: Asked) -> tuple[Order, ...]:
    """Return the order of the answer."""
    if posted.ordering is None:
        return ()
    by = posted.ordering.orderBy
    text = by if isinstance(by, str) else ",".join(by)
    return read_order(text, asked.context.inward, collation=posted.ordering.collation)


def posted_filters(posted: Posted) -> dict[str, str]:
    """Return the filters as parameters say them, in the client's names."""
    words = {"q": posted.q, "scopeQ": posted.scopeQ}
    if posted.geoQ is not None:
        geo = msgspec.structs.asdict(posted.geoQ)
        words |= {**geo, "coordinates": msgspec.json.encode(geo["coordinates"]).decode()}
    return {name: word for name, word in words.items() if word}
