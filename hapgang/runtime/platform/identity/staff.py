"""Staff, offices and companies: entered by an operator in one role, and taken out at once.

A role is never changed: whoever is to have another one is taken out and entered anew. All other
operators are told of each step. Nobody lets in anybody alone once another operator has been in: a
code waits until that one agrees; and no operator takes out another, after whom nobody were asked.
The city's own machine is not asked (`hapgang staff`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
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
from hapgang.runtime.platform.identity.enrolments import GOOD_FOR, WAYS_BACK, give_code
from hapgang.runtime.platform.identity.members import stands
from hapgang.runtime.platform.identity.passkeys import keys_of
from hapgang.runtime.platform.identity.sessions import acting_for, end_all, sessions_of
from hapgang.runtime.platform.money.spending import peek

MOST_STAFF = 2_000  # those of the last year included
PURPOSE = "who works for the city"
_COMMANDS = ("collect", "machine")  # as what commands on the city's machine are noted
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
    code_waits_for_another_than: str | None  # who made it


def enter_staff(
    city: CityOf, *, name: StaffName, role: StaffRole, shown_as: Label | None = None,
    until: Instant | None = None,
) -> StaffView:  # fmt: skip
    """Enter somebody who works for the city, or an office or company, in a role.

    name: the last word of their id. Whoever had it before has it again, with what they left.
    """
    if until is not None and until <= city.now:
        raise Invalid("“until” is over already.", "기한이 이미 지났습니다.")
    if name in _COMMANDS:
        raise Conflict(f"{name} is a command's name.", f"{name}: 명령이 쓰는 이름입니다.")
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
    if city.caller.id != staff and _is_asked(city, member) and city.caller.session is not None:
        raise Refused(
            "An operator is taken out by themselves, or on the city's machine (`hapgang staff"
            " remove NAME`). If their device is in other hands, report it lost.",
            "운영자는 본인이 나가거나 도시의 서버에서 `hapgang staff remove 이름`으로 내보냅니다."
            " 기기가 다른 사람 손에 있으면 분실로 처리하세요.",
        )
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
    waits = city.caller.session is not None and any(
        _is_asked(city, one) for one in _operators(city) if one.id != city.caller.id
    )
    given = give_code(city, member.id, code, lost=lost, told=_BY_OPERATOR, waits=waits)
    _tell_operators(
        city, member, Text("A code was made for staff", "직원의 기기 코드를 만들었습니다")
    )
    return given


def agree_to_staff(city: CityOf, *, staff: str) -> None:
    """Agree to a code that another operator made; it is good from now on."""
    member = _known(city, staff)
    waiting = _waiting(city, staff)
    if waiting is None or waiting.until <= city.now:
        raise NotFound(f"No code waits for {staff}.", f"{staff}: 승인을 기다리는 코드가 없습니다.")
    if waiting.given_by == city.caller.id:
        raise Refused(
            "You made this code: another operator has to agree.",
            "본인이 만든 코드입니다. 다른 운영자가 승인해야 합니다.",
        )
    city.hub.save(
        msgspec.structs.replace(waiting, waits=False, until=city.now + GOOD_FOR),
    )
    _tell_operators(
        city, member, Text("A code for staff was agreed to", "직원의 기기 코드가 승인되었습니다")
    )


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


def _is_asked(city: CityOf, member: StaffMember) -> bool:
    """Return whether this is an operator who has been in, and so is asked about others."""
    return member.role == "operator" and (member.been_in or bool(keys_of(city, member.id)))


def _waiting(city: CityOf, staff: str) -> Enrolment | None:
    codes = city.runtime.state.with_value(Enrolment.__name__, "person", staff) or ()
    views = (record.view for record in codes)
    return next((one for one in views if isinstance(one, Enrolment) and one.waits), None)


def _tell_operators(city: CityOf, member: StaffMember, title: Text) -> None:
    said = Text(
        f"{member.id} ({member.role}), by {city.caller.id}.",
        f"{member.id} ({member.role}), 처리한 사람: {city.caller.id}",
    )
    for one in _operators(city):
        if one.id not in (city.caller.id, member.id):
            city.tell(one.id, title, said)


def _shown(city: CityOf, member: StaffMember) -> StaffView:
    waiting = _waiting(city, member.id)
    return StaffView(
        member.id, member.name, member.role, member.entered_by, member.entered_at, member.until,
        member.ended_at, stands(member, city.now), len(keys_of(city, member.id)),
        None if waiting is None else waiting.given_by,
    )  # fmt: skip


_BY_OPERATOR = (
    Text("An operator made a code for a device", "운영자가 기기 등록 코드를 만들었습니다"),
    Text(
        "Whoever has it can sign in for you. Did you not ask for it? Tell the city's operators.",
        "이 코드로 로그인 기기를 등록할 수 있습니다. 요청하지 않았다면 운영자에게 알려 주세요.",
    ),
)
