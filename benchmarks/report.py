"""What was measured, for machines and for the docs."""

import os
import platform
import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")
_VERSIONS = ("asyncpg", "httptools", "msgspec", "numpy", "uvicorn", "uvloop")
_HEAD = """# Benchmarks

Written by `python -m benchmarks all --write docs/benchmarks.md`, or one section by its name; each
says when. Numbers in the other pages come from here. Load generator, city and database share the
machine. Every write is durable (`fsync` on) and every request is signed in. Each value is the
median of its runs; other work on the machine lowers it, so the best run and the load average stand
beside it, and what share of the processors other virtual machines took meanwhile. A peer does the
same work there."""
_SECTION = re.compile(r"^## (\w+)\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)


class Result(msgspec.Struct, kw_only=True, omit_defaults=False):
    """One number. `goal` is what it should reach: at least it, or at most it for times."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    peer: str | None = None
    peer_value: float | None = None
    note: str = ""


class Report(msgspec.Struct):
    """All numbers of one benchmark, and where they were measured."""

    name: str
    machine: str
    results: list[Result]
    stolen_pct: float = 0.0
    """Of the processor time wanted while measuring, what other virtual machines took."""


def machine() -> str:
    """Return the processor, its cores, memory and system."""
    cpu = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.release()}"
    return f"{cpu}, {os.cpu_count()} cores, {memory_gb:.0f} GB, {system}, Python {_python()}"


def _python() -> str:
    return platform.python_version()


def load_average() -> str:
    """Return how busy the machine was in the last minute."""
    return f"load average {os.getloadavg()[0]:.1f}"


def cpu_ticks() -> tuple[int, int]:
    """Return what the processors did since the machine started, and what was stolen of it.

    Stolen is what other virtual machines on the same host took; zeros where nobody tells.
    """
    told = Path("/proc/stat")
    first = told.read_text().partition("\n")[0].split()[1:9] if told.exists() else ["0"] * 8
    ticks = [int(part) for part in first]
    idle = ticks[3] + ticks[4]
    return sum(ticks) - idle, ticks[7]


def repeated(measure: Callable[[], T], times: int) -> list[T]:
    """Return what several runs measured."""
    return [measure() for _ in range(times)]


def throughput(
    name: str,
    per_s: Iterable[float],
    *,
    goal: float | None = None,
    peer: tuple[str, float] | None = None,
    note: str = "",
) -> Result:
    """Return the median of several rates, with the best beside it."""
    runs = list(per_s)
    said = [f"best of {len(runs)}: {max(runs):,.0f}", note, load_average()]
    return Result(
        name=name,
        value=round(statistics.median(runs)),
        unit="1/s",
        goal=goal,
        peer=peer[0] if peer else None,
        peer_value=peer[1] if peer else None,
        note="; ".join(part for part in said if part),
    )


def markdown(reports: list[Report], names: Sequence[str], before: str = "") -> str:
    """Return the page of the docs: what was measured now, and the page's other sections as before.

    names: of all benchmarks, in the page's order.
    """
    sections = {found[1]: found[0].strip() for found in _SECTION.finditer(before)}
    sections |= {report.name: _section(report) for report in reports}
    versions = ", ".join(f"{name} {version(name)}" for name in _VERSIONS)
    head = [_HEAD, f"On {reports[0].machine}; {versions}."]
    return "\n\n".join([*head, *(sections[name] for name in names if name in sections)]) + "\n"


def _section(report: Report) -> str:
    stolen = f"Stolen by other virtual machines meanwhile: {report.stolen_pct:.0f} %."
    head = f"## {report.name}\n\n{datetime.now(UTC):%Y-%m-%d}. {stolen}\n"
    columns = ["| what | value | goal | peer | notes |", "| --- | ---: | ---: | --- | --- |"]
    return "\n".join([head, *columns, *(row(result) for result in report.results)])


def put_between_marks(page: Path, name: str, title: str, lines: list[str]) -> None:
    """Put lines into a page of the docs, between the marks of a benchmark; its words stay."""
    start, end = (f"<!-- made by benchmarks {name}: {part} -->" for part in ("table", "end"))
    text = page.read_text("utf-8") if page.exists() else f"# {title}\n\n{start}\n{end}\n"
    fresh = f"{start}\n\n" + "\n".join(lines) + f"\n\n{end}"
    pattern = re.escape(start) + ".*?" + re.escape(end)
    page.write_text(re.sub(pattern, lambda _: fresh, text, flags=re.DOTALL), "utf-8")


def table(report: Report) -> str:
    """Return the results as text for a terminal."""
    rows = [(r.name, _number(r.value), r.unit, _number(r.goal), r.note) for r in report.results]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = [f"{report.name}: {report.machine}; {report.stolen_pct:.0f} % stolen"]
    for (name, value, unit, goal, note), result in zip(rows, report.results, strict=True):
        line = f"  {name:{widths[0]}}  {value:>{widths[1]}} {unit:{widths[2]}}"
        line += f"  goal {goal:>{widths[3]}}" if result.goal is not None else ""
        if result.peer is not None:
            line += f"  {result.peer}: {_number(result.peer_value)}"
        lines.append(f"{line}  {note}".rstrip())
    return "\n".join(lines)


def row(result: Result) -> str:
    """Return a result as a line of the docs' tables."""
    peer = f"{result.peer}: {_number(result.peer_value)}" if result.peer else ""
    goal = _number(result.goal)
    value = f"{_number(result.value)} {result.unit}".strip()
    return f"| `{result.name}` | {value} | {goal} | {peer} | {result.note} |"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
