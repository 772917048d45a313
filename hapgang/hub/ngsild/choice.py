"""`pick` and `omit`: which members of an entity are asked for (clause 4.21).

name,locatedAt{id,name}
"""

import re
from collections.abc import Callable

from hapgang.core.errors import Invalid
from hapgang.hub.ngsild.represent import Members

_NAME = re.compile(r"[^\s,;{}|()\[\]\"'<>=!~&?]+")
_MOST_CHARACTERS = 4_000
_MOST_DEPTH = 10
Naming = Callable[[str], str]


def read_members(text: str, parameter: str, name: Naming = str) -> Members | None:
    """Return what a parameter names; None where it is empty; `Invalid` shows where it is wrong."""
    if not text:
        return None
    if len(text) > _MOST_CHARACTERS:
        raise Invalid(f"{parameter} has at most {_MOST_CHARACTERS} characters", None)
    found, at = _members(text, 0, 0, parameter, name)
    if at != len(text):
        raise _bad(parameter, text, at)
    return found


def _members(text: str, at: int, depth: int, parameter: str, name: Naming) -> tuple[Members, int]:
    names: dict[str, Members | None] = {}
    while True:
        match = _NAME.match(text, at)
        if match is None or depth > _MOST_DEPTH:
            raise _bad(parameter, text, at)
        at = match.end()
        inside = None
        if text[at : at + 1] == "{":
            inside, at = _members(text, at + 1, depth + 1, parameter, name)
            if text[at : at + 1] != "}":
                raise _bad(parameter, text, at)
            at += 1
        names[name(match[0])] = inside
        if text[at : at + 1] != ",":
            return Members(names), at
        at += 1


def _bad(parameter: str, text: str, at: int) -> Invalid:
    there = text[at:][:30]
    return Invalid(
        f"{parameter}: a name was expected at “{there}”, as in name,locatedAt{{id,name}}",
        f"{parameter}의 “{there}” 부분이 잘못되었습니다. 예: name,locatedAt{{id,name}}",
    )
