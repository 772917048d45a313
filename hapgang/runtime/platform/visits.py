"""Somebody without an account: known for some hours, with nothing proven and little money."""

from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from hapgang.core.callers import Role
from hapgang.core.errors import SignInNeeded, Unavailable
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import AgeBand, Person, Visit
from hapgang.core.vocabulary.sessions import Session
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.sessions import begin_session
from hapgang.runtime.platform.people import forget, register_person

VISIT = timedelta(hours=4)  # an afternoon out; an assumption
MOST_A_MINUTE = 20  # whoever asks: what is minted is written to disk
MOST_AT_ONCE = 1_000
_MINUTE = timedelta(minutes=1)
_ENDED_AT_ONCE = 50  # the rest is ended the next time
Amount = Annotated[int, Meta(ge=0, le=1_000_000)]


class TooManyVisitors(Unavailable):
    """The city takes in no more strangers at the moment."""

    status = 429
    title = Text("Too many visitors at the moment", "지금은 방문객이 너무 많습니다")


def begin_visit(city: CityOf, *, welcome_won: Amount = 0, top_up_won: Amount = 0) -> Visit:
    """Make a stranger known for some hours, with an account of their own.

    They count as an adult without a licence who walks well, as a stranger does who plans a trip.
    """
    known = _visits(city)
    lately = sum(1 for visit in known if visit.began_at > city.now - _MINUTE)
    if lately >= MOST_A_MINUTE or len(known) >= MOST_AT_ONCE:
        raise TooManyVisitors(
            "Many people came in just now. Try again in a minute; looking needs no visit.",
            "방금 많은 사람이 들어왔습니다. 1분 뒤에 다시 시도해 주세요."
            " 둘러보기는 그냥 할 수 있습니다.",
        )
    person = new_urn("Person", city.rng)
    register_person(
        city,
        person=person,
        age_band=AgeBand.THIRTIES,
        visitor=True,
        balance_won=welcome_won,
    )
    visit = Visit(
        id=new_urn("Visit", city.rng),
        person=person,
        began_at=city.now,
        until=city.now + VISIT,
        top_up_won=top_up_won,
    )
    city.hub.save(visit)
    return visit


def begin_visit_session(
    city: CityOf, *, label: str, welcome_won: Amount = 0, top_up_won: Amount = 0
) -> Session:
    """Make a stranger known, and begin their session: both at one instant, until the same one."""
    visit = begin_visit(city, welcome_won=welcome_won, top_up_won=top_up_won)
    return begin_session(
        city, person=visit.person, role=Role.VISITOR, by="visit", label=label, until=visit.until
    )


def visit_of(city: CityOf) -> Visit | None:
    """Return the caller's visit; `SignInNeeded` for a visitor who has been forgotten."""
    if city.hub.find_by_id(Person, city.caller.id) is None:
        raise SignInNeeded(
            "This visit is over; begin another.", "방문이 끝났습니다. 새로 시작하세요."
        )
    found = city.hub.find(Visit, where.person == city.caller.id)
    return found[0] if found else None


def _visits(city: CityOf) -> list[Visit]:
    """Return all visits, to be counted: nobody looks at a person, so no look is written down."""
    records = city.runtime.state.of_type(Visit.__name__)
    return [record.view for record in records if isinstance(record.view, Visit)]


def end_visits(city: CityOf) -> None:
    """Forget those whose time is over; whose money is held, as in a ride, when it is free again."""
    over = [visit.person for visit in _visits(city) if visit.until <= city.now]
    free = [person for person in over if city.ledger.open_account(person, "visitor").held_won == 0]
    if free:
        forget(city, free[:_ENDED_AT_ONCE])
