"""What integrated mobility offers somebody who asks: a shared vehicle and the bus as one ride."""

from hapgang.contract import City
from hapgang.core.geometry import Point, distance_m
from hapgang.core.vocabulary.mobility import Mode, Offer, OfferRide, Stage
from hapgang.services.mobility.maas.actions.passes import fare_for
from hapgang.services.mobility.maas.method.estimates import Part, estimates_of
from hapgang.services.mobility.maas.method.ground import ground_of, pace
from hapgang.services.mobility.maas.model import SERVICE
from hapgang.twin.speeds import WALK_M_S
from hapgang.twin.transit import CIRCUITY

# Assumption: for less nobody takes two vehicles; shared ones go there directly.
_SHORT_M = 2_000.0


def offer_ride(city: City, question: OfferRide) -> tuple[Offer, ...] | None:
    """Answer with a vehicle to the first stop or from the last one, where that is worth it.

    It is an estimate: the plan that is booked knows the minute.
    """
    if distance_m(question.origin, question.destination) < _SHORT_M:
        return None
    ground = ground_of(city.twin)
    local = city.now.astimezone(ground.time_zone)
    known = estimates_of(city.twin, local.date(), question.traveller.walking)
    if known is None:
        return None
    leave_s = (local - ground.midnight(local.date())).total_seconds()
    found = known.of(question.origin, question.destination, leave_s)
    offers = [
        offer
        for part, is_first in ((found.to_stop, True), (found.from_stop, False))
        if part is not None and (offer := _offer(city, question, part, is_first=is_first))
    ]
    return tuple(offers) or None


def _offer(city: City, question: OfferRide, part: Part, *, is_first: bool) -> Offer | None:
    """Return one offer: a vehicle, and what runs by timetable; None where no vehicle is had."""
    start, end = question.origin, question.destination
    feeder = (start, part.first) if is_first else (part.last, end)
    vehicle = _vehicle(city, question, *feeder)
    if vehicle is None:
        return None
    bus = Stage(
        Mode.BUS, part.first, part.last, part.ride_s,
        CIRCUITY * distance_m(part.first, part.last), wait_s=part.wait_s, sheltered=True,
    )  # fmt: skip
    walking = question.traveller.walking
    if is_first:
        stages = (*vehicle.stages, bus, _walk(part.last, end, pace(walking)))
    else:
        stages = (_walk(start, part.first, pace(walking)), bus, *vehicle.stages)
    return Offer(
        service=SERVICE,
        mode=Mode.BUS,
        item=vehicle.item,
        stages=stages,
        fare_won=vehicle.fare_won + fare_for(city, question.traveller.person, city.now),
    )


def _vehicle(city: City, question: OfferRide, start: Point, end: Point) -> Offer | None:
    asked = OfferRide(traveller=question.traveller, origin=start, destination=end)
    offers = [offer for answer in city.ask(asked) for offer in answer]
    return min(offers, key=lambda offer: (offer.duration_s, offer.item), default=None)


def _walk(start: Point, end: Point, pace_share: float) -> Stage:
    way_m = CIRCUITY * distance_m(start, end)
    return Stage(Mode.WALK, start, end, way_m / (WALK_M_S * pace_share), way_m)
