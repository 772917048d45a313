"""Living through a wish: the run, its numbers, and what it leaves on disk."""

import datetime as dt
import gc
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from hapgang.contract import Kpi, Text
from hapgang.core.clock import VirtualClock
from hapgang.hub.lake import Lake, LakeView
from hapgang.rehearsal.build import World, day_of, move_in, people_of, runtime_of, world_of
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.rehearsal.disk import Disk
from hapgang.rehearsal.keeping import kept
from hapgang.rehearsal.kpis import CityKpis
from hapgang.rehearsal.logbook import Logbook
from hapgang.rehearsal.money.conservation import check_book
from hapgang.rehearsal.money.errands import Errands
from hapgang.rehearsal.playback import write_playback
from hapgang.rehearsal.population import Population
from hapgang.rehearsal.staff import hire
from hapgang.rehearsal.wish import Wish
from hapgang.runtime.perform import Runtime

Progress = Callable[[str, float], None]


class Measured(msgspec.Struct, frozen=True):
    """A KPI's value; `spread` is the standard deviation over seeds, None for one seed."""

    service: str
    name: str
    title: Text
    unit: str
    better: str
    value: float | None
    spread: float | None
    target: float | None
    source: str
    source_ko: str = ""  # empty in reports of earlier versions


class Report(msgspec.Struct, kw_only=True):
    """What `hapgang rehearse --json` prints."""

    city: str
    scenario: str
    without: tuple[str, ...]
    residents: int
    seed: int
    seeds: int = 1
    days: int = 1
    weather: str = ""
    date: str = ""
    wall_s: float
    peak_mb: float
    digest: str
    city_version: str = ""  # of the model and the scenario's changes
    title: Text | None = None  # of the scenario
    draft: str = ""  # whose copy was rehearsed, if any
    draft_version: int = 0
    base: str = ""  # the scenario that the draft has its services from
    kpis: list[Measured]
    trips: dict[str, int]
    not_made: int = 0
    refusals: int = 0


def rehearse(
    wish: Wish,
    progress: Progress,
    out: Path | None = None,
    *,
    world: World | None = None,
    cache: Path | None = None,
    disk: Path | None = None,
) -> Report:
    """Live through a wish; leave report, lake and playback in `out`, whole or not at all.

    `progress(stage, share)` is told how far it has come. A `world` of the same wish is used again;
    what takes long to find out about a new one is kept in the folder `cache`.
    With `disk`, an empty folder, every unit is written to a database there, as in a real city.
    """
    started_s = time.perf_counter()
    progress("city", 0.0)
    world = world or world_of(wish, cache=cache)
    progress("people", 0.0)
    with Disk(disk) if disk is not None else nullcontext() as database, _few_collections():
        lived = live(wish, world, progress, database)
    progress("report", 0.0)
    lake = Lake()
    lived.logbook.write(lake)
    kpis = measure(world, lived.runtime, lake)
    for kpi in kpis:
        lived.logbook.kpi(kpi.service, kpi.name, kpi.unit, kpi.value, kpi.target, kpi.source)
    report = _report(wish, world, lived, kpis)
    report.wall_s = time.perf_counter() - started_s
    if out is not None:
        keep(out, wish, report, lived.logbook)
    progress("report", 1.0)
    return report


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python look for garbage in cycles seldom: nearly all that a day makes stays."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Lived(NamedTuple):
    """What is there after the days."""

    population: Population
    runtime: Runtime
    logbook: Logbook
    not_made: int
    refusals: int


def live(wish: Wish, world: World, progress: Progress, disk: Disk | None = None) -> Lived:
    """Live through the days of a wish."""
    population = people_of(wish, world)
    zone = ZoneInfo(world.scene.time_zone)
    clock = VirtualClock(dt.datetime.combine(wish.day, dt.time(), zone), zone)
    runtime = runtime_of(wish, world, clock)
    logbook = Logbook()
    logbook.begin(wish.day)
    runtime.writer.listeners.append(logbook.listen)
    if disk is not None:
        disk.carry(runtime.writer)
    move_in(runtime, population, world.spots)
    clockwork = Clockwork(runtime, clock, disk.keep_up if disk is not None else None)
    hire(runtime, clockwork, share=min(1.0, population.share))
    errands = Errands(runtime, clockwork, population, wish.day)
    not_made = refusals = 0
    for number in range(wish.days):

        def told(share: float, number: int = number) -> None:
            progress("day", (number + share) / wish.days)

        date = wish.day + dt.timedelta(days=number)
        clockwork.begin(dt.datetime.combine(date, dt.time(), zone))
        logbook.begin(date)
        day = day_of(
            wish, world, population, runtime, clockwork=clockwork, date=date, logbook=logbook,
            errands=errands,
        )  # fmt: skip
        day.run(told)
        errands.end()
        not_made, refusals = not_made + day.not_made, refusals + day.refusals
    if disk is not None:
        disk.flush()
    check_book(runtime.book, logbook.rows("transfer"))
    return Lived(population, runtime, logbook, not_made, refusals)


def _report(wish: Wish, world: World, lived: Lived, kpis: list[Measured]) -> Report:
    scenario, draft = world.scene.scenario, wish.draft
    return Report(
        city=world.scene.name,
        scenario=scenario.name,
        without=wish.without,
        residents=len(lived.population),
        seed=wish.seed,
        days=wish.days,
        weather=wish.weather,
        date=wish.day.isoformat(),
        wall_s=0.0,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        digest=lived.runtime.writer.digest,
        city_version=world.scene.version,
        title=scenario.title,
        draft=draft.id if draft else "",
        draft_version=draft.version if draft else 0,
        base=draft.base if draft else "",
        kpis=kpis,
        trips=dict(sorted(lived.logbook.trips_by_mode.items())),
        not_made=lived.not_made,
        refusals=lived.refusals,
    )


def measure(world: World, runtime: Runtime, lake: Lake) -> list[Measured]:
    """Measure the city's KPIs, then each service's, from the lake."""
    wanted = [("city", kpi) for kpi in CityKpis.of(world.scene).kpis()]
    wanted += [(name, kpi) for name, s in runtime.services.items() for kpi in s.kpis]
    views = {kpi.tables: lake.limited_to(kpi.tables) for _, kpi in wanted}
    return [_measured(service, kpi, views[kpi.tables]) for service, kpi in wanted]


def are_seeds_of_one(first: Report, second: Report) -> bool:
    """Whether two reports are of the same day in the same city, of another seed at most."""

    def asked(report: Report) -> tuple[Any, ...]:
        return (
            report.city, report.city_version, report.scenario, report.without, report.residents,
            report.days, report.weather, report.date, [(k.service, k.name) for k in report.kpis],
        )  # fmt: skip

    return asked(first) == asked(second)


def together(reports: list[Report]) -> Report:
    """Return one report of several seeds: means, and their spread."""
    first = reports[0]
    kpis = []
    for same in zip(*(report.kpis for report in reports), strict=True):
        values = [kpi.value for kpi in same if kpi.value is not None]
        kpis.append(
            msgspec.structs.replace(
                same[0],
                value=fmean(values) if values else None,
                spread=stdev(values) if len(values) > 1 else None,
            )
        )
    modes = sorted({mode for report in reports for mode in report.trips})
    return msgspec.structs.replace(
        first,
        seeds=len(reports),
        wall_s=sum(report.wall_s for report in reports),
        peak_mb=max(report.peak_mb for report in reports),
        digest=" ".join(report.digest for report in reports),
        kpis=kpis,
        trips={m: round(fmean(report.trips.get(m, 0) for report in reports)) for m in modes},
    )


def keep(out: Path, wish: Wish, report: Report, logbook: Logbook) -> None:
    """Write a run's folder."""
    with kept(out) as folder:
        logbook.write(Lake(folder / "lake", out.name))
        index: dict[str, Any] = write_playback(
            logbook.paths, folder / "playback", wish.day.isoformat(), logbook.sky
        )
        (folder / "playback.json").write_bytes(msgspec.json.encode(index))
        (folder / "report.json").write_bytes(msgspec.json.encode(report))


def _measured(service: str, kpi: Kpi, view: LakeView) -> Measured:
    return Measured(
        service=service,
        name=kpi.name,
        title=kpi.title,
        unit=kpi.unit,
        better=kpi.better,
        value=kpi.measure(view),
        spread=None,
        target=kpi.target,
        source=kpi.source.en,
        source_ko=kpi.source.ko,
    )
