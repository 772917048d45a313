"""Staff, offices and companies: entered by an operator in one role, and taken out at once.

A role is never changed: whoever is to have another one is taken out and entered anew. All other
operators are told of each step, for whoever enters people can let in whom they like.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.core.errors import Conflict, Invalid, NotFound
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.sessions import (
    CodeHash,
    Enrolment,
    Label,
    StaffMember,
    StaffRole,
)
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.acting import end_delegations_of
from hapgang.runtime.platform.identity.attempts import remove, remove_all
from hapgang.runtime.platform.identity.enrolments import WAYS_BACK, give_code
from hapgang.runtime.platform.identity.members import stands
from hapgang.runtime.platform.identity.passkeys import keys_of
from hapgang.runtime.platform.identity.sessions import acting_for, end_all, sessions_of
from hapgang.runtime.platform.money.spending import peek

MOST_STAFF = 2_000  # those of the last year included
PURPOSE = "who works for the city"
_SHOWN_AFTER = timedelta(days=365)
StaffName = Annotated[str, Meta(pattern=r"\A[a-z0-9](?:[a-z0-9.-]{0,38}[a-z0-9])?\Z")]


class StaffView(msgspec.Struct, frozen=True):
    """Somebody who works for the city, as operators see them."""

    id: str
    name: str
    role: StaffRole
    entered_by: str
    entered_at: datetime
    until: datetime | None
    ended_at: datetime | None
    is_in: bool  # whether they may sign in
    n_devices: int


def enter_staff(
    city: CityOf, *, name: StaffName, role: StaffRole, shown_as: Label | None = None,
    until: Instant | None = None,
) -> StaffView:  # fmt: skip
    """Enter somebody who works for the city, or an office or company, in a role.

    name: the last word of their id. Whoever had it before has it again, with what they left.
    """
    if until is not None and until <= city.now:
        raise Invalid("“until” is over already.", "기한이 이미 지났습니다.")
    who = urn("Staff", name)
    old = peek(city, StaffMember, who)
    if old is not None and stands(old, city.now):
        raise Conflict(
            f"{name} is staff already ({old.role}); for another role remove them first.",
            f"{name}은(는) 이미 {old.role}입니다. 역할을 바꾸려면 먼저 내보내세요.",
        )
    if old is not None:
        _take_all(city, who)  # where their time was over, and nobody had tidied up
    elif city.runtime.state.count(StaffMember.__name__) >= MOST_STAFF:
        raise Conflict(f"There are {MOST_STAFF} already.", f"{MOST_STAFF}명까지입니다.")
    member = StaffMember(
        id=who, name=shown_as or name, role=role, entered_by=city.caller.id,
        entered_at=city.now, until=until,
    )  # fmt: skip
    city.hub.save(member)
    _tell_operators(city, member, Text("Staff was entered", "직원이 등록되었습니다"))
    return _shown(city, member)


def staff_members(city: CityOf) -> list[StaffView]:
    """Return who works for the city, then who did within a year, by name; each look is noted."""
    found = sorted(_members(city), key=lambda one: (not stands(one, city.now), one.id))
    for one in found:
        city.hub.log_read(one.id, PURPOSE, "*")
    return [_shown(city, one) for one in found]


def remove_staff(city: CityOf, *, staff: str) -> None:
    """Take somebody out: sessions and keys end at once. The last operator with a key stays."""
    member = _known(city, staff)
    if member.role == "operator" and keys_of(city, member.id) and not _other_operators(city, staff):
        raise Conflict(
            "This is the last operator with a device: enter another one, who signs in, first.",
            "기기가 있는 마지막 운영자입니다. 먼저 다른 운영자를 등록하고 로그인하게 하세요.",
        )
    _end(city, member)
    _tell_operators(city, member, Text("Staff was removed", "직원을 내보냈습니다"))


def enrol_staff(city: CityOf, *, staff: str, code: CodeHash, lost: bool = False) -> Enrolment:
    """Keep a code by which staff makes a key; earlier ones end.

    lost: what is on the device that they lost is ended first.
    """
    member = _known(city, staff)
    given = give_code(city, member.id, code, lost=lost, told=_BY_OPERATOR)
    _tell_operators(
        city, member, Text("A code was made for staff", "직원의 기기 코드를 만들었습니다")
    )
    return given


def end_staff_over(city: CityOf) -> None:
    """Take off the keys of whose time is over; drop those who are gone for a year."""
    for member in _members(city):
        if member.ended_at is None and not stands(member, city.now):
            _end(city, member)
        elif member.ended_at is not None and member.ended_at + _SHOWN_AFTER <= city.now:
            remove(city, member.id)


def _end(city: CityOf, member: StaffMember) -> None:
    _take_all(city, member.id)
    city.hub.save(msgspec.structs.replace(member, ended_at=city.now))


def _take_all(city: CityOf, who: str) -> None:
    """End all by which somebody signs in, and what others may do for them."""
    end_all(city, [*sessions_of(city, who), *acting_for(city, who)])
    for key in keys_of(city, who):
        remove(city, key.id)
    remove_all(city, who, *WAYS_BACK)
    end_delegations_of(city, who)


def _known(city: CityOf, who: str) -> StaffMember:
    found = peek(city, StaffMember, who)
    if found is None or not stands(found, city.now):
        raise NotFound(f"{who} is not staff.", f"{who}: 등록된 직원이 아닙니다.")
    return found


def _members(city: CityOf) -> list[StaffMember]:
    views = (record.view for record in city.runtime.state.each(StaffMember.__name__))
    return [one for one in views if isinstance(one, StaffMember)]


def _operators(city: CityOf) -> Iterable[StaffMember]:
    return (one for one in _members(city) if one.role == "operator" and stands(one, city.now))


def _other_operators(city: CityOf, who: str) -> bool:
    return any(keys_of(city, one.id) for one in _operators(city) if one.id != who)


def _tell_operators(city: CityOf, member: StaffMember, title: Text) -> None:
    said = Text(
        f"{member.id} ({member.role}), by {city.caller.id}.",
        f"{member.id} ({member.role}), 처리한 사람: {city.caller.id}",
    )
    for one in _operators(city):
        if one.id not in (city.caller.id, member.id):
            city.tell(one.id, title, said)


def _shown(city: CityOf, member: StaffMember) -> StaffView:
    return StaffView(
        member.id, member.name, member.role, member.entered_by, member.entered_at, member.until,
        member.ended_at, stands(member, city.now), len(keys_of(city, member.id)),
    )  # fmt: skip


_BY_OPERATOR = (
    Text("An operator made a code for a device", "운영자가 기기 등록 코드를 만들었습니다"),
    Text(
        "Whoever has it can sign in for you. Did you not ask for it? Tell the city's operators.",
        "이 코드로 로그인 기기를 등록할 수 있습니다. 요청하지 않았다면 운영자에게 알려 주세요.",
    ),
)
