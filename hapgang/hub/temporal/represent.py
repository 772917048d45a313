"""Entities in time as clients ask for them (clauses 4.5.6 to 4.5.9 and 4.5.19)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from hapgang.core.entity import Attribute, Document
from hapgang.hub.ngsild.errors import InvalidRequest
from hapgang.hub.ngsild.instants import written
from hapgang.hub.ngsild.kinds import MEMBER_OF
from hapgang.hub.ngsild.represent import Shape, concise, in_language, simple
from hapgang.hub.temporal.instance import SCOPE, Instance, instance_id
from hapgang.hub.temporal.methods import SUITS, kind_of
from hapgang.hub.temporal.page import Series, Timed
from hapgang.hub.temporal.series import Aggregation, aggregated
from hapgang.hub.temporal.when import When

Style = Literal["normalized", "concise", "temporalValues", "aggregatedValues"]
_NONE = "@none"
_PLURAL = {
    "value": "values",
    "object": "objects",
    "languageMap": "languageMaps",
    "vocab": "vocabs",
    "json": "jsons",
    "valueList": "valueLists",
    "objectList": "objectLists",
}
_TIMES = ("observedAt", "deletedAt", "modifiedAt", "createdAt")
_RELATIONS = ("Relationship", "ListRelationship")


class Told(msgspec.Struct):
    """An entity and what of its past is told."""

    entity: str
    types: tuple[str, ...]
    series: Series
    kinds: dict[str, str]
    created: datetime | None = None
    modified: datetime | None = None
    deleted: datetime | None = None
    sums: dict[str, Any] | None = None  # its aggregates, where they are known already


def chosen_series(series: Series, shape: Shape) -> Series:
    """Return the attributes and the instances that a form names."""
    found: Series = {}
    for name, timed in series.items():
        if shape.attrs and name not in shape.attrs:
            continue
        if shape.pick is not None and name not in shape.pick.names:
            continue
        if shape.omit is not None and name in shape.omit.names:
            continue
        kept = timed
        if shape.datasets:
            kept = [one for one in timed if (one.instance.dataset or _NONE) in shape.datasets]
        if kept:
            found[name] = kept
    return found


def header(told: Told, shape: Shape) -> Document:
    """Return what is told of an entity beside its attributes."""
    types = told.types
    out: Document = {"id": told.entity, "type": types[0] if len(types) == 1 else list(types)}
    if shape.has_times:
        times = {"createdAt": told.created, "modifiedAt": told.modified, "deletedAt": told.deleted}
        out.update({name: written(at) for name, at in times.items() if at is not None})
    return out


def instances(told: Told, shape: Shape, when: When, *, with_all: bool = False) -> Document:
    """Return the attributes, each as the list of its instances in full."""
    return {
        name: [_written(told.entity, one.instance, shape, when, with_all) for one in timed]
        for name, timed in told.series.items()
    }


def in_style(found: list[Attribute], kind: str, style: Style, when: When) -> Any:
    """Return an attribute's instances, as `instances` gives them, in a style.

    kind: the attribute's, for where an answer has no room for any of its instances.
    """
    if style == "concise":
        return [concise(one) for one in found]
    if style == "temporalValues":
        return _values(found, when) if found else {"type": kind, _PLURAL[MEMBER_OF[kind]]: []}
    return found


def kinds_of(series: Series) -> dict[str, str]:
    """Return of which kind each attribute is."""
    return {name: timed[0].instance.body["type"] for name, timed in series.items() if timed}


def aggregates(
    told: Told, wanted: Aggregation, when: When, asked: frozenset[str],
    oldest: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the attributes with what each method gives for each period.

    oldest: the oldest value of the entity, where there are others than these.
    `InvalidRequest` where an attribute in `asked` suits none of the methods (clause 5.7.4.4).
    """
    firsts = [timed[0].at for timed in told.series.values() if timed]
    oldest = min(firsts if oldest is None else [*firsts, oldest], default=None)
    out: dict[str, Any] = {}
    for name, timed in told.series.items():
        parts = [
            _aggregate(part, kind, dataset, wanted, when, oldest)
            for (dataset, kind), part in _parts(timed).items()
        ]
        found = [part for part in parts if part is not None]
        if found:
            out[name] = found[0] if len(found) == 1 else found
        elif name in asked and _parts(timed):
            raise InvalidRequest(
                f"{name} cannot be aggregated by {', '.join(wanted.methods)}",
                f"{name}은(는) {', '.join(wanted.methods)}(으)로 집계할 수 없습니다",
            )
    return out


def _aggregate(
    part: list[Timed], kind: str, dataset: str, wanted: Aggregation, when: When,
    oldest: datetime | None,
) -> dict[str, Any] | None:  # fmt: skip
    values = [simple(one.instance.body) for one in part]
    series = kind_of(values, is_relation=kind in _RELATIONS)
    if not any(series in SUITS[method] for method in wanted.methods):
        return None
    found = aggregated(
        [one.at for one in part], values, series, wanted, when.begins or oldest, when.ends
    )
    return {"type": kind, **({} if dataset == _NONE else {"datasetId": dataset}), **found}


def _parts(timed: list[Timed]) -> Mapping[tuple[str, str], list[Timed]]:
    """Return instances by dataset and kind; what is gone has no value."""
    parts: dict[tuple[str, str], list[Timed]] = {}
    for one in timed:
        if not one.instance.is_deletion:
            key = one.instance.dataset or _NONE, one.instance.body["type"]
            parts.setdefault(key, []).append(one)
    return parts


def _values(found: list[Attribute], when: When) -> Any:
    """Return values with their times, for each dataset (clause 4.5.9)."""
    parts: dict[tuple[str, str], Attribute] = {}
    for one in found:
        kind, dataset = one["type"], one.get("datasetId", _NONE)
        part = parts.get((dataset, kind))
        plural = _PLURAL[MEMBER_OF[kind]]
        if part is None:
            part = parts[dataset, kind] = {"type": kind}
            if dataset != _NONE:
                part["datasetId"] = dataset
            part[plural] = []
        part[plural].append([_simple(one), _time(one, when)])
    told = list(parts.values())
    return told[0] if len(told) == 1 else told


def _simple(one: Attribute) -> Any:
    if one["type"] == "ListRelationship" and isinstance(one["objectList"], str):
        return one["objectList"]  # the null
    if one["type"] == "ListProperty":
        return one["valueList"]
    return simple(one)


def _time(one: Attribute, when: When) -> str:
    found: str | None = one.get(when.time)
    if found is None:
        found = next(one[name] for name in _TIMES if name in one)
    return found


def _written(
    entity: str, one: Instance, shape: Shape, when: When, with_all: bool
) -> Attribute:  # fmt: skip
    """Return an instance with its name, and the times that are asked for."""
    body = in_language(one.body, shape.languages) if shape.languages else one.body
    out = dict(body)
    if one.name != SCOPE and "instanceId" not in out:  # another source has named its own
        out["instanceId"] = instance_id(entity, one)
    if one.is_deletion:
        out["deletedAt"] = written(one.created)
        return out
    if shape.has_times or with_all or when.time == "createdAt":
        out["createdAt"] = written(one.created)
    if shape.has_times or with_all or when.time == "modifiedAt":
        out["modifiedAt"] = written(one.modified)
    return out
