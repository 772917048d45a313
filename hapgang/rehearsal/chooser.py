"""Choosing how to go: one's own modes against every operator's offer."""

from hapgang.core.vocabulary.mobility import Mode, Offer
from hapgang.rehearsal.choice import MODE_COLUMN, Sky, Taste, offer_min
from hapgang.rehearsal.demand import Demand
from hapgang.rehearsal.travel import Spot
from hapgang.rehearsal.travellers import Travellers
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.mobility import offers


class Chooser:
    """What everybody would choose at an instant of the day."""

    def __init__(
        self,
        runtime: Runtime,
        travellers: Travellers,
        *,
        taste: Taste,
        tastes: list[list[float]],
        sky: list[Sky],
        demand: Demand,
    ) -> None:
        """Choose by `taste`; `tastes` are each trip's own, `sky` is each hour's weather."""
        self._runtime, self._travellers = runtime, travellers
        self._taste, self._tastes, self._sky = taste, tastes, sky
        self._person = demand.trips.person.tolist()
        self._has_company = demand.has_company.tolist()
        self._by_taxi = demand.by_taxi.tolist()
        self._has_offers = any(service.answers for service in runtime.services.values())

    def choose(
        self,
        trip: int,
        ends: tuple[Spot, Spot],
        at_s: float,
        *,
        ask: bool = True,
        without: Mode | None = None,
    ) -> tuple[Mode | None, Offer | None]:
        """Return the best mode, with the offer if it is an operator's; None if nothing leads there.

        Operators are asked unless `ask` is false; one mode may be known not to be there. Where
        nothing else is open a taxi is, which counts as a car. Offers do not say how many they
        seat, so nobody takes one with a child by the hand.
        """
        best, chosen, taken = -float("inf"), None, None
        for mode, cost_min in self._travellers.open_modes(trip):
            utility = self._utility(trip, mode, cost_min)
            if utility > best and mode is not without:
                best, chosen = utility, mode
        if ask and self._may_ask(trip):
            for offer in self._offers(self._person[trip], ends):
                utility = self._utility(trip, offer.mode, self._cost_min(offer, at_s))
                if utility > best and offer.mode is not without:
                    best, chosen, taken = utility, offer.mode, offer
        if chosen is None and self._by_taxi[trip]:
            chosen = Mode.CAR
        return chosen, taken

    def _may_ask(self, trip: int) -> bool:
        is_free = self._travellers.is_free(trip) and not self._has_company[trip]
        return self._has_offers and is_free

    def _utility(self, trip: int, mode: Mode, cost_min: float) -> float:
        taste = self._taste
        own = self._tastes[trip][MODE_COLUMN[mode]]
        return -taste.scale_per_min * cost_min + taste.constant(mode) + own

    def _offers(self, person: int, ends: tuple[Spot, Spot]) -> list[Offer]:
        found: list[Offer] = self._runtime.perform(
            offers,
            PLATFORM,
            traveller=self._travellers.traveller(person),
            origin=ends[0].point,
            destination=ends[1].point,
        )
        return found

    def _cost_min(self, offer: Offer, at_s: float) -> float:
        """Return what an offer is felt as; rides in the open by each one's own weather."""
        sky = self._sky[min(int(at_s // 3600), len(self._sky) - 1)]
        walk_s = sum(s.duration_s for s in offer.stages if s.mode is Mode.WALK)
        wait_s = sum(s.wait_s for s in offer.stages)
        ride_s, exposed_min = 0.0, 0.0
        for stage in offer.rides:
            in_open = not stage.sheltered
            ride_s += stage.duration_s * (sky.weight(stage.mode) if in_open else 1.0)
            exposed_min += sky.exposed_min(stage.mode) if in_open else 0.0
        return exposed_min + offer_min(
            walk_s,
            wait_s,
            ride_s,
            offer.fare_won,
            walk=sky.weight(Mode.WALK),
            transfers=len(offer.rides) - 1,
        )
