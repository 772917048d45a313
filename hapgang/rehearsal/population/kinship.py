"""Ages within a household: couples near one another, parents and grandparents old enough."""

from dataclasses import dataclass

import numpy as np

from hapgang.rehearsal.population.columns import Flags, Floats, Ints
from hapgang.rehearsal.population.structure import CHILD_SLOTS, Slot, Structures

# Statistics Korea, Birth Statistics 2020: mothers' mean age at birth 33.1, first child 32.3.
MOTHERS_AGE, SPACING_YEARS, SPREAD_YEARS = 31.5, 2.5, 4.0
HUSBAND_OLDER_YEARS = 1.8  # Statistics Korea, Marriage Statistics 2020, first marriages, rounded
YOUNGEST_PARENT, OLDEST_MOTHER, OLDEST_FATHER = 18, 50, 65  # ages at a birth that are accepted
WIDEST_COUPLE_YEARS = 20
_ROUNDS, _PROPOSALS, _MOST_TRIES = 3000, 2000, 16
_MOST_CHILDREN, _MOST_GRANDPARENTS = 4, 2


@dataclass(frozen=True, eq=False)
class Kin:
    """Persons by their part in each household, -1 where there is none."""

    first: Ints  # (households,) one of the couple, or who is alone with children
    second: Ints  # (households,) the other of the couple
    children: Ints  # (households, 4)
    grandparents: Ints  # (households, 2)


def kin_of(structures: Structures) -> Kin:
    """Find who is whose parent, child and partner."""
    households = len(structures.size)
    slot, household = structures.slot, structures.household

    def at(wanted: tuple[Slot, ...], most: int) -> Ints:
        found = np.flatnonzero(np.isin(slot, wanted))
        places = np.full((households, most), -1)
        home = household[found]
        rank = np.arange(len(found)) - np.searchsorted(home, home, side="left")
        places[home, rank] = found
        return places

    men = at((Slot.MAN, Slot.FATHER), 1)[:, 0]
    women = at((Slot.WOMAN, Slot.MOTHER), 1)[:, 0]
    lone = at((Slot.LONE,), 1)[:, 0]
    return Kin(
        first=np.where(women >= 0, women, lone),
        second=men,
        children=at(CHILD_SLOTS, _MOST_CHILDREN),
        grandparents=at((Slot.GRANDPARENT,), _MOST_GRANDPARENTS),
    )


def strain(kin: Kin, age: Ints, sex: Ints, rows: Ints) -> Ints:
    """Count what is implausible in some households, (len(rows),).

    A parent is 18 to 50 (a father 65) years older than a child, a couple at most 20 years apart,
    a grandparent 18 to 50 (65) years older than one of the couple.
    """
    first, second = kin.first[rows], kin.second[rows]
    bad = np.zeros(len(rows), np.int64)
    couple = (first >= 0) & (second >= 0)
    bad += couple & (np.abs(age[first] - age[second]) > WIDEST_COUPLE_YEARS)
    for child in kin.children[rows].T:
        for parent in (first, second):
            bad += (child >= 0) & (parent >= 0) & ~_may_be_parent(age, sex, parent, child)
    for elder in kin.grandparents[rows].T:
        one = (first >= 0) & _may_be_parent(age, sex, elder, first)
        other = (second >= 0) & _may_be_parent(age, sex, elder, second)
        bad += (elder >= 0) & ~(one | other)
    return bad


def _may_be_parent(age: Ints, sex: Ints, parent: Ints, child: Ints) -> Flags:
    gap = age[parent] - age[child]
    return np.asarray(
        (gap >= YOUNGEST_PARENT) & (gap <= np.where(sex[parent] == 1, OLDEST_FATHER, OLDEST_MOTHER))
    )


def settle(
    structures: Structures,
    age: Ints,
    sex: Ints,
    possible: Flags,
    bound: Flags,
    rng: np.random.Generator,
) -> None:
    """Exchange persons between households, in place, until the ages in each are plausible.

    Only persons of one sex change places, and only where each may take the other's slot, so all
    totals stay. possible (slots, ages): which ages a slot may have. bound (ages,): those that must
    stay within their kind of slot.
    """
    kin, slot = kin_of(structures), structures.slot
    _match_couples(kin, slot, age, rng)
    _match_children(kin, slot, age, sex, rng)
    _match_elders(kin, age, sex, rng)
    _mend(structures, kin, age, sex, possible & ~bound, rng)


def _reorder(persons: Ints, wanted: Floats, age: Ints, *others: Ints) -> None:
    """Give the youngest of these persons the place with the lowest wish, and so on."""
    place = persons[np.argsort(wanted, kind="stable")]
    source = persons[np.argsort(age[persons], kind="stable")]
    for column in (age, *others):
        column[place] = column[source]


def _match_couples(kin: Kin, slot: Ints, age: Ints, rng: np.random.Generator) -> None:
    couples = np.flatnonzero((kin.first >= 0) & (kin.second >= 0))
    for kind in (Slot.WOMAN, Slot.MOTHER):
        here = couples[slot[kin.first[couples]] == kind]
        noise = rng.normal(0.0, 2.5, len(here))
        _reorder(kin.first[here], age[kin.second[here]] - HUSBAND_OLDER_YEARS + noise, age)


def _match_children(kin: Kin, slot: Ints, age: Ints, sex: Ints, rng: np.random.Generator) -> None:
    for kind in CHILD_SLOTS:
        home, order = np.nonzero((kin.children >= 0) & (slot[kin.children] == kind))
        children = kin.children[home, order]
        born_at = MOTHERS_AGE + SPACING_YEARS * order + rng.normal(0.0, SPREAD_YEARS, len(home))
        _reorder(children, age[kin.first[home]] - born_at, age, sex)


def _match_elders(kin: Kin, age: Ints, sex: Ints, rng: np.random.Generator) -> None:
    home, order = np.nonzero(kin.grandparents >= 0)
    elders = kin.grandparents[home, order]
    _reorder(elders, age[kin.first[home]] + rng.normal(0.0, 2.0, len(home)), age, sex)


def _mend(
    structures: Structures,
    kin: Kin,
    age: Ints,
    sex: Ints,
    free: Flags,
    rng: np.random.Generator,
) -> None:
    """Let members of implausible households try other places while none gets worse by it."""
    slot, household = structures.slot, structures.household
    start = np.cumsum(structures.size) - structures.size
    bad = np.flatnonzero(strain(kin, age, sex, np.arange(len(structures.size))))
    for _ in range(_ROUNDS):
        if not len(bad):
            return
        tried = np.repeat(bad, min(max(_PROPOSALS // len(bad), 1), _MOST_TRIES))
        one = start[tried] + rng.integers(0, structures.size[tried])
        other = rng.integers(0, len(age), len(tried))
        fits = free[slot[one], age[other]] & free[slot[other], age[one]]
        keep = (sex[one] == sex[other]) & ((slot[one] == slot[other]) | fits)
        keep &= (age[one] != age[other]) & ~np.isin(household[other], bad)
        for side in (one, other):  # one exchange for each household in a round
            rows = np.flatnonzero(keep)
            keep[np.delete(rows, np.unique(household[side[rows]], return_index=True)[1])] = False
        one, other = one[keep], other[keep]
        _swap_unless_worse(kin, age, sex, one, other, household)
        bad = np.unique(np.concatenate([bad, household[other]]))
        bad = bad[strain(kin, age, sex, bad) > 0]


def _swap_unless_worse(
    kin: Kin, age: Ints, sex: Ints, one: Ints, other: Ints, household: Ints
) -> None:
    """Exchange the ages of pairs where both households together are not less plausible."""
    a, b = household[one], household[other]
    before = strain(kin, age, sex, a) + strain(kin, age, sex, b)
    age[one], age[other] = age[other], age[one].copy()
    after = strain(kin, age, sex, a) + strain(kin, age, sex, b)
    back = after > before
    age[one[back]], age[other[back]] = age[other[back]], age[one[back]].copy()
