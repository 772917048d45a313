"""What a read asks for: which entities, in which form (clauses 6.4.3.2, 6.5.3.1 and 6.23)."""

from typing import Any, get_args

import msgspec

from hapgang.app.context import Context
from hapgang.app.ngsild.linked import Asked
from hapgang.app.ngsild.request import number, words
from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.ngsild.choice import read_members
from hapgang.hub.ngsild.errors import InvalidRequest
from hapgang.hub.ngsild.geo import read_geo_query
from hapgang.hub.ngsild.join import MOST_LEVELS, Join
from hapgang.hub.ngsild.order import Order, read_order
from hapgang.hub.ngsild.represent import Shape, Style
from hapgang.hub.ngsild.scope import read_scope_query
from hapgang.hub.ngsild.types import read_types
from hapgang.hub.qlang import parse
from hapgang.hub.query import Query, with_words
from hapgang.hub.search import Selection

SHAPE_WORDS = frozenset(
    [
        "attrs", "pick", "omit", "format", "options", "lang", "datasetId", "geometryProperty",
        "join", "joinLevel", "containedBy", "local", "via", "jsonKeys", "expandValues",
    ]
)  # fmt: skip
SELECTION_WORDS = frozenset(
    [
        "id", "type", "idPattern", "q", "csf", "georel", "geometry", "coordinates", "geoproperty",
        "scopeQ", "limit", "offset", "count", "orderBy", "collation", "entityMap", "splitEntities",
    ]
)  # fmt: skip
FILTER_WORDS = ("q", "scopeQ", "georel", "geometry", "coordinates", "geoproperty")
_STYLES: dict[str, Style] = {
    "normalized": "normalized",
    "concise": "concise",
    "simplified": "simplified",
    "keyValues": "simplified",
}
_PLAIN = Shape()
_OPTIONS = frozenset([*_STYLES, "sysAttrs", "count"])
_ID_WORDS = frozenset("<>\"{}|\\^`' ")


def shape_of(context: Context, asked: Asked) -> Shape:
    """Return the form that a client asks for; `Invalid` for what contradicts itself."""
    if not context.words():
        return _PLAIN
    inward = asked.context.inward
    attrs = attribute_names(context, asked)
    pick = read_members(context.query("pick"), "pick", inward)
    omit = read_members(context.query("omit"), "omit", inward)
    if attrs and (pick or omit):
        raise Invalid(
            "attrs goes with neither pick nor omit", "attrs는 pick·omit과 함께 쓸 수 없습니다"
        )
    if pick and omit and (both := pick.names.keys() & omit.names.keys()):
        raise Invalid(f"{', '.join(sorted(both))}: both picked and omitted", None)
    style, has_times = style_of(context)
    return Shape(
        style=style,
        has_times=has_times,
        attrs=frozenset(attrs),
        pick=pick,
        omit=omit,
        datasets=frozenset(words(context, "datasetId")),
        languages=languages(context.query("lang")),
        geometry=inward(context.query("geometryProperty", "location")),
    )


def style_of(context: Context) -> tuple[Style, bool]:
    """Return the representation, and whether times are told; the format goes before options."""
    style: Style = "normalized"
    options = words(context, "options")
    for option in options:
        if option not in _OPTIONS:
            raise InvalidRequest(f"there is no option “{option[:40]}”", f"없는 옵션: {option[:40]}")
        style = _STYLES.get(option, style)
    named = context.query("format")
    if named and named not in _STYLES:
        raise InvalidRequest(f"there is no format “{named[:40]}”", f"없는 형식: {named[:40]}")
    assert style in get_args(Style)
    return _STYLES.get(named, style), "sysAttrs" in options


def languages(text: str) -> tuple[str, ...]:
    """Return the languages of a `lang` parameter, best first (as in Accept-Language)."""
    found = []
    for number_, part in enumerate(text.split(",")):
        name, _, parameter = part.partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            raise Invalid(f"lang: “{part[:40]}” is not like ko;q=0.8", None) from None
        if name.strip():
            found.append((-quality, number_, name.strip()))
    return tuple(name for _, _, name in sorted(found))


def attribute_names(context: Context, asked: Asked) -> list[str]:
    """Return the attributes of `attrs`, as the hub names them."""
    found = []
    for name in words(context, "attrs"):
        if name in ("id", "type", "scope") or not _ID_WORDS.isdisjoint(name) or "(" in name:
            raise Invalid(f"attrs: “{name[:40]}” is no attribute's name", None)
        found.append(asked.context.inward(name))
    return found


def join_of(context: Context) -> Join | None:
    """Return which linked entities are asked for; None where none are."""
    kind = context.query("join") if context.words() else ""
    if kind in ("", "@none"):
        return None
    if kind not in ("inline", "flat"):
        raise Invalid(f"join is inline or flat, not “{kind[:40]}”", None)
    levels = number(context, "joinLevel", 1)
    if not 1 <= levels <= MOST_LEVELS:
        raise Invalid(f"joinLevel is 1 to {MOST_LEVELS}", None)
    return Join(
        "inline" if kind == "inline" else "flat", levels, frozenset(words(context, "containedBy"))
    )


def selection_of(context: Context, asked: Asked) -> Selection:
    """Return which entities a client asks for."""
    inward, q, scope = asked.context.inward, context.query("q"), context.query("scopeQ")
    types = read_types(context.query("type") if context.query("type") != "*" else "", inward)
    if scope:
        read_scope_query(scope)  # says what is wrong with it
    return Selection(
        types=types,
        ids=tuple(check_uri(name) for name in words(context, "id")),
        id_pattern=context.query("idPattern"),
        attrs=frozenset(attribute_names(context, asked)),
        query=query_of(q, words(context, "expandValues"), asked),
        geo=_geo(context, asked),
        scope=scope,
        datasets=frozenset(words(context, "datasetId")),
    )


def _geo(context: Context, asked: Asked) -> Any:
    relation, form, places = (context.query(name) for name in ("georel", "geometry", "coordinates"))
    if not (relation or form or places):
        return None
    attribute = asked.context.inward(context.query("geoproperty", "location"))
    return read_geo_query(relation, form, places, attribute)


def query_of(q: str, expanded: list[str], asked: Asked) -> Query | None:
    """Return what `q` says; the values of `expanded` attributes are words, too."""
    inward = asked.context.inward
    query = parse(q, inward) if q else None
    if query is None or not expanded:
        return query
    return with_words(query, {inward(name) for name in expanded}, inward)


def orders_of(context: Context, asked: Asked) -> tuple[Order, ...]:
    """Return the order that a client asks for."""
    collation = context.query("collation")
    return read_order(context.query("orderBy"), asked.context.inward, collation=collation)


class PostedEntities(msgspec.Struct, frozen=True):
    """One entity selector of a query in a body (clause 5.2.33)."""

    type: str = ""
    id: str | list[str] = ""
    idPattern: str = ""  # noqa: N815 (the standard's name)


class PostedGeo(msgspec.Struct, frozen=True):
    """A geo query in a body (clause 5.2.13)."""

    georel: str
    geometry: str
    coordinates: Any
    geoproperty: str = "location"


class PostedOrder(msgspec.Struct, frozen=True):
    """What to order by, in a body (clause 5.2.43)."""

    orderBy: str | list[str] = ""  # noqa: N815
    collation: str = ""


class Posted(msgspec.Struct, frozen=True):
    """A query in a body (clause 5.2.23)."""

    type: str
    entities: list[PostedEntities] = []
    attrs: list[str] = []
    pick: list[str] = []
    omit: list[str] = []
    q: str = ""
    geoQ: PostedGeo | None = None  # noqa: N815
    csf: str = ""
    scopeQ: str = ""  # noqa: N815
    lang: str = ""
    datasetId: list[str] = []  # noqa: N815
    join: str = ""
    joinLevel: int = 1  # noqa: N815
    containedBy: list[str] = []  # noqa: N815
    ordering: PostedOrder | None = None
    temporalQ: Any = None  # noqa: N815
    entityMap: Any = None  # noqa: N815
    splitEntities: Any = None  # noqa: N815
    jsonKeys: list[str] = []  # noqa: N815
    expandValues: list[str] = []  # noqa: N815
