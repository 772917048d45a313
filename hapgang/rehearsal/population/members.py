"""Putting persons of the right ages into the places of households."""

import numpy as np

from hapgang.rehearsal.population.ages import AGES, is_elementary
from hapgang.rehearsal.population.columns import Floats, Ints
from hapgang.rehearsal.population.kinship import settle
from hapgang.rehearsal.population.spec import OLDEST, Spec
from hapgang.rehearsal.population.spec import Slot as SlotPrior
from hapgang.rehearsal.population.structure import CHILD_SLOTS, Slot, Structures
from hapgang.science import fitting

_HINT = 1e-4  # weight of ages that are possible but that the prior does not name


def _prior(prior: SlotPrior, youngest: int, below: int) -> Floats:
    """Return a slot's prior by age and sex, (OLDEST + 1, 2), zero outside the possible ages."""
    weight = np.full(OLDEST + 1, _HINT * sum(w for *_, w in prior.ages) / (OLDEST + 1))
    for start, end, w in prior.ages:
        weight[start:end] += w / (end - start)
    weight[(youngest > AGES) | (below <= AGES)] = 0.0
    return np.stack([weight * (1 - prior.male), weight * prior.male], axis=1)


def _slot_priors(spec: Spec) -> Floats:
    """Return priors of all slots, (slots, ages, sexes)."""
    s, adult = spec.slots, spec.roles.adult_from
    priors = np.zeros((len(Slot), OLDEST + 1, 2))
    priors[Slot.SINGLE] = _prior(s.single, adult, 100)
    couple, parent = _prior(s.couple, adult + 1, 100), _prior(s.parent, adult + 1, 100)
    priors[Slot.MAN, :, 1], priors[Slot.WOMAN, :, 0] = couple[:, 1], couple[:, 0]
    priors[Slot.FATHER, :, 1], priors[Slot.MOTHER, :, 0] = parent[:, 1], parent[:, 0]
    priors[Slot.LONE] = _prior(s.lone, adult + 1, 80)
    priors[list(CHILD_SLOTS)] = _prior(s.child, 0, 40)
    priors[Slot.GRANDPARENT] = _prior(s.grandparent, 45, 100)
    priors[Slot.OTHER] = _prior(s.other, adult, 100)
    if spec.pupils is not None and spec.pupils.smallest_household > 2:
        priors[Slot.CHILD_OF_TWO, is_elementary(spec, AGES)] = 0.0
    return priors


def slot_table(
    spec: Spec, priors: Floats, ages: Ints, slots: Ints, pupils: Ints, rng: np.random.Generator
) -> Ints:
    """Return whole numbers of persons by slot, age and sex.

    priors (slots, OLDEST + 1, 2). ages (OLDEST + 1, 2): persons by age and sex. slots (slots,):
    places to fill. pupils: elementary ones in (medium, mixed) dwellings, or empty. Returns
    (slots, OLDEST + 1, 2) with both margins.
    """
    seed = priors.copy()
    table = np.zeros(seed.shape, np.int64)
    open_ages, open_slots = ages.copy(), slots.copy()
    if len(pupils):
        school = is_elementary(spec, AGES)
        rows, columns = pupils, ages[school].ravel()
        share = np.outer(rows, columns) / max(int(rows.sum()), 1)
        dealt = fitting.integerise(share, rows, columns, rng).reshape(2, -1, 2)
        places = np.array([Slot.CHILD_MEDIUM, Slot.CHILD_MIXED], np.int64)
        table[np.ix_(places, np.flatnonzero(school))] = dealt
        open_ages[school], seed[:, school] = 0, 0.0
        open_slots[places] -= rows
    flat = seed.reshape(len(Slot), -1)
    rows, columns = open_slots, open_ages.ravel()
    fitted = fitting.ipf(
        flat, rows.astype(float), columns.astype(float), sweeps=400, tolerance=1e-6, strict=False
    )
    fitted = np.where((flat > 0) & (columns > 0), np.maximum(fitted, 1e-9), 0.0)
    table += fitting.integerise(fitted, rows, columns, rng).reshape(table.shape)
    return table


def people(
    spec: Spec, structures: Structures, ages: Ints, pupils: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Return age and sex of each person of the structures, plausible within each household."""
    slots = np.bincount(structures.slot, minlength=len(Slot))
    priors = _slot_priors(spec)
    table = slot_table(spec, priors, ages, slots, pupils, rng)
    age, sex = np.zeros(len(structures.slot), np.int64), np.zeros(len(structures.slot), np.int64)
    for slot in Slot:
        here = np.flatnonzero(structures.slot == slot)
        cells = rng.permutation(np.repeat(np.arange(2 * (OLDEST + 1)), table[slot].ravel()))
        age[here], sex[here] = cells // 2, cells % 2
    bound = is_elementary(spec, AGES) & bool(len(pupils))
    settle(structures, age, sex, priors.sum(axis=2) > 0, bound, rng)
    return age, sex
