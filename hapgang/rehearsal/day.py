"""A day of the virtual city: who sets out when, how, and when they are there.

Everybody sets out as planned, or when they have arrived from before; chooses once among what is
open; goes; and arrives. Whoever is taken along goes as the one who takes them goes. Cars queue on
the streets; operators' vehicles are reserved, rented and returned by the same actions as in a real
city.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from hapgang.core.geometry import Point
from hapgang.core.vocabulary.mobility import Mode, Offer, TripMade
from hapgang.rehearsal.choice import BICYCLE_START_MIN, CAR_START_MIN
from hapgang.rehearsal.chooser import Chooser
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.rehearsal.demand import Demand, ends_of
from hapgang.rehearsal.logbook import Logbook
from hapgang.rehearsal.money.errands import Errands
from hapgang.rehearsal.plans import DAY_S, Kind
from hapgang.rehearsal.rides import Ride, Rides, Under
from hapgang.rehearsal.spots import Spots
from hapgang.rehearsal.travel import PASSENGER, TAXI, Leg, Spot, Travel, taken_along
from hapgang.rehearsal.travellers import Travellers
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.mobility import note_trip

_STREETS_EVERY_S = 20.0  # how often arrivals of cars are looked for
_SHORTEST_STAY_S = 120.0  # whoever is late still does what they came for
_HOUR_S = 3600.0
_INTO_CAR_S = 30.0 * CAR_START_MIN  # half of what it takes at both ends
# Nobody sets out after four in the morning: the next day begins, as in household travel surveys.
END_S = 28 * _HOUR_S


_NAMES = {kind: kind.name.lower() for kind in Kind}


class Day:
    """One day, from midnight until everybody is home."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        date: date,
        clockwork: Clockwork,
        demand: Demand,
        travel: Travel,
        spots: Spots,
        travellers: Travellers,
        chooser: Chooser,
        logbook: Logbook,
        errands: Errands,
        on_hour: Callable[[int], None],
    ) -> None:
        """Put a day together; `on_hour` is told each hour of the city's clock."""
        self._runtime, self._clockwork, self._date = runtime, clockwork, date
        self._travel, self._spots, self._on_hour = travel, spots, on_hour
        self._travellers, self._chooser, self._logbook = travellers, chooser, logbook
        self._errands, self._kind = errands, demand.trips.purpose.tolist()
        self._rides = Rides(
            runtime, clockwork=clockwork, travel=travel, spots=spots, logbook=logbook,
            arrive=self._arrive, go_without=self._go_without,
        )  # fmt: skip
        trips, names = demand.trips, runtime.scene.zones.ids
        self._person, self._first = trips.person.tolist(), demand.first.tolist()
        self._depart_s, self._leader = trips.depart_s.tolist(), demand.leader.tolist()
        self._has_company = demand.has_company.tolist()
        self._pace = demand.pace[trips.person].tolist()  # of each trip's traveller
        self._ends = ends_of(demand, spots)
        self._purpose = [_NAMES[kind] for kind in self._kind]
        self._from, self._to = names[trips.from_zone].tolist(), names[trips.to_zone].tolist()
        self._homes = names[demand.home_zone].tolist()
        self._mode: dict[int, Mode] = {}  # of the trips that have begun
        self._under: dict[int, Under] = {}  # cars on the streets, by trip
        self._company: dict[int, list[Under]] = defaultdict(list)  # on one way with a trip
        self._waiting: dict[int, list[int]] = defaultdict(list)  # for a trip to begin
        self._fallen: set[int] = set()  # trips that will not be made
        self._out = 0  # how many are on the way
        self._doing: list[tuple[str, str, float]] = []  # what, where, since when

    @property
    def not_made(self) -> int:
        """How many planned trips were not made."""
        return len(self._fallen)

    @property
    def refusals(self) -> int:
        """How often an operator refused what it had offered."""
        return self._rides.refusals

    def run(self, progress: Callable[[float], None]) -> None:
        """Live through the day; `progress` is told the share of it that is over."""
        clockwork, people = self._clockwork, range(len(self._homes))
        self._doing = [(_NAMES[Kind.HOME], zone, 0.0) for zone in self._homes]
        for person in people:
            self._plan_next(self._first[person] - 1, person, 0.0)
        for hour in range(int(clockwork.now_s // _HOUR_S), 24):
            clockwork.at(hour * _HOUR_S, self._strike, (hour, progress))
        clockwork.run(END_S, lambda: self._out > 0)
        for person in people:
            self._note_doing(person, max(float(DAY_S), self._doing[person][2]))

    def _strike(self, what: tuple[int, Callable[[float], None]], _: float) -> None:
        hour, progress = what
        self._on_hour(hour)
        progress(hour / 24)
        self._clockwork.settle()

    def _plan_next(self, trip: int, person: int, now_s: float) -> None:
        following = trip + 1
        if following < self._first[person + 1]:
            at_s = max(float(self._depart_s[following]), now_s + _SHORTEST_STAY_S)
            self._clockwork.at(at_s, self._depart, following)

    def _depart(self, trip: int, at_s: float) -> None:
        """Set out, or wait for whom one goes with."""
        leader = self._leader[trip]
        if leader in self._mode:
            self._follow(trip, leader, at_s)
        elif leader >= 0 and leader not in self._fallen:
            self._waiting[leader].append(trip)
        else:
            self._set_out(trip, at_s)

    def _set_out(
        self, trip: int, at_s: float, *, ask: bool = True, without: Mode | None = None
    ) -> None:
        """Choose a mode, once, and go."""
        mode, offer = self._chooser.choose(trip, self._ends[trip], at_s, ask=ask, without=without)
        if mode is None or at_s >= END_S:
            self._fall_through(trip, at_s)
        elif offer is not None:
            self._take_offer(trip, offer, at_s, without=without)
        else:
            self._go(trip, mode, at_s, ask=ask)

    def _fall_through(self, trip: int, at_s: float) -> None:
        """Nothing leads there: the rest of the person's day is not lived."""
        rest = range(trip, self._first[self._person[trip] + 1])
        self._fallen.update(rest)
        for fallen in rest:
            for follower in self._waiting.pop(fallen, ()):
                self._set_out(follower, at_s)

    def _go(self, trip: int, mode: Mode, at_s: float, *, ask: bool = True) -> None:
        """Go by one's own means, or be taken along."""
        under = Under(trip, mode, at_s)
        origin, destination = self._ends[trip]
        legs = self._travel.ride(origin, destination, at_s) if mode is Mode.BUS else None
        if mode is Mode.BUS and legs is None:
            self._set_out(trip, at_s, ask=ask, without=Mode.BUS)
            return
        has_own = self._travellers.sets_out(trip, mode)
        if legs is not None:
            self._on_legs(under, legs, legs[-1].end_s)
        elif mode is Mode.CAR:
            under.lift = "" if has_own else TAXI
            self._drive(under, (origin, destination))
        else:
            begin_s = at_s + (60.0 * BICYCLE_START_MIN if mode is Mode.BICYCLE else 0.0)
            pace = self._pace[trip]
            leg = self._travel.on_streets(mode, origin, destination, begin_s, pace=pace)
            self._on_legs(under, [leg], leg.end_s)
        self._has_set_out(under)

    def _drive(self, under: Under, ends: tuple[Spot, Spot]) -> None:
        """Walk to the car, get in and drive among others, or free of them as a passenger."""
        trip, pace = under.trip, self._pace[under.trip]
        start_s = under.depart_s + ends[0].car_walk_s / pace + _INTO_CAR_S
        if self._travellers.is_passenger(trip):
            under.lift = PASSENGER
            self._has_driven(under, self._travel.driven_along(*ends, start_s), start_s)
            return
        self._under[trip] = under
        self._travel.drive(trip, *ends, start_s)
        if self._travel.streets.under_way == 1:
            at_s = under.depart_s + _STREETS_EVERY_S
            self._clockwork.at(at_s, self._look_at_streets, None)

    def _look_at_streets(self, _: None, at_s: float) -> None:
        for trip, arrive_s in self._travel.streets.advance(at_s):
            leg = self._travel.driven(trip, self._ends[trip][0], arrive_s)
            self._has_driven(self._under.pop(trip), leg, at_s)
        if self._travel.streets.under_way:
            self._clockwork.at(at_s + _STREETS_EVERY_S, self._look_at_streets, None)

    def _has_driven(self, under: Under, leg: Leg, now_s: float) -> None:
        """Find a place for the car, and walk to the door."""
        ends, pace = self._ends[under.trip], self._pace[under.trip]
        there_s = max(now_s, leg.end_s + _INTO_CAR_S + ends[1].car_walk_s / pace)
        drive = leg._replace(route=under.lift)
        legs = self._travel.with_walks(drive, ends, under.depart_s, there_s)
        self._on_legs(under, legs, there_s)

    def _on_legs(self, under: Under, legs: list[Leg], there_s: float) -> None:
        under.legs = legs
        self._clockwork.at(there_s, self._arrive, under)

    def _take_offer(
        self, trip: int, offer: Offer, at_s: float, *, without: Mode | None = None
    ) -> None:
        who = self._person[trip]
        people = self._travellers
        ride = Ride(offer, people.traveller(who), people.caller(who), self._pace[trip])
        under = Under(trip, offer.mode, at_s, ride=ride)
        if self._rides.set_out(under, self._ends[trip][0].point, at_s):
            self._has_set_out(under)
        else:
            self._set_out(trip, at_s, ask=False, without=without)

    def _go_without(self, under: Under, place: Point, at_s: float) -> None:
        """Finish a trip from where the operator refused: on foot, or by what runs, if sooner."""
        ends = self._spots.at(place), self._ends[under.trip][1]
        walk = self._travel.on_streets(Mode.WALK, *ends, at_s, pace=self._pace[under.trip])
        under.mode, legs = Mode.WALK, [walk]
        ride = self._travel.ride(*ends, at_s)
        if ride is not None and ride[-1].end_s < walk.end_s:
            under.mode, legs = Mode.BUS, ride
        self._on_legs(under, [*under.legs, *legs], legs[-1].end_s)

    def _has_set_out(self, under: Under) -> None:
        """Leave the place, with whoever has waited to come along."""
        trip, at_s = under.trip, under.depart_s
        self._leave(self._person[trip], at_s)
        if self._has_company[trip]:
            self._mode[trip] = under.mode
            for follower in self._waiting.pop(trip, ()):
                self._follow(follower, trip, at_s, beside=under)

    def _follow(self, trip: int, leader: int, at_s: float, beside: Under | None = None) -> None:
        """Go as the one who takes a traveller along: side by side where the ways are one."""
        mode = self._mode[leader]
        if beside is not None and self._ends[trip] == self._ends[leader]:
            self._company[leader].append(Under(trip, mode, at_s))
            self._leave(self._person[trip], at_s)
        else:
            self._go(trip, mode, at_s)

    def _leave(self, person: int, at_s: float) -> None:
        self._out += 1
        self._note_doing(person, at_s)

    def _note_doing(self, person: int, at_s: float) -> None:
        what, where, since_s = self._doing[person]
        who = self._travellers.caller(person).id
        self._logbook.activity(who, what, where, since_s, at_s)

    def _arrive(self, under: Under, at_s: float) -> None:
        """Be there, do what one came for, and think of the next trip."""
        trip = under.trip
        person = self._person[trip]
        self._out -= 1
        self._travellers.arrives(trip)
        made = self._log(under, at_s)
        self._doing[person] = (made.purpose, made.destination, at_s)
        self._errands.arrive(
            trip, person, self._kind[trip], self._travellers.caller(person),
            self._ends[trip][1].point,
        )  # fmt: skip
        self._plan_next(trip, person, at_s)
        for other in self._company.pop(trip, ()):
            other.mode = under.mode
            other.legs = [taken_along(leg) for leg in under.legs]
            self._arrive(other, at_s)

    def _log(self, under: Under, at_s: float) -> TripMade:
        trip, ride = under.trip, under.ride
        person = self._travellers.caller(self._person[trip]).id
        made = TripMade(
            entity=person,
            person=person,
            purpose=self._purpose[trip],
            mode=under.mode,
            origin=self._from[trip],
            destination=self._to[trip],
            depart_s=under.depart_s,
            arrive_s=at_s,
            distance_m=sum(leg.distance_m for leg in under.legs),
            service=ride.offer.service if ride is not None else "",
            used=under.entity if ride is not None else "",
            paid=under.transfer if ride is not None else "",
        )
        self._runtime.perform(note_trip, PLATFORM, trip=made)
        self._logbook.trip(f"{self._date}-{trip:06d}", made, under.cost_won, under.legs)
        return made
