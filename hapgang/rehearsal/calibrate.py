"""Fitting mode choice to what is known of today, and only of today.

    python -m hapgang.rehearsal.calibrate cities/sejong

Three numbers of the scenario `today` are met by three unknowns: the constants of car and bicycle,
and the scale of driving times beyond the city's own streets; walking and public transport have no
constant. Fitted on one set of seeds by a secant method in several dimensions (Broyden 1965, "A
class of methods for solving nonlinear simultaneous equations"), reported on another set. What
`plan` then changes is a prediction.

The scale stays within what a road can mean: above 2.5, a car that the model's free roads let go 36
km/h on the average would be slower than a bicycle. Where that bound is met, the commute falls short
of the source and the report says by how much.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
from numpy.typing import NDArray

from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.build import world_of
from hapgang.rehearsal.choice import Taste
from hapgang.rehearsal.run import Report, rehearse
from hapgang.rehearsal.wish import Wish

CAR_SHARE_PCT = 46.8  # the white paper, 'Analysis of Road Service and Transportation', with taxis
COMMUTE_MIN = 100.0  # the white paper, 'Expected Effects of the Seven Innovative Factors'
# Assumption: the sources say nothing of bicycles; Korean travel surveys find some 2 % of trips.
BICYCLE_SHARE_PCT = 2.0
MOST_SCALE = 2.5
TARGETS = np.array([CAR_SHARE_PCT, BICYCLE_SHARE_PCT, COMMUTE_MIN])
_NAMES = ("car share, %", "bicycle share, %", "commute there and back, min")
_TOLERANCE = np.array([0.5, 0.2, 1.0])
_STEP = np.array([0.3, -0.5, 0.2])
_MOST_ROUNDS = 14
Floats = NDArray[np.float64]


def taste_of(x: Floats) -> Taste:
    """Return the taste of the unknowns: constants of car and bicycle, logarithm of the scale."""
    constants = {Mode.CAR.value: round(float(x[0]), 4), Mode.BICYCLE.value: round(float(x[1]), 4)}
    scale = round(float(np.exp(np.clip(x[2], 0.0, np.log(MOST_SCALE)))), 4)
    return Taste(constants=constants, outside_time_scale=scale)


def measured(taste: Taste, model: Path, seeds: range, residents: int) -> Floats:
    """Return (seeds, 3): car share, bicycle share, commute of `today` with a taste."""
    first = Wish(model=str(model), residents=residents, scenario="today")
    world = world_of(first, taste)
    rows = []
    for seed in seeds:
        wish = Wish(model=str(model), residents=residents, scenario="today", seed=seed)
        rows.append(_row(rehearse(wish, lambda _stage, _share: None, world=world)))
    return np.array(rows)


def fit(model: Path, seeds: range, residents: int, start: Floats) -> Floats:
    """Return the unknowns that come nearest to the targets on these seeds.

    First with the scale at its upper bound; only if that makes the commute too long is the scale
    an unknown as well.
    """

    def off(x: Floats) -> Floats:
        found = measured(taste_of(x), model, seeds, residents).mean(axis=0)
        print("  ".join(f"{n} {v:.2f}" for n, v in zip(_NAMES, found, strict=True)), taste_of(x))
        return np.asarray(found - TARGETS)

    bounded = np.array([start[0], start[1], np.log(MOST_SCALE)])
    x = _solve(off, bounded, free=np.array([True, True, False]))
    if off(x)[2] <= _TOLERANCE[2]:
        return x
    return _solve(off, start, free=np.ones(3, np.bool_))


def _solve(off: Callable[[Floats], Floats], start: Floats, free: NDArray[np.bool_]) -> Floats:
    """Broyden's method over the free unknowns; the others keep their values."""
    x, error = start.copy(), off(start)[free]
    columns = []
    for unit in np.eye(len(start))[free]:
        step = _STEP @ unit
        columns.append((off(start + step * unit)[free] - error) / step)
    slope = np.stack(columns, axis=1)
    for _ in range(_MOST_ROUNDS):
        if (np.abs(error) <= _TOLERANCE[free]).all():
            break
        step = np.clip(-np.linalg.solve(slope, error), -1.5, 1.5)
        x[free] += step
        after = off(x)[free]
        slope += np.outer(after - error - slope @ step, step) / (step @ step)
        error = after
    return x


def written(taste: Taste, report: Floats, fitted: range, reported: range, residents: int) -> str:
    """Return the text of a city's `choice.toml`."""
    lines = [
        "# Fitted on the scenario `today` by `python -m hapgang.rehearsal.calibrate`; see there.",
        f"# On {len(reported)} other seeds ({reported.start} to {reported.stop - 1}), "
        f"{residents} residents:",
    ]
    for name, target, values in zip(_NAMES, TARGETS, report.T, strict=True):
        lines.append(f"#   {name}: {fmean(values):.2f} ± {stdev(values):.2f}, wanted {target:g}")
    lines += [
        f"scale_per_min = {taste.scale_per_min}",
        f"outside_time_scale = {taste.outside_time_scale}",
        f'fitted = "today, seeds {fitted.start} to {fitted.stop - 1}, {residents} residents"',
        "",
        "[constants]",
        *(f"{mode} = {value}" for mode, value in taste.constants.items()),
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Fit a city and write its `choice.toml`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="the city's folder")
    parser.add_argument("--residents", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=3, help="how many to fit on, from 1 on")
    parser.add_argument("--report-seeds", type=int, default=5, help="how many to report on")
    chosen = parser.parse_args()
    fitted = range(1, 1 + chosen.seeds)
    reported = range(101, 101 + chosen.report_seeds)
    x = fit(chosen.model, fitted, chosen.residents, np.array([1.2, -3.5, 0.6]))
    found = measured(taste_of(x), chosen.model, reported, chosen.residents)
    text = written(taste_of(x), found, fitted, reported, chosen.residents)
    (chosen.model / "choice.toml").write_text(text, "utf-8")
    print(text)
    return 0


def _row(report: Report) -> tuple[float, float, float]:
    total = sum(report.trips.values())
    commute = next(k.value for k in report.kpis if k.name == "commute_min") or np.nan
    shares = (100.0 * report.trips.get(m.value, 0) / total for m in (Mode.CAR, Mode.BICYCLE))
    return (*shares, commute)  # type: ignore[return-value]  # two shares and the commute


if __name__ == "__main__":
    sys.exit(main())
