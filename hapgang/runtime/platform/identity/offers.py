"""Offers of credentials, and the grants that wallets redeem them for: as hashes, for minutes."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import NotFound
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.identity import (
    CredentialGrant,
    CredentialKind,
    CredentialOffer,
    Hash,
)
from hapgang.core.vocabulary.people import Person
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.credentials import (
    MyCredential,
    check_room,
    claims_of,
    shown,
)
from hapgang.runtime.platform.identity.found import issued_to
from hapgang.runtime.platform.money.spending import peek

MOST_OPEN = 5  # offers to one person; the oldest makes room
PURPOSE = "issuing a credential"
Tries = Annotated[int, Meta(ge=1, le=10)]
Whose = Annotated[str, Meta(max_length=640)]


def offer_to_me(
    city: CityOf,
    *,
    kind: CredentialKind,
    code: Hash,
    pin: Hash,
    tries: Tries,
    until: datetime,
    attested: str | None = None,
) -> CredentialOffer:
    """Offer the caller a credential of what the city knows of them."""
    return _offer(city, city.caller.id, kind, attested, code, pin, tries, until)


def offer_at_counter(
    city: CityOf,
    *,
    person: Whose,
    kind: CredentialKind,
    code: Hash,
    pin: Hash,
    tries: Tries,
    until: datetime,
    attested: str | None = None,
) -> CredentialOffer:
    """Offer a credential to somebody who stands at the counter."""
    if peek(city, Person, person) is None:
        raise NotFound(f"there is nobody {person}", f"{person}을(를) 찾을 수 없습니다")
    city.hub.log_read(person, PURPOSE, kind)
    offered = _offer(city, person, kind, attested, code, pin, tries, until)
    city.tell(
        person,
        Text("The counter offered you a credential", "창구에서 증명서를 제안했습니다"),
        Text("If you are not at a counter now, report it.", "창구에 계시지 않다면 신고해 주세요."),
    )
    return offered


def credentials_of(city: CityOf, *, person: Whose) -> list[MyCredential]:
    """Return what was issued to somebody, the newest first, to an office; the look is noted."""
    city.hub.log_read(person, "credentials' status", "kind, status")
    return [shown(city, one) for one in reversed(issued_to(city, person))]


def note_tried(city: CityOf, *, offer: str, tries: int) -> None:
    """Keep that a wrong code was tried; at none left, the offer is gone."""
    found = peek(city, CredentialOffer, offer)
    assert found is not None
    if tries > 0:
        city.hub.save(msgspec.structs.replace(found, tries=tries))
    else:
        city.hub.delete(CredentialOffer, offer)


def grant(city: CityOf, *, offer: str, token: Hash, until: datetime) -> CredentialGrant:
    """Take an offer, which is used by it; the wallet has a token for what was offered."""
    found = peek(city, CredentialOffer, offer)
    assert found is not None
    city.hub.delete(CredentialOffer, offer)
    given = CredentialGrant(
        id=new_urn("CredentialGrant", city.rng), person=found.person, kind=found.kind,
        attested=found.attested, token=token, until=until,
    )  # fmt: skip
    city.hub.save(given)
    return given


def _offer(
    city: CityOf,
    person: str,
    kind: CredentialKind,
    attested: str | None,
    code: str,
    pin: str,
    tries: int,
    until: datetime,
) -> CredentialOffer:
    claims = claims_of(city, person, kind, attested)
    check_room(city, person, kind)
    records = city.runtime.state.with_value("CredentialOffer", "person", person) or ()
    views = (record.view for record in records)
    mine = sorted(
        (one for one in views if isinstance(one, CredentialOffer)), key=lambda one: one.until
    )
    for old in mine[: max(0, len(mine) + 1 - MOST_OPEN)]:
        city.hub.delete(CredentialOffer, old.id)
    offered = CredentialOffer(
        id=new_urn("CredentialOffer", city.rng), person=person, kind=kind,
        attested=claims.attested, code=code, pin=pin, tries=tries, until=until,
    )  # fmt: skip
    city.hub.save(offered)
    return offered
