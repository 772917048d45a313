"""The day as a frame of sixteen slots to fill in: three tours from home, with their stops."""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hapgang.rehearsal.plans.columns import Kind
from hapgang.rehearsal.population.columns import Bytes, Flags, Floats, Ints, Population

NOTHING = -1


class At(IntEnum):
    """A slot of the day."""

    NIGHT = 0  # at home until the first tour
    DROP_1 = 1
    DROP_2 = 2
    MAIN = 3
    NOON = 4
    MAIN_AGAIN = 5
    PICK_1 = 6
    PICK_2 = 7
    AFTER = 8
    HOME_1 = 9
    SECOND = 10  # the second tour's stop, or the first child fetched
    SECOND_MORE = 11
    HOME_2 = 12
    THIRD = 13
    THIRD_MORE = 14
    HOME_3 = 15


HOMES = (At.NIGHT, At.HOME_1, At.HOME_2, At.HOME_3)


@dataclass(frozen=True, eq=False, kw_only=True)
class Slate:
    """What each person (row) does in each slot (column); filled in place."""

    kind: Bytes  # Kind, NOTHING where the slot is empty
    zone: Ints
    building: Ints
    place: Ints
    stay_s: Floats
    anchor_s: Floats  # when it should begin; NaN: as soon as one gets there
    until_s: Floats  # when it should end; NaN: after stay_s
    stretch: Flags  # it lasts until the next one begins (home; work before lunch)
    keep: Flags  # it is never left out for lack of time
    alone: Flags  # children do not come along
    with_person: Ints
    start_s: Floats
    end_s: Floats

    def put(self, who: Ints, at: At, **values: object) -> None:
        """Write values of some persons' slot: kind=Kind.WORK, zone=array, anchor_s=array ..."""
        for name, value in values.items():
            getattr(self, name)[who, at] = value

    def copy(self, source: Ints, target: Ints, slots: Flags) -> None:
        """Copy whole slots, times too, from persons to others. slots (persons, slots)."""
        row, column = np.nonzero(slots)
        for field in fields(self):
            values: NDArray[Any] = getattr(self, field.name)
            values[target[row], column] = values[source[row], column]

    def busy(self, at: At) -> Flags:
        """Tell who does something in a slot."""
        return np.asarray(self.kind[:, at] != NOTHING)


def blank(population: Population) -> Slate:
    """Return a day on which everybody stays at home."""
    shape = (len(population), len(At))

    def each(home: NDArray[np.int32]) -> Ints:
        return np.repeat(home.astype(np.int64)[:, None], len(At), axis=1)

    kind = np.full(shape, NOTHING, np.int8)
    kind[:, At.NIGHT] = Kind.HOME
    stretch = np.zeros(shape, np.bool_)
    stretch[:, HOMES] = True
    return Slate(
        kind=kind,
        zone=each(population.home_zone),
        building=each(population.home_building),
        place=np.full(shape, -1),
        stay_s=np.full(shape, 600.0),
        anchor_s=np.full(shape, np.nan),
        until_s=np.full(shape, np.nan),
        stretch=stretch,
        keep=np.zeros(shape, np.bool_),
        alone=np.zeros(shape, np.bool_),
        with_person=np.full(shape, -1),
        start_s=np.zeros(shape),
        end_s=np.zeros(shape),
    )
