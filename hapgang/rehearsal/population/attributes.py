"""What persons and households do and have: roles, licences, impairments, cars, in exact numbers."""

import numpy as np

from hapgang.rehearsal.population.ages import AGES, age_shares
from hapgang.rehearsal.population.columns import (
    CarAccess,
    Flags,
    Floats,
    Impairment,
    Ints,
    Relation,
    Role,
)
from hapgang.rehearsal.population.spec import Spec
from hapgang.science import fitting

# In the order of `role_rates`; who has most reason to be at home is served from the last on.
ADULT_ROLES = (Role.STUDENT, Role.WORKER, Role.OTHER, Role.RETIRED, Role.HOMEMAKER)
_SMALL_CHILD = 6  # below school age, a parent is likelier to stay at home ...
_SMALL_CHILD_WEIGHT = 0.5  # ... by half the range of chance; our choice


def role_rates(spec: Spec) -> Floats:
    """Return the adult roles' rates by age and sex, (ages, sexes, roles), summing to 1 or 0."""
    r = spec.roles
    student, worker, retired, homemaker = (
        rates.by_age_and_sex() for rates in (r.student, r.worker, r.retired, r.homemaker)
    )
    rest = np.clip(1.0 - student - worker - retired - homemaker, 0.0, None)
    table = np.stack([student, worker, rest, retired, homemaker], axis=2)
    table /= np.maximum(table.sum(axis=2, keepdims=True), 1e-12)
    table[r.adult_from > AGES] = 0.0
    return table


def impairment_rates(spec: Spec) -> Floats:
    """Return impairments' rates by age and sex, (ages, sexes, impairments), summing to 1."""
    i = spec.impairment
    kinds = (i.walks_badly, i.wheelchair, i.sees_badly, i.hears_badly)
    rates = [rates.by_age_and_sex() for rates in kinds]
    return np.stack([1.0 - np.sum(rates, axis=0), *rates], axis=2)


def licence_rates(spec: Spec) -> Floats:
    """Return rates of (no licence, licence) by age and sex, (ages, sexes, 2)."""
    held = spec.licence.rate.by_age_and_sex()
    return np.stack([1.0 - held, held], axis=2)


def expected(spec: Spec, rates: Floats) -> Floats:
    """Return the share of all persons in each class by the city's exact ages and sexes."""
    return np.asarray(np.einsum("as,ask->k", age_shares(spec), rates))


def allot(
    rates: Floats,
    totals: Ints,
    age: Ints,
    sex: Ints,
    wish: Floats | None,
    rng: np.random.Generator,
) -> Ints:
    """Give each person one of k classes so that totals are exact and rates by age and sex near.

    rates (ages, sexes, k). totals (k,): whole, summing to the persons. wish (persons,): who of one
    age and sex is served first, with the classes from the last to the first; random where None.
    Returns (persons,).
    """
    cell = age * 2 + sex
    used, row = np.unique(cell, return_inverse=True)
    rows = np.bincount(row, minlength=len(used))
    seed = np.maximum(rates[used // 2, used % 2] * rows[:, None], 1e-9)
    table = fitting.ipf(seed, rows.astype(float), totals.astype(float), tolerance=1e-7)
    whole = fitting.integerise(table, rows, totals, rng)
    order = np.lexsort((rng.random(len(age)) if wish is None else -wish, row))
    classes = np.tile(np.arange(whole.shape[1])[::-1], len(used))
    chosen = np.empty(len(age), np.int64)
    chosen[order] = np.repeat(classes, whole[:, ::-1].ravel())
    return chosen


def _totals(shares: Floats, n: int, given: Ints, classes: Ints) -> Ints:
    """Return whole numbers per class for those without a given one (-1), out of all n persons."""
    exact = shares * n - np.bincount(given[given >= 0], minlength=len(shares))
    return fitting.round_shares(np.maximum(exact, 0.0), len(classes))


def roles(
    spec: Spec, age: Ints, sex: Ints, given: Ints, parent_of_small: Flags, rng: np.random.Generator
) -> Ints:
    """Return each person's Role. given (persons,): those set beforehand, -1 for the others."""
    kindergarten, elementary, middle, high = spec.roles.school_from
    adult = spec.roles.adult_from
    role = np.searchsorted([kindergarten, elementary, middle, high, adult], age, side="right")
    order = np.array(ADULT_ROLES)
    index = np.full(len(Role), -1)
    index[order] = np.arange(len(order))
    grown, set_before = age >= adult, given >= 0
    free = np.flatnonzero(grown & ~set_before)
    share = expected(spec, role_rates(spec))
    totals = _totals(share, len(age), index[given[set_before]], free)
    wish = parent_of_small[free] * _SMALL_CHILD_WEIGHT + rng.random(len(free))
    role[free] = order[allot(role_rates(spec), totals, age[free], sex[free], wish, rng)]
    role[set_before] = given[set_before]
    return role


def impairments(spec: Spec, age: Ints, sex: Ints, given: Ints, rng: np.random.Generator) -> Ints:
    """Return each person's Impairment. given (persons,): set beforehand, -1 for the others."""
    free = np.flatnonzero(given < 0)
    rates = impairment_rates(spec)
    totals = _totals(expected(spec, rates), len(age), given, free)
    result = given.copy()
    result[free] = allot(rates, totals, age[free], sex[free], None, rng)
    assert result.max() < len(Impairment)
    return result


def licences(spec: Spec, age: Ints, sex: Ints, given: Ints, rng: np.random.Generator) -> Flags:
    """Tell who may drive. given (persons,): set beforehand, -1 for the others."""
    free = np.flatnonzero((given < 0) & (age >= spec.roles.adult_from))
    rates = licence_rates(spec)
    held = float(expected(spec, rates)[1]) * len(age) - float((given == 1).sum())
    totals = fitting.round_shares(np.array([len(free) - held, held]), len(free))
    result = given == 1
    result[free] = allot(rates, totals, age[free], sex[free], None, rng) == 1
    return np.asarray(result)


def cars(
    spec: Spec, household: Ints, licence: Flags, role: Ints, size: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Return cars of each household and CarAccess of each person.

    The shares of households are exact; those with more drivers, workers and members come first,
    and as long as they last only households with a driver own one.
    """
    households = len(size)
    drivers = np.bincount(household, licence, minlength=households)
    workers = np.bincount(household, licence & (role == Role.WORKER), minlength=households)
    score = 0.5 * np.minimum(drivers, 3) + 0.4 * np.minimum(workers, 2) + 0.1 * size
    score = score + rng.normal(0.0, 0.7, households) - 100.0 * (drivers == 0)
    totals = fitting.round_shares(np.array(spec.cars.shares), households)
    owned = np.zeros(households, np.int64)
    owned[np.argsort(score, kind="stable")] = np.repeat(np.arange(4), totals)
    return owned, _car_access(owned, household, licence, role, rng)


def _car_access(
    owned: Ints, household: Ints, licence: Flags, role: Ints, rng: np.random.Generator
) -> Ints:
    """Give the cars of a household to its drivers, workers first; the other drivers share."""
    access = np.full(len(household), int(CarAccess.NEVER))
    drivers = np.flatnonzero(licence)
    first = (role[drivers] == Role.WORKER) + rng.random(len(drivers))
    order = drivers[np.lexsort((-first, household[drivers]))]
    home = household[order]
    rank = np.arange(len(order)) - np.searchsorted(home, home, side="left")
    own = np.where(rank < owned[home], int(CarAccess.OWN), int(CarAccess.SHARED))
    access[order] = np.where(owned[home] > 0, own, int(CarAccess.NEVER))
    return access


def has_small_child(age: Ints, relation: Ints, household: Ints) -> Flags:
    """Tell who is the parent of a child below school age."""
    small = np.bincount(household, age < _SMALL_CHILD)[household] > 0
    return np.asarray(small & np.isin(relation, (Relation.PARTNER, Relation.LONE_PARENT)))
