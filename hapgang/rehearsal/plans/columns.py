"""Day plans as columns: one row for each activity, and the trips between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

import numpy as np

from hapgang.rehearsal.population.columns import (
    Bytes,
    Columns,
    Flags,
    Ints,
    Longs,
    Shorts,
)

DAY_S = 86_400


class Kind(IntEnum):
    """What a person does somewhere; the purpose of the trip that leads there."""

    HOME = 0
    WORK = 1
    SCHOOL = 2
    SHOPPING = 3
    LEISURE = 4
    ESCORT = 5
    HEALTH = 6
    VISIT = 7
    MEAL = 8
    LESSON = 9
    BUSINESS = 10
    SPORT = 11
    CULTURE = 12
    WORSHIP = 13


@dataclass(frozen=True, eq=False, kw_only=True)
class Plans(Columns):
    """One row for each activity, in the order of persons and then of time.

    A person's first activity starts at 0, the last ends at 86,400; between an end and the next
    start lies the travel time that the person reckons with.
    """

    types: ClassVar[Mapping[str, type[np.generic]]] = {
        "person": np.int32,
        "kind": np.int8,
        "zone": np.int32,
        "building": np.int32,
        "place": np.int32,
        "start_s": np.int32,
        "end_s": np.int32,
        "fixed": np.bool_,
        "with_person": np.int32,
    }
    person: Longs
    kind: Bytes  # Kind
    zone: Longs
    building: Longs  # -1 where only the zone or the place is known
    place: Longs  # row in the scene's places, -1 without
    start_s: Longs  # since midnight, city's time
    end_s: Longs
    fixed: Flags  # the start must be met: work, school, an appointment, a show
    with_person: Longs  # whom one goes there with (a child's carer), -1 alone

    def rows_of(self, person: int) -> Ints:
        """Return the rows of one person, in the order of time."""
        start, end = np.searchsorted(self.person, [person, person + 1])
        return np.arange(start, end)


@dataclass(frozen=True, eq=False, kw_only=True)
class Trips(Columns):
    """One row for each trip: two consecutive activities at different places."""

    types: ClassVar[Mapping[str, type[np.generic]]] = {
        "person": np.int32,
        "order": np.int16,
        "purpose": np.int8,
        "from_row": np.int32,
        "to_row": np.int32,
        "from_zone": np.int32,
        "to_zone": np.int32,
        "from_building": np.int32,
        "to_building": np.int32,
        "depart_s": np.int32,
        "planned_arrival_s": np.int32,
        "fixed": np.bool_,
        "with_person": np.int32,
    }
    person: Longs
    order: Shorts  # 0, 1 ... of the person's trips
    purpose: Bytes  # Kind of the activity at the end
    from_row: Longs  # in the plans
    to_row: Longs
    from_zone: Longs
    to_zone: Longs
    from_building: Longs
    to_building: Longs
    depart_s: Longs
    planned_arrival_s: Longs
    fixed: Flags
    with_person: Longs


def trips_of(plans: Plans) -> Trips:
    """Return the trips of a day, by person and time."""
    before, after = np.arange(len(plans) - 1), np.arange(1, len(plans))
    moved = (
        (plans.zone[before] != plans.zone[after])
        | (plans.building[before] != plans.building[after])
        | (plans.place[before] != plans.place[after])
    )
    moved &= plans.person[before] == plans.person[after]
    start, end = before[moved], after[moved]
    person = plans.person[start]
    order = np.arange(len(start)) - np.searchsorted(person, person, side="left")
    return Trips.of(
        {
            "person": person,
            "order": order,
            "purpose": plans.kind[end],
            "from_row": start,
            "to_row": end,
            "from_zone": plans.zone[start],
            "to_zone": plans.zone[end],
            "from_building": plans.building[start],
            "to_building": plans.building[end],
            "depart_s": plans.end_s[start],
            "planned_arrival_s": plans.start_s[end],
            "fixed": plans.fixed[end],
            "with_person": plans.with_person[end],
        }
    )
