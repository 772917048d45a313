"""What is told of the past, in the client's form and names."""

import os

import msgspec
from starlette.responses import Response

from hapgang.app.context import Context
from hapgang.app.ngsild.answers import add_pages
from hapgang.app.ngsild.linked import Asked
from hapgang.app.ngsild.temporal.asked import Form
from hapgang.app.ngsild.temporal.reading import Past, until_safe
from hapgang.core.entity import Document
from hapgang.hub.jsonld import outward_document
from hapgang.hub.ngsild.represent import chosen
from hapgang.hub.temporal.page import Cut, Series, cut, newest
from hapgang.hub.temporal.represent import (
    Told,
    aggregates,
    header,
    in_style,
    instances,
    kinds_of,
)
from hapgang.runtime.platform.ngsild import NGSI_LD

PAGE = "HAPGANG_TEMPORAL_PAGE"  # instances that an answer has room for
_USUAL_PAGE = 1_000
_FEW = 100


def most_instances() -> int:
    """Return how many instances an answer has room for; those of one instant stay together."""
    said = os.environ.get(PAGE, "")
    return int(said) if said.isdecimal() and 0 < int(said) <= 100_000 else _USUAL_PAGE


def told_of(past: Past, series: Series) -> Told:
    """Return what is told of an entity."""
    one = past.evolution
    return Told(
        one.entity, one.types, series, kinds_of(series), created=one.created,
        modified=one.modified, deleted=one.deleted,
    )  # fmt: skip


async def body_of(
    context: Context, entities: list[Told], form: Form, asked: Asked
) -> tuple[list[Document], Cut | None]:
    """Return entities as documents, and which part of the time they tell if it is not all."""

    def write() -> tuple[list[Document], Cut | None]:
        shown = [
            msgspec.structs.replace(told, series=newest(told.series, form.when.last))
            for told in entities
        ]
        if form.aggregation is not None:
            return [_aggregated(told, form, asked) for told in shown], None
        kept, part = cut([told.series for told in shown], form.when, most_instances())
        for told, series in zip(shown, kept, strict=True):
            told.series = series
        return [_document(told, form, asked) for told in shown], part

    await until_safe(context)  # types and scopes were read in memory
    many = sum(len(timed) for told in entities for timed in told.series.values())
    return write() if many <= _FEW else await context.beside(write)


def _document(told: Told, form: Form, asked: Asked) -> Document:
    shape, when, style = form.shape, form.when, form.style
    head = chosen(header(told, shape), shape)
    full = instances(told, shape, when, with_all=style == "temporalValues")
    out = outward_document({**head, **full}, asked.context)
    if style == "normalized":
        return out
    names = dict(zip([*head, *full], out, strict=True))
    for name in full:
        outward = names[name]
        out[outward] = in_style(out[outward], told.kinds[name], style, when)
    return out


def _aggregated(told: Told, form: Form, asked: Asked) -> Document:
    shape = form.shape
    assert form.aggregation is not None
    wanted = shape.attrs or frozenset(shape.pick.names if shape.pick is not None else ())
    found = told.sums
    if found is None:
        found = aggregates(told, form.aggregation, form.when, wanted)
    out = outward_document(chosen(header(told, shape), shape), asked.context)
    return {**out, **{asked.context.outward(name): value for name, value in found.items()}}


def linked_pages(context: Context, response: Response, count: int, limit: int, offset: int) -> None:
    """Say where the pages of entities before and after are (RFC 8288, clause 6.3.10)."""
    add_pages(context, response, f"{NGSI_LD}/temporal/entities", count, limit, offset)
