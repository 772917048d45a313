"""Whose credentials count here: a recognised city, for some kinds, as long as two offices say so.

Nothing of it makes anybody a resident: that somebody lives here only this city's register says.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, NotFound, Refused
from hapgang.core.ids import urn
from hapgang.core.vocabulary.cities import EntrustedKind, IssuerDid, RecognisedCity, TrustedIssuer
from hapgang.hub.query import where
from hapgang.hub.record import Record
from hapgang.hub.state import State
from hapgang.ledger.identity.did import web_address
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.cities.found import known_city, recognised
from hapgang.runtime.platform.cities.recognising import MOST_CITIES, Reason
from hapgang.runtime.platform.money.spending import peek

TRUST = "issuer_trust"  # the kind of fact
EntrustedKinds = Annotated[tuple[EntrustedKind, ...], Meta(min_length=1, max_length=5)]
_changed = msgspec.structs.replace


def entrust_city(
    city: CityOf, *, city_name: str, did: IssuerDid, kinds: EntrustedKinds
) -> TrustedIssuer:
    """Ask that a recognised city's credentials of some kinds count; somebody else approves it.

    did: the did:web that it issues by, which came from there by a way that can be relied on.
    """
    known = recognised(city, city_name)
    web_address(did)
    before = _of(city, known)
    if before is not None and before.state != "ended" and before.recognition == known.since:
        raise Conflict("Its credentials are known; end that first.", "이미 등록되어 있습니다.")
    others = city.hub.find(TrustedIssuer, where.did == did)
    if any(one.city != known.id and one.state != "ended" for one in others):
        raise Conflict("Another city issues by this name.", "다른 도시가 쓰는 이름입니다.")
    assert known.since is not None
    asked = TrustedIssuer(
        id=_id_of(known), city=known.id, did=did, kinds=tuple(dict.fromkeys(kinds)),
        recognition=known.since, asked_by=city.caller.id,
    )  # fmt: skip
    city.hub.save(asked)
    return asked


def approve_issuer(
    city: CityOf, *, city_name: str, did: IssuerDid, kinds: EntrustedKinds
) -> TrustedIssuer:
    """Approve what somebody else asked for: what that city issued counts from now on.

    did, kinds: what is approved; who asked may have asked anew since it was looked at.
    """
    known = recognised(city, city_name)
    found = _found(city, known)
    if found.state != "asked" or found.recognition != known.since:
        raise Conflict("Nobody asks for this now.", "승인을 기다리는 것이 없습니다.")
    if city.caller.id == found.asked_by:
        raise Refused("Somebody else has to approve this.", "다른 사람이 승인해야 합니다.")
    if found.did != did or set(found.kinds) != set(kinds):
        raise Conflict(
            "Another issuer, or other kinds, are asked for. Look at it again.",
            "요청된 발급자나 종류가 다릅니다. 다시 확인하세요.",
        )
    trusted = _changed(found, state="trusted", approved_by=city.caller.id, since=city.now)
    return _step(city, known, trusted, {"did": found.did, "kinds": list(found.kinds)})


def end_issuer(city: CityOf, *, city_name: str, reason: Reason) -> TrustedIssuer:
    """Believe a city's credentials no more, from this moment on; what was shown counts no more."""
    known = known_city(city, city_name)
    found = _found(city, known)
    if found.state == "ended":
        return found
    ended = _changed(found, state="ended", ended_at=city.now, reason=reason)
    return _step(city, known, ended, {"reason": reason})


def trusted_issuers(city: CityOf) -> list[TrustedIssuer]:
    """Return whose credentials count here, or did, and of which kinds, by their names."""
    return sorted(city.hub.find(TrustedIssuer, limit=MOST_CITIES), key=lambda one: one.did)


def trusted_now(state: State) -> Iterator[TrustedIssuer]:
    """Yield the issuers that are believed now, by their ids."""
    found = [record.id for record in state.with_value("TrustedIssuer", "state", "trusted") or ()]
    for name in sorted(found):
        issuer, _ = standing(state, name)
        if issuer is not None:
            yield issuer


def standing(
    state: State, name: str
) -> tuple[TrustedIssuer | None, tuple[tuple[str, Record | None], ...]]:
    """Return an issuer if it is believed now, and what that rests on: it, and its recognition."""
    record = state.get(name)
    issuer = None if record is None else record.view
    if not isinstance(issuer, TrustedIssuer):
        return None, ((name, record),)
    known = state.get(issuer.city)
    rests_on = ((name, record), (issuer.city, known))
    other = None if known is None else known.view
    if not isinstance(other, RecognisedCity) or issuer.state != "trusted":
        return None, rests_on
    stands = other.state == "recognised" and other.since == issuer.recognition
    return (issuer if stands else None), rests_on


def _id_of(known: RecognisedCity) -> str:
    return urn("TrustedIssuer", known.origin.replace("/", ":"))


def _of(city: CityOf, known: RecognisedCity) -> TrustedIssuer | None:
    return peek(city, TrustedIssuer, _id_of(known))


def _found(city: CityOf, known: RecognisedCity) -> TrustedIssuer:
    found = _of(city, known)
    if found is None:
        raise NotFound("Nobody asked for this.", "그런 등록이 없습니다.")
    return found


def _step(
    city: CityOf, known: RecognisedCity, issuer: TrustedIssuer, more: dict[str, Any]
) -> TrustedIssuer:
    """Save it, and let the log have it."""
    city.hub.save(issuer)
    body = {"city": known.origin, "step": issuer.state, "by": city.caller.id, **more}
    city.ledger.record(TRUST, f"{issuer.id}@{city.unit.seq}", body)
    return issuer
