"""What others say of people: who may say what, until they take it back."""

import re
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.contract import Role
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.identity import Attested, AttestedKind, Said
from hapgang.core.vocabulary.people import Person
from hapgang.ledger.identity.credentials import KINDS
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.credentials import revoke_of
from hapgang.runtime.platform.identity.found import attested_of
from hapgang.runtime.platform.identity.held import still_stands
from hapgang.runtime.platform.identity.register import composed, follow
from hapgang.runtime.platform.money.spending import peek, today

# A delegation is attested by who notes who acts for whom, not at this door.
MAY_SAY: dict[Role, tuple[AttestedKind, ...]] = {
    Role.AGENCY: ("driving_licence", "disability"),
    Role.COMPANY: ("membership",),
    Role.TEACHER: ("nanodegree",),
}
MOST_OF_KIND = 20  # standing at a time, said by one of one person: nobody fills another's place
PURPOSE = "what was attested"
_WORD = re.compile(r"[\w-]{1,32}")  # of a licence's category: attributes are named by it
_ROLE = re.compile(r"[\w-]{1,64}")
_changed = msgspec.structs.replace


def attest(
    city: CityOf,
    *,
    person: Annotated[str, Meta(max_length=640)],
    kind: AttestedKind,
    said: Said,
    until: date | None = None,
) -> Attested:
    """Say of a person what the caller's office, company or school knows: claims of a kind."""
    if kind not in MAY_SAY.get(city.caller.role, ()):
        raise Refused(
            f"A {kind} is not the caller's to attest.", "이 자격을 확인해 줄 권한이 없습니다."
        )
    same = [
        one for one in attested_of(city, person)
        if one.kind == kind and one.by == city.caller.id and still_stands(one, today(city))
    ]  # fmt: skip
    if len(same) >= MOST_OF_KIND:
        raise Conflict(
            f"You said {MOST_OF_KIND} of this kind of them, which stand: take some back.",
            f"이미 {MOST_OF_KIND}건을 확인했습니다. 필요 없는 것을 취소하세요.",
        )
    said = {name: composed(value) for name, value in said.items()}
    if kind == "membership":
        said = {**said, "organisation": _own(said, organisation_of(city.caller.id))}
    return say(city, person, kind, said, until)


def say(city: CityOf, person: str, kind: AttestedKind, said: Said, until: date | None) -> Attested:
    """Keep what the caller says of a person, once their right to it was looked at."""
    _check(kind, said)
    if peek(city, Person, person) is None:
        raise NotFound(f"there is nobody {person}", f"{person}을(를) 찾을 수 없습니다")
    last = _last_day(kind, said, until)
    if last is not None and last < today(city):
        raise Invalid(f"{last} is over.", f"{last}: 이미 지난 날짜입니다.")
    attested = Attested(
        id=new_urn("Attested", city.rng), person=person, kind=kind, said=said,
        by=city.caller.id, at=city.now, until=last,
    )  # fmt: skip
    city.hub.save(attested)
    follow(city, person)
    title = KINDS[kind].title
    city.tell(
        person,
        Text("Something was attested to you", "자격이 확인되었습니다"),
        Text(f"{title.en}. You can have it issued to your wallet.",
             f"{title.ko}. 지갑에 증명서를 받을 수 있습니다."),
    )  # fmt: skip
    return attested


def my_attestations(city: CityOf) -> list[Attested]:
    """Return what was said of the caller, what was taken back included, the oldest first."""
    return attested_of(city, city.caller.id)


def made_attestations(city: CityOf) -> list[Attested]:
    """Return what the caller said of others and still stands; each look is noted for them."""
    made = attested_of(city, city.caller.id, "by")
    standing = [one for one in made if still_stands(one, today(city))][-500:]
    for one in standing:
        city.hub.log_read(one.person, PURPOSE, "*")
    return standing


def take_back(city: CityOf, *, attestation: str) -> Attested:
    """Take back what the caller said; credentials that were made of it are revoked."""
    found = peek(city, Attested, attestation)
    if found is None or found.by != city.caller.id:
        raise NotFound("You attested no such thing.", "본인이 확인한 내역이 아닙니다.")
    if found.kind == "delegation":
        raise Conflict("End the delegation itself.", "위임 자체를 끝내야 합니다.")
    return taken_back(city, found)


def taken_back(city: CityOf, attested: Attested) -> Attested:
    """Revoke an attestation, with what was issued of it; a repeat changes nothing."""
    if attested.revoked_at is not None:
        return attested
    gone = _changed(attested, revoked_at=city.now)
    city.hub.log_read(gone.person, PURPOSE, "*")
    city.hub.save(gone)
    title = KINDS[gone.kind].title
    why = Text(f"{title.en}: it no longer holds.", f"{title.ko}: 효력이 끝났습니다.")
    revoke_of(city, gone.person, gone.id, why)
    follow(city, gone.person)
    return gone


def organisation_of(caller: str) -> str:
    """Return an organisation's name as attributes have it: the last word of its id."""
    _, _, named = caller.removeprefix("urn:ngsi-ld:").partition(":")
    if not _ROLE.fullmatch(named):  # taxi.co is not to speak for taxi-co
        raise Invalid(
            f"{named} cannot name an organisation: have it entered with letters, digits, - and _.",
            f"{named}: 단체 이름으로 쓸 수 없습니다. 글자, 숫자, -, _로 된 이름으로 등록하세요.",
        )
    return named


def _own(said: Said, organisation: str) -> str:
    if said.get("organisation", organisation) != organisation:
        raise Refused("It is another's to say.", "본인 단체의 소속만 확인할 수 있습니다.")
    return organisation


def _check(kind: AttestedKind, said: Said) -> None:
    """Refuse what a credential of this kind does not say, and what attributes could not name."""
    KINDS[kind].check(said)
    words = said.get("categories", ()) if kind == "driving_licence" else ()
    names = [said["role"]] if kind == "membership" else []
    if not all(_WORD.fullmatch(each) for each in words) or not all(map(_ROLE.fullmatch, names)):
        raise Invalid(
            "Categories and roles have letters, digits, - and _.",
            "종류와 역할은 글자, 숫자, -, _로 씁니다.",
        )


def _last_day(kind: AttestedKind, said: Said, until: date | None) -> date | None:
    """Return until when it holds: a licence never longer than it says itself."""
    if kind != "driving_licence":
        return until
    itself = date.fromisoformat(said["valid_until"])
    return itself if until is None else min(until, itself)
