"""What a person does with their own affairs: inbox, consent, being forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.core.errors import Conflict, Refused
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.vocabulary.people import (
    AgeBand,
    Concession,
    Consent,
    Message,
    Person,
    Visit,
    Walking,
)
from hapgang.hub.query import where
from hapgang.runtime.city import MOST_MESSAGES, CityOf
from hapgang.runtime.platform.identity.credentials import revoke_all
from hapgang.runtime.platform.money.spending import orders_of

TREASURY = "urn:ngsi-ld:Agency:treasury"
Purpose = Annotated[str, Meta(min_length=1, max_length=100)]


def register_person(
    city: CityOf,
    *,
    person: str,
    age_band: AgeBand,
    walking: Walking = "well",
    licence: bool = False,
    concession: Concession = "none",
    home: Point | None = None,
    visitor: bool = False,
    balance_won: int = 0,
) -> None:
    """Make a person known to the city, with an account; a repeat changes nothing."""
    if city.hub.find_by_id(Person, person) is not None:
        return
    city.hub.save(
        Person(
            id=person,
            age_band=age_band,
            walking=walking,
            licence=licence,
            concession=concession,
            home=home,
            visitor=visitor,
        )
    )
    city.ledger.open_account(person, "visitor" if visitor else "resident")
    if balance_won > 0:
        city.ledger.open_account(TREASURY, "treasury", floor_won=None)
        city.ledger.pay(
            urn("Transfer", f"welcome-{person}"), TREASURY, person, balance_won, "welcome"
        )


class Myself(msgspec.Struct, frozen=True):
    """What the city knows of the caller, beside their name."""

    age_band: AgeBand
    walking: Walking
    licence: bool
    visitor: bool
    until: datetime | None  # when the city forgets them, if they only visit


def myself(city: CityOf) -> Myself | None:
    """Return what the city knows of the caller."""
    person = city.hub.find_by_id(Person, city.caller.id)
    if person is None:
        return None
    visits = city.hub.find(Visit, where.person == person.id)
    until = visits[0].until if visits else None
    return Myself(person.age_band, person.walking, person.licence, person.visitor, until)


def change_myself(city: CityOf, *, walking: Walking) -> Myself | None:
    """Say how the caller walks: they know best. Age and licence are for an office to look at."""
    person = city.hub.get(Person, city.caller.id)
    city.hub.save(msgspec.structs.replace(person, walking=walking))
    return myself(city)


def inbox(
    city: CityOf, *, limit: Annotated[int, Meta(ge=1, le=MOST_MESSAGES)] = 50
) -> list[Message]:
    """Return the caller's messages, newest first; the newest 200 are kept."""
    messages = city.hub.find(Message, where.person == city.caller.id)
    return sorted(messages, key=lambda message: message.sent_at, reverse=True)[:limit]


def read_message(city: CityOf, *, message: str) -> None:
    """Mark a message of the caller as read."""
    found = city.hub.get(Message, message)
    if found.person != city.caller.id:
        raise Refused("this message is for somebody else", "다른 사람의 메시지입니다")
    city.hub.save(msgspec.structs.replace(found, read=True))


def give_consent(city: CityOf, *, purpose: Purpose, until: Instant | None = None) -> Consent:
    """Agree that the caller's personal data is read for a purpose, until a date or for good."""
    consent = Consent(
        id=urn("Consent", f"{city.rng.bits64():016x}"),
        person=city.caller.id,
        purpose=purpose,
        until=until,
    )
    city.hub.save(consent)
    return consent


def revoke_consent(city: CityOf, *, consent: str) -> None:
    """Take an agreement back, from this moment on."""
    found = city.hub.get(Consent, consent)
    if found.person != city.caller.id:
        raise Refused("this is somebody else's consent", "다른 사람의 동의입니다")
    city.hub.save(msgspec.structs.replace(found, revoked=True))


def consents(city: CityOf) -> list[Consent]:
    """Return what the caller agreed to."""
    return city.hub.find(Consent, where.person == city.caller.id)


def forget_me(city: CityOf) -> None:
    """Forget the caller: their live personal data goes, and the key to their history is destroyed.

    What others need to keep, such as the amounts of transfers, stays without the person's data;
    money that is held is given back. While a court's order freezes their account the city may not
    forget them (Personal Information Protection Act, 36(1): what another law has kept).
    """
    if any(order.kind == "freeze" for order in orders_of(city, city.caller.id, "in force")):
        raise Conflict(
            "A court's order on your account is in force: you can be forgotten when it has ended."
            " The office that asked for it tells you more.",
            "계좌에 법원 명령이 시행 중입니다. 명령이 끝난 뒤에 개인정보를 지울 수 있습니다."
            " 자세한 것은 명령을 요청한 기관에 문의하세요.",
        )
    forget(city, [city.caller.id])


def forget(city: CityOf, people: Sequence[str]) -> None:
    """Forget some people at once, as `forget_me` does for its caller."""
    from hapgang.runtime.platform.identity.acting import (  # noqa: PLC0415 (it knows this room)
        end_delegations_of,
    )

    gone = frozenset(people)
    for person in people:
        revoke_all(city, person)  # what is on their phone says nothing of anybody who is known
        city.ledger.release_all(person, "forgotten")
        end_delegations_of(city, person)
    for type_name in list(city.runtime.state.types()):
        for record in list(city.runtime.state.of_type(type_name)):
            if record.person in gone:
                city.hub.remove(record)
    city.unit.undo.append(city.runtime.closed.forget(lambda record: record.person in gone))
    city.unit.undo.append(city.runtime.answers.forget(lambda kept: kept.answer.caller in gone))
    city.unit.items[:] = [
        item._replace(person=None) if item.person in gone else item for item in city.unit.items
    ]
    city.unit.forgotten.extend(people)
