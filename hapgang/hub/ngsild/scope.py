"""Scopes, and the language that asks for them (clauses 4.18 and 4.19).

`/Madrid/Gardens` is a scope; `+` stands for one step, a `#` at the end for all that begins so. `;`
(and) binds tighter than `,` and `|` (or).
"""

import re
from collections.abc import Callable
from typing import Any

from hapgang.core.errors import Invalid

Test = Callable[[tuple[str, ...]], bool]
_STEP = r"[^\s/;,|()+#\"<>\\]+"
_SCOPE = re.compile(rf"/?{_STEP}(?:/{_STEP})*")
_ASKED = re.compile(rf"/?(?:(?:{_STEP}|\+)(?:/(?:{_STEP}|\+))*(?:/\#)?|\#)")
_MOST_CHARACTERS = 2_000
_MOST_SCOPES = 100
_MOST_DEPTH = 20


def check_scope(said: Any) -> list[str]:
    """Return an entity's scopes; `Invalid` for what are none."""
    scopes = said if isinstance(said, list) else [said]
    if not scopes or len(scopes) > _MOST_SCOPES:
        raise Invalid(f"an entity has 1 to {_MOST_SCOPES} scopes", None)
    for scope in scopes:
        if not isinstance(scope, str) or not _SCOPE.fullmatch(scope):
            raise Invalid(
                f"{scope!r:.60} is no scope, such as /Madrid/Gardens",
                f"{scope!r:.60}은(는) 범위(scope)가 아닙니다. 예: /Madrid/Gardens",
            )
    return list(dict.fromkeys(scopes))


def read_scope_query(text: str) -> Test:
    """Return the test that a scope query stands for; `Invalid` where it is none."""
    if len(text) > _MOST_CHARACTERS:
        raise Invalid(f"scopeQ has at most {_MOST_CHARACTERS} characters", None)
    test, at = _either(text, 0, 0)
    if at != len(text):
        raise _bad(text, at)
    return test


def _either(text: str, at: int, depth: int) -> tuple[Test, int]:
    test, at = _both(text, at, depth)
    tests = [test]
    while text[at : at + 1] in (",", "|") and at < len(text):
        test, at = _both(text, at + 1, depth)
        tests.append(test)
    return (tests[0] if len(tests) == 1 else lambda scopes: any(t(scopes) for t in tests)), at


def _both(text: str, at: int, depth: int) -> tuple[Test, int]:
    test, at = _one(text, at, depth)
    tests = [test]
    while text[at : at + 1] == ";":
        test, at = _one(text, at + 1, depth)
        tests.append(test)
    return (tests[0] if len(tests) == 1 else lambda scopes: all(t(scopes) for t in tests)), at


def _one(text: str, at: int, depth: int) -> tuple[Test, int]:
    if text[at : at + 1] == "(" and depth < _MOST_DEPTH:
        test, at = _either(text, at + 1, depth + 1)
        if text[at : at + 1] != ")":
            raise _bad(text, at)
        return test, at + 1
    match = _ASKED.match(text, at)
    if match is None:
        raise _bad(text, at)
    wanted = match[0].strip("/").split("/")
    return (lambda scopes: any(_fits(scope, wanted) for scope in scopes)), match.end()


def _fits(scope: str, wanted: list[str]) -> bool:
    steps = scope.strip("/").split("/")
    if wanted[-1] == "#":
        wanted = wanted[:-1]
        steps = steps[: len(wanted)]
    return len(steps) == len(wanted) and all(
        want in ("+", step) for step, want in zip(steps, wanted, strict=True)
    )


def _bad(text: str, at: int) -> Invalid:
    there = text[at:][:30]
    return Invalid(
        f"scopeQ: a scope was expected at “{there}”, as in /Madrid/#;/Parks",
        f"scopeQ의 “{there}” 부분이 잘못되었습니다. 예: /Madrid/#;/Parks",
    )
