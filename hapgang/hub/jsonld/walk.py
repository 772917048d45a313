"""One document on its way in or out, member by member."""

from copy import copy
from typing import Any

import msgspec

from hapgang.core.errors import Invalid
from hapgang.hub.jsonld.context import Context
from hapgang.hub.jsonld.errors import bad_context, shown
from hapgang.hub.jsonld.kept import CORE_TERMS, meant_by
from hapgang.hub.jsonld.members import CLOSED, ENTITIES, GEOMETRIES, IDS, KINDS, VALUES, WORDS

Document = dict[str, Any]

STILL = (CLOSED | IDS | {"type"}) - {"id", "scope"}  # what a plain attribute consists of
_DEEPER = ENTITIES | {"@context"}  # objects that are no attributes
_MOST_DEPTH = 64


class Form(msgspec.Struct, frozen=True):
    """How a document is written, and which values are looked into (names as the hub has them)."""

    is_simplified: bool = False  # attributes are bare values (clause 4.5.4)
    has_joined: bool = False  # simplified, and objects with id and type are entities
    expand_values: frozenset[str] = frozenset()
    is_open: bool = False  # keys of objects inside values are names too
    json_keys: frozenset[str] = frozenset()  # but not of these attributes

    @property
    def is_closed(self) -> bool:
        """Tell whether no value is looked into."""
        return not (self.expand_values or self.is_open)


class Walk:
    """One document on its way in or out."""

    def __init__(self, context: Context, form: Form, *, is_inward: bool) -> None:
        self._names: dict[str, str] = context.inward_names if is_inward else context.outward_names
        self._words = context.inward_words if is_inward else context.outward_words
        self._ids = context.inward_ids if is_inward and context.has_prefixes else None
        self._still = STILL if self._ids is None else STILL - IDS | {"object"}
        self._has_urn = self._ids is not None and context.inward_id("urn:x") != "urn:x"
        self._is_inward = is_inward
        self._form = form
        self._is_quick = form.is_closed and not form.is_simplified
        self._quiet = CLOSED if self._is_quick else CLOSED - {"value"}

    def entity(self, document: Document, depth: int) -> Document:
        """Return an entity: its id, its types, its attributes."""
        _check_depth(depth)
        names, is_inward, is_quick, is_still = (
            self._names,
            self._is_inward,
            self._is_quick,
            self._is_still,
        )
        out: Document = {}
        is_same = True
        for name, value in document.items():
            renamed = names[name]
            kind = value.__class__
            new = value
            if name == "@context":
                pass  # the caller has read it
            elif kind is dict:
                if not (is_quick and is_still(value)):
                    new = self._attribute(renamed if is_inward else name, value, depth)
            elif kind is str or kind is list:
                new = self._bare(renamed if is_inward else name, value, depth)
            out[renamed] = new
            if new is not value or renamed != name:
                is_same = False
        if len(out) < len(document):
            return self._told_apart().entity(document, depth)
        return document if is_same else out

    def _told_apart(self) -> "Walk":
        """Return a walk that tells whole IRIs; refuse two names that the hub would keep as one."""
        if self._is_inward:
            raise Invalid(
                "two names of one object mean the same", "한 객체의 두 이름이 같은 뜻입니다"
            )
        walk = copy(self)
        walk._names = _IRIS
        return walk

    def _is_still(self, attribute: Document) -> bool:
        """Tell, quickly, that nothing in an attribute changes; `False` says nothing."""
        kind = attribute.get("type")
        return (
            attribute.keys() <= self._still
            and (kind is None or (kind.__class__ is str and kind in KINDS))
            and (self._ids is None or self._is_urn(attribute.get("object")))
        )

    def _is_urn(self, uri: Any) -> bool:
        """Tell that an object, if it is one, has no prefix."""
        return uri is None or (
            uri.__class__ is str and uri.startswith("urn:") and not self._has_urn
        )

    def _bare(self, member: str, value: Any, depth: int) -> Any:
        """Return what is a text or a list: type, id, instances of an attribute, a value."""
        if member == "type":
            return _unless_same(value, self._words(value))
        if member == "id":
            return value if self._ids is None else self._ids(value)
        if isinstance(value, list) and any(isinstance(part, dict) for part in value):
            return self._each(member, value, depth)
        if member in self._form.expand_values:
            return _unless_same(value, self._words(value))
        return value

    def _attribute(self, name: str, value: Document, depth: int) -> Any:
        if self._form.is_simplified:
            return self._simplified(name, value, depth)
        if "coordinates" in value or "geometries" in value:
            kind = value.get("type")
            if isinstance(kind, str) and kind in GEOMETRIES:
                return value
        return self.members(name, value, depth + 1)

    def _simplified(self, name: str, value: Document, depth: int) -> Any:
        if value.keys() == {"vocab"}:
            return {"vocab": self._words(value["vocab"])}
        if value.keys() == {"dataset"} and isinstance(value["dataset"], dict):  # clause 4.5.5
            parts = value["dataset"].items()
            return {"dataset": {key: self._simple(name, part, depth) for key, part in parts}}
        if self._form.has_joined and "id" in value and "type" in value:
            return self.entity(value, depth + 1)
        if value.keys() == {"type", "vocabs"}:  # temporal
            return self.members(name, value, depth + 1)
        return self._inside(name, value, depth)

    def _simple(self, name: str, value: Any, depth: int) -> Any:
        _check_depth(depth)
        return self._simplified(name, value, depth + 1) if isinstance(value, dict) else value

    def members(self, attribute: str, document: Document, depth: int) -> Document:
        """Return one attribute: its kind, its value, what is said of it."""
        _check_depth(depth)
        names, is_inward, is_quick, is_still = (
            self._names,
            self._is_inward,
            self._is_quick,
            self._is_still,
        )
        quiet = self._quiet
        out: Document = {}
        is_same = True
        for name, value in document.items():
            renamed = names[name]
            member = renamed if is_inward else name
            kind = value.__class__
            new = value
            if not (
                member in quiet
                or (kind is str and value in KINDS)  # the core's, so nobody renames them
                or (is_quick and kind is dict and member not in _DEEPER and is_still(value))
            ):
                new = self._member(attribute, member, value, depth)
            out[renamed] = new
            is_same = is_same and new is value and renamed == name
        if len(out) < len(document):
            return self._told_apart().members(attribute, document, depth)
        return document if is_same else out

    def _member(self, attribute: str, member: str, value: Any, depth: int) -> Any:
        new = value
        if member in CLOSED:
            if member == "value":
                new = self._inside(attribute, value, depth)
        elif member in WORDS:
            new = _unless_same(value, self._words(value))
        elif member in IDS:
            new = value if self._ids is None else _unless_same(value, self._ids(value))
        elif member == "vocabs":
            new = _unless_same(value, self._instances(value))
        elif member in ENTITIES:
            new = self._entities(value, depth)
        elif member == "@context":
            raise bad_context(
                "invalid scoped context", f"inside “{shown(attribute)}”; it belongs at the top"
            )
        elif isinstance(value, dict):
            new = self._attribute(member, value, depth)
        elif isinstance(value, list):
            new = self._each(member, value, depth)
        return new

    def _instances(self, value: Any) -> Any:
        """Return words with their times: [[word, time], ...]."""
        if not isinstance(value, list):
            return value
        return [
            [self._words(part[0]), *part[1:]] if isinstance(part, list) and part else part
            for part in value
        ]

    def _entities(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            return self.entity(value, depth + 1)
        if not isinstance(value, list):
            return value
        return [self.entity(v, depth + 1) if isinstance(v, dict) else v for v in value]

    def _each(self, name: str, values: list[Any], depth: int) -> list[Any]:
        """Return the instances of an attribute; a list without any is a value."""
        new = [
            self._attribute(name, part, depth)
            if isinstance(part, dict) and (self._form.is_simplified or _is_instance(part))
            else part
            for part in values
        ]
        is_same = all(a is b for a, b in zip(new, values, strict=True))
        return values if is_same else new

    def _inside(self, attribute: str, value: Any, depth: int) -> Any:
        if attribute in self._form.expand_values:
            return _unless_same(value, self._words(value))
        if self._form.is_open and attribute not in self._form.json_keys:
            return self._opened(value, depth + 1)
        return value

    def _opened(self, value: Any, depth: int) -> Any:
        _check_depth(depth)
        if isinstance(value, list):
            return [self._opened(part, depth + 1) for part in value]
        if not isinstance(value, dict) or "@value" in value:
            return value
        out: Document = {}
        for name, part in value.items():
            renamed = self._names[name]
            if (renamed if self._is_inward else name) == "type":
                out[renamed] = self._words(part)
            else:
                out[renamed] = self._opened(part, depth + 1)
        return out if len(out) == len(value) else self._told_apart()._opened(value, depth)


class _Iris(dict[str, str]):
    """Kept names by whole IRIs; core terms stay."""

    def __missing__(self, name: str) -> str:
        return name if name in CORE_TERMS else meant_by(name)


_IRIS = _Iris()


def _is_instance(part: Document) -> bool:
    kind = part.get("type")
    return not VALUES.isdisjoint(part) or (isinstance(kind, str) and kind in KINDS)


def _unless_same(before: Any, after: Any) -> Any:
    return before if after == before else after


def _check_depth(depth: int) -> None:
    if depth > _MOST_DEPTH:
        raise Invalid(f"nested deeper than {_MOST_DEPTH} levels", "너무 깊이 중첩되었습니다")
