"""Attributes as clients write them, normalised or concise, checked and written out in full.

What is stored is the normalised form (clause 4.5.2); what a broker itself says of an attribute
(`createdAt` and the like) is left out where a client says it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hapgang.core.entity import Attribute
from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.jsonld.members import KINDS, VALUES
from hapgang.hub.ngsild.geometry import check_geometry, is_geometry

NULL = "urn:ngsi-ld:null"  # clause 4.5.0: the value that deletes
Instances = Attribute | list[Attribute]

MEMBER_OF = {
    "Property": "value",
    "Relationship": "object",
    "GeoProperty": "value",
    "LanguageProperty": "languageMap",
    "VocabProperty": "vocab",
    "JsonProperty": "json",
    "ListProperty": "valueList",
    "ListRelationship": "objectList",
}
_KIND_BY_MEMBER = {
    "value": "Property",
    "object": "Relationship",
    "languageMap": "LanguageProperty",
    "vocab": "VocabProperty",
    "json": "JsonProperty",
    "valueList": "ListProperty",
    "objectList": "ListRelationship",
}
_KINDS = {kind: kind for kind in MEMBER_OF}  # one text for all of a kind
_SCALARS = frozenset([str, int, float, bool])
_QUICK = frozenset(["type", "value", "unitCode"])
# What the broker says, and nobody else (clause 4.8); and what a forwarded answer carries along.
SYSTEM = frozenset(["createdAt", "modifiedAt", "deletedAt", "instanceId"])
_GIVEN = SYSTEM | {"entity", "entityList"} | {
    f"previous{member[0].upper()}{member[1:]}" for member in _KIND_BY_MEMBER
}  # fmt: skip
_TIMES = frozenset(["observedAt", "expiresAt"])
_MOST_DEPTH = 20  # of what is said of what is said of an attribute


def instances_in(name: str, raw: Any, *, nulls: bool = False) -> Instances:
    """Return an attribute in full, or its several instances; `Invalid` for what is none.

    nulls: whether the NGSI-LD null may be said, as in what changes an entity.
    """
    if not isinstance(raw, list) or not _are_instances(raw):
        return attribute_in(name, raw, nulls=nulls)
    found = [attribute_in(name, part, nulls=nulls) for part in raw]
    told = [part.get("datasetId") for part in found]
    if len(set(told)) < len(told):
        raise _bad(name, "has two instances with the same datasetId", "datasetId가 겹칩니다")
    if len({part["type"] for part in found}) > 1:
        raise _bad(name, "has instances of different kinds", "인스턴스의 종류가 서로 다릅니다")
    return found[0] if len(found) == 1 else found


def attribute_in(name: str, raw: Any, *, nulls: bool = False, depth: int = 0) -> Attribute:
    """Return one instance of an attribute in full."""
    if not isinstance(raw, dict):
        return _bare(name, raw, nulls=nulls)
    if is_plain(raw) and (nulls or raw["value"] != NULL):
        raw["type"] = "Property"  # one text for all of a kind
        return raw
    if is_geometry(raw):
        return {"type": "GeoProperty", "value": check_geometry(name, raw)}
    if depth > _MOST_DEPTH:
        raise _bad(name, f"is nested deeper than {_MOST_DEPTH}", "너무 깊이 중첩되었습니다")
    return _in_full(name, raw, nulls=nulls, depth=depth)


def is_plain(raw: Any) -> bool:
    """Whether this is a Property of one plain value, as most are: in full, and fit to be kept."""
    if raw.__class__ is not dict or raw.get("type") != "Property" or not raw.keys() <= _QUICK:
        return False
    value, unit = raw.get("value"), raw.get("unitCode", "")
    return (
        value.__class__ in _SCALARS
        and unit.__class__ is str
        and "\x00" not in unit
        and (value.__class__ is not str or "\x00" not in value)
    )


def _bare(name: str, raw: Any, *, nulls: bool) -> Attribute:
    """Return the Property of a value alone."""
    if raw is None:
        raise _bad(name, f"is null; “{NULL}” deletes it", f"null입니다. 지우려면 {NULL}")
    if raw == NULL and not nulls:
        raise _no_null(name)
    return {"type": "Property", "value": raw}


def _in_full(name: str, raw: Attribute, *, nulls: bool, depth: int) -> Attribute:
    kind = _kind_of(name, raw)
    member = MEMBER_OF[kind]
    if member not in raw:
        raise _bad(name, f"is a {kind} and has no “{member}”", f"“{member}”이(가) 없습니다")
    out: Attribute = {"type": kind}
    for key, value in raw.items():
        if key == "type" or key in _GIVEN:
            continue
        if key == member:
            out[key] = _value(name, kind, value, nulls=nulls)
        elif key in VALUES:
            raise _bad(name, f"is a {kind} and has “{key}”", f"{kind}에 “{key}”이(가) 있습니다")
        else:
            out[key] = said_of(name, key, value, nulls=nulls, depth=depth)
    return out


def _are_instances(raw: list[Any]) -> bool:
    """Whether a list holds instances of an attribute; else it is a value."""
    return bool(raw) and all(
        isinstance(part, dict) and (is_kind(part.get("type")) or not VALUES.isdisjoint(part))
        for part in raw
    )


def is_kind(said: Any) -> bool:
    """Whether this names a kind of attribute."""
    return isinstance(said, str) and said in KINDS


def _kind_of(name: str, raw: Attribute) -> str:
    kind = raw.get("type")
    if kind is not None:
        if not isinstance(kind, str) or kind not in MEMBER_OF:
            raise _bad(name, f"has the type {kind!r:.60}", f"type이 {kind!r:.60}입니다")
        return _KINDS[kind]
    member = next((one for one in _KIND_BY_MEMBER if one in raw), None)
    if member is None:
        raise _bad(name, f"has none of {', '.join(_KIND_BY_MEMBER)}", "값을 담은 항목이 없습니다")
    if member == "value" and is_geometry(raw["value"]):
        return "GeoProperty"
    return _KIND_BY_MEMBER[member]


def said_of(name: str, key: str, value: Any, *, nulls: bool, depth: int = 0) -> Any:
    """Return what is said of an attribute: a member with a meaning, or a sub-attribute."""
    if (value == NULL and nulls and key != "datasetId") or key in ("objectType", "ngsildproof"):
        return value
    if key in _TIMES:
        return check_instant(f"{name}.{key}", value)
    if key == "datasetId":
        return _uri(f"{name}.datasetId", value)
    if key in ("unitCode", "lang", "valueType"):
        if not isinstance(value, str):
            raise _bad(f"{name}.{key}", "is not a text", "문자열이 아닙니다")
        return value
    return instances_in_sub(f"{name}.{key}", value, nulls=nulls, depth=depth + 1)


def instances_in_sub(name: str, value: Any, *, nulls: bool, depth: int) -> Instances:
    """Return a sub-attribute in full, or its several instances."""
    if isinstance(value, list) and _are_instances(value):
        return [attribute_in(name, part, nulls=nulls, depth=depth) for part in value]
    return attribute_in(name, value, nulls=nulls, depth=depth)


def _value(name: str, kind: str, value: Any, *, nulls: bool) -> Any:
    """Return what an attribute is worth; `Invalid` where its kind has no such value."""
    if value is None:
        raise _bad(name, "has the value null", "값이 null입니다")
    if value == NULL:
        if not nulls:
            raise _no_null(name)
        return value
    return _CHECKS[kind](name, value)


def _any(name: str, value: Any) -> Any:
    return value


def _relation(name: str, value: Any) -> Any:
    if isinstance(value, list) and value:
        return [_uri(name, part) for part in value]
    return _uri(name, value)


def _languages(name: str, value: Any) -> Any:
    fits = isinstance(value, dict) and all(
        isinstance(text, str) or (isinstance(text, list) and all(isinstance(t, str) for t in text))
        for text in value.values()
    )
    if not fits:
        raise _bad(name, "needs texts by language", "언어별 문자열이어야 합니다")
    return value


def _vocab(name: str, value: Any) -> Any:
    words = value if isinstance(value, list) and value else [value]
    if not all(isinstance(word, str) for word in words):
        raise _bad(name, "needs a word, or several", "어휘는 문자열이어야 합니다")
    return value


def _values(name: str, value: Any) -> Any:
    if not isinstance(value, list):
        raise _bad(name, "needs a list", "목록이어야 합니다")
    return value


def _relations(name: str, value: Any) -> Any:
    """Return {"object": URI} for each; a list of URIs alone is understood."""
    return [
        {"object": _uri(name, part.get("object") if isinstance(part, dict) else part)}
        for part in _values(name, value)
    ]


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "Property": _any,
    "Relationship": _relation,
    "GeoProperty": check_geometry,
    "LanguageProperty": _languages,
    "VocabProperty": _vocab,
    "JsonProperty": _any,
    "ListProperty": _values,
    "ListRelationship": _relations,
}


def _uri(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _bad(name, f"needs a URI, not {value!r:.60}", "URI가 필요합니다")
    return check_uri(value)


def check_instant(name: str, value: Any) -> str:
    """Return a time as it was written; `Invalid` for what is no ISO 8601 time with a zone."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or "T" not in value:
        raise _bad(name, f"is no time: {value!r:.60}", f"시각이 아닙니다: {value!r:.60}")
    return str(value)


def _no_null(name: str) -> Invalid:
    return _bad(name, f"is “{NULL}”, which only changes say", f"{NULL}은(는) 변경에만 씁니다")


def _bad(name: str, en: str, ko: str) -> Invalid:
    return Invalid(f"attribute {name} {en}", f"속성 {name}: {ko}", attribute=name)
