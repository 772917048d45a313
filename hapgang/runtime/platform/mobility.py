"""What the platform does for travellers, whoever their operator is."""

from hapgang.core.geometry import Point
from hapgang.core.vocabulary.environment import Weather
from hapgang.core.vocabulary.mobility import Offer, OfferRide, Traveller, TripMade
from hapgang.runtime.city import CityOf


def offers(city: CityOf, *, traveller: Traveller, origin: Point, destination: Point) -> list[Offer]:
    """Return every operator's offers for a ride that starts now."""
    question = OfferRide(traveller=traveller, origin=origin, destination=destination)
    return [offer for answer in city.ask(question) for offer in answer]


def note_trip(city: CityOf, *, trip: TripMade) -> None:
    """Write down that somebody has got somewhere."""
    city.hub.emit(trip)


def observe_weather(city: CityOf, *, weather: Weather) -> None:
    """Take in what a weather station says."""
    city.hub.save(weather)
