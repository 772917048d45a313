"""Queries over documents: what `q` means of an entity in memory (clause 4.9 of the standard).

A condition holds where some instance of the attribute satisfies it. Nothing is compared across
kinds: a number neither equals nor precedes a text, so `!=` holds of it and the orders do not. What
is not there satisfies nothing but its own absence.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from hapgang.core.entity import Attribute
from hapgang.hub.patterns import compile_pattern
from hapgang.hub.query import All, Any_, Between, Compare, Exists, OneOf, Path, Query
from hapgang.hub.record import Record

Test = Callable[[Record], bool]
Find = Callable[[str], Record | None]

VALUE_MEMBERS = ("value", "object", "languageMap", "vocab", "json", "valueList", "objectList")
_URIS = ("object", "objectList")
_EVERY_LANGUAGE = "*"
_MOST_TARGETS = 1_000  # of one path in one entity: relationships may name many
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
}


class Target:
    """One thing that a path leads to: its value, and whether it is a relationship's."""

    __slots__ = ("is_uri", "value")

    def __init__(self, value: Any, *, is_uri: bool = False) -> None:
        """Hold a value."""
        self.value = value
        self.is_uri = is_uri


def compile_match(query: Query, find: Find = lambda _: None) -> Test:
    """Return a test of one entity; `find` gives the entities that relationships name."""
    if isinstance(query, All):
        tests = [compile_match(part, find) for part in query.parts]
        return lambda record: all(test(record) for test in tests)
    if isinstance(query, Any_):
        tests = [compile_match(part, find) for part in query.parts]
        return lambda record: any(test(record) for test in tests)
    path = Path(query.field) if isinstance(query.field, str) else query.field
    if isinstance(query, Exists):
        wanted = not query.absent
        return lambda record: any(True for _ in targets(record, path, find)) is wanted
    return _compare(query, path, find)


def targets(record: Record, path: Path, find: Find) -> Iterator[Target]:
    """Yield what a path leads to in an entity; nothing where it does not exist."""
    own = _own_member(record, path)
    if own is not None:
        yield own
        return
    found: list[Any] = _instances(record.attribute(path.attribute))
    for sub in path.subs:
        found = [one for part in found if isinstance(part, dict) for one in _members(part, sub)]
    for part in found:
        if path.linked is not None:
            yield from _linked(part, path, path.linked, find)
        else:
            yield from _values(part, path.keys)


def _own_member(record: Record, path: Path) -> Target | None:
    """Return the entity's own times, which are no attributes."""
    if path.subs or path.keys or path.linked is not None:
        return None
    times = {"createdAt": record.created, "modifiedAt": record.modified}
    at = times.get(path.attribute)
    return None if at is None else Target(at)


def _instances(attribute: Attribute | list[Attribute] | None) -> list[Any]:
    if attribute is None:
        return []
    return attribute if isinstance(attribute, list) else [attribute]


def _members(attribute: Attribute, name: str) -> list[Any]:
    """Return a sub-attribute's instances, or a member such as observedAt."""
    found = attribute.get(name)
    if found is None or name in VALUE_MEMBERS:
        return []
    return found if isinstance(found, list) else [found]


def _values(part: Any, keys: tuple[str, ...]) -> Iterator[Target]:
    if not isinstance(part, dict):  # a member that is no attribute
        if not keys:
            yield Target(part)
        return
    member = next((one for one in VALUE_MEMBERS if one in part), None)
    if member is None:
        return
    value, is_uri = part[member], member in _URIS
    if member == "languageMap":
        yield from _in_languages(value, keys)
        return
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return
        value = value[key]
    if value is not None:
        yield Target(_uris(value) if is_uri else _plain(value), is_uri=is_uri)


def _in_languages(words: Any, keys: tuple[str, ...]) -> Iterator[Target]:
    """Yield what is said in a language, or in any as one target, so that `!=` looks at all."""
    if not isinstance(words, dict):
        return
    if keys in ((), (_EVERY_LANGUAGE,)):
        said = [one for text in words.values() for one in _listed(text)]
        if said:
            yield Target(said)
    elif len(keys) == 1 and keys[0] in words:
        yield Target(words[keys[0]])


def _linked(part: Any, path: Path, rest: Path, find: Find) -> Iterator[Target]:
    """Yield what the rest of a path leads to in the entities that a relationship names."""
    if not isinstance(part, dict):
        return
    member = next((one for one in _URIS if one in part), None)
    if member is None:
        return
    for uri in _listed(_uris(part[member]))[:_MOST_TARGETS]:
        record = find(uri) if isinstance(uri, str) else None
        if record is not None and (not path.types or record.type in path.types):
            yield from targets(record, rest, find)


def _uris(value: Any) -> Any:
    """Return the URIs of a relationship, also where each is an object of its own."""
    if isinstance(value, list):
        return [one.get("object") if isinstance(one, dict) else one for one in value]
    return value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _plain(value: Any) -> Any:
    """Return a typed JSON-LD value as what it stands for, such as an instant."""
    if isinstance(value, dict) and "@value" in value:
        return value["@value"]
    return value


def _compare(query: Compare, path: Path, find: Find) -> Test:
    sign = query.sign
    if sign in ("~=", "!~="):
        holds = _pattern(query.value, is_wanted=sign == "~=")
    elif sign in _ORDERS:
        holds = _ordered(_ORDERS[sign], query.value)
    else:
        equals = _equal_to(query.value)
        wanted = sign == "=="
        holds = lambda target: _contains(target.value, equals) is wanted  # noqa: E731
    return lambda record: any(holds(target) for target in targets(record, path, find))


def _pattern(pattern: str, *, is_wanted: bool) -> Callable[[Target], bool]:
    """Search in texts, in time that grows with the text only; `Invalid` for what is no pattern."""
    compiled = compile_pattern(pattern, "q")

    def holds(target: Target) -> bool:
        if target.is_uri:
            return False
        texts = [one for one in _listed(target.value) if isinstance(one, str)]
        if not texts:
            return not is_wanted and not isinstance(target.value, list)
        return any(compiled.search(text) for text in texts) is is_wanted

    return holds


def _ordered(order: Callable[[Any, Any], bool], wanted: Any) -> Callable[[Target], bool]:
    def holds(target: Target) -> bool:
        if target.is_uri:
            return False
        pair = _alike(target.value, wanted)
        return pair is not None and not isinstance(pair[0], bool) and order(*pair)

    return holds


def _equal_to(wanted: Any) -> Callable[[Any], bool]:
    """Return the test of one value against a value, several, or an interval."""
    if isinstance(wanted, OneOf):
        tests = [_equal_to(one) for one in wanted.values]
        return lambda value: any(test(value) for test in tests)
    if isinstance(wanted, Between):
        low, high = wanted.low, wanted.high

        def within(value: Any) -> bool:
            above, below = _alike(value, low), _alike(value, high)
            return bool(above and below and above[0] >= above[1] and below[0] <= below[1])

        return within

    def equal(value: Any) -> bool:
        pair = _alike(value, wanted)
        return pair is not None and bool(pair[0] == pair[1])

    return equal


def _contains(value: Any, equals: Callable[[Any], bool]) -> bool:
    """Whether a value equals, or one of a list does."""
    parts: Iterable[Any] = value if isinstance(value, list) else (value,)
    return any(equals(part) for part in parts)


def _alike(value: Any, wanted: Any) -> tuple[Any, Any] | None:
    """Return two values as they can be compared; None where they are of different kinds."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        both = isinstance(value, bool) and isinstance(wanted, bool)
        return (value, wanted) if both else None
    if isinstance(wanted, int | float):
        return (value, wanted) if isinstance(value, int | float) else None
    if isinstance(wanted, datetime):
        at = instant_of(value)
        return None if at is None else (at, wanted)
    if isinstance(value, datetime):  # against a text in quotes
        other = instant_of(wanted)
        return None if other is None else (value, other)
    return (value, wanted) if isinstance(value, str) and isinstance(wanted, str) else None


def instant_of(value: Any) -> datetime | None:
    """Return the instant that a value tells; a date is its first moment in UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
