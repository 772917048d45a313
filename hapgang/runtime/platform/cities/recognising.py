"""Which other cities' logs count here: one office asks, another approves, either ends it."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.core.vocabulary.cities import (
    CityName,
    CityUrl,
    Contract,
    CurrencyAgreement,
    LogKey,
    LogOrigin,
    RecognisedCity,
)
from hapgang.hub.query import where
from hapgang.ledger.cities.proving import (
    check_same,
    continued,
    keys_of,
    proven,
    signed_checkpoint,
)
from hapgang.ledger.log.receipts import ConsistencyReceipt, Receipt
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.cities.found import (
    city_id,
    keys_in,
    known_city,
    own_origin,
    recognised,
)

RECOGNITION = "recognition"  # the kind of fact
MOST_CITIES = 500
Note = Annotated[str, Meta(min_length=10, max_length=20_000)]
LogKeys = Annotated[tuple[LogKey, ...], Meta(min_length=1, max_length=4)]
Growth = Annotated[tuple[ConsistencyReceipt, ...], Meta(max_length=8)]
Reason = Annotated[str, Meta(min_length=3, max_length=400)]
_changed = msgspec.structs.replace


class CityProof(msgspec.Struct, frozen=True):
    """What is proved of another city's log: believe this, and not what else came with a receipt."""

    city: str
    origin: str
    fact: dict[str, Any]
    index: int
    size: int
    root: str
    continues: bool  # whether it is shown to be the log that was seen before
    anchored: bool | None = None  # None: not asked, since nobody says where


def recognise_city(
    city: CityOf,
    *,
    title_en: CityName,
    title_ko: CityName,
    origin: LogOrigin,
    keys: LogKeys,
    checkpoint: Note,
    chain: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0,
    contract: Contract = "",
    needs_anchor: bool = False,
    url: CityUrl = "",
) -> RecognisedCity:
    """Ask that another city's log counts here; somebody else has to approve it.

    `checkpoint` is a signed note of its log: what comes later has to continue it. Where the city
    was known before, this takes the place of what was known.
    """
    if origin == own_origin(city):
        raise Invalid("This is the city's own log.", "이 도시 자신의 기록입니다.")
    if bool(chain) != bool(contract) or (needs_anchor and not contract):
        raise Invalid("An anchor has chain and contract.", "체인과 계약을 함께 적으세요.")
    signed_checkpoint(checkpoint, keys_of(keys, origin))
    known = city.hub.find(RecognisedCity, where.origin == origin)
    if known and known[0].state in ("asked", "recognised"):
        raise Conflict("This city is known; end that first.", "이미 등록된 도시입니다.")
    if city.hub.count(RecognisedCity) >= MOST_CITIES:
        raise Conflict(f"{MOST_CITIES} cities are known.", f"도시는 {MOST_CITIES}곳까지입니다.")
    asked = RecognisedCity(
        id=city_id(origin), title_en=title_en, title_ko=title_ko, origin=origin, keys=keys,
        chain=chain, contract=contract, needs_anchor=needs_anchor, url=url.rstrip("/"),
        checkpoint=checkpoint, asked_by=city.caller.id,
    )  # fmt: skip
    city.hub.save(asked)
    return asked


def approve_city(
    city: CityOf, *, city_name: str, keys: LogKeys, contract: Contract = ""
) -> RecognisedCity:
    """Approve what somebody else asked for: what that city signs counts from now on.

    keys, contract: what is approved; who asked may have asked anew since it was looked at.
    """
    found = known_city(city, city_name)
    if found.state != "asked":
        raise Conflict("Nobody asks for this now.", "승인을 기다리는 도시가 아닙니다.")
    if city.caller.id == found.asked_by:
        raise Refused("Somebody else has to approve this.", "다른 사람이 승인해야 합니다.")
    if (found.keys, found.contract) != (keys, contract):
        raise Conflict(
            "Other keys, or another contract, are asked for. Look at it again.",
            "요청된 키나 계약이 다릅니다. 다시 확인하세요.",
        )
    return _step(
        city,
        _changed(found, state="recognised", approved_by=city.caller.id, since=city.now),
        {"keys": list(found.keys), "chain": found.chain, "contract": found.contract},
    )


def end_city(city: CityOf, *, city_name: str, reason: Reason) -> RecognisedCity:
    """End a recognition, from this moment on; its agreements end with it."""
    found = known_city(city, city_name)
    if found.state == "ended":
        return found
    _end_agreements(city, found)
    ended = _changed(found, state="ended", ended_at=city.now, reason=reason)
    return _step(city, ended, {"reason": reason})


def recognised_cities(city: CityOf) -> list[RecognisedCity]:
    """Return the cities that are known here, by their names; those that ended, too."""
    found = city.hub.find(RecognisedCity, limit=MOST_CITIES)
    return sorted(found, key=lambda one: one.origin)


def prove(city: CityOf, *, city_name: str, receipt: Receipt, growth: Growth = ()) -> CityProof:
    """Return what a receipt of another city's log proves here."""
    known = recognised(city, city_name)
    found = proven(receipt, keys_in(known))
    newest = continued(known.checkpoint, found.note, growth, keys_in(known)) if growth else None
    is_same = check_same(known.checkpoint, found.note, keys_in(known))
    return CityProof(
        known.id, known.origin, found.fact, found.index, found.checkpoint.size,
        found.checkpoint.root.hex(), is_same or newest is not None,
    )  # fmt: skip


def note_growth(city: CityOf, *, city_name: str, growth: ConsistencyReceipt) -> None:
    """Remember how a city's log grew since it was seen last; for the platform."""
    known = recognised(city, city_name)
    keys = keys_in(known)
    saw(city, known, continued(known.checkpoint, growth.newer, [growth], keys))


def note_fork(city: CityOf, *, city_name: str, first: Note, second: Note) -> RecognisedCity:
    """Stop believing a city that signed two logs; for the platform, with the evidence."""
    found = known_city(city, city_name)
    one, other = (signed_checkpoint(note, keys_in(found)) for note in (first, second))
    if one.size != other.size or one.root == other.root or found.state != "recognised":
        return found
    forked = _changed(
        found, state="forked", ended_at=city.now, evidence=(first, second),
        reason=f"two logs of {one.size} facts",
    )  # fmt: skip
    return _step(city, forked, {"first": first, "second": second})


def saw(city: CityOf, known: RecognisedCity, note: str) -> None:
    """Remember a checkpoint that continues what was seen, where it is a later one."""
    keys = keys_in(known)
    if signed_checkpoint(note, keys).size > signed_checkpoint(known.checkpoint, keys).size:
        city.hub.save(_changed(known, checkpoint=note))


def _end_agreements(city: CityOf, known: RecognisedCity) -> None:
    for each in city.hub.find(CurrencyAgreement, where.city == known.id):
        if each.state != "ended":
            city.hub.save(_changed(each, state="ended", ended_at=city.now))


def _step(city: CityOf, known: RecognisedCity, more: dict[str, Any]) -> RecognisedCity:
    """Save it, and let the log have it."""
    city.hub.save(known)
    body = {"city": known.origin, "step": known.state, "by": city.caller.id, **more}
    city.ledger.record(RECOGNITION, f"{known.id}@{city.unit.seq}", body)
    return known
