"""Sessions: that somebody is signed in, what they may do, and how that ends at once.

A token of a person names its session. Each request looks at it (`look`), and at what it rests on:
that staff is staff still, the power by which somebody acts, the credentials that were shown. What
is gone counts no more.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from hapgang.core.callers import Caller, Role
from hapgang.core.errors import NotFound, SignInNeeded
from hapgang.core.ids import new_urn
from hapgang.core.vocabulary.cities import TrustedIssuer
from hapgang.core.vocabulary.identity import Attested, IssuedCredential
from hapgang.core.vocabulary.sessions import Delegation, Session, Shown, SignedInBy
from hapgang.hub.record import Record
from hapgang.hub.state import State
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.cities.entrusting import standing
from hapgang.runtime.platform.identity.members import member_behind
from hapgang.runtime.platform.money.spending import peek

LIFETIME = timedelta(hours=12)
MOST_OPEN = 100  # of one person; whom a demonstration shows is many people at once
MOST_OPEN_IN_DEMONSTRATION = 5_000
MOST_LISTED = 200
MOST_SHOWN = 32
_ENDED_AT_ONCE = 5_000  # each ten minutes: more than begin where 700,000 sign in on a day


class Look(msgspec.Struct, frozen=True):
    """Who a session speaks for, for as long as nothing changes of what that rests on."""

    caller: Caller
    until: datetime
    rests_on: tuple[tuple[str, Record | None], ...]


class SessionView(msgspec.Struct, frozen=True):
    """An open session, as its owner sees it."""

    id: str
    person: str
    role: Role
    by: SignedInBy
    label: str
    began_at: datetime
    until: datetime
    acts_for: str | None
    only: tuple[str, ...] | None
    shown: tuple[Shown, ...]
    is_this: bool


def look(state: State, name: str, now: datetime) -> Look:
    """Return whom a session speaks for now; `SignInNeeded` once it has ended."""
    record = state.get(name)
    session = None if record is None else record.view
    if not isinstance(session, Session) or session.until <= now:
        raise over()
    rests_on: list[tuple[str, Record | None]] = [(name, record)]
    until, role = session.until, Role(session.role)
    try:
        member, beneath = member_behind(state, session, now)
    except LookupError:
        raise over() from None
    rests_on += beneath
    if member is not None:
        until, role = min(until, member.until or until), Role(member.role)
    if session.power is not None:
        rests_on += _power(state, session.power)
    holds = []
    for shown in session.shown:
        if shown.until <= now:
            continue
        if shown.credential is not None:
            stands, beneath = _stands(state, shown.credential)
            rests_on += beneath
            if not stands:
                continue
        holds.append(shown.attribute)
        until = min(until, shown.until)
    return Look(_caller(session, role, frozenset(holds)), until, tuple(rests_on))


def _stands(state: State, name: str) -> tuple[bool, tuple[tuple[str, Record | None], ...]]:
    """Return whether what proved something still counts, and what that rests on."""
    record = state.get(name)
    view = None if record is None else record.view
    if isinstance(view, TrustedIssuer):
        issuer, beneath = standing(state, name)
        return issuer is not None, beneath
    return isinstance(view, IssuedCredential) and view.state == "valid", ((name, record),)


def _power(state: State, name: str) -> list[tuple[str, Record | None]]:
    """Return what a power rests on: itself, and that it was attested; `SignInNeeded` without."""
    held = state.get(name)
    if held is None or not isinstance(held.view, Delegation):
        raise over()
    attested = held.view.attested or ""
    said = state.get(attested)
    if said is None or not isinstance(said.view, Attested) or said.view.revoked_at is not None:
        raise over()
    return [(name, held), (attested, said)]


def _caller(session: Session, role: Role, holds: frozenset[str]) -> Caller:
    if session.acts_for is None:
        return Caller(session.person, role, holds, session=session.id)
    return Caller(
        session.acts_for, role, holds, actor=session.person, only=session.only or (),
        session=session.id,
    )  # fmt: skip


def over() -> SignInNeeded:
    """Return the error of a session that is no more."""
    return SignInNeeded(
        "This session has ended; sign in again.", "세션이 끝났습니다. 다시 로그인하세요."
    )


def begin_session(
    city: CityOf,
    *,
    person: str,
    role: Role,
    by: SignedInBy,
    label: str,
    until: datetime | None = None,
    key: str | None = None,
) -> Session:
    """Begin a session of somebody who has proven who they are; the oldest makes room."""
    session = Session(
        id=new_urn("Session", city.rng),
        person=person,
        role=role.value,
        by=by,
        label=label,
        began_at=city.now,
        until=min(until or city.now + LIFETIME, city.now + LIFETIME),
        key=key,
    )
    return open_session(city, session)


def open_session(city: CityOf, session: Session) -> Session:
    """Keep a new session, in place of the oldest of its kind where there are too many.

    Sessions that act for somebody are a kind of their own: none takes the place of what it is in.
    """
    acts = session.acts_for is not None
    known = [one for one in sessions_of(city, session.person) if (one.acts_for is not None) == acts]
    begun_in = peek(city, Session, session.begun_in or "") or session
    most = MOST_OPEN_IN_DEMONSTRATION if begun_in.by == "demonstration" else MOST_OPEN
    end_all(city, sorted(known, key=lambda one: one.began_at)[: max(0, len(known) - most + 1)])
    city.hub.save(session)
    return session


def my_sessions(city: CityOf) -> list[SessionView]:
    """Return the caller's open sessions, and those in which somebody acts for them."""
    found = [*sessions_of(city, city.caller.id), *acting_for(city, city.caller.id)]
    return [
        SessionView(
            one.id, one.person, Role(one.role), one.by, one.label, one.began_at, one.until,
            one.acts_for, one.only, one.shown, one.id == city.caller.session,
        )
        for one in sorted(found, key=lambda one: one.began_at, reverse=True)
        if one.until > city.now
    ][:MOST_LISTED]  # fmt: skip


def end_session(city: CityOf, *, session: str) -> None:
    """End one of the caller's sessions, or one in which somebody acts for them."""
    found = peek(city, Session, session)
    if found is None or city.caller.id not in (found.person, found.acts_for):
        raise NotFound("you have no such session", "그런 세션이 없습니다")
    end_all(city, [found])


def end_other_sessions(city: CityOf) -> int:
    """End all of the caller's sessions but this one; return how many there were."""
    others = [one for one in sessions_of(city, city.caller.id) if one.id != city.caller.session]
    end_all(city, others)
    return len(others)


def sign_out(city: CityOf, *, session: str) -> None:
    """End a session that its own token asked to end."""
    found = peek(city, Session, session)
    if found is not None:
        end_all(city, [found])


def show_to_session(city: CityOf, *, session: str, person: str, shown: tuple[Shown, ...]) -> None:
    """Add attributes that were proven to a person's own session; the newest of a name counts."""
    found = peek(city, Session, session)
    if found is None or found.person != person or found.acts_for is not None:
        raise over()
    kept = {one.attribute: one for one in (*found.shown, *shown) if one.until > city.now}
    city.hub.save(msgspec.structs.replace(found, shown=tuple(kept.values())[-MOST_SHOWN:]))


def end_all(city: CityOf, sessions: Iterable[Session]) -> None:
    """End some sessions, and those that were begun in them, from the next request on."""
    for session in sessions:
        if peek(city, Session, session.id) is not None:  # not ended with another one of these
            city.hub.close(msgspec.structs.replace(session, ended_at=city.now))
            end_all(city, _found(city, "begun_in", session.id))


def sessions_of(city: CityOf, person: str) -> list[Session]:
    """Return somebody's open sessions, those in which they act for others included."""
    return _found(city, "person", person)


def acting_for(city: CityOf, person: str) -> list[Session]:
    """Return the sessions in which somebody else acts for a person."""
    return _found(city, "acts_for", person)


def resting_on(city: CityOf, power: str) -> list[Session]:
    """Return the sessions that rest on a power."""
    return _found(city, "power", power)


def end_over(city: CityOf) -> None:
    """Take away the sessions whose time is over; nobody could use them any more."""
    views = (record.view for record in city.runtime.state.each("Session"))
    past = [one for one in views if isinstance(one, Session) and one.until <= city.now]
    end_all(city, past[:_ENDED_AT_ONCE])


def _found(city: CityOf, field: str, value: str) -> list[Session]:
    records = city.runtime.state.with_value("Session", field, value) or ()
    return [record.view for record in records if isinstance(record.view, Session)]
