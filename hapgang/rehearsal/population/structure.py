"""Who lives with whom: whole numbers of households by size, dwelling and structure."""

from dataclasses import dataclass
from enum import IntEnum
from itertools import product

import numpy as np

from hapgang.core.errors import Invalid
from hapgang.rehearsal.population.columns import Floats, Ints
from hapgang.rehearsal.population.personas import Family
from hapgang.rehearsal.population.spec import SIZES, Spec, Structure
from hapgang.science import fitting

_SPARE_CHILDREN = 1.06  # places for children over minors, so that some grown ones live at home


class Slot(IntEnum):
    """A place in a household, by what it says about the age of who takes it."""

    SINGLE = 0
    MAN = 1  # of a couple without children
    WOMAN = 2
    FATHER = 3
    MOTHER = 4
    LONE = 5
    CHILD_MEDIUM = 6  # in a household of three or more, by dwelling
    CHILD_MIXED = 7
    CHILD_OF_TWO = 8
    GRANDPARENT = 9
    OTHER = 10


CHILD_SLOTS = (Slot.CHILD_MEDIUM, Slot.CHILD_MIXED, Slot.CHILD_OF_TWO)


@dataclass(frozen=True, eq=False)
class Structures:
    """Households without their persons: one row for each, and one slot for each member."""

    size: Ints  # (households,)
    mixed: Ints  # (households,): 1 in a residential and commercial building
    slot: Ints  # (persons,)
    household: Ints  # (persons,)


def household_sizes(spec: Spec, n: int) -> Ints:
    """Return whole numbers of households by size, (SIZES,), that hold exactly n persons."""
    sizes = np.arange(1, SIZES + 1)
    shares = size_shares(spec)
    exact = shares * (n / float(shares @ sizes))
    steps = np.array(list(product(range(-1, 3), repeat=SIZES)))
    trial = np.floor(exact).astype(np.int64) + steps
    fits = (np.abs(trial.sum(axis=1) - exact.sum()) <= 1) & (trial @ sizes == n)
    trial = trial[fits & (trial >= 0).all(axis=1)]
    if not len(trial):
        raise Invalid(
            f"{n} persons cannot be put into households of the sizes that are known",
            f"{n}명을 주어진 가구 규모로 나눌 수 없습니다",
        )
    error = np.abs(trial - exact)
    cost = (error**2).sum(axis=1) + 1e6 * np.maximum(error - 1.0, 0.0).max(axis=1)
    cost += 100.0 * (trial.sum(axis=1) != round(float(exact.sum())))
    return np.asarray(trial[np.argmin(cost)])


def size_shares(spec: Spec) -> Floats:
    """Return shares of households by size, (SIZES,), tilted to the known mean size."""
    shares, h = np.array(spec.households.sizes), spec.households
    if h.persons is None or h.households is None:
        return np.asarray(shares / shares.sum())
    features = np.stack([np.ones(SIZES), np.arange(1.0, SIZES + 1)])
    return fitting.tilt(shares, features, np.array([1.0, h.persons / h.households]))


def dwelling_split(spec: Spec, sizes: Ints, dwellings: Ints, pupils: int) -> tuple[Ints, Ints]:
    """Split households by dwelling so that the pupils per household come out.

    dwellings: medium and mixed ones there are. Returns households in mixed ones by size (SIZES,),
    and the elementary pupils in (medium, mixed) ones, none where nothing is known of them.
    """
    households, (medium_homes, mixed_homes) = int(sizes.sum()), dwellings.tolist()
    mixed = round(households * mixed_homes / max(medium_homes + mixed_homes, 1))
    mixed = min(max(mixed, households - medium_homes), mixed_homes)
    if spec.pupils is None or mixed == 0:
        return fitting.round_shares(sizes.astype(float), mixed), np.zeros(0, np.int64)
    smallest = spec.pupils.smallest_household
    small, big = sizes[: smallest - 1], sizes[smallest - 1 :]
    dense, thin = spec.pupils.per_household.mixed, spec.pupils.per_household.medium
    options = np.arange(max(mixed - int(small.sum()), 0), min(mixed, int(big.sum())) + 1)
    expected = dense * options + thin * (big.sum() - options)
    big_mixed = int(options[np.argmin(np.abs(expected - pupils))])
    in_mixed = min(round(dense * big_mixed), pupils)
    split = np.concatenate(
        [
            fitting.round_shares(small.astype(float), mixed - big_mixed),
            fitting.round_shares(big.astype(float), big_mixed),
        ]
    )
    return split, np.array([pupils - in_mixed, in_mixed])


def _tilted_shares(kinds: tuple[Structure, ...], sizes: Ints, minors: int) -> Floats:
    """Return shares of structures within their size that leave room for all children."""
    size = np.array([kind.size for kind in kinds])
    children = np.array([kind.children for kind in kinds])
    shares = np.array([kind.share for kind in kinds])
    for _ in range(40):
        within = np.bincount(size, shares, minlength=SIZES + 1)[size]
        room = float((sizes[size - 1] * shares / within) @ children)
        if room >= minors * _SPARE_CHILDREN + 2:
            return np.asarray(shares / within)
        shares = shares * np.exp(0.25 * children)
    raise Invalid(
        "the households of this population are too small for its children",
        "가구 규모가 아동 수에 비해 너무 작습니다",
    )


def structures(
    spec: Spec, sizes: Ints, mixed: Ints, minors: int, families: tuple[tuple[Family, bool], ...]
) -> Structures:
    """Return all households but those of the personas' families, which are given with their place.

    sizes, mixed (SIZES,): households by size, and those of them in mixed dwellings. minors: persons
    below adult age besides the families' own.
    """
    left = np.stack([sizes - mixed, mixed])
    for family, in_mixed in families:
        left[int(in_mixed), len(family.members) - 1] -= 1
    left[0] += np.minimum(left[1], 0)
    left = np.maximum(left, 0)
    kinds = spec.structures.kinds
    shares = _tilted_shares(kinds, left.sum(axis=0), minors)
    size_of = np.array([kind.size for kind in kinds])
    parts: list[tuple[Structure, int, int]] = []
    for place in (0, 1):
        for size in range(1, SIZES + 1):
            chosen = np.flatnonzero(size_of == size)
            counts = fitting.round_shares(shares[chosen], int(left[place, size - 1]))
            parts += [(kinds[k], place, int(c)) for k, c in zip(chosen, counts, strict=True)]
    return _lay_out(parts)


def _lay_out(parts: list[tuple[Structure, int, int]]) -> Structures:
    counts = [count for *_, count in parts]
    size = np.repeat([kind.size for kind, *_ in parts], counts)
    slots = [np.tile(_slots(kind, place), count) for kind, place, count in parts]
    return Structures(
        size=size,
        mixed=np.repeat([place for _, place, _ in parts], counts),
        slot=np.concatenate(slots),
        household=np.repeat(np.arange(len(size)), size),
    )


def _slots(kind: Structure, place: int) -> Ints:
    """Return the slots of a household: adults, then children, then grandparents."""
    couple = (Slot.FATHER, Slot.MOTHER) if kind.children else (Slot.MAN, Slot.WOMAN)
    adults: dict[str, tuple[Slot, ...]] = {
        "single": (Slot.SINGLE,),
        "couple": couple,
        "lone": (Slot.LONE,),
        "others": (Slot.OTHER,) * kind.others,
    }
    child = Slot.CHILD_OF_TWO
    if kind.size > 2:
        child = Slot.CHILD_MIXED if place else Slot.CHILD_MEDIUM
    slots = adults[kind.adults] + (child,) * kind.children
    return np.array(slots + (Slot.GRANDPARENT,) * kind.grandparents, np.int64)
