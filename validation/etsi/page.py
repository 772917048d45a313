"""The results as a text for the terminal, as JSON, and as the page in `docs/`."""

import datetime as dt
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import msgspec

from hapgang import __version__
from validation.etsi.results import Outcome, by_cause
from validation.etsi.suite import SEVERAL, SINGLE

_MOST_CAUSES = 40
_MOST_NAMES = 100  # as many as one can read
_DISTRIBUTED = f"{SINGLE}/DistributedOperations/"
_DIFFERENCES = Path(__file__).with_name("differences.toml")
_KINDS = {
    "broken": "Tests that fail whatever a city answers",
    "older": "Tests that want what an earlier version of the standard said",
    "other": "Tests that want something else than V1.9.1 says",
}
# What the standard refuses and the suite needs, so that the city takes it.
_LAXER = (
    "An exclusive registration may name its entities by a pattern, or by their type (4.3.6.3: by"
    " one id).",
    "An exclusive or redirecting registration may be about what the city already holds (5.9.2.4:"
    " Conflict); from then on the source is asked, and what lies here is read with local=true.",
)
_SEVERAL = (
    "The suite has 24 more tests, of five brokers that know one another (`--several`). They are not"
    " counted above, and none of them passes: they read without the context in which they wrote, so"
    " that names come back in full (5.5.7), ask for attributes that no data has"
    " (`availableSpotNumbers`), want 207 of a retrieval or a body with a 201 (Tables 6.5.3.1-2 and"
    " 6.4.3.1-2 know neither), create an entity twice, register at addresses that are two in one,"
    " or have entities created by sources that are registered without createEntity (4.20)."
    " What several cities do together is tested by `tests/app/test_federation.py`."
)
_COLUMNS = "| folder | tests | passed | failed | passed, % |\n| --- | ---: | ---: | ---: | ---: |"


class Run(msgspec.Struct, frozen=True):
    """One run of the suite."""

    version: str
    tests: list[Outcome]
    seconds: int

    @property
    def single(self) -> list[Outcome]:
        """The tests of one broker."""
        return [test for test in self.tests if not test.folder.startswith(str(SEVERAL))]

    @property
    def several(self) -> list[Outcome]:
        """The tests of brokers among each other."""
        return [test for test in self.tests if test.folder.startswith(str(SEVERAL))]


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A test that we do not pass on purpose."""

    test: str
    kind: Literal["broken", "older", "other"]
    standard: str
    why: str


class _Differences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    difference: list[Difference] = []


def differences() -> list[Difference]:
    """Return the deliberate differences, checked."""
    told = tomllib.loads(_DIFFERENCES.read_text("utf-8"))
    return msgspec.convert(told, _Differences).difference


def table(run: Run) -> str:
    """Return the results for a terminal: folders, what failed and why."""
    lines = [*_folders(run.tests), "", _overall(run.tests), f"It took {run.seconds} s.", ""]
    lines += [f"{count:5}  {cause}" for cause, count in by_cause(run.tests)]
    lines += ["", *(f"{t.folder}/{t.name}: {t.message}" for t in run.tests if not t.passed)]
    return "\n".join(lines)


def plain(run: Run) -> dict[str, Any]:
    """Return the results for machines."""
    return {
        "suite": run.version,
        "hapgang": __version__,
        "seconds": run.seconds,
        "folders": [
            {"folder": folder, "tests": len(some), "passed": _passed(some)}
            for folder, some in _by_folder(run.tests)
        ],
        "causes": [{"cause": cause, "tests": n} for cause, n in by_cause(run.tests)],
        "tests": run.tests,
    }


def page(run: Run) -> str:
    """Return the page in `docs/`."""
    lines = [
        "# Conformance",
        "",
        "The public ETSI test suite for NGSI-LD (ETSI GS CIM 009), run by Robot against a city that"
        " was started for it, on loopback: `python -m validation.etsi`. Every file of the suite"
        " meets an empty city: before it all entities, histories, subscriptions, registrations and"
        " contexts are deleted through the public API, and variables that a file made global for"
        " Robot are forgotten after it. What a test sends and checks is the suite's own, its mock"
        " server too.",
        "",
        f"Suite: commit {run.version}. Hapgang {__version__}, {dt.datetime.now(dt.UTC).date()},"
        f" {run.seconds} s. {_overall(run.single)}",
        "",
        *_folders(run.single),
        "",
    ]
    lines += ["## Several cities", "", _SEVERAL, ""]
    if run.several:
        lines += [*_folders(run.several), ""]
    lines += _deliberate(run)
    lines += _not_yet(run)
    return "\n".join(lines).rstrip() + "\n"


def _overall(tests: list[Outcome]) -> str:
    return f"Passed: {_passed(tests)} of {len(tests)}, {_per_cent(tests)} %."


def _passed(tests: Iterable[Outcome]) -> int:
    return sum(test.passed for test in tests)


def _per_cent(tests: list[Outcome]) -> str:
    return f"{100 * _passed(tests) / len(tests):.1f}" if tests else "0.0"


def _by_folder(tests: list[Outcome]) -> list[tuple[str, list[Outcome]]]:
    found: dict[str, list[Outcome]] = {}
    for test in tests:
        found.setdefault(test.folder, []).append(test)
    return sorted(found.items())


def _folders(tests: list[Outcome]) -> list[str]:
    rows = [_row(folder.removeprefix(f"{SINGLE}/"), some) for folder, some in _by_folder(tests)]
    apart = [test for test in tests if test.folder.startswith(_DISTRIBUTED)]
    if apart and len(apart) < len(tests):
        rows.append(_row("**DistributedOperations**", apart))
        rows.append(_row("**all others**", [test for test in tests if test not in apart]))
    return [*_COLUMNS.splitlines(), *rows, _row("**all**", tests)]


def _row(name: str, tests: list[Outcome]) -> str:
    passed = _passed(tests)
    return f"| {name} | {len(tests)} | {passed} | {len(tests) - passed} | {_per_cent(tests)} |"


def _deliberate(run: Run) -> list[str]:
    lines = ["## Deliberate differences", ""]
    found = [one for one in differences() if not _passes(one, run)]
    if not found:
        return [*lines, "None.", ""]
    counts = [(sum(one.kind == kind for one in found), title) for kind, title in _KINDS.items()]
    lines += [f"- {title}: {count}." for count, title in counts]
    lines += ["", "Where the suite needs it, the city is laxer than the standard:", ""]
    lines += [*(f"- {what}" for what in _LAXER), ""]
    for kind, title in _KINDS.items():
        rows = [f"| {one.test} | {one.standard} | {one.why} |" for one in found if one.kind == kind]
        if rows:
            lines += [f"### {title}", "", "| test | what the standard says | why it fails |"]
            lines += ["| --- | --- | --- |", *rows, ""]
    return lines


def _passes(known: Difference, run: Run) -> bool:
    return any(test.passed and test.name.startswith(known.test) for test in run.tests)


def _not_yet(run: Run) -> list[str]:
    known = tuple(each.test for each in differences())
    left = [t for t in run.tests if not t.passed and not (known and t.name.startswith(known))]
    if not left:
        return []
    lines = ["## Not passed yet", "", f"{len(left)} tests, by the last request before they failed."]
    if len(left) <= _MOST_NAMES:
        lines += ["", "| test | request |", "| --- | --- |"]
        return [*lines, *(f"| {test.name} | {test.cause} |" for test in left), ""]
    lines += ["", "| request | tests |", "| --- | ---: |"]
    causes = by_cause(left)
    lines += [f"| {cause} | {count} |" for cause, count in causes[:_MOST_CAUSES]]
    if rest := sum(count for _, count in causes[_MOST_CAUSES:]):
        lines.append(f"| {len(causes) - _MOST_CAUSES} others | {rest} |")
    return [*lines, ""]
