"""Beginning: a code that a counter, or an operator, gives to whom it knows makes the first key.

And beginning anew, once a phone is lost: what was on it is ended before there is a new code.
"""

from datetime import timedelta

import msgspec

from hapgang.core.errors import Refused
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.identity import CredentialGrant, CredentialOffer
from hapgang.core.vocabulary.sessions import (
    CodeHash,
    Enrolment,
    Label,
    RecoveryCode,
    Session,
    SignInAttempt,
    StaffMember,
)
from hapgang.ledger.identity.passkeys import Site
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.attempts import remove, remove_all
from hapgang.runtime.platform.identity.credentials import revoke_all
from hapgang.runtime.platform.identity.members import check_resident
from hapgang.runtime.platform.identity.passkeys import Answer, add_key, begin_with, keys_of
from hapgang.runtime.platform.identity.sessions import end_all, sessions_of
from hapgang.runtime.platform.money.orders import stop_for
from hapgang.runtime.platform.money.spending import peek

GOOD_FOR = timedelta(minutes=15)
WAITS_FOR = timedelta(days=1)  # for another operator: assumption, the next shift
WAYS_BACK = (Enrolment, RecoveryCode, SignInAttempt)  # by which somebody could make a key
_BY_COUNTER = (
    Text("A counter gave a code for a device", "창구에서 기기 등록 코드를 발급했습니다"),
    Text(
        "Whoever has it can sign in for you. Were you not there? Tell the city office.",
        "이 코드로 로그인 기기를 등록할 수 있습니다. 창구에 간 적이 없다면 알려 주세요.",
    ),
)
_LOST = "분실 신고 · reported as lost"


def enrol(city: CityOf, *, person: str, code: CodeHash, lost: bool = False) -> Enrolment:
    """Keep a code by which somebody whom a counter has seen makes a key; earlier ones end.

    lost: what is on the phone that they lost is ended first.
    """
    check_resident(city, person)
    return give_code(city, person, code, lost=lost, told=_BY_COUNTER)


def give_code(
    city: CityOf,
    person: str,
    code: CodeHash,
    *,
    lost: bool,
    told: tuple[Text, Text],
    waits: bool = False,
) -> Enrolment:
    """Keep a code by which somebody makes a key, and tell them; earlier ones end.

    waits: it is good for nothing before another operator agrees.
    """
    if lost:
        report_lost(city, person)
    remove_all(city, person, Enrolment)
    given = Enrolment(
        id=urn(Enrolment.__name__, code),
        person=person,
        given_by=city.caller.id,
        until=city.now + (WAITS_FOR if waits else GOOD_FOR),
        waits=waits,
    )
    city.hub.save(given)
    city.tell(person, *told)
    return given


def enrolled(city: CityOf, *, code: CodeHash) -> str:
    """Return whom a counter's code is for; `Refused` for one that is none, or over."""
    found = peek(city, Enrolment, urn(Enrolment.__name__, code))
    if found is None or found.until <= city.now:
        raise wrong_code()
    if found.waits:
        raise Refused(
            "Another operator has to agree first, under “Staff and offices”; then try again.",
            "다른 운영자가 먼저 ‘직원과 기관’에서 승인해야 합니다. 그 뒤에 다시 해 주세요.",
        )
    return found.person


def enrol_key(
    city: CityOf, *, site: Site, code: CodeHash, attempt: str, answer: Answer, label: Label
) -> Session:
    """Make the key of whom a counter gave a code, use the code up, and sign them in."""
    person = enrolled(city, code=code)
    key = add_key(city, person=person, site=site, attempt=attempt, answer=answer, label=label)
    remove(city, urn(Enrolment.__name__, code))
    member = peek(city, StaffMember, person)
    if member is not None and not member.been_in:
        city.hub.save(msgspec.structs.replace(member, been_in=True))
    return begin_with(city, key, "enrolment")


def report_my_loss(city: CityOf) -> None:
    """End what is on a device that the caller lost: sessions and keys, but for the one used here.

    Credentials are revoked, and no money goes out of the wallet any more.
    """
    report_lost(city, city.caller.id)


def report_lost(city: CityOf, person: str) -> None:
    """End what may be on a phone that somebody lost, but for the session that says so.

    Recovery codes may have been made on it, or photographed with it.
    """
    here = peek(city, Session, city.caller.session or "")
    end_all(city, [one for one in sessions_of(city, person) if here is None or one.id != here.id])
    for key in keys_of(city, person):
        if here is None or key.id != here.key:
            remove(city, key.id)
    remove_all(city, person, *WAYS_BACK, CredentialOffer, CredentialGrant)
    revoke_all(city, person)
    stop_for(city, person, _LOST)
    city.tell(
        person,
        Text("A lost device was reported", "기기 분실이 접수되었습니다"),
        Text(
            "It signs in no more, its credentials are revoked, and payments are stopped. Printed"
            " recovery codes are good no more: make new ones.",
            "그 기기의 로그인과 증명서를 막고 출금을 정지했습니다. 인쇄해 둔 복구 코드도 쓸 수"
            " 없으니 새로 만드세요.",
        ),
    )


def wrong_code() -> Refused:
    """Return the error of a code that is none, is over, or was used."""
    return Refused(
        "This code is not right, or no longer good. Ask for a new one where you got it.",
        "코드가 맞지 않거나 시간이 지났습니다. 코드를 준 곳에서 새로 받으세요.",
    )
