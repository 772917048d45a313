"""What a read of the past asks for: which time, which form (clauses 6.3.12, 6.18.3.2, 6.19.3.1)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from hapgang.app.context import Context
from hapgang.app.ngsild.asked import Posted, attribute_names, languages
from hapgang.app.ngsild.linked import Asked
from hapgang.app.ngsild.request import words
from hapgang.core.errors import Invalid
from hapgang.hub.ngsild.choice import read_members
from hapgang.hub.ngsild.errors import InvalidRequest
from hapgang.hub.ngsild.represent import Shape
from hapgang.hub.temporal.represent import Style
from hapgang.hub.temporal.series import Aggregation, read_aggregation
from hapgang.hub.temporal.when import When, read_when

RETRIEVE_WORDS = frozenset(
    [
        "attrs", "pick", "omit", "timerel", "timeAt", "endTimeAt", "timeproperty", "lastN", "lang",
        "aggrMethods", "aggrPeriodDuration", "options", "format", "datasetId", "local", "via",
        "entityMap", "splitEntities", "type",
    ]
)  # fmt: skip
QUERY_WORDS = RETRIEVE_WORDS | frozenset(
    [
        "id", "idPattern", "q", "csf", "georel", "geometry", "coordinates", "geoproperty",
        "scopeQ", "limit", "offset", "count", "orderBy", "collation", "expandValues", "jsonKeys",
    ]
)  # fmt: skip
_STYLES: dict[str, Style] = {
    "normalized": "normalized",
    "concise": "concise",
    "temporalValues": "temporalValues",
    "aggregatedValues": "aggregatedValues",
}
_OPTIONS = frozenset([*_STYLES, "sysAttrs", "count"])


class Form(msgspec.Struct, frozen=True):
    """Which time is asked for, and how it is written."""

    when: When
    shape: Shape
    style: Style
    aggregation: Aggregation | None = None


def form_of(context: Context, asked: Asked) -> Form:
    """Return what an address asks for."""
    inward = asked.context.inward
    shape = _shape(
        context,
        attrs=frozenset(attribute_names(context, asked)),
        pick=read_members(context.query("pick"), "pick", inward),
        omit=read_members(context.query("omit"), "omit", inward),
        datasets=frozenset(words(context, "datasetId")),
        languages=languages(context.query("lang")),
    )
    return _form(context, shape, context.words())


def posted_form(
    posted: Posted, document: Mapping[str, Any], context: Context, asked: Asked
) -> Form:
    """Return what a body asks for (clause 5.2.23); the rest is said in the address."""
    inward = asked.context.inward
    shape = _shape(
        context,
        attrs=frozenset(inward(name) for name in posted.attrs),
        pick=read_members(",".join(posted.pick), "pick", inward),
        omit=read_members(",".join(posted.omit), "omit", inward),
        datasets=frozenset(posted.datasetId),
        languages=languages(posted.lang or context.query("lang")),
    )
    said: dict[str, Any] = dict(context.words())
    for member in (posted.temporalQ, document.get("aggrParams"), document):
        if isinstance(member, Mapping):
            said.update({name: member[name] for name in _TIME_WORDS if name in member})
    return _form(context, shape, {name: _text(value) for name, value in said.items()})


_TIME_WORDS = (
    "timerel", "timeAt", "endTimeAt", "timeproperty", "lastN", "aggrMethods", "aggrPeriodDuration",
)  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_text(part) for part in value)
    if isinstance(value, str | int):
        return str(value)
    raise Invalid("a temporal query consists of texts", "시간 질의가 올바르지 않습니다")


def _shape(context: Context, **parts: Any) -> Shape:
    shape = Shape(has_times="sysAttrs" in words(context, "options"), **parts)
    if shape.attrs and (shape.pick or shape.omit):
        raise Invalid(
            "attrs goes with neither pick nor omit", "attrs는 pick·omit과 함께 쓸 수 없습니다"
        )
    if shape.pick and shape.omit and (both := shape.pick.names.keys() & shape.omit.names.keys()):
        raise Invalid(f"{', '.join(sorted(both))}: both picked and omitted", None)
    for members in (shape.pick, shape.omit):
        if members is not None and any(members.names.values()):
            raise Invalid("the past of linked entities is asked for apart", None)
    return shape


def _form(context: Context, shape: Shape, said: Mapping[str, str]) -> Form:
    style = _style(context)
    when = read_when(
        said.get("timerel", ""), said.get("timeAt", ""), said.get("endTimeAt", ""),
        said.get("timeproperty", ""), said.get("lastN", ""),
    )  # fmt: skip
    if style != "aggregatedValues":
        return Form(when, shape, style)
    methods = [word for word in said.get("aggrMethods", "").split(",") if word]
    return Form(when, shape, style, read_aggregation(methods, said.get("aggrPeriodDuration", "")))


def _style(context: Context) -> Style:
    """Return the representation; the format goes before options."""
    style: Style = "normalized"
    for option in words(context, "options"):
        if option not in _OPTIONS:
            raise InvalidRequest(f"there is no option “{option[:40]}”", f"없는 옵션: {option[:40]}")
        style = _STYLES.get(option, style)
    named = context.query("format")
    if named and named not in _STYLES:
        raise InvalidRequest(f"there is no format “{named[:40]}”", f"없는 형식: {named[:40]}")
    return _STYLES.get(named, style)
