"""Who may have keys: residents, and whoever was entered as staff, an office or a company.

A resident's key signs in as a resident. The role of staff is read of their `StaffMember` when they
sign in and in each request: who was removed, or whose time is over, is out from the next one on.
"""

from datetime import datetime
from typing import get_args

from hapgang.contract import Role
from hapgang.core.errors import NotFound
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.sessions import Session, StaffMember, StaffRole
from hapgang.hub.record import Record
from hapgang.hub.state import State
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import peek

STAFF_ROLES = tuple(Role(name) for name in get_args(StaffRole))
KEY_HOLDERS = (Role.RESIDENT, *STAFF_ROLES)
_WITH_A_KEY = ("passkey", "enrolment", "recovery")


def stands(member: StaffMember, now: datetime) -> bool:
    """Return whether somebody is staff at an instant."""
    return member.ended_at is None and (member.until is None or now < member.until)


def role_of(city: CityOf, *, person: str) -> Role:
    """Return as what a key signs somebody in; `NotFound` for whom the city does not know so."""
    member = peek(city, StaffMember, person)
    if member is not None and stands(member, city.now):
        return Role(member.role)
    resident = peek(city, Person, person)
    if member is not None or resident is None or resident.visitor:
        raise NotFound(
            f"{person} is neither a resident nor staff.", f"{person}: 주민도 직원도 아닙니다."
        )
    return Role.RESIDENT


def check_resident(city: CityOf, person: str) -> None:
    """Refuse whom the city does not know as a resident."""
    if role_of(city, person=person) is not Role.RESIDENT:
        raise NotFound(f"There is no resident {person}.", f"{person} 주민을 찾을 수 없습니다.")


def last_day_of(city: CityOf, person: str) -> datetime | None:
    """Return until when somebody is staff, where they are and it is said."""
    member = peek(city, StaffMember, person)
    return None if member is None else member.until


def member_behind(
    state: State, session: Session, now: datetime
) -> tuple[StaffMember | None, tuple[tuple[str, Record | None], ...]]:
    """Return the staff that a session speaks for, if any, and what that rests on.

    Raises `LookupError` where that is over. A demonstration shows staff that nobody entered.
    """
    if session.role == Role.RESIDENT.value or session.by in ("demonstration", "visit"):
        return None, ()
    who = session.acts_for or session.person
    record = state.get(who)
    member = None if record is None else record.view
    if isinstance(member, StaffMember):
        if not stands(member, now):
            raise LookupError(who)
        return member, ((who, record),)
    if session.by in _WITH_A_KEY:
        raise LookupError(who)
    return None, ((who, record),)  # a company that signs in otherwise
