"""Variants side by side: what each measures, and how it differs from the first one, seed by seed.

People, plans and tastes of a seed are the same in every variant, so a difference is taken between
runs of one seed first and averaged then: most of what chance adds to both cancels out.
"""

from collections.abc import Sequence
from statistics import fmean, stdev

import msgspec

from hapgang.rehearsal.run import Measured, Report, together


class Difference(msgspec.Struct, frozen=True):
    """How a KPI differs from the first variant's: mean over seeds, and standard deviation."""

    service: str
    name: str
    unit: str
    value: float
    spread: float | None


class Variant(msgspec.Struct, frozen=True):
    """One variant over all its seeds; the first one differs from itself in nothing."""

    report: Report
    differences: list[Difference]


class Comparison(msgspec.Struct, frozen=True):
    """What `hapgang rehearse --json` prints where several variants are asked for."""

    city: str
    residents: int
    seed: int
    seeds: int
    variants: list[Variant]


def compare(variants: Sequence[Sequence[Report]]) -> Comparison:
    """Put variants together, each the reports of the same seeds in the same order."""
    first = variants[0]
    return Comparison(
        city=first[0].city,
        residents=first[0].residents,
        seed=first[0].seed,
        seeds=len(first),
        variants=[
            Variant(together(list(own)), differences(first, own) if own is not first else [])
            for own in variants
        ],
    )


def differences(base: Sequence[Report], other: Sequence[Report]) -> list[Difference]:
    """Return how each KPI that both measure differs, paired by seed."""
    pairs: dict[tuple[str, str], list[float]] = {}
    units: dict[tuple[str, str], str] = {}
    for one, two in zip(base, other, strict=True):
        before = {_key(kpi): kpi.value for kpi in one.kpis}
        for kpi in two.kpis:
            was = before.get(_key(kpi))
            if was is not None and kpi.value is not None:
                pairs.setdefault(_key(kpi), []).append(kpi.value - was)
                units[_key(kpi)] = kpi.unit
    return [
        Difference(*key, units[key], fmean(found), stdev(found) if len(found) > 1 else None)
        for key, found in pairs.items()
    ]


def _key(kpi: Measured) -> tuple[str, str]:
    return kpi.service, kpi.name
