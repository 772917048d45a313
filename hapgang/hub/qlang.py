"""NGSI-LD's query language `q` (ETSI GS CIM 009, clause 4.9), read into the hub's syntax tree.

First cut: comparisons of attributes with numbers, strings, booleans and times, joined by `;` (and)
and `|` (or) with brackets, `;` binding tighter.
"""

import re
from datetime import UTC, datetime
from typing import Any

from hapgang.core.errors import Invalid
from hapgang.hub.query import All, Any_, Compare, Query

_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>==|!=|>=|<=|>|<)|(?P<mark>[();|])
    |"(?P<text>(?:[^"\\]|\\.)*)"|(?P<word>[^\s;|()=!<>"]+))""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"-?[0-9]+(?P<rest>(\.[0-9]+)?([eE][+-]?[0-9]+)?)")
_MOST_CHARACTERS = 4_000
_MOST_DEPTH = 50


def parse(q: str) -> Query:
    """Return the syntax tree of a query; `Invalid` shows where it stops making sense."""
    if len(q) > _MOST_CHARACTERS:
        raise Invalid(f"q has at most {_MOST_CHARACTERS} characters", None)
    parser = _Parser(q)
    query = parser.either()
    if parser.kind:
        raise parser.error("the end")
    return query


class _Parser:
    """Recursive descent, one token ahead."""

    def __init__(self, q: str) -> None:
        self._q = q
        self._end = 0
        self._depth = 0
        self.kind = ""
        self._value = ""
        self._next()

    def either(self) -> Query:
        """Read parts joined by `|`."""
        parts = [self._both()]
        while self._is("|"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Any_(tuple(parts))

    def error(self, wanted: str) -> Invalid:
        """Return what is wrong at the present token."""
        return Invalid(
            f"q: expected {wanted} at “{self._q[self._end - len(self._value) :][:30]}”",
            f"q 질의문의 “{self._q[self._end - len(self._value) :][:30]}” 부분이 잘못되었습니다",
        )

    def _both(self) -> Query:
        parts = [self._one()]
        while self._is(";"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self) -> Query:
        if self._is("("):
            self._depth += 1
            if self._depth > _MOST_DEPTH:
                raise Invalid(f"q: more than {_MOST_DEPTH} brackets inside one another", None)
            query = self.either()
            if not self._is(")"):
                raise self.error("“)”")
            self._depth -= 1
            return query
        if self.kind != "word":
            raise self.error("an attribute's name")
        name = self._value
        self._next()
        if self.kind != "sign":
            raise self.error("a comparison")
        sign = self._value
        self._next()
        if self.kind not in ("word", "text"):
            raise self.error("a value")
        value = self._value if self.kind == "text" else _value_of(self._value)
        self._next()
        return Compare(name, sign, value)

    def _is(self, mark: str) -> bool:
        if self.kind == "mark" and self._value == mark:
            self._next()
            return True
        return False

    def _next(self) -> None:
        match = _TOKEN.match(self._q, self._end)
        if match is None:
            if self._q[self._end :].strip():
                self._value = self._q[self._end :]
                self._end = len(self._q)
                raise self.error("a word")
            self.kind = self._value = ""
            return
        self._end = match.end()
        self.kind = match.lastgroup or ""
        self._value = match.group(self.kind)
        if self.kind == "text":
            self._value = re.sub(r"\\(.)", r"\1", self._value)


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
