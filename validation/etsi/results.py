"""What Robot wrote of a run: each test, and the last thing that it asked before it failed."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, iterparse

import msgspec

_ANSWER = re.compile(r"^(GET|POST|PUT|PATCH|DELETE) Response : url=(\S+)\s.*?status=(\d+)", re.S)
_UNEQUAL = re.compile(r"(\d{3}) != (\d{3})")
_ROOTS = ("entities", "types", "attributes", "subscriptions", "csourceRegistrations",
          "csourceSubscriptions", "jsonldContexts", "entityMaps", "snapshots")  # fmt: skip
_LONGEST_MESSAGE = 300


class Outcome(msgspec.Struct, frozen=True):
    """A test of the suite and what became of it."""

    folder: str
    name: str
    tags: list[str]
    passed: bool
    seconds: float
    message: str = ""
    asked: str = ""  # the last request before the failure, and its answer
    wanted: int = 0  # the status that was wanted instead; 0 where something else was wrong

    @property
    def is_broken(self) -> bool:
        """Whether nobody can pass: the test calls what the suite does not have."""
        return "No keyword with name" in self.message or "unexpected named arg" in self.message

    @property
    def cause(self) -> str:
        """Return what it failed at, such that tests that failed alike have the same."""
        if self.is_broken:
            return "the suite lacks a keyword of its own"
        asked = self.asked or "nothing was asked"
        return f"{asked}, wanted {self.wanted}" if self.wanted else asked


def read_results(output: Path, copy: Path) -> list[Outcome]:
    """Return the tests of an `output.xml`, in its order."""
    reader = _Reader(copy)
    for event, element in iterparse(output, ("start", "end")):  # noqa: S314  # our own Robot's
        if event == "start":
            reader.start(element)
        else:
            reader.end(element)
    return reader.tests


class _Reader:
    """Goes through the file once; what was read of it is thrown away, for it can be large."""

    def __init__(self, copy: Path) -> None:
        self.tests: list[Outcome] = []
        self._copy = copy
        self._suites: list[tuple[str, str]] = []  # its file, and what its setup asked last
        self._asked = ""
        self._in_test = False
        self._ending = 0  # how many teardowns one is in: what those ask is no cause

    def start(self, element: Element) -> None:
        if element.tag == "suite":
            inherited = self._suites[-1][1] if self._suites else ""
            self._suites.append((element.get("source", ""), inherited))
        elif element.tag == "test":
            self._in_test, self._asked = True, ""
        elif element.tag == "kw" and element.get("type") == "TEARDOWN":
            self._ending += 1

    def end(self, element: Element) -> None:
        if element.tag == "msg":
            self._hear(element.text or "")
        elif element.tag == "kw":
            if element.get("type") == "TEARDOWN":
                self._ending -= 1
            element.clear()
        elif element.tag == "test":
            self.tests.append(self._test(element))
            self._in_test = False
            element.clear()
        elif element.tag == "suite":
            self._suites.pop()
            element.clear()

    def _hear(self, text: str) -> None:
        found = None if self._ending else _ANSWER.match(text)
        if found is None:
            return
        asked = f"{found[1]} {plain_path(found[2])} answered {found[3]}"
        if self._in_test:
            self._asked = asked
        else:
            self._suites[-1] = (self._suites[-1][0], asked)

    def _test(self, element: Element) -> Outcome:
        source, setup = self._suites[-1]
        status = element.find("status")
        assert status is not None
        message = (status.text or "").strip()
        unequal = _UNEQUAL.search(message)
        asked = setup if "suite setup failed" in message else self._asked
        passed = status.get("status") == "PASS"
        return Outcome(
            Path(source).parent.relative_to(self._copy).as_posix(),
            element.get("name", ""),
            [tag.text or "" for tag in element.findall("tag")],
            passed,
            float(status.get("elapsed", 0)),
            "" if passed else _first_line(message),
            "" if passed else asked,
            int(unequal[1]) if unequal and not passed else 0,
        )


def _first_line(message: str) -> str:
    lines = [line for line in message.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].endswith(":"):  # Several failures occurred: Setup failed:
        lines = lines[1:]
    return lines[0].strip()[:_LONGEST_MESSAGE] if lines else ""


def plain_path(url: str) -> str:
    """Return a request's path without ids and names, such as `/entities/{}/attrs/{}`.

    A slash at its end stays: it is another path to some servers.
    """
    path = urlsplit(url).path
    rest = path.partition("/ngsi-ld/v1")[2] or path
    words = rest.removeprefix("/").split("/")
    fixed = {*_ROOTS, "attrs", "temporal", "entityOperations", "info"}
    was_operation = False
    shown = []
    for word in words:
        shown.append(word if word in fixed or was_operation else "{}" if word else "")
        was_operation = word in ("entityOperations", "info")
    return "/" + "/".join(shown)


def by_cause(tests: Iterable[Outcome]) -> list[tuple[str, int]]:
    """Return what tests failed at and how many, the most frequent first."""
    counts: dict[str, int] = {}
    for test in tests:
        if not test.passed:
            counts[test.cause] = counts.get(test.cause, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
