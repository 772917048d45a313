"""What people have with them on the way: the car and the bicycle that must be brought home."""

import numpy as np

from hapgang.contract import Caller, Role
from hapgang.core.ids import urn
from hapgang.core.vocabulary.mobility import Mode, Traveller
from hapgang.core.vocabulary.people import AgeBand, Walking
from hapgang.rehearsal.choice import BASE_MODES
from hapgang.rehearsal.demand import Demand
from hapgang.rehearsal.population import Impairment, Population
from hapgang.rehearsal.spots import Spots

WALKING: dict[int, Walking] = {
    Impairment.WALKS_BADLY: "badly",
    Impairment.WHEELCHAIR: "wheelchair",
}
_CAR, _BICYCLE = BASE_MODES.index(Mode.CAR), BASE_MODES.index(Mode.BICYCLE)
_WALK = BASE_MODES.index(Mode.WALK)


def person_id(person: int) -> str:
    """Return the id of the virtual person in a row of the population."""
    return urn("Person", f"r{person:06d}")


class Travellers:
    """Where each household's cars are, and who has what on the way."""

    def __init__(self, population: Population, demand: Demand, spots: Spots) -> None:
        """Start with everybody and everything at home."""
        persons = population.persons
        self._demand = demand
        self._household = persons.household.tolist()
        self._cars = population.households.cars.tolist()
        self._own: list[Mode | None] = [None] * len(persons)
        self._is_driven = demand.is_driven.tolist()
        self._with = demand.trips.with_person.tolist()
        self._person = demand.trips.person.tolist()
        self._origin = demand.origin.tolist()
        self._destination = demand.destination.tolist()
        self._costs: list[list[float]] = demand.cost_min.tolist()
        home = spots.row(population.home_building, population.home_zone)
        self._home = home.tolist()
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
        """Whether somebody else drives, so that a car trip puts no car on the street."""
        return bool(self._is_driven[self._person[trip]] or self._with[trip] >= 0)

    def has_vehicle(self, person: int) -> bool:
        """Whether the person has a car or bicycle along, which has to come home again."""
        return self._own[person] is not None

    def open_modes(self, trip: int) -> list[tuple[Mode, float]]:
        """Return the modes of one's own that a trip can be made with, and their costs (min)."""
        person, costs = self._person[trip], self._costs[trip]
        own = self._own[person]
        if own is not None:
            index = BASE_MODES.index(own)
            found = [(own, costs[index])]
            if self._returns_here(trip):
                found.append((Mode.WALK, costs[_WALK]))
            return [pair for pair in found if pair[1] < np.inf] or found[:1]
        at_home = self._origin[trip] == self._home[person]
        open_ = list(costs)
        if not at_home:
            open_[_BICYCLE] = np.inf
        if not self.is_passenger(trip):
            is_there = at_home and self._cars[self._household[person]] > 0
            open_[_CAR] = open_[_CAR] if is_there else np.inf
        return [(m, c) for m, c in zip(BASE_MODES, open_, strict=True) if c < np.inf]

    def sets_out(self, trip: int, mode: Mode) -> None:
        """Note what the person takes along."""
        person = self._person[trip]
        if self._own[person] is not None or self.is_passenger(trip):
            return
        if mode is Mode.CAR:
            self._cars[self._household[person]] -= 1
            self._own[person] = mode
        elif mode is Mode.BICYCLE:
            self._own[person] = mode

    def arrives(self, trip: int) -> None:
        """Note that what came along is home again, where it is."""
        person = self._person[trip]
        if self._destination[trip] == self._home[person] and self._own[person] is not None:
            if self._own[person] is Mode.CAR:
                self._cars[self._household[person]] += 1
            self._own[person] = None

    def _returns_here(self, trip: int) -> bool:
        """Whether the next trip comes straight back, as from lunch: the vehicle can wait here."""
        following = trip + 1
        return (
            following < len(self._person)
            and self._person[following] == self._person[trip]
            and self._destination[following] == self._origin[trip]
        ) or (
            trip > 0
            and self._person[trip - 1] == self._person[trip]
            and self._origin[trip - 1] == self._destination[trip]
        )
