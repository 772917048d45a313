"""A million people: their homes, households, work and schools, in a city that has room for them."""

import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.report import Result, load_average
from benchmarks.tiled_city import make_tiled_city
from hapgang.app.settings import find_city
from hapgang.rehearsal.population import margins, read_spec, synthesise
from hapgang.twin.scene import load_scene

PEOPLE, COPIES = 1_000_000, 50
GOAL_S = 60.0


class Made(NamedTuple):
    """How it went."""

    wall_s: float
    peak_mb: float
    households: int
    zones: int
    margins: int
    off: int


def run() -> list[Result]:
    """Make them once, in a process of their own."""
    with tempfile.TemporaryDirectory() as folder:
        city = make_tiled_city(find_city("sejong"), Path(folder) / "city", COPIES)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            made = pool.apply(_make, (str(city),))
    note = (
        f"{made.households:,} households in {COPIES} copies of Sejong 5-1, {made.zones:,} zones,"
        f" seed 7; {load_average()}"
    )
    return [
        Result(
            name="population.million_s", value=round(made.wall_s, 1), unit="s", goal=GOAL_S,
            note=note,
        ),
        Result(name="population.million_mb", value=round(made.peak_mb), unit="MB"),
        Result(
            name="population.margins_off", value=made.off, unit="", goal=0.0,
            note=f"of {made.margins:,} margins, those more than 1 % from what is known of the city",
        ),
    ]  # fmt: skip


def _make(city: str) -> Made:
    scene = load_scene(Path(city), "plan")
    spec = read_spec(Path(city) / "population.toml")
    started_s = time.perf_counter()
    population = synthesise(scene, spec, PEOPLE, 7)
    wall_s = time.perf_counter() - started_s
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert len(np.unique(population.households.dwelling)) == len(population.households)
    found = margins(scene, spec, population)
    off = sum(not margin.fits for margin in found)
    households, zones = len(population.households), len(scene.zones)
    return Made(wall_s, peak_mb, households, zones, len(found), off)
