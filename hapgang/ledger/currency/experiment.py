"""What an experiment with a control group shows: differences, with how sure they are."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

K = 5  # of a smaller group nothing is told, so that nobody is made out (k-anonymity)
_CONFIDENCE = 0.95
Array = NDArray[np.float64]


class Participant(msgspec.Struct, frozen=True):
    """What one participant spent in a month on average, and how much of it at local shops."""

    is_treated: bool
    stratum: str
    has_left: bool
    spent_won: float
    local_won: float


class MeanDifference(msgspec.Struct, frozen=True):
    """The mean of the treated less that of the control group, with its 95 % interval."""

    treated: float
    control: float
    difference: float
    low: float
    high: float


class ExperimentGroup(msgspec.Struct, frozen=True):
    """What is told of all, or of one stratum; None where a group has fewer than K people."""

    stratum: str  # empty for all
    treated: int | None
    control: int | None
    treated_left: int | None
    control_left: int | None
    spent_won: MeanDifference | None  # a month and person
    local_share: MeanDifference | None  # of what was spent, by who spent anything


def report_of(participants: Sequence[Participant], *, k: int = K) -> list[ExperimentGroup]:
    """Return what is told of all participants and of each stratum.

    Everybody counts in the group that they were drawn into, also those who left (intention to
    treat). Groups below k are not told, and then neither are the smallest that are, until those not
    told have k on each side together: nothing smaller is found by subtraction from the whole.
    """
    strata = sorted({one.stratum for one in participants})
    parts = {name: [one for one in participants if one.stratum == name] for name in strata}
    sizes = {name: _smallest(part) for name, part in parts.items()}
    hidden = {name for name in strata if sizes[name] < k}
    for name in sorted(strata, key=lambda n: (sizes[n], n)):
        if hidden and _smallest([one for one in participants if one.stratum in hidden]) < k:
            hidden.add(name)
    told = [_group("", participants, is_told=_smallest(participants) >= k)]
    return told + [_group(name, parts[name], is_told=name not in hidden) for name in strata]


def welch(treated: Array, control: Array) -> MeanDifference | None:
    """Return a difference of means with Welch's interval; None below two values on a side.

    treated, control (n,): one value for each person, any unit. The interval has the unit of the
    values. Ignores that people of one household are alike. Source: Welch 1947, "The generalization
    of 'Student's' problem when several different population variances are involved", Biometrika 34,
    doi:10.1093/biomet/34.1-2.28. Checked: against scipy.stats.ttest_ind in the tests.
    """
    if len(treated) < 2 or len(control) < 2:
        return None
    means = float(treated.mean()), float(control.mean())
    parts = treated.var(ddof=1) / len(treated), control.var(ddof=1) / len(control)
    spread = float(np.sqrt(sum(parts)))
    half = 0.0
    if spread > 0.0:
        freedom = sum(parts) ** 2 / (
            parts[0] ** 2 / (len(treated) - 1) + parts[1] ** 2 / (len(control) - 1)
        )
        half = float(stdtrit(freedom, 0.5 + _CONFIDENCE / 2)) * spread
    gap = means[0] - means[1]
    return MeanDifference(*means, gap, gap - half, gap + half)


def _group(stratum: str, part: Sequence[Participant], *, is_told: bool) -> ExperimentGroup:
    if not is_told:
        return ExperimentGroup(stratum, None, None, None, None, None, None)
    sides = [[one for one in part if one.is_treated is side] for side in (True, False)]
    spent = [np.array([one.spent_won for one in side]) for side in sides]
    local = [
        np.array([one.local_won / one.spent_won for one in side if one.spent_won > 0])
        for side in sides
    ]
    left = [sum(one.has_left for one in side) for side in sides]
    return ExperimentGroup(
        stratum,
        len(sides[0]),
        len(sides[1]),
        _told_count(left[0]),
        _told_count(left[1]),
        welch(spent[0], spent[1]),
        welch(local[0], local[1]) if min(map(len, local)) >= K else None,
    )


def _told_count(count: int) -> int | None:
    """Return how many left, where nobody is made out by it."""
    return count if count == 0 or count >= K else None


def _smallest(part: Sequence[Participant]) -> int:
    treated = sum(one.is_treated for one in part)
    return min(treated, len(part) - treated)
