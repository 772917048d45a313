"""The register: who lives here, written at a counter, read by them, and by an office with a note.

What services see of a person (age band, concession, licence) follows from it.
"""

import unicodedata
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid, NotFound
from hapgang.core.geometry import Point
from hapgang.core.ids import check_uri, new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.identity import Attested, Name, Registration
from hapgang.core.vocabulary.people import AgeBand, Person, Visit, Walking, concession_of
from hapgang.ledger.identity.credentials import age_on
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.credentials import revoke_of_register
from hapgang.runtime.platform.identity.found import attested_of, registration_of, registrations
from hapgang.runtime.platform.identity.held import is_here, still_stands
from hapgang.runtime.platform.money.spending import name_for, peek, today
from hapgang.runtime.platform.people import register_person

OLDEST = 130  # years
CAR = "B"  # of a licence's categories (ISO/IEC 18013-1)
PURPOSE = "the register"
_BACK = timedelta(days=7)  # a city that was off so long has what it missed done by a counter
_PERSON = "urn:ngsi-ld:Person:"
_changed = msgspec.structs.replace
Whose = Annotated[str, Meta(max_length=640)]


def register(
    city: CityOf,
    *,
    name: Name,
    born: date,
    living_zone: Name,
    since: date,
    person: Whose | None = None,
    walking: Walking | None = None,
    home: Point | None = None,
) -> Registration:
    """Write somebody into the register, or correct it; an office has looked at their papers.

    person: whom the city knows already, or by which id it is to know them; else an id is drawn.
    """
    day = today(city)
    if not since <= day or not born <= since or age_on(born, day) > OLDEST:
        raise Invalid(
            f"Born, then living here, neither in the future, nobody older than {OLDEST}.",
            "생년월일과 전입일을 확인하세요. 앞날이거나 순서가 맞지 않습니다.",
        )
    who = _known(city, person, born, walking, home)
    old = registration_of(city, who)
    fresh = Registration(
        id=name_for("Registration", who), person=who, name=composed(name), born=born,
        living_zone=living_zone, since=since, registered_by=city.caller.id,
        registered_at=city.now,
    )  # fmt: skip
    if old is not None:
        city.hub.log_read(who, PURPOSE, "*")
        if _says(old) != _says(fresh):
            revoke_of_register(city, who, _CORRECTED)
    city.hub.save(fresh)
    follow(city, who)
    city.tell(who, *_REGISTERED)
    return fresh


def find_registered(
    city: CityOf, *, person: Whose = "", name: Annotated[str, Meta(max_length=120)] = ""
) -> list[Registration]:
    """Return whom the register has by an id or by a whole name; each look is noted for them."""
    if not person and not name:
        raise Invalid("Say whom: person, or name.", "person이나 name을 지정하세요.")
    if person:
        found = [one for one in (registration_of(city, person),) if one is not None]
    else:
        found = registrations(city, "name", composed(name))
    shown = [one for one in found if not name or one.name == composed(name)][:50]
    for one in shown:
        city.hub.log_read(one.person, PURPOSE, "*")
    return shown


def my_registration(city: CityOf) -> Registration | None:
    """Return what the register says of the caller."""
    return registration_of(city, city.caller.id)


def leave(city: CityOf, *, person: Whose, on: date | None = None) -> Registration:
    """Note that somebody moved away; credentials that the register gave them are revoked."""
    found = registration_of(city, person)
    if found is None:
        raise NotFound("The register does not have them.", "등록된 주민이 아닙니다.")
    last = today(city) if on is None else on
    if not found.since <= last <= today(city):
        raise Invalid("A day since they came, not in the future.", "전출일을 확인하세요.")
    if found.left is not None:
        raise Conflict(f"They left on {found.left}.", f"{found.left}에 전출했습니다.")
    gone = _changed(found, left=last)
    city.hub.log_read(person, PURPOSE, "*")
    city.hub.save(gone)
    revoke_of_register(city, person, _LEFT)
    city.tell(person, *_GONE)
    return gone


def follow(city: CityOf, person: str) -> None:
    """Let what services see of a person be what the register and attestations say today."""
    known = peek(city, Person, person)
    if known is None:
        return
    day, attested = today(city), attested_of(city, person)
    is_disabled = any(_holds(each, "disability", day) for each in attested)
    registered = registration_of(city, person)
    fresh = known
    if registered is not None and is_here(registered, day):
        age = age_on(registered.born, day)
        fares = concession_of(age, disabled=is_disabled)
        fresh = _changed(fresh, age_band=AgeBand.of(age), concession=fares, visitor=False)
    elif is_disabled:
        fresh = _changed(fresh, concession="disabled")
    elif any(each.kind == "disability" for each in attested) and fresh.concession == "disabled":
        fresh = _changed(fresh, concession="none")
    if any(each.kind == "driving_licence" for each in attested):
        standing = [each for each in attested if _holds(each, "driving_licence", day)]
        fresh = _changed(fresh, licence=any(CAR in each.said["categories"] for each in standing))
    if fresh != known:
        city.hub.save(fresh)


def follow_days(city: CityOf) -> None:
    """Follow whose birthday it was these days, and whose licence ended."""
    day = today(city)
    before = day - _BACK
    people: dict[str, None] = {}
    for record in city.runtime.state.of_type("Registration"):
        view = record.view
        if isinstance(view, Registration) and age_on(view.born, before) != age_on(view.born, day):
            people[view.person] = None
    for record in city.runtime.state.of_type("Attested"):
        view = record.view
        until = view.until if isinstance(view, Attested) else None
        if isinstance(view, Attested) and until is not None and before <= until < day:
            people[view.person] = None
    for person in people:
        follow(city, person)


def composed(value: Any) -> Any:
    """Return texts as they are kept, so that they are found however a keyboard composes them."""
    if isinstance(value, list):
        return [composed(each) for each in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _known(
    city: CityOf, person: str | None, born: date, walking: Walking | None, home: Point | None
) -> str:
    """Return the person's id; make them known where they are not."""
    who = new_urn("Person", city.rng) if person is None else person
    found = peek(city, Person, who)
    if found is None:
        if not check_uri(who).startswith(_PERSON):
            raise Invalid(f"A person's id begins with {_PERSON}", f"{_PERSON}으로 시작해야 합니다")
        age = age_on(born, today(city))
        register_person(
            city, person=who, age_band=AgeBand.of(age), walking=walking or "well",
            concession=concession_of(age), home=home,
        )  # fmt: skip
        return who
    for record in list(city.runtime.state.with_value("Visit", "person", who) or ()):
        city.hub.delete(Visit, record.id)  # who came to stay is not forgotten this afternoon
    fresh = _changed(found, walking=walking or found.walking, home=home or found.home)
    if fresh != found:
        city.hub.save(fresh)
    return who


def _holds(attested: Attested, kind: str, day: date) -> bool:
    return attested.kind == kind and still_stands(attested, day)


def _says(registration: Registration) -> tuple[object, ...]:
    return registration.born, registration.living_zone, registration.since, registration.left


_REGISTERED = (
    Text("You are in the register", "주민으로 등록되었습니다"),
    Text("See what it says under “My identity”.", "‘내 신원’에서 내용을 확인하세요."),
)
_GONE = (
    Text("You have moved away", "전출 처리되었습니다"),
    Text("Credentials of the register were revoked.", "거주·나이 증명서가 취소되었습니다."),
)
_CORRECTED = Text("The register was corrected.", "등록 내용이 정정되었습니다.")
_LEFT = Text("You moved away.", "전출했습니다.")
