"""Where a value lies: a field of the row, a JSON Pointer (RFC 6901), or what is known around it.

name        the row's field of this name
/a/0/b      inside the row
^/a/b       inside the whole message
@device     what is known of the message: @device, @topic, @received, @feed, @address
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from hapgang.core.errors import Invalid

_BRACES = re.compile(r"\{([^{}]+)\}")
_STEP = re.compile(r"~(?![01])")
# What check_uri refuses in an id, and what would read as another part of it.
_SAFE_IN_ID = "!$&'()*+,;=:@-._~/"


class Unfit(Invalid):
    """A row cannot become what the mapping says; it goes to quarantine."""


class Around(NamedTuple):
    """The message that a row came in, and what is known of it."""

    message: Any
    known: Mapping[str, Any]


Get = Callable[[Any, Around], Any]


def getter(path: str) -> Get:
    """Return what finds a value, None where there is none; `Invalid` for a path that is none."""
    if path.startswith("@"):
        name = path[1:]
        return lambda _, around: around.known.get(name)
    if path.startswith("^/"):
        steps = pointer(path[1:])
        return lambda _, around: walk(around.message, steps)
    if path.startswith("/"):
        steps = pointer(path)
        return lambda row, _: walk(row, steps)
    return lambda row, _: row.get(path) if isinstance(row, dict) else None


def pointer(text: str) -> tuple[str, ...]:
    """Return the steps of a JSON Pointer; `Invalid` where it is none."""
    if text and (not text.startswith("/") or _STEP.search(text)):
        raise Invalid(f"“{text[:80]}” is no JSON Pointer", f"“{text[:80]}”: JSON Pointer 오류")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:])


def walk(value: Any, steps: tuple[str, ...]) -> Any:
    """Follow a JSON Pointer; None where it leads nowhere."""
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit():
            value = value[int(step)] if len(step) < 9 and int(step) < len(value) else None
        else:
            return None
    return value


def template(text: str, *, is_id: bool = False) -> Get:
    """Return what fills the {fields} of a text; None where one of them is missing.

    In an id, what no URI may hold is percent-encoded (RFC 3986); spaces at the ends are dropped.
    """
    literals = _BRACES.split(text)[::2]
    if any(brace in literal for literal in literals for brace in "{}"):
        raise Invalid(f"“{text[:80]}” has a brace without its other", f"중괄호 오류: {text[:80]}")
    gets = [getter(path) for path in _BRACES.findall(text)]
    write = _in_id if is_id else _plain

    def fill(row: Any, around: Around) -> str | None:
        parts = [literals[0]]
        for get, literal in zip(gets, literals[1:], strict=True):
            value = write(get(row, around))
            if not value:
                return None
            parts += (value, literal)
        return "".join(parts)

    return fill


def _plain(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _in_id(value: Any) -> str:
    text = _plain(value)
    if text.isascii():
        return quote(text, safe=_SAFE_IN_ID)
    # Letters of other scripts stay as they are: NGSI-LD's ids may be IRIs, and people read them.
    return "".join(
        letter if not letter.isascii() and letter.isprintable() and not letter.isspace()
        else quote(letter, safe=_SAFE_IN_ID)
        for letter in text
    )  # fmt: skip
