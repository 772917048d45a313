"""What a rehearsed day costs as cities grow, and what a second processor is good for.

Up to 20,000 residents are those of Sejong 5-1; more of them live in copies of it side by side.
Every day is computed in a process of its own, distances between zones included.
"""

import math
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np

from benchmarks.curve import Series, drawing
from benchmarks.report import Report, Result, load_average, put_between_marks, row
from benchmarks.tiled_city import make_tiled_city
from hapgang.app.settings import find_city

SIZES = (2_000, 5_000, 20_000, 50_000, 100_000, 200_000)
EACH = 20_000  # residents of one copy
SEEDS, SEED_RESIDENTS = 4, 2_000
GOAL_EXPONENT, GOAL_DAY_S, GOAL_SPEED_UP = 1.15, 60.0, 1.6
IMAGE = Path("images/scale.svg")


class Lived(msgspec.Struct):
    """What is read of a run's report, and the processor time that its process took."""

    wall_s: float
    peak_mb: float
    digest: str
    trips: dict[str, int]
    cpu_s: float = 0.0


def run() -> list[Result]:
    """Live through a day of every size, then through several seeds one by one and together."""
    return [*results_of([(residents, *_measured(residents)) for residents in SIZES]), *_seeds()]


def results_of(lived: list[tuple[int, Lived, str]]) -> list[Result]:
    """Return what days of several sizes took, and how that grows."""
    results = []
    for residents, day, note in lived:
        goal = GOAL_DAY_S if residents == EACH else None
        results += [
            Result(name=f"scale.day_{residents}_s", value=round(day.wall_s, 1), unit="s",
                   goal=goal, note=note),
            Result(name=f"scale.day_{residents}_cpu_s", value=round(day.cpu_s, 1), unit="s"),
            Result(name=f"scale.day_{residents}_mb", value=round(day.peak_mb), unit="MB"),
        ]  # fmt: skip
    sizes = [residents for residents, *_ in lived]
    for name, values in (
        ("wall", [day.wall_s for _, day, _ in lived]),
        ("cpu", [day.cpu_s for _, day, _ in lived]),
        ("memory", [day.peak_mb for _, day, _ in lived]),
    ):
        results.append(
            Result(name=f"scale.{name}_exponent", value=exponent(sizes, values), unit="",
                   goal=GOAL_EXPONENT, note="fitted by least squares on logarithms, all sizes")
        )  # fmt: skip
    return results


def exponent(sizes: list[int], values: list[float]) -> float:
    """Return how fast values grow: 1 is as fast as the sizes."""
    slope, _ = np.polyfit(np.log(sizes), np.log(values), 1)
    return round(float(slope), 3)


def _measured(residents: int) -> tuple[Lived, str]:
    copies = math.ceil(residents / EACH)
    with tempfile.TemporaryDirectory() as folder:
        city = find_city("sejong")
        if copies > 1:
            city = make_tiled_city(city, Path(folder) / "city", copies)
        words = [str(city), "--residents", str(residents), "--seed", "7"]
        lived = _rehearsed(Path(folder) / "state", words)
    trips = sum(lived.trips.values())
    zone = f"{copies} copies of Sejong 5-1" if copies > 1 else "Sejong 5-1"
    return lived, f"{trips:,} trips in {zone}, seed 7; {load_average()}"


def _rehearsed(state: Path, words: list[str]) -> Lived:
    before_s = _children_s()
    done = subprocess.run(
        [sys.executable, "-m", "hapgang.app.cli", "rehearse", *words, "--json", "--no-save"],
        stdout=subprocess.PIPE, check=True,
        env={**{k: v for k, v in os.environ.items() if k != "HAPGANG_RAY"},
             "HAPGANG_STATE": str(state)},
    )  # fmt: skip
    lived = msgspec.json.decode(done.stdout, type=Lived)
    lived.cpu_s = _children_s() - before_s
    return lived


def _children_s() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


def _seeds() -> list[Result]:
    """Compare several seeds one after another with as many at once as there are processors."""
    processors = len(os.sched_getaffinity(0))
    times_s = {}
    digests = set()
    with tempfile.TemporaryDirectory() as folder:
        words = ["sejong", "--residents", str(SEED_RESIDENTS), "--seeds", str(SEEDS)]
        _rehearsed(Path(folder), [*words[:3], "--seed", "99"])  # distances are found once
        for workers in (1, processors):
            started_s = time.perf_counter()
            lived = _rehearsed(Path(folder), [*words, "--workers", str(workers)])
            times_s[workers] = time.perf_counter() - started_s
            digests.add(lived.digest)
    if len(digests) > 1:
        raise RuntimeError(f"other digests with other numbers of workers: {digests}")
    return [
        Result(name="scale.seeds_alone_s", value=round(times_s[1], 1), unit="s",
               note=f"{SEEDS} seeds of {SEED_RESIDENTS:,} residents, one after another"),
        Result(name="scale.seeds_together_s", value=round(times_s[processors], 1), unit="s",
               note=f"as many at once as processors: {processors}; the digests are the same"),
        Result(name="scale.seeds_speed_up", value=round(times_s[1] / times_s[processors], 2),
               unit="", goal=GOAL_SPEED_UP if processors > 1 else None, note=load_average()),
    ]  # fmt: skip


def write(report: Report, page: Path) -> None:
    """Draw the curve, and put the table between the marks of the page."""
    values = {result.name: result.value for result in report.results}
    sizes = [n for n in SIZES if f"scale.day_{n}_s" in values]
    wall, cpu, memory = (
        [(n, values[f"scale.day_{n}_{key}"]) for n in sizes] for key in ("s", "cpu_s", "mb")
    )
    series = [
        Series("A day", "s", wall, values["scale.wall_exponent"], ("processor time", cpu)),
        Series("Peak memory", "MB", memory, values["scale.memory_exponent"]),
    ]
    image = page.parent / IMAGE
    image.parent.mkdir(exist_ok=True)
    image.write_text(drawing(series), "utf-8")
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d} on {report.machine}. Stolen by other virtual machines"
        f" meanwhile: {report.stolen_pct:.0f} %.",
        "", "| what | value | goal | peer | notes |", "| --- | ---: | ---: | --- | --- |",
        *(row(result) for result in report.results),
    ]  # fmt: skip
    put_between_marks(page, "scale", "Scale", lines)
