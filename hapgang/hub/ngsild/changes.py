"""What clients may do to the attributes of an entity (clauses 5.5.8 to 5.6.21), as pure functions.

Each takes the attributes that are there and a checked fragment, both in full, and returns what is
to be written: a name's new instances, or None where it goes. An attribute has one instance for each
`datasetId`, and at most one without. Nothing is changed in place.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hapgang.core.entity import Attribute
from hapgang.hub.ngsild.kinds import MEMBER_OF, NULL, Instances

Attributes = Mapping[str, Instances]
Changes = dict[str, Instances | None]
_MEMBERS = frozenset(MEMBER_OF.values())


class Outcome(NamedTuple):
    """What is to be written, and what was left as it is, with the reason."""

    changes: Changes
    refused: dict[str, str]


def listed(instances: Instances | None) -> list[Attribute]:
    """Return the instances of an attribute as a list."""
    if instances is None:
        return []
    return instances if isinstance(instances, list) else [instances]


def joined(instances: list[Attribute]) -> Instances | None:
    """Return a list of instances as it is stored."""
    if not instances:
        return None
    return instances[0] if len(instances) == 1 else instances


def append(old: Attributes, fragment: Attributes, *, overwrites: bool = True) -> Outcome:
    """Add attributes (clauses 5.6.2 and 5.6.3); what is there is replaced, or stays."""
    changes: Changes = {}
    refused: dict[str, str] = {}
    for name, fresh in fragment.items():
        if overwrites and _takes_the_place(fresh, old.get(name)):
            changes[name] = fresh
            continue
        found = listed(old.get(name))
        if overwrites:
            changes[name] = joined(_replaced(found, listed(fresh)))
            continue
        known = {one.get("datasetId") for one in found}
        new = [one for one in listed(fresh) if one.get("datasetId") not in known]
        if new:
            changes[name] = joined([*found, *new])
        if len(new) < len(listed(fresh)):
            refused[name] = "the attribute exists, and noOverwrite was asked for"
    return Outcome(changes, refused)


def merge(old: Attributes, fragment: Attributes) -> Changes:
    """Merge attributes into those that are there (clauses 5.5.12 and 5.6.17)."""
    changes: Changes = {}
    for name, fresh in fragment.items():
        found = listed(old.get(name))
        for one in listed(fresh):
            found = _merged_into(found, one)
        if found or name in old:
            changes[name] = joined(found)
    return changes


def patched(instance: Attribute, fragment: Attribute) -> Attribute | None:
    """Return an instance with some members replaced (clause 5.6.4); None where that deletes it."""
    if _deletes(fragment):
        return None
    out = dict(instance)
    for name, value in fragment.items():
        if value == NULL or _deletes_sub(value):
            out.pop(name, None)
        else:
            out[name] = value
    if fragment.get("type") != instance["type"] and "type" in fragment:
        for member in _MEMBERS - {MEMBER_OF[fragment["type"]]}:
            out.pop(member, None)
    return out


def stamped(changes: Changes, old: Attributes, at: str) -> Changes:
    """Return changes whose instances say when they came to be, and when they last changed.

    An instance that says nothing is as old as its entity.
    """
    out: Changes = {}
    for name, new in changes.items():
        there = old.get(name)
        if isinstance(new, dict) and not isinstance(there, list):
            is_same = there is not None and there.get("datasetId") == new.get("datasetId")
            out[name] = _stamped(new, there if is_same else None, at)
            continue
        before = {one.get("datasetId"): one for one in listed(there)}
        out[name] = joined(
            [_stamped(one, before.get(one.get("datasetId")), at) for one in listed(new)]
        )
    return out


def _stamped(new: Attribute, old: Attribute | None, at: str) -> Attribute:
    if old is None:
        return {**new, "createdAt": at}
    if new is old:
        return new
    out = {**new, "modifiedAt": at}
    if "createdAt" in old:
        out["createdAt"] = old["createdAt"]
    return out


def without(instances: Instances, dataset: str | None, *, every: bool) -> Instances | None:
    """Return an attribute without one instance, or without any."""
    if every:
        return None
    return joined([one for one in listed(instances) if one.get("datasetId") != dataset])


def _takes_the_place(fresh: Instances, old: Instances | None) -> bool:
    """Whether one instance is all that there is to be: it deletes nothing, and nothing stays."""
    return (
        isinstance(fresh, dict)
        and (old is None or isinstance(old, dict))
        and not _deletes(fresh)
        and (old is None or old.get("datasetId") == fresh.get("datasetId"))
    )


def _replaced(old: list[Attribute], fresh: list[Attribute]) -> list[Attribute]:
    """Return instances with some replaced by the same dataset, or deleted, or added."""
    by_dataset = {one.get("datasetId"): one for one in old}
    for one in fresh:
        dataset = one.get("datasetId")
        if _deletes(one):
            by_dataset.pop(dataset, None)
        else:
            by_dataset[dataset] = one
    return list(by_dataset.values())


def _merged_into(old: list[Attribute], fresh: Attribute) -> list[Attribute]:
    by_dataset = {one.get("datasetId"): one for one in old}
    dataset = fresh.get("datasetId")
    if _deletes(fresh):
        by_dataset.pop(dataset, None)
    else:
        there = by_dataset.get(dataset)
        by_dataset[dataset] = _without_nulls(fresh) if there is None else _merged(there, fresh)
    return list(by_dataset.values())


def _merged(old: Attribute, fresh: Attribute) -> Attribute:
    """Return an instance with another merged into it; a value of another kind replaces it."""
    out = dict(old)
    if fresh["type"] != old["type"]:
        out.pop(MEMBER_OF[old["type"]], None)
    for name, value in fresh.items():
        before = out.get(name)
        if value == NULL or _deletes_sub(value):
            out.pop(name, None)
        elif name in ("value", "json", "languageMap"):
            out[name] = merged_json(before, value)
        elif name not in _MEMBERS and isinstance(value, dict) and isinstance(before, dict):
            is_kind = "type" in value and "type" in before
            out[name] = _merged(before, value) if is_kind else merged_json(before, value)
        else:
            out[name] = value
    return out


def merged_json(old: Any, fresh: Any) -> Any:
    """Return a JSON value with another merged into it (RFC 7396, with NGSI-LD's null).

    A typed value (`@value`) and a geometry are replaced as wholes.
    """
    if not isinstance(fresh, dict):
        return fresh
    out = dict(old) if isinstance(old, dict) and _is_open(old) and _is_open(fresh) else {}
    for name, value in fresh.items():
        if value == NULL or value is None:
            out.pop(name, None)
        else:
            out[name] = merged_json(out.get(name), value)
    return out


def _is_open(value: dict[str, Any]) -> bool:
    return "@value" not in value and "coordinates" not in value


def _without_nulls(fresh: Attribute) -> Attribute:
    """Return an instance that nothing was there of, as it is stored."""
    out: Attribute = {}
    for name, value in fresh.items():
        if value == NULL or _deletes_sub(value):
            continue
        out[name] = merged_json(None, value) if name in ("value", "json", "languageMap") else value
    return out


def _deletes(fresh: Attribute) -> bool:
    """Whether an instance says that the one that is there goes."""
    member = MEMBER_OF.get(fresh.get("type", ""))
    if member is not None:
        return bool(fresh.get(member) == NULL or _is_null_map(fresh.get(member)))
    return any(fresh.get(one) == NULL for one in _MEMBERS)


def _deletes_sub(value: Any) -> bool:
    return isinstance(value, dict) and "type" in value and _deletes(value)


def _is_null_map(value: Any) -> bool:
    """Whether a language map says null in every language (clause 4.5.18)."""
    return isinstance(value, dict) and value == {"@none": NULL}
