"""A rehearsed day: how long it takes, how much it needs, and how both grow."""

import math
import subprocess
import sys
import time

import msgspec

from benchmarks.report import Result, load_average

RESIDENTS, FEWER = 20_000, 2_000
GOAL_DAY_S, GOAL_MB, GOAL_EXPONENT = 60.0, 1_500.0, 1.15


class Lived(msgspec.Struct):
    """What is read of a run's report."""

    wall_s: float
    peak_mb: float
    digest: str


def run() -> list[Result]:
    """Live through the same day with few and with many residents, each in a process of its own."""
    few, many = _rehearse(FEWER), _rehearse(RESIDENTS)
    exponent = math.log(many.wall_s / few.wall_s) / math.log(RESIDENTS / FEWER)
    note = f"{RESIDENTS:,} residents of Sejong 5-1, seed 7; {load_average()}"
    return [
        Result(
            name="rehearsal.day_s", value=round(many.wall_s, 1), unit="s", goal=GOAL_DAY_S,
            note=note,
        ),
        Result(name="rehearsal.peak_mb", value=round(many.peak_mb), unit="MB", goal=GOAL_MB),
        Result(
            name="rehearsal.growth_exponent", value=round(exponent, 3), unit="",
            goal=GOAL_EXPONENT, note=f"from {FEWER:,} residents, {few.wall_s:.1f} s",
        ),
        Result(name="rehearsal.population_20000_s", value=_population_s(), unit="s", goal=2.0),
    ]  # fmt: skip


def _rehearse(residents: int) -> Lived:
    command = [sys.executable, "-m", "hapgang.app.cli", "rehearse", "sejong", "--json", "--no-save"]
    words = ["--residents", str(residents), "--seed", "7"]
    done = subprocess.run([*command, *words], stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(done.stdout, type=Lived)


def _population_s() -> float:
    from hapgang.app.settings import find_city  # noqa: PLC0415 (takes seconds, and few want it)
    from hapgang.rehearsal.population import read_spec, synthesise  # noqa: PLC0415
    from hapgang.twin.scene import load_scene  # noqa: PLC0415

    model = find_city("sejong")
    scene, spec = load_scene(model, "plan"), read_spec(model / "population.toml")
    times_s = []
    for seed in range(3):
        started_s = time.perf_counter()
        synthesise(scene, spec, RESIDENTS, seed)
        times_s.append(time.perf_counter() - started_s)
    return round(sorted(times_s)[1], 2)
