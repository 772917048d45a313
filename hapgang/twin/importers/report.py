"""What an import says: every piece of dirty input with what was done about it, and the sums."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from hapgang.core.errors import Invalid

Progress = Callable[[str, float], None]  # stage that begins, share of the import that is done


# How much of an import each stage is, roughly, for a bar that moves evenly.
_STAGES = {"map": 0.25, "streets": 0.3, "ground": 0.05, "timetables": 0.2,
           "people and places": 0.1, "files": 0.05, "check": 0.05}  # fmt: skip


def silent(_stage: str, _done: float) -> None:
    """Show no progress."""


class ImportRefused(Invalid):
    """The input cannot become a city; nothing was written."""


class DirtyRow(Exception):
    """A row that cannot be used; the text says why."""


def extra(module: str) -> Any:
    """Import a library of the extra `import`, or say how to install it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise ImportRefused(
            f"importing a city needs {module}: pip install 'hapgang[import]'",
            f"도시를 가져오려면 {module}이(가) 필요합니다: pip install 'hapgang[import]'",
        ) from error


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Lines of one file that share a reason."""

    file: str
    reason: str
    done: str
    count: int
    first: str  # the first line, row or object


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What became of the input."""

    name: str
    folder: Path
    counts: Mapping[str, int]
    feeds: Mapping[str, Mapping[str, int]]  # feed: rows kept of each file
    problems: tuple[Problem, ...]
    assumptions: tuple[str, ...]
    durations_s: Mapping[str, float]

    def lines(self) -> list[str]:
        """Return the report as lines to print."""
        out = [f"{self.name} in {self.folder}, {sum(self.durations_s.values()):.1f} s"]
        out += [f"  {what}: {n:,}" for what, n in self.counts.items()]
        for feed, rows in self.feeds.items():
            out.append(f"  {feed}: " + ", ".join(f"{n:,} {what}" for what, n in rows.items()))
        if self.problems:
            out.append(f"dirty input, line by line in {self.folder / 'quarantine'}:")
        for one in self.problems:
            out.append(f"  {one.count:>7,} × {one.file}: {one.reason}; {one.done} ({one.first} …)")
        out += [f"assumed: {one}" for one in self.assumptions]
        return out


@dataclass
class Journal:
    """Collects problems, assumptions, counts and durations of one import while it runs.

    Problems go to `quarantine/` at once: rows of tables as CSV, objects of maps as JSON lines.
    """

    folder: Path
    progress: Progress = silent
    counts: dict[str, int] = field(default_factory=dict)
    feeds: dict[str, dict[str, int]] = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)
    durations_s: dict[str, float] = field(default_factory=dict)
    _problems: dict[tuple[str, str, str], list[str | int]] = field(default_factory=dict)
    _files: dict[str, io.TextIOWrapper] = field(default_factory=dict)

    def row(
        self, file: str, line: int, reason: str, done: str, row: Mapping[str, str] | Sequence[str]
    ) -> None:
        """Quarantine a row of a table; lines count from 1, as an editor shows them."""
        self._count(file, reason, done, f"line {line}")
        raw = json.dumps(row, ensure_ascii=False)
        csv.writer(self._open(f"{_plain(file)}.csv", "line,reason,done,raw")).writerow(
            [line, reason, done, raw]
        )

    def thing(
        self, file: str, name: str, reason: str, done: str, about: Mapping[str, object]
    ) -> None:
        """Quarantine an object of a map, or of any source that has no lines."""
        self._count(file, reason, done, name)
        entry = {"object": name, "reason": reason, "done": done, **about}
        self._open(f"{_plain(file)}.jsonl").write(json.dumps(entry, ensure_ascii=False) + "\n")

    def assume(self, text: str) -> None:
        """Note something that the input does not say; goes into `city.toml` too."""
        if text not in self.assumptions:
            self.assumptions.append(text)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage and tell that it begins."""
        before = list(_STAGES)[: list(_STAGES).index(name)]
        self.progress(name, sum(_STAGES[stage] for stage in before))
        start = time.perf_counter()
        yield
        self.durations_s[name] = time.perf_counter() - start

    def close(self) -> None:
        """Close the files of the quarantine, and write their sums beside them."""
        if self._problems:
            file = self._open("summary.csv", "file,reason,done,count,first")
            for one in self.problems():
                csv.writer(file).writerow([one.file, one.reason, one.done, one.count, one.first])
        for file in self._files.values():
            file.close()

    def problems(self) -> tuple[Problem, ...]:
        """The problems so far, summed by file and reason, in the order of their first line."""
        return tuple(
            Problem(file=file, reason=reason, done=done, count=int(count), first=str(first))
            for (file, reason, done), (count, first) in self._problems.items()
        )

    def _count(self, file: str, reason: str, done: str, where: str) -> None:
        entry = self._problems.setdefault((file, reason, done), [0, where])
        entry[0] = int(entry[0]) + 1

    def _open(self, name: str, header: str = "") -> io.TextIOWrapper:
        if name not in self._files:
            (self.folder / "quarantine").mkdir(parents=True, exist_ok=True)
            path = self.folder / "quarantine" / name
            self._files[name] = path.open("w", encoding="utf-8", newline="")
            if header:
                self._files[name].write(header + "\r\n")
        return self._files[name]


def _plain(file: str) -> str:
    """A file name for the quarantine of a file, inside an archive or not."""
    return "".join(c if c.isalnum() or c in "._-" else "-" for c in file).strip(".")
