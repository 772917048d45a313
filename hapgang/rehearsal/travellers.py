"""What people have with them on the way: the car and the bicycle that must be brought home."""

from typing import NamedTuple

import numpy as np

from hapgang.contract import Caller, Role
from hapgang.core.ids import urn
from hapgang.core.vocabulary.mobility import Mode, Traveller
from hapgang.core.vocabulary.people import AgeBand, Walking
from hapgang.rehearsal.choice import BASE_MODES
from hapgang.rehearsal.demand import Demand
from hapgang.rehearsal.population import Impairment, Population

WALKING: dict[int, Walking] = {
    Impairment.WALKS_BADLY: "badly",
    Impairment.WHEELCHAIR: "wheelchair",
}
_COLUMN = {mode: column for column, mode in enumerate(BASE_MODES)}
_AFOOT = (Mode.WALK, Mode.BUS)


def person_id(person: int) -> str:
    """Return the id of the virtual person in a row of the population."""
    return urn("Person", f"r{person:06d}")


class Own(NamedTuple):
    """A vehicle that somebody took from home, and the spot where it stands."""

    mode: Mode
    at: int


class Travellers:
    """Where each household's cars are, and who has what on the way."""

    def __init__(self, population: Population, demand: Demand) -> None:
        """Start with everybody and everything at home."""
        persons = population.persons
        self._household = persons.household.tolist()
        self._cars = population.households.cars.tolist()
        self._own: list[Own | None] = [None] * len(persons)
        self._is_along = [False] * len(persons)
        self._leader = demand.leader.tolist()
        self._person = demand.trips.person.tolist()
        self._origin = demand.origin.tolist()
        self._destination = demand.destination.tolist()
        self._costs: list[list[float]] = demand.cost_min.tolist()
        self._home = demand.home.tolist()
        self._age = persons.age.tolist()
        self._impairment = persons.impairment.tolist()
        self._licence = persons.licence.tolist()
        self._callers = [Caller(person_id(person), Role.RESIDENT) for person in range(len(persons))]

    def caller(self, person: int) -> Caller:
        """Return a person as the platform knows them."""
        return self._callers[person]

    def traveller(self, person: int) -> Traveller:
        """Return what an operator may know of a person."""
        return Traveller(
            person=self._callers[person].id,
            age_band=AgeBand.of(self._age[person]),
            walking=WALKING.get(self._impairment[person], "well"),
            licence=bool(self._licence[person]),
        )

    def is_passenger(self, trip: int) -> bool:
        """Whether somebody takes this traveller along, so that they bring no vehicle."""
        return bool(self._leader[trip] >= 0)

    def is_free(self, trip: int) -> bool:
        """Whether the traveller has no vehicle here, or comes straight back to it."""
        own = self._own[self._person[trip]]
        return own is None or own.at != self._origin[trip] or self._comes_back(trip)

    def open_modes(self, trip: int) -> list[tuple[Mode, float]]:
        """Return the modes of one's own that a trip can be made with, and their costs (min)."""
        costs = self._costs[trip]
        return [(m, costs[_COLUMN[m]]) for m in self._open(trip) if costs[_COLUMN[m]] < np.inf]

    def sets_out(self, trip: int, mode: Mode) -> bool:
        """Note what the person takes along; whether it is a car or bicycle of their own."""
        person = self._person[trip]
        if self.is_passenger(trip) or mode in _AFOOT or mode not in dict(self.open_modes(trip)):
            return False
        if self._own[person] is None:
            self._own[person] = Own(mode, self._home[person])
            self._cars[self._household[person]] -= mode is Mode.CAR
        self._is_along[person] = True
        return True

    def arrives(self, trip: int) -> None:
        """Note where what came along stands now; at home it is put away."""
        person = self._person[trip]
        own = self._own[person]
        if own is None or not self._is_along[person]:
            return
        self._is_along[person] = False
        self._own[person] = own._replace(at=self._destination[trip])
        if self._destination[trip] == self._home[person]:
            self._cars[self._household[person]] += own.mode is Mode.CAR
            self._own[person] = None

    def _open(self, trip: int) -> tuple[Mode, ...]:
        """Return the modes for which the traveller has what it takes, here."""
        person, here = self._person[trip], self._origin[trip]
        own = self._own[person]
        if own is not None and own.at == here:
            return (own.mode, *_AFOOT) if self._comes_back(trip) else (own.mode,)
        if own is not None or here != self._home[person]:
            return _AFOOT
        if self._cars[self._household[person]] > 0:
            return BASE_MODES
        return (Mode.WALK, Mode.BICYCLE, Mode.BUS)

    def _comes_back(self, trip: int) -> bool:
        """Whether the next trip leads straight back, as from lunch: the vehicle can wait here."""
        following = trip + 1
        return bool(
            following < len(self._person)
            and self._person[following] == self._person[trip]
            and self._destination[following] == self._origin[trip]
        )
