"""What the rooms about other cities look up."""

from hapgang.core.errors import Conflict, NotFound
from hapgang.core.ids import urn
from hapgang.core.vocabulary.cities import CurrencyAgreement, RecognisedCity
from hapgang.ledger.cities.proving import keys_of
from hapgang.ledger.log.note import VerifierKey
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import peek


class NotRecognised(Conflict):
    """What that city signs does not count here, or not any more."""


class NoAgreement(Conflict):
    """There is no agreement in force with that city."""


def own_origin(city: CityOf) -> str:
    """Return the name of this city's own log."""
    return f"hapgang/{city.runtime.scene.name}"


def city_id(origin: str) -> str:
    """Return the id of the only entity about a log."""
    return urn("RecognisedCity", origin.replace("/", ":"))


def clearing(known: RecognisedCity) -> str:
    """Return who owns the account of what is owed to another city and by it."""
    return f"clearing:{known.origin.replace('/', ':')}"


def known_city(city: CityOf, name: str) -> RecognisedCity:
    """Return a city by its id or its log's name."""
    found = peek(city, RecognisedCity, name) or peek(city, RecognisedCity, city_id(name))
    if found is None:
        raise NotFound("there is no such city here", "그런 도시가 없습니다")
    return found


def recognised(city: CityOf, name: str) -> RecognisedCity:
    """Return a city whose log counts now."""
    found = known_city(city, name)
    if found.state != "recognised":
        raise NotRecognised(
            f"{found.title_en} is not recognised now ({found.state}).",
            f"{found.title_ko}은(는) 지금 인정된 도시가 아닙니다.",
        )
    return found


def keys_in(known: RecognisedCity) -> tuple[VerifierKey, ...]:
    """Return the keys of a city's log."""
    return keys_of(known.keys, known.origin)


def agreement_of(city: CityOf, name: str) -> CurrencyAgreement:
    """Return an agreement."""
    found = peek(city, CurrencyAgreement, name)
    if found is None:
        raise NotFound("there is no such agreement", "그런 협약이 없습니다")
    return found


def in_force(city: CityOf, name: str) -> tuple[CurrencyAgreement, RecognisedCity]:
    """Return an agreement that holds now, and the city that it is with."""
    found = agreement_of(city, name)
    other = recognised(city, found.city)
    if found.state != "in force" or not found.begins_at <= city.now < found.until:
        raise NoAgreement(
            f"The agreement with {other.title_en} is not in force now.",
            f"{other.title_ko}와(과)의 협약이 지금은 시행 중이 아닙니다.",
        )
    return found, other
