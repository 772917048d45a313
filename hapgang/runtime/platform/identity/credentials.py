"""Credentials: what they say, when they are issued, and whether they still stand.

They are made of the register and of what was attested, never of what a client sends. Signing is
`app/identity`'s, after what is here was decided.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, NotFound, Refused
from hapgang.core.ids import new_urn, urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.identity import (
    CredentialGrant,
    CredentialKind,
    CredentialState,
    Hash,
    IssuedCredential,
    Said,
    UsedNonce,
)
from hapgang.ledger.identity import status
from hapgang.ledger.identity.credentials import KINDS, age_claims
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.found import (
    attested_of,
    grant_with,
    issued_to,
    registration_of,
)
from hapgang.runtime.platform.identity.held import is_here, still_stands
from hapgang.runtime.platform.identity.lists import give_place, list_of, set_status
from hapgang.runtime.platform.money.spending import peek, today

MOST_VALID = 20  # credentials of a kind that one person may have at a time
OF_REGISTER = ("residency", "age")
_STATUS: dict[str, int] = {
    "valid": status.VALID, "suspended": status.SUSPENDED, "revoked": status.INVALID,
}  # fmt: skip
_changed = msgspec.structs.replace
Why = Annotated[str, Meta(min_length=1, max_length=300)]
_TITLES: dict[CredentialState, Text] = {
    "valid": Text("A credential holds again", "증명서의 효력이 되살아났습니다"),
    "suspended": Text("A credential was suspended", "증명서의 효력이 정지되었습니다"),
    "revoked": Text("A credential was revoked", "증명서가 취소되었습니다"),
}


class Claims(msgspec.Struct, frozen=True):
    """What a credential is to say, and until when at most."""

    said: Said
    until: datetime  # the first instant at which it is over
    attested: str | None = None


class ToSign(msgspec.Struct, frozen=True):
    """What was decided of a credential that is to be signed now."""

    id: str
    kind: CredentialKind
    said: Said
    place: int
    address: str
    until: datetime


class MyCredential(msgspec.Struct, frozen=True):
    """A credential that was issued to somebody; what it says is in their wallet."""

    id: str
    kind: CredentialKind
    title: Text
    status: Literal["valid", "suspended", "revoked", "over"]
    can_resume: bool
    issued_at: datetime
    until: datetime
    attested: str | None
    fact: str | None  # of the last change, in the log
    status_list: int  # by these two it is found again in what a wallet holds
    status_place: int


def claims_of(city: CityOf, person: str, kind: str, attested: str | None) -> Claims:
    """Return what a credential of a kind says of somebody; `Refused` where nothing does.

    Its times are whole days, as all of that day have: of UTC, or of the city where a last day is.
    """
    day = today(city)
    latest = datetime.combine(city.now.astimezone(UTC), time(), UTC)
    latest += timedelta(days=KINDS[kind].days)
    if kind in OF_REGISTER:
        registered = registration_of(city, person)
        if registered is None or not is_here(registered, day):
            raise Refused(
                "The register does not have them: a counter of the city office writes them in.",
                "등록된 주민이 아닙니다. 민원 창구에서 등록하세요.",
            )
        if kind == "age":
            return Claims(age_claims(registered.born, day), latest)
        said = {
            "resident": True,
            "city": city.twin.title.en,
            "zone": registered.living_zone,
            "since": registered.since.isoformat(),
        }
        return Claims(said, latest)
    mine = [one for one in attested_of(city, person) if one.kind == kind and still_stands(one, day)]
    if attested is not None:
        mine = [one for one in mine if one.id == attested]
    if not mine:
        raise Refused(f"Nobody attests a {kind} to them now.", "현재 유효한 확인 내역이 없습니다.")
    newest = mine[-1]
    return Claims(newest.said, min(latest, _end_of(city, newest.until) or latest), newest.id)


def _end_of(city: CityOf, last: date | None) -> datetime | None:
    """Return when a last day is over here, as far as that can be written."""
    if last is None or last == date.max:
        return None
    zone = city.runtime.clock.zone
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def issue_to(
    city: CityOf,
    *,
    token: Hash,
    holders: tuple[str, ...],
    nonces: tuple[tuple[Hash, datetime], ...],
    drawn: tuple[int, ...],
    lists: str,
) -> list[ToSign]:
    """Decide what a wallet gets for its grant, which is used by it: all in one unit.

    holders: the did:key of each key. drawn: a chance of 64 bits for each, of who has a source of
    secrets. lists: how addresses of status lists begin.
    """
    grant = grant_with(city.runtime.state, token)
    if grant is None or grant.until <= city.now:
        raise Refused("This token is over or used.", "토큰이 끝났습니다.")
    claims = claims_of(city, grant.person, grant.kind, grant.attested)
    for name, until in nonces:
        city.hub.check_new(urn("UsedNonce", name))
        city.hub.save(UsedNonce(id=urn("UsedNonce", name), until=until))
    city.hub.delete(CredentialGrant, grant.id)
    check_room(city, grant.person, grant.kind, len(holders))
    made = []
    for holder, chance in zip(holders, drawn, strict=True):
        number, place = give_place(city, lists, chance)
        issued = IssuedCredential(
            id=new_urn("IssuedCredential", city.rng), person=grant.person, kind=grant.kind,
            attested=claims.attested, holder=holder, number=number, place=place,
            issued_at=city.now, until=claims.until,
        )  # fmt: skip
        city.hub.save(issued)
        address = list_of(city, number).address
        made.append(ToSign(issued.id, grant.kind, claims.said, place, address, claims.until))
    return made


def check_room(city: CityOf, person: str, kind: str, more: int = 1) -> None:
    """Raise `Conflict` where somebody has as many credentials of a kind as anybody needs."""
    valid = [
        one for one in issued_to(city, person)
        if one.kind == kind and one.state != "revoked" and city.now < one.until
    ]  # fmt: skip
    if len(valid) + more > MOST_VALID:
        raise Conflict(
            f"{MOST_VALID} of this kind are valid: revoke those of old phones.",
            f"같은 종류가 {MOST_VALID}개 있습니다. 쓰지 않는 것을 취소하세요.",
        )


def my_credentials(city: CityOf) -> list[MyCredential]:
    """Return what was issued to the caller, the newest first."""
    return [shown(city, one) for one in reversed(issued_to(city, city.caller.id))]


def shown(city: CityOf, issued: IssuedCredential) -> MyCredential:
    """Return a credential as its owner sees it."""
    is_over = issued.state != "revoked" and issued.until <= city.now
    can_resume = issued.state == "suspended" and issued.suspended_by == issued.person
    return MyCredential(
        issued.id, issued.kind, KINDS[issued.kind].title, "over" if is_over else issued.state,
        can_resume and not is_over, issued.issued_at, issued.until, issued.attested, issued.fact,
        issued.number, issued.place,
    )  # fmt: skip


def suspend(city: CityOf, *, credential: str) -> MyCredential:
    """Suspend a credential of the caller's, as long as they look for their phone."""
    return shown(city, change(city, _mine(city, credential), "suspended"))


def resume(city: CityOf, *, credential: str) -> MyCredential:
    """Let a credential hold again that the caller suspended."""
    mine = _mine(city, credential)
    if mine.state == "suspended" and mine.suspended_by != city.caller.id:
        raise Refused("An office suspended it; ask there.", "기관이 정지했습니다. 문의하세요.")
    return shown(city, change(city, mine, "valid"))


def revoke(city: CityOf, *, credential: str) -> MyCredential:
    """Revoke a credential of the caller's, for good."""
    return shown(city, change(city, _mine(city, credential), "revoked"))


def set_credential(
    city: CityOf, *, credential: str, status: CredentialState, reason: Why
) -> MyCredential:
    """Suspend, resume or revoke somebody's credential as an office, and tell them why."""
    found = peek(city, IssuedCredential, credential)
    if found is None:
        raise NotFound("There is no such credential.", "그런 증명서가 없습니다.")
    city.hub.log_read(found.person, "a credential's status", "kind, status")
    changed = change(city, found, status)
    if status == "suspended" and changed.suspended_by != city.caller.id:
        changed = _changed(changed, suspended_by=city.caller.id)  # theirs is the office's now
        city.hub.save(changed)
    title = KINDS[found.kind].title
    body = Text(f"{title.en}: {reason}", f"{title.ko}: {reason}")
    city.tell(found.person, _TITLES[status], body)
    return shown(city, changed)


def change(city: CityOf, issued: IssuedCredential, state: CredentialState) -> IssuedCredential:
    """Change whether a credential stands; the list and the log have it in the same unit."""
    if issued.state == state:
        return issued
    if issued.state == "revoked":
        raise Conflict("It was revoked, for good.", "이미 취소된 증명서입니다.")
    fact = set_status(city, issued.number, issued.place, _STATUS[state])
    by = city.caller.id if state == "suspended" else None
    changed = _changed(issued, state=state, suspended_by=by, fact=fact)
    city.hub.save(changed)
    return changed


def revoke_of_register(city: CityOf, person: str, why: Text) -> None:
    """Revoke what the register gave somebody."""
    _revoke(city, (one for one in issued_to(city, person) if one.attested is None), person, why)


def revoke_of(city: CityOf, person: str, attested: str, why: Text) -> None:
    """Revoke what was issued of an attestation."""
    _revoke(city, issued_to(city, attested, "attested"), person, why)


def revoke_all(city: CityOf, person: str, why: Text | None = None) -> int:
    """Revoke all that somebody has, as when their phone is gone; return how many there were."""
    return _revoke(city, issued_to(city, person), person, why)


def _revoke(city: CityOf, those: Iterable[IssuedCredential], person: str, why: Text | None) -> int:
    gone = [one for one in those if one.state != "revoked" and city.now < one.until]
    for one in gone:
        change(city, one, "revoked")
    if gone and why is not None:
        city.tell(person, _TITLES["revoked"], why)
    return len(gone)


def _mine(city: CityOf, credential: str) -> IssuedCredential:
    found = peek(city, IssuedCredential, credential)
    if found is None or found.person != city.caller.id:
        raise NotFound("You have no such credential.", "그런 증명서가 없습니다.")
    return found
