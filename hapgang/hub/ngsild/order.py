"""`orderBy`: in which order a query's entities come (clause 4.24): `type;asc,name.height;desc`."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from hapgang.core.errors import Invalid
from hapgang.hub.match import targets
from hapgang.hub.query import Path
from hapgang.hub.record import Record

_PART = re.compile(
    r"(?P<path>[^\s,;{}|()\[\]\"'<>=!~&?]+)(?:\[(?P<keys>[^\]\s]+)\])?(?:;(?P<way>asc|desc))?"
)
_MOST = 10
_MOST_CHARACTERS = 1_000
Naming = Callable[[str], str]


class Order(msgspec.Struct, frozen=True):
    """By what, and which way."""

    path: Path
    is_descending: bool = False


def read_order(text: str, name: Naming = str) -> tuple[Order, ...]:
    """Return what to order by, the first thing first; `Invalid` shows what makes no sense."""
    if not text:
        return ()
    if len(text) > _MOST_CHARACTERS:
        raise Invalid(f"orderBy has at most {_MOST_CHARACTERS} characters", None)
    found = []
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise Invalid(
                f"orderBy: “{part[:40]}” is not like name;desc",
                f"orderBy의 “{part[:40]}” 부분이 잘못되었습니다. 예: name;desc",
            )
        first, *subs = match["path"].split(".")
        keys = tuple(match["keys"].split(".")) if match["keys"] else ()
        path = Path(name(first), tuple(name(sub) for sub in subs), keys)
        found.append(Order(path, match["way"] == "desc"))
    if len(found) > _MOST:
        raise Invalid(f"orderBy names at most {_MOST} things", None)
    return tuple(found)


def ordered(records: list[Record], orders: tuple[Order, ...]) -> list[Record]:
    """Return entities in an order; what has no such value comes last, whichever way."""
    for order in reversed(orders):
        known: list[tuple[tuple[int, Any], Record]] = []
        rest: list[Record] = []
        for record in records:
            key = _key(record, order.path)
            if key is None:
                rest.append(record)
            else:
                known.append((key, record))
        known.sort(key=lambda pair: pair[0], reverse=order.is_descending)
        records = [record for _, record in known] + rest
    return records


def _key(record: Record, path: Path) -> tuple[int, Any] | None:
    """Return what compares with its like; None where there is nothing."""
    if path.attribute in ("id", "type") and not path.subs:
        return 2, record.id if path.attribute == "id" else record.type
    if path.subs in (("createdAt",), ("modifiedAt",)):
        return _time_of(record, path)
    target = next(targets(record, path, lambda _: None), None)
    if target is None:
        return None
    value = target.value
    return _comparable(value[0] if isinstance(value, list) and value else value)


def _comparable(value: Any) -> tuple[int, Any] | None:
    """Return a value with the rank of its kind: truth, numbers, texts and times."""
    if isinstance(value, bool):
        return 0, value
    if isinstance(value, int | float):
        return 1, value
    if isinstance(value, datetime):
        return 2, value.isoformat()
    return (2, value) if isinstance(value, str) else None


def _time_of(record: Record, path: Path) -> tuple[int, Any] | None:
    found = record.attribute(path.attribute)
    attribute = found[0] if isinstance(found, list) else found
    if attribute is None:
        return None
    own = record.created if path.subs == ("createdAt",) else record.modified
    return 2, attribute.get(path.subs[0]) or own.isoformat()
