"""Entities, whole or in part, as clients send them: checked, written out in full (clause 5.2.4)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from hapgang.core.entity import Document
from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.ngsild.kinds import NULL, SYSTEM, Instances, check_instant, instances_in, is_plain
from hapgang.hub.ngsild.scope import check_scope

_OWN = frozenset(["id", "type", "scope", "expiresAt", "@context", *SYSTEM])
_MOST_TYPES = 50
_MOST_ATTRIBUTES = 2_000
_MOST_DEPTH = 64


class Fragment(msgspec.Struct, frozen=True):
    """What a client says of an entity; what it does not say is empty or None."""

    attributes: dict[str, Instances]
    id: str = ""
    types: tuple[str, ...] = ()
    scope: tuple[str, ...] | None = None  # () deletes
    expires: datetime | None = None

    @property
    def type_member(self) -> str | list[str]:
        """The types as a document says them."""
        return self.types[0] if len(self.types) == 1 else list(self.types)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return not (self.attributes or self.types or self.scope is not None or self.expires)


def entity_in(document: Document) -> Fragment:
    """Return a whole entity; `Invalid` says what is wrong with it."""
    for member in ("id", "type"):
        if not document.get(member):
            raise Invalid(f"an entity needs its {member}", f"엔티티에는 {member}이(가) 필요합니다")
    return fragment_in(document, nulls=False)


def fragment_in(document: Document, *, nulls: bool = True) -> Fragment:
    """Return a part of an entity; with `nulls` it may say that something goes."""
    check_plain([*document, *(value for value in document.values() if not is_plain(value))])
    attributes = {
        name: instances_in(name, raw, nulls=nulls)
        for name, raw in document.items()
        if name not in _OWN
    }
    if len(attributes) > _MOST_ATTRIBUTES:
        raise Invalid(f"an entity has at most {_MOST_ATTRIBUTES:,} attributes", None)
    return Fragment(
        attributes,
        _id(document.get("id", "")),
        _types(document["type"]) if "type" in document else (),
        _scope(document["scope"], nulls=nulls) if "scope" in document else None,
        datetime.fromisoformat(check_instant("expiresAt", document["expiresAt"]))
        if "expiresAt" in document
        else None,
    )


def check_plain(value: Any) -> None:
    """Raise `Invalid` for what jsonb cannot hold or nobody means: NUL, deep nesting."""
    texts: list[str] = []
    stack: list[tuple[Iterable[Any], int]] = [([value], 0)]
    while stack:
        parts, depth = stack.pop()
        for part in parts:
            kind = part.__class__
            if kind is str:
                texts.append(part)
            elif kind is dict or kind is list:
                if depth == _MOST_DEPTH:
                    raise Invalid(f"nested deeper than {_MOST_DEPTH} levels", "너무 깊이 중첩됨")
                if kind is dict:
                    texts += part
                stack.append((part.values() if kind is dict else part, depth + 1))
    if "\x00" in "".join(texts):
        raise Invalid("a NUL character cannot be stored", "NUL 문자는 저장할 수 없습니다")


def _id(said: Any) -> str:
    if said == "":
        return ""
    if not isinstance(said, str):
        raise Invalid("an entity's id is a URI", "엔티티의 id는 URI여야 합니다")
    return check_uri(said)


def _types(said: Any) -> tuple[str, ...]:
    if said.__class__ is str and said[:1] not in ("", "@") and said not in _OWN:
        return (said,)
    names = said if isinstance(said, list) else [said]
    if not names or not all(
        isinstance(name, str) and name not in ("", *_OWN) and name[0] != "@" for name in names
    ):
        raise Invalid("type is a name, or several", "type은 이름이거나 이름의 목록입니다")
    if len(names) > _MOST_TYPES:
        raise Invalid(f"an entity has at most {_MOST_TYPES} types", None)
    return tuple(dict.fromkeys(names))


def _scope(said: Any, *, nulls: bool) -> tuple[str, ...]:
    if nulls and said == NULL:
        return ()
    return tuple(check_scope(said))
