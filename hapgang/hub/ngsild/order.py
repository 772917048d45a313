"""`orderBy`: in which order a query's entities come (clause 4.24): `type;asc,name.height;desc`."""

import re
import unicodedata
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
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_TEXT = 2  # the rank of texts
_MOST = 10
_MOST_CHARACTERS = 1_000
Naming = Callable[[str], str]


class Order(msgspec.Struct, frozen=True):
    """By what, and which way."""

    path: Path
    is_descending: bool = False
    is_collated: bool = False  # texts as people order them, not by their characters' numbers


def read_order(text: str, name: Naming = str, *, collation: str = "") -> tuple[Order, ...]:
    """Return what to order by, the first thing first; `Invalid` shows what makes no sense.

    collation: a language. Of any, letters come before their accents and their case, which is the
    root order of Unicode's collation (UTS 10) for letters; tailoring to a language is ignored.
    """
    if collation and not _LANGUAGE.fullmatch(collation):
        raise Invalid(f"collation: “{collation[:40]}” is no language, such as ko", None)
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
        found.append(Order(path, match["way"] == "desc", bool(collation)))
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
            if key is not None and key[0] == _TEXT and order.is_collated:
                key = _TEXT, _collated(key[1])
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
        return _TEXT, record.id if path.attribute == "id" else record.type
    if path.subs in (("createdAt",), ("modifiedAt",)):
        return _time_of(record, path)
    target = next(targets(record, path, lambda _: None), None)
    if target is None:
        return None
    value = target.value
    return _comparable(value[0] if isinstance(value, list) and value else value)


def _collated(text: str) -> tuple[str, str, str]:
    """Return what orders texts by letters, then by accents, then by case."""
    whole = unicodedata.normalize("NFD", text)
    letters = "".join(sign for sign in whole if not unicodedata.combining(sign))
    return letters.casefold(), whole.casefold(), text.swapcase()


def _comparable(value: Any) -> tuple[int, Any] | None:
    """Return a value with the rank of its kind: truth, numbers, texts and times."""
    if isinstance(value, bool):
        return 0, value
    if isinstance(value, int | float):
        return 1, value
    if isinstance(value, datetime):
        return _TEXT, value.isoformat()
    return (_TEXT, value) if isinstance(value, str) else None


def _time_of(record: Record, path: Path) -> tuple[int, Any] | None:
    found = record.attribute(path.attribute)
    attribute = found[0] if isinstance(found, list) else found
    if attribute is None:
        return None
    own = record.created if path.subs == ("createdAt",) else record.modified
    return _TEXT, attribute.get(path.subs[0]) or own.isoformat()
