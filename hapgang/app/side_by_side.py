"""Two rehearsed days beside one another: what differs, and whether by more than chance.

Both days are lived through by the same people with the same plans where the seed is the same, so
that differences are taken seed by seed: their spread says less about who the people are, and more
about what the scenarios do.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from statistics import fmean, stdev
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.app.context import Context, json_reply
from hapgang.app.context import Respond as Answered
from hapgang.app.endpoints import Endpoint
from hapgang.app.runs import RunView, kept, report_in, report_of, run_folder, view_of
from hapgang.app.studio_model import both_ways
from hapgang.contract import ANYONE, Text
from hapgang.core.errors import Conflict, NotFound
from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.flows import Counts, StreetMap, link_counts, street_map
from hapgang.rehearsal.run import Measured, Report, are_seeds_of_one
from hapgang.twin.scene import Scene

_TELLING_SHARE = 0.005  # of the larger value: what is shown with three digits looks the same
_MODES = tuple(mode.value for mode in Mode)
Floats = NDArray[np.float64]


class KpiChange(msgspec.Struct, frozen=True, kw_only=True):
    """A KPI of both days: means over the seeds that both have, and the difference b - a.

    `spread` is the standard deviation of the differences seed by seed, None for one seed.
    """

    service: str
    name: str
    title: Text
    unit: str
    better: str
    target: float | None
    a: float | None
    b: float | None
    difference: float | None
    spread: float | None
    verdict: str  # better, worse, same, unclear, notMeasured


class StreetChange(msgspec.Struct, frozen=True, kw_only=True):
    """People who went along a street in a day, both directions together; means over seeds."""

    street: str
    name: str | None
    kind: str
    at: tuple[float, float]
    a: float
    b: float
    difference: float
    spread: float | None
    sure: bool  # whether the difference is larger than its spread


class SideBySide(msgspec.Struct, kw_only=True):
    """Two rehearsed days; differences are b - a, of the residents who were rehearsed."""

    a: RunView
    b: RunView
    seeds: list[int]
    unlike: list[str]  # what else differs than the scenario: then differences mean less
    mode: str  # whose flows; empty: everybody on the streets
    kpis: list[KpiChange]
    streets: list[StreetChange]
    on_streets: tuple[float, float]  # entries into streets in all, of both days


class _Pair(NamedTuple):
    """One seed of both days: where they lie, and their reports."""

    a: Path
    b: Path
    report_a: Report
    report_b: Report


def side_by_side_endpoints() -> list[Endpoint]:
    """Return the endpoints; what is rehearsed is about virtual people, so open."""
    return [
        Endpoint("GET", "/api/runs/{a}/against/{b}", frozenset(ANYONE), _compare,
                 returns=SideBySide, summary="Two rehearsals beside one another: KPIs and flows on"
                 " streets over the seeds that both have; ?mode=car for one mode."),
    ]  # fmt: skip


async def _compare(context: Context) -> Answered:
    first, second = (run_folder(context.live.folder, context.path[name]) for name in ("a", "b"))
    mode = context.query("mode")
    if mode and mode not in _MODES:
        raise NotFound(
            f"there is no mode {mode}; there are {', '.join(_MODES)}",
            f"{mode} 이동 수단이 없습니다. 있는 것: {', '.join(_MODES)}",
        )
    scene = context.live.scene
    return json_reply(await asyncio.to_thread(compare, first, second, scene, mode))


def compare(first: Path, second: Path, scene: Scene, mode: str = "") -> SideBySide:
    """Compare two kept runs over the seeds that both were rehearsed with."""
    report_a, report_b = report_of(first), report_of(second)
    pairs = _pairs(first, report_a, second, report_b)
    streets = _streets_of(scene)
    flows = [(_flow(p.a, streets, mode), _flow(p.b, streets, mode)) for p in pairs]
    a = np.array([flow for flow, _ in flows])
    b = np.array([flow for _, flow in flows])
    return SideBySide(
        a=view_of(first.name, report_a),
        b=view_of(second.name, report_b),
        seeds=[pair.report_a.seed for pair in pairs],
        unlike=_unlike(report_a, report_b),
        mode=mode,
        kpis=list(_kpis(pairs)),
        streets=list(_street_changes(scene, streets, a, b)),
        on_streets=(float(a.sum(axis=1).mean()), float(b.sum(axis=1).mean())),
    )


def _pairs(first: Path, report_a: Report, second: Path, report_b: Report) -> list[_Pair]:
    """Return the seeds that both were rehearsed with; `Conflict` where they share none."""
    of_a, of_b = {report_a.seed: (first, report_a)}, {report_b.seed: (second, report_b)}
    for path in sorted(kept(first.parent)):
        other = report_in(path)
        if other is None:
            continue
        if are_seeds_of_one(report_a, other):
            of_a.setdefault(other.seed, (path.parent, other))
        if are_seeds_of_one(report_b, other):
            of_b.setdefault(other.seed, (path.parent, other))
    shared = sorted(of_a.keys() & of_b.keys())
    if not shared:
        raise Conflict(
            f"These rehearsals share no seed: {sorted(of_a)} and {sorted(of_b)}. Rehearse one of"
            " them with a seed of the other.",
            f"두 예행에 같은 시드가 없습니다({sorted(of_a)}, {sorted(of_b)})."
            " 같은 시드로 다시 예행하세요.",
        )
    return [_Pair(of_a[s][0], of_b[s][0], of_a[s][1], of_b[s][1]) for s in shared]


def _unlike(a: Report, b: Report) -> list[str]:
    names = ("city", "residents", "weather", "date", "days", "without")
    return [name for name in names if getattr(a, name) != getattr(b, name)]


def _kpis(pairs: Sequence[_Pair]) -> Iterator[KpiChange]:
    beside = [{(k.service, k.name): k for k in pair.report_b.kpis} for pair in pairs]
    for column, kpi in enumerate(pairs[0].report_a.kpis):
        others = [kpis.get((kpi.service, kpi.name)) for kpis in beside]
        values = [
            (pair.report_a.kpis[column].value, other.value)
            for pair, other in zip(pairs, others, strict=True)
            if other is not None
        ]
        yield _kpi_change(kpi, [(x, y) for x, y in values if x is not None and y is not None])


def _kpi_change(kpi: Measured, values: Sequence[tuple[float, float]]) -> KpiChange:
    a, b, difference, spread = None, None, None, None
    if values:
        a, b = fmean(x for x, _ in values), fmean(y for _, y in values)
        apart = [y - x for x, y in values]
        difference, spread = fmean(apart), stdev(apart) if len(apart) > 1 else None
    return KpiChange(
        service=kpi.service, name=kpi.name, title=kpi.title, unit=kpi.unit, better=kpi.better,
        target=kpi.target, a=a, b=b, difference=difference, spread=spread,
        verdict=verdict(kpi.better, a, b, spread),
    )  # fmt: skip


def verdict(better: str, a: float | None, b: float | None, spread: float | None) -> str:
    """Say what a difference means: nothing within three digits, maybe chance within its spread."""
    if a is None or b is None:
        return "notMeasured"
    apart = abs(b - a)
    if apart <= _TELLING_SHARE * max(abs(a), abs(b)):
        return "same"
    if spread is not None and apart <= spread:
        return "unclear"
    return "better" if (b > a) == (better == "higher") else "worse"


class _Streets(NamedTuple):
    """What flows are looked up in, and the rows of links of each street."""

    map: StreetMap
    rows: list[tuple[int, ...]]
    street: NDArray[np.int64]  # (links,)
    links: int


@lru_cache(maxsize=2)
def _streets_of(scene: Scene) -> _Streets:
    rows = both_ways(scene)
    street = np.zeros(len(scene.links), np.int64)
    for number, pair in enumerate(rows):
        street[list(pair)] = number
    return _Streets(street_map(scene), rows, street, len(scene.links))


def _flow(run: Path, streets: _Streets, mode: str) -> Floats:
    """People along each street of a run, (streets,)."""
    counts = _counts(run, (run / "playback.json").stat().st_mtime_ns, streets)
    chosen = [counts[mode]] if mode else list(counts.values())
    links = np.sum(chosen, axis=0)
    return np.bincount(streets.street, links, len(streets.rows)).astype(np.float64)


_known: dict[tuple[str, int], Mapping[str, Counts]] = {}
_MOST_KNOWN = 64


def _counts(run: Path, at_ns: int, streets: _Streets) -> Mapping[str, Counts]:
    key = (str(run), at_ns)
    found = _known.get(key)
    if found is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[key] = link_counts(run, streets.map, streets.links)
    return found


def _street_changes(
    scene: Scene, streets: _Streets, a: Floats, b: Floats
) -> Iterator[StreetChange]:
    """Every street that anybody went along, the most changed first; a, b (seeds, streets)."""
    apart = b - a
    mean, several = apart.mean(axis=0), len(apart) > 1
    spread = apart.std(axis=0, ddof=1) if several else np.zeros(len(mean))
    used = np.flatnonzero((a.sum(axis=0) > 0) | (b.sum(axis=0) > 0))
    links, nodes = scene.links, scene.nodes
    for number in used[np.argsort(-np.abs(mean[used]), kind="stable")].tolist():
        row = streets.rows[number][0]
        ends = [int(links.source[row]), int(links.target[row])]
        yield StreetChange(
            street=str(links.link[row]),
            name=links.name[row],
            kind=str(links.kind[row]),
            at=(
                round(float(nodes.lon[ends].mean()), 6), round(float(nodes.lat[ends].mean()), 6),
            ),
            a=float(a[:, number].mean()),
            b=float(b[:, number].mean()),
            difference=float(mean[number]),
            spread=float(spread[number]) if several else None,
            sure=several and bool(abs(mean[number]) > spread[number]),
        )  # fmt: skip
