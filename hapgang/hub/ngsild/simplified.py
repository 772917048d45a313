"""Entities that clients send as plain values (clauses 4.5.4 and 5.5.4), written out in full.

Simplified input says less than there is: a text may be a relationship. What an entity has already
tells which; without that a value is a Property's.
"""

from typing import Any

from hapgang.core.entity import Attribute, Document
from hapgang.hub.ngsild.changes import Attributes, listed
from hapgang.hub.ngsild.geometry import is_geometry
from hapgang.hub.ngsild.kinds import MEMBER_OF, NULL, Instances

_OWN = frozenset(["id", "type", "scope", "expiresAt", "createdAt", "modifiedAt", "@context"])
_KIND_OF = {
    "languageMap": "LanguageProperty",
    "vocab": "VocabProperty",
    "json": "JsonProperty",
}


def written_out(document: Document, *, observed_at: str = "") -> Document:
    """Return a simplified entity, or a part of one, in full.

    observed_at: when all of it was observed, if that is told.
    """
    more = {"observedAt": observed_at} if observed_at else {}
    return {
        name: value if name in _OWN else _instances(value, more) for name, value in document.items()
    }


def adapted(old: Attributes, fresh: Attributes, *, lang: str = "") -> Attributes:
    """Return plain values as values of the kinds that an entity's attributes have.

    lang: the language that texts of LanguageProperties are in.
    """
    return {name: _adapted(listed(old.get(name)), new, lang) for name, new in fresh.items()}


def _instances(value: Any, more: Attribute) -> Instances:
    if isinstance(value, dict) and value.keys() == {"dataset"} and isinstance(
        value["dataset"], dict
    ):  # fmt: skip
        return [
            {**_attribute(one, more), **({} if name == "@none" else {"datasetId": name})}
            for name, one in value["dataset"].items()
        ]
    return _attribute(value, more)


def _attribute(value: Any, more: Attribute) -> Attribute:
    if is_geometry(value):
        return {"type": "GeoProperty", "value": value, **more}
    if isinstance(value, dict) and len(value) == 1:
        (member,) = value
        if member in _KIND_OF:
            return {"type": _KIND_OF[member], member: value[member], **more}
    return {"type": "Property", "value": value, **more}


def _adapted(old: list[Attribute], new: Instances, lang: str) -> Instances:
    if isinstance(new, list) or new["type"] != "Property" or len(old) != 1:
        return new
    kind, value = old[0]["type"], new["value"]
    if kind in ("Property", "GeoProperty") or value == NULL:
        return new
    rest = {name: said for name, said in new.items() if name not in ("type", "value")}
    if kind == "LanguageProperty":
        return {"type": kind, "languageMap": {lang or "@none": value}, **rest}
    return {"type": kind, MEMBER_OF[kind]: value, **rest}
