"""The language that selects types (clause 4.17): `Home;Vehicle` is both, `(A;B)|C` either."""

import re
from collections.abc import Callable, Collection

import msgspec

from hapgang.core.errors import Invalid

_NAME = re.compile(r"[^\s,;|(){}\[\]\"'<>=!~&?*+]+")
_MOST_CHARACTERS = 4_000
_MOST_DEPTH = 20
Naming = Callable[[str], str]
Test = Callable[[Collection[str]], bool]


class Types(msgspec.Struct, frozen=True):
    """A selection of types: alternatives, of each of which an entity has all types.

    As a disjunction of conjunctions, so that where to look is read off it.
    """

    alternatives: tuple[frozenset[str], ...]

    def fits(self, types: Collection[str]) -> bool:
        """Whether an entity of these types is selected."""
        return any(wanted.issubset(types) for wanted in self.alternatives)

    @property
    def places(self) -> list[str]:
        """Types, one of which each selected entity has."""
        return list(dict.fromkeys(min(wanted) for wanted in self.alternatives))


_MOST_ALTERNATIVES = 200


def read_types(text: str, name: Naming = str) -> Types | None:
    """Return what a type parameter selects; None where it is empty."""
    if not text:
        return None
    if len(text) > _MOST_CHARACTERS:
        raise Invalid(f"type has at most {_MOST_CHARACTERS} characters", None)
    found, at = _either(text, 0, 0, name)
    if at != len(text):
        raise _bad(text, at)
    return Types(tuple(dict.fromkeys(found)))


def any_of(names: Collection[str]) -> Types | None:
    """Return the selection of entities of any of these types; None where there are none."""
    return Types(tuple(frozenset([name]) for name in names)) if names else None


def _either(text: str, at: int, depth: int, name: Naming) -> tuple[list[frozenset[str]], int]:
    found, at = _both(text, at, depth, name)
    while text[at : at + 1] in (",", "|") and at < len(text):
        more, at = _both(text, at + 1, depth, name)
        found = [*found, *more]
    return found, at


def _both(text: str, at: int, depth: int, name: Naming) -> tuple[list[frozenset[str]], int]:
    found, at = _one(text, at, depth, name)
    while text[at : at + 1] == ";":
        more, at = _one(text, at + 1, depth, name)
        found = [a | b for a in found for b in more]
        if len(found) > _MOST_ALTERNATIVES:
            raise Invalid(f"type: more than {_MOST_ALTERNATIVES} alternatives", None)
    return found, at


def _one(text: str, at: int, depth: int, name: Naming) -> tuple[list[frozenset[str]], int]:
    if text[at : at + 1] == "(" and depth < _MOST_DEPTH:
        found, at = _either(text, at + 1, depth + 1, name)
        if text[at : at + 1] != ")":
            raise _bad(text, at)
        return found, at + 1
    match = _NAME.match(text, at)
    if match is None:
        raise _bad(text, at)
    return [frozenset([name(match[0])])], match.end()


def _bad(text: str, at: int) -> Invalid:
    there = text[at:][:30]
    return Invalid(
        f"type: a name was expected at “{there}”, as in Building,(Home;Vehicle)",
        f"type의 “{there}” 부분이 잘못되었습니다. 예: Building,(Home;Vehicle)",
    )
