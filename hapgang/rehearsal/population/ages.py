"""How many persons of each age and sex there are, for a city's facts and for a sample of n."""

from functools import lru_cache

import numpy as np

from hapgang.core.errors import Invalid
from hapgang.rehearsal.population.columns import Floats, Ints
from hapgang.rehearsal.population.spec import OLDEST, AgeSpec, Spec
from hapgang.science import fitting

AGES = np.arange(OLDEST + 1)
_DECLINE = 0.85  # survivors of each year in the open last band, Korean life table 2020, rounded


def _base(spec: AgeSpec) -> Floats:
    """Return the base distribution spread over single years and sexes, (OLDEST + 1, 2)."""
    band = np.searchsorted(spec.base_from, AGES, side="right") - 1
    width = np.diff([*spec.base_from, OLDEST + 1])
    share = np.array(spec.base)[band] / width[band]
    last = band == len(spec.base) - 1
    decline = _DECLINE ** np.arange(int(last.sum()))
    share[last] = spec.base[-1] * decline / decline.sum()
    male = np.array(spec.base_male)[band]
    return np.stack([share * (1 - male), share * male], axis=1)


@lru_cache(maxsize=8)
def age_shares(spec: Spec) -> Floats:
    """Return shares of persons by age and sex, (OLDEST + 1, 2), tilted to the city's facts."""
    both = np.ones(2)
    features = [np.ones((OLDEST + 1, 2)), np.outer(np.ones(OLDEST + 1), [0.0, 1.0])]
    targets = [1.0, spec.age.male]
    for fact in spec.age.facts:
        if fact.mean is not None:
            features.append(np.outer(AGES.astype(float), both))
            targets.append(fact.mean)
        if fact.share is not None:
            inside = (fact.from_age <= AGES) & (fact.below > AGES)
            features.append(np.outer(inside.astype(float), both))
            targets.append(fact.share)
    if spec.pupils is not None:
        features.append(np.outer(is_elementary(spec, AGES).astype(float), both))
        targets.append(spec.pupils.total / spec.pupils.of_persons)
    base = _base(spec.age).ravel()
    try:
        table = fitting.tilt(
            base / base.sum(), np.stack([f.ravel() for f in features]), np.array(targets)
        )
    except ValueError as error:
        raise Invalid(
            f"the facts about ages contradict one another: {error}",
            f"연령에 관한 값이 서로 맞지 않습니다: {error}",
        ) from error
    return table.reshape(OLDEST + 1, 2)


def is_elementary(spec: Spec, ages: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Tell which ages go to elementary school."""
    _, first, middle, _ = spec.roles.school_from
    return np.asarray((ages >= first) & (ages < middle))


def age_counts(spec: Spec, n: int, taken: Ints, rng: np.random.Generator) -> Ints:
    """Return whole numbers of persons by age and sex, (OLDEST + 1, 2), besides those taken.

    taken (OLDEST + 1, 2): persons set beforehand. With them every age's running total, every band
    and both sexes are within one person of their exact values.
    """
    exact = age_shares(spec) * n - taken
    rows = fitting.round_running(exact.sum(axis=1))
    men = min(max(round(spec.age.male * n) - int(taken[:, 1].sum()), 0), int(rows.sum()))
    columns = np.array([rows.sum() - men, men])
    seed = np.maximum(exact, 1e-9 * n)
    table = fitting.ipf(seed, rows.astype(float), columns.astype(float))
    return fitting.integerise(table, rows, columns, rng)
