"""The virtual people as columns: one row for each household, one for each person."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import NotFound

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bytes = NDArray[np.int8]
Shorts = NDArray[np.int16]
Longs = NDArray[np.int32]
Flags = NDArray[np.bool_]
Rows = NDArray[np.integer[Any]]  # rows of some table, of any width


class Sex(IntEnum):
    """As the census counts it."""

    FEMALE = 0
    MALE = 1


class Relation(IntEnum):
    """Place in the household."""

    ALONE = 0
    PARTNER = 1
    LONE_PARENT = 2
    CHILD = 3
    GRANDPARENT = 4
    OTHER = 5


class Role(IntEnum):
    """What fills a person's weekday."""

    INFANT = 0
    KINDERGARTEN = 1
    ELEMENTARY = 2
    MIDDLE = 3
    HIGH = 4
    STUDENT = 5
    WORKER = 6
    HOMEMAKER = 7
    RETIRED = 8
    OTHER = 9


PUPILS = (Role.KINDERGARTEN, Role.ELEMENTARY, Role.MIDDLE, Role.HIGH)
AT_HOME = (Role.HOMEMAKER, Role.RETIRED, Role.OTHER)  # adults whom nothing calls away by day


class Impairment(IntEnum):
    """What makes moving about harder, the gravest first where there are several."""

    NONE = 0
    WALKS_BADLY = 1
    WHEELCHAIR = 2
    SEES_BADLY = 3
    HEARS_BADLY = 4


class CarAccess(IntEnum):
    """Whether a person can drive a car of the household."""

    NEVER = 0
    SHARED = 1
    OWN = 2


class Columns:
    """A table of columns of equal length, read-only."""

    types: ClassVar[Mapping[str, type[np.generic]]]

    @classmethod
    def of(cls, columns: Mapping[str, NDArray[Any]]) -> Self:
        """Make the table of these columns, in its own narrow types."""
        typed = {name: columns[name].astype(kind) for name, kind in cls.types.items()}
        for column in typed.values():
            column.flags.writeable = False
        return cls(**typed)

    def to_bytes(self) -> bytes:
        """Return the columns one after another: equal for equal tables."""
        return b"".join(getattr(self, name).tobytes() for name in self.types)

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.types))))


@dataclass(frozen=True, eq=False, kw_only=True)
class Households(Columns):
    """One row for each household."""

    types: ClassVar[Mapping[str, type[np.generic]]] = {
        "size": np.int8,
        "zone": np.int32,
        "building": np.int32,
        "dwelling": np.int32,
        "floor": np.int16,
        "cars": np.int8,
        "first_person": np.int32,
    }
    size: Bytes
    zone: Longs  # row in the scene's zones
    building: Longs  # row in the scene's buildings, -1 where only the zone is known
    dwelling: Longs  # number of the dwelling in the city, no two households alike
    floor: Shorts  # 1 is the ground floor; 0 unknown
    cars: Bytes
    first_person: Longs  # its members are rows first_person ... first_person + size - 1


@dataclass(frozen=True, eq=False, kw_only=True)
class Persons(Columns):
    """One row for each person; members of a household stand together."""

    types: ClassVar[Mapping[str, type[np.generic]]] = {
        "household": np.int32,
        "age": np.int8,
        "sex": np.int8,
        "relation": np.int8,
        "role": np.int8,
        "work_zone": np.int32,
        "work_building": np.int32,
        "school": np.int32,
        "school_zone": np.int32,
        "licence": np.bool_,
        "car_access": np.int8,
        "impairment": np.int8,
        "persona": np.int8,
    }
    household: Longs
    age: Bytes  # completed years
    sex: Bytes  # Sex
    relation: Bytes  # Relation
    role: Bytes  # Role
    work_zone: Longs  # -1 without work
    work_building: Longs  # -1 where only the zone is known
    school: Longs  # row in the scene's places, -1 without
    school_zone: Longs  # -1 without
    licence: Flags
    car_access: Bytes  # CarAccess
    impairment: Bytes  # Impairment
    persona: Bytes  # index into Population.personas, -1 for everybody else


@dataclass(frozen=True, eq=False, kw_only=True)
class Population:
    """Everybody who lives in the virtual city, or the sample of them that is rehearsed."""

    households: Households
    persons: Persons
    personas: tuple[str, ...]
    residents_of_city: int  # N; the sample's share n / N scales roads and fleets
    seed: int

    def __len__(self) -> int:
        return len(self.persons)

    @property
    def share(self) -> float:
        """The rehearsed share of the city's residents, n / N."""
        return len(self.persons) / self.residents_of_city

    @property
    def home_zone(self) -> Longs:
        """Each person's zone of residence."""
        return self.households.zone[self.persons.household]

    @property
    def home_building(self) -> Longs:
        """Each person's building of residence, -1 where only the zone is known."""
        return self.households.building[self.persons.household]

    def persona(self, name: str) -> int:
        """Return the person who is a persona: librarian, designer, homemaker, pupil."""
        if name in self.personas:
            found = np.flatnonzero(self.persons.persona == self.personas.index(name))
            if len(found):
                return int(found[0])
        raise NotFound(
            f"no persona “{name}” lives here; there are {', '.join(self.personas) or 'none'}",
            f"“{name}” 페르소나가 없습니다",
        )

    def to_bytes(self) -> bytes:
        """Return all columns one after another: equal for equal populations."""
        return self.households.to_bytes() + self.persons.to_bytes()
