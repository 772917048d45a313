"""How long the command line takes to explain itself."""

import statistics
import subprocess
import sys
import time

from benchmarks.report import Result, load_average

GOAL_S = 0.3
RUNS = 9


def run() -> list[Result]:
    """Time `hapgang --help` as a person meets it."""
    times_s = [_help_s() for _ in range(RUNS)]
    return [
        Result(
            name="command.help_s", value=round(statistics.median(times_s), 3), unit="s",
            goal=GOAL_S, note=f"least {min(times_s):.3f} s; {load_average()}",
        )
    ]  # fmt: skip


def _help_s() -> float:
    started_s = time.perf_counter()
    command = [sys.executable, "-m", "hapgang.app.cli", "--help"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started_s
