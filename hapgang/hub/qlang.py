"""NGSI-LD's query language `q` (ETSI GS CIM 009 V1.9.1, clause 4.9), read into the syntax tree.

`;` (and) binds tighter than `|` (or). Beyond the grammar a text without quotes is taken as it is,
as URIs are, and so is a regular expression up to the next `;`, `|` or closing bracket.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hapgang.core.errors import Invalid
from hapgang.hub.query import All, Any_, Between, Compare, Exists, OneOf, Path, Query

_SIGN = re.compile(r"!~=|~=|==|!=|>=|<=|>|<")
_NAME = re.compile(r"""[^\s;|()=!<>"~,.\[\]{}]+""")
_LINKED_TYPE = re.compile(r"""[^\s;|()=!<>"~\[\]{}.]+?(?=:(?!//)[^\s:{}]+)""")
_KEY = re.compile(r"""[^\s;|()=!<>"~,.\[\]{}]+""")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_WORD = re.compile(r"""[^\s;|()=!<>",]+""")
_PLAIN = re.compile(r"""(?:\\.|\[(?:\\.|[^\]\\])*\]|[^;|()\\\[])+""", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]+(?P<rest>(\.[0-9]+)?([eE][+-]?[0-9]+)?)")
_SPACE = re.compile(r"\s*")
_MOST_CHARACTERS = 4_000
_MOST_DEPTH = 50
_MOST_HOPS = 5  # relationships that one path follows

Naming = Callable[[str], str]


def parse(q: str, name: Naming = str) -> Query:
    """Return the syntax tree of a query; `Invalid` shows where it stops making sense.

    `name` gives the hub's own name for an attribute or a type that the client's context knows.
    """
    if len(q) > _MOST_CHARACTERS:
        raise Invalid(f"q has at most {_MOST_CHARACTERS} characters", None)
    parser = _Parser(q, name)
    query = parser.either()
    if not parser.is_over:
        raise parser.error("the end")
    return query


class _Parser:
    """Recursive descent over the text."""

    def __init__(self, q: str, name: Naming) -> None:
        self._q, self._name = q, name
        self._at = 0
        self._depth = 0

    @property
    def is_over(self) -> bool:
        """Whether all of it was read."""
        self._skip()
        return self._at == len(self._q)

    def either(self) -> Query:
        """Read parts joined by `|`."""
        parts = [self._both()]
        while self._take("|"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Any_(tuple(parts))

    def error(self, wanted: str) -> Invalid:
        """Return what is wrong at the present place."""
        there = self._q[self._at :][:30]
        return Invalid(
            f"q: expected {wanted} at “{there}”", f"q 질의문의 “{there}” 부분이 잘못되었습니다"
        )

    def _both(self) -> Query:
        parts = [self._one()]
        while self._take(";"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self) -> Query:
        if self._take("("):
            self._depth += 1
            if self._depth > _MOST_DEPTH:
                raise Invalid(f"q: more than {_MOST_DEPTH} brackets inside one another", None)
            query = self.either()
            self._must(")")
            self._depth -= 1
            return query
        if self._take("!"):
            return Exists(_short(self._path(0)), absent=True)
        field = _short(self._path(0))
        sign = self._match(_SIGN)
        if sign is None:
            return Exists(field)
        if sign[0] in ("~=", "!~="):
            return Compare(field, sign[0], self._pattern())
        return Compare(field, sign[0], self._values(alone=sign[0] not in ("==", "!=")))

    def _path(self, hops: int) -> Path:
        """Read an attribute, its sub-attributes, and a way into its value or to another entity."""
        attribute, *subs = self._names(_NAME, "an attribute's name")
        names = tuple(self._name(one) for one in subs)
        attribute = self._name(attribute)
        if self._take("["):
            keys = tuple(self._names(_KEY, "a member's name"))
            self._must("]")
            return Path(attribute, names, keys)
        if self._take("{"):
            if hops == _MOST_HOPS:
                raise Invalid(f"q: more than {_MOST_HOPS} relationships in a row", None)
            types = self._types()
            linked = self._path(hops + 1)
            self._must("}")
            return Path(attribute, names, (), types, linked)
        return Path(attribute, names)

    def _types(self) -> tuple[str, ...]:
        """Read the types in front of a linked entity's attribute, if they are told."""
        found = self._match(_LINKED_TYPE)
        if found is None:
            return ()
        self._must(":")
        return tuple(self._name(one) for one in found[0].split(",") if one)

    def _names(self, form: re.Pattern[str], wanted: str) -> list[str]:
        names = []
        while True:
            found = self._match(form)
            if found is None:
                raise self.error(wanted)
            names.append(found[0])
            if not self._take("."):
                return names

    def _values(self, *, alone: bool) -> Any:
        """Read one value, several, or an interval; ordering knows one value only."""
        value, rest = self._value()
        if rest is not None:
            value = Between(value, rest)
        elif self._take(","):
            values = [value, self._value()[0]]
            while self._take(","):
                values.append(self._value()[0])
            value = OneOf(tuple(values))
        if alone and isinstance(value, Between | OneOf):
            raise self.error("one value")
        return value

    def _value(self) -> tuple[Any, Any]:
        """Read a value, and the other end of its interval where it is one."""
        found = self._match(_TEXT)
        if found is not None:
            low: Any = re.sub(r"\\(.)", r"\1", found[1])
            return low, self._value()[0] if self._take("..") else None
        word = self._match(_WORD)
        if word is None:
            raise self.error("a value")
        first, dots, second = word[0].partition("..")
        if not dots:
            return _value_of(first), None
        if not first:
            raise self.error("where the interval begins")
        return _value_of(first), _value_of(second) if second else self._value()[0]

    def _pattern(self) -> str:
        found = self._match(_TEXT)
        if found is not None:
            return found[1].replace('\\"', '"')
        start, depth = self._at, 0
        while self._at < len(self._q):
            sign = self._q[self._at]
            depth += (sign == "(") - (sign == ")")
            if depth < 0 or (depth == 0 and sign in ";|"):
                break
            plain = _PLAIN.match(self._q, self._at)
            self._at = plain.end() if plain is not None else self._at + 1
        if self._at == start:
            raise self.error("a regular expression")
        return self._q[start : self._at]

    def _skip(self) -> None:
        space = _SPACE.match(self._q, self._at)
        assert space is not None
        self._at = space.end()

    def _match(self, form: re.Pattern[str]) -> re.Match[str] | None:
        self._skip()
        found = form.match(self._q, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _take(self, sign: str) -> bool:
        self._skip()
        if self._q.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def _must(self, sign: str) -> None:
        if not self._take(sign):
            raise self.error(f"“{sign}”")


def _short(path: Path) -> str | Path:
    """Return the name alone where the path is no more than that."""
    return path.attribute if path == Path(path.attribute) else path


def _value_of(word: str) -> Any:
    if word in ("true", "false"):
        return word == "true"
    if (number := _NUMBER.fullmatch(word)) is not None:
        return float(word) if number["rest"] else int(word)
    try:
        time = datetime.fromisoformat(word)
    except ValueError:
        return word
    return time if time.tzinfo else time.replace(tzinfo=UTC)
