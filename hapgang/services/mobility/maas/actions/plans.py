"""Planning: every way from here to there that somebody might prefer."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from hapgang.contract import Aside, City, Steps
from hapgang.core.clock import Instant
from hapgang.core.errors import Invalid
from hapgang.core.geometry import Latitude, Longitude, Point, distance_m
from hapgang.core.vocabulary.environment import Weather
from hapgang.core.vocabulary.mobility import Offer, OfferRide, Traveller
from hapgang.core.vocabulary.people import AgeBand, Person
from hapgang.services.mobility.maas.actions.alerts import alerted
from hapgang.services.mobility.maas.actions.late import late_now
from hapgang.services.mobility.maas.actions.outside import dated, offers_outside
from hapgang.services.mobility.maas.actions.passes import fare_for
from hapgang.services.mobility.maas.method.ground import ground_of
from hapgang.services.mobility.maas.method.legs import Wish
from hapgang.services.mobility.maas.method.search import Search
from hapgang.services.mobility.maas.method.words import explained
from hapgang.services.mobility.maas.method.worth import Taste, weighed, worth_showing
from hapgang.services.mobility.maas.model import Option, Prefer, Settings, Way

_FAR_M = 300_000.0
_MOST_AHEAD = timedelta(days=30)
_PAST = timedelta(minutes=5)
_SOON = timedelta(hours=1)  # later than that nobody knows today where a vehicle will stand
_WAYS: tuple[Way, ...] = ("walk", "bicycle", "pm", "bus", "car")
_WAY = f"({'|'.join(_WAYS)})"
Ways = Annotated[str, Meta(pattern=rf"^{_WAY}(,{_WAY})*$(?!\n)")]


def plan(
    city: City,
    *,
    from_lon: Longitude,
    from_lat: Latitude,
    to_lon: Longitude,
    to_lat: Latitude,
    leave_at: Instant | None = None,
    ways: Ways = "walk,pm,bus",
    prefer: Prefer = "balanced",
) -> Steps[list[Option]]:
    """Return ways from here to there, best first: each is the best one in something.

    `ways` lists what the traveller can take; bicycle and car are their own. Times are those of now,
    delays included; nothing is kept until it is booked.
    """
    origin, destination = Point((from_lon, from_lat)), Point((to_lon, to_lat))
    leave_at = _checked(city, origin, destination, leave_at)
    chosen: frozenset[Way] = frozenset(way for way in _WAYS if way in ways.split(","))
    who = traveller(city)
    return (yield from options_of(city, who, origin, destination, leave_at, chosen, prefer))


def options_of(
    city: City,
    who: Traveller,
    origin: Point,
    destination: Point,
    leave_at: datetime,
    ways: frozenset[Way],
    prefer: Prefer = "balanced",
) -> Steps[list[Option]]:
    """Return the ways that are worth showing to a traveller; searching is done beside the city."""
    ground, terms = ground_of(city.twin), city.settings(Settings)
    may_drive = who.licence or "car" not in ways
    wish = Wish(
        origin=origin, destination=destination, leave_at=leave_at,
        ways=ways if may_drive else ways - {"car"}, walking=who.walking,
        transit_fare_won=fare_for(city, who.person, leave_at), asks=leave_at - city.now <= _SOON,
    )  # fmt: skip
    search = Search(ground, late_now(city), wish)
    found = yield Aside(search.found)
    questions = search.questions(found) if wish.asks else []
    answers = [_offers(city, who, start, end) for start, end in questions]
    taste = Taste.of(who.walking, prefer)
    is_wet = any(w.rain_mm_h + w.snow_mm_h > 0.0 for w in city.hub.find(Weather))

    def shown() -> list[Option]:
        asked = [offer for offers in answers for offer in offers]
        dry = frozenset(o.item for o in asked if all(stage.sheltered for stage in o.rides))
        chains = search.with_offers(found, answers)
        weighed_ = [weighed(legs, leave_at, taste, is_wet=is_wet, dry=dry) for legs in chains]
        return explained(worth_showing(weighed_, terms.most_options))

    options = yield Aside(shown)
    return dated(city, alerted(city, options))


def _offers(city: City, who: Traveller, start: Point, end: Point) -> list[Offer]:
    """Ask all operators, the quickest first."""
    question = OfferRide(traveller=who, origin=start, destination=end)
    found = [offer for answer in city.ask(question) for offer in answer]
    found += offers_outside(city, question)
    return sorted(found, key=lambda offer: (offer.duration_s, offer.item))


def traveller(city: City) -> Traveller:
    """Return what operators may know of the caller; of a stranger, that they walk well."""
    return traveller_of(city, city.caller.id)


def traveller_of(city: City, person: str) -> Traveller:
    """Return what operators may know of a person."""
    known = city.hub.find_by_id(Person, person)
    if known is None:
        return Traveller(person, AgeBand.THIRTIES)
    return Traveller(person, known.age_band, known.walking, known.licence)


def _checked(city: City, origin: Point, destination: Point, leave_at: datetime | None) -> datetime:
    """Return when to leave; `Invalid` says what cannot be planned."""
    if leave_at is None:
        leave_at = city.now
    if leave_at.tzinfo is None:
        raise Invalid(
            "leave_at needs a time zone, as in 2026-09-16T08:00:00+09:00",
            "leave_at에는 시간대가 필요합니다. 예: 2026-09-16T08:00:00+09:00",
        )
    if not city.now - _PAST <= leave_at <= city.now + _MOST_AHEAD:
        raise Invalid(
            "Journeys are planned from now up to 30 days ahead.",
            "지금부터 30일 이내의 이동만 계획할 수 있습니다.",
        )
    ground = ground_of(city.twin)
    zones = ground.scene.zones
    middle = Point((float(zones.lon.mean()), float(zones.lat.mean())))
    for point in (origin, destination):
        if distance_m(point, middle) > _FAR_M:
            raise Invalid("This place is too far away from the city.", "도시에서 너무 먼 곳입니다.")
    return max(leave_at, city.now)
