"""Agreements on each other's currency: asked by one office, approved by another, signed by both.

The text is the same in both cities, and so is the agreement's id, which is made of it. It comes
into force in a city when both signatures are there; the signature of the city's own log is given
with the second office's approval.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec

from hapgang.core.clock import Instant
from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.core.ids import urn
from hapgang.core.vocabulary.cities import CurrencyAgreement, RecognisedCity
from hapgang.hub.query import where
from hapgang.ledger.cities.terms import Terms, Won, read, signers, terms_in, text_of
from hapgang.ledger.log.note import Note, VerifierKey, parse_note
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.cities.found import (
    agreement_of,
    clearing,
    keys_in,
    known_city,
    own_origin,
    recognised,
)
from hapgang.runtime.platform.cities.recognising import Note as NoteText

AGREEMENT = "currency-agreement"  # the kind of fact
LONGEST = timedelta(days=1_100)
_changed = msgspec.structs.replace


def propose_agreement(
    city: CityOf,
    *,
    city_name: str,
    day_won: Won,
    outstanding_won: Won,
    until: Instant,
    since: Instant | None = None,
) -> CurrencyAgreement:
    """Ask for an agreement with a recognised city; somebody else has to approve it."""
    other = recognised(city, city_name)
    between = tuple(sorted((own_origin(city), other.origin)))
    begins = (since or city.now).replace(microsecond=0)
    terms = Terms(
        (between[0], between[1]), day_won, outstanding_won, begins, until.replace(microsecond=0)
    )
    return _asked(city, other, terms, text_of(terms) + "\n")


def take_up_agreement(city: CityOf, *, note: NoteText) -> CurrencyAgreement:
    """Ask for the agreement that another city signed and sent; somebody else has to approve it."""
    signed, terms = read(note)
    if own_origin(city) not in terms.between:
        raise Invalid("This agreement is of other cities.", "다른 도시들의 협약입니다.")
    other = recognised(city, terms.other(own_origin(city)))
    if other.origin not in signers(signed, keys_in(other)):
        raise Invalid(
            f"{other.title_en} did not sign this.", f"{other.title_ko}의 서명이 없습니다."
        )
    return _asked(city, other, terms, note)


def agreement_text(city: CityOf, *, agreement: str) -> str:
    """Return what the city's log is to sign, where the caller may let it; before `approve`."""
    found = agreement_of(city, agreement)
    if found.state != "asked":
        raise Conflict("Nobody asks for this now.", "승인을 기다리는 협약이 아닙니다.")
    if city.caller.id == found.asked_by:
        raise Refused("Somebody else has to approve this.", "다른 사람이 승인해야 합니다.")
    recognised(city, found.city)
    return found.note.rpartition("\n\n")[0] + "\n" if "\n\n" in found.note else found.note[:-1]


def approve_agreement(
    city: CityOf, *, agreement: str, note: NoteText, own_key: str
) -> CurrencyAgreement:
    """Keep the city's own signature; with the other's it comes into force."""
    agreement_text(city, agreement=agreement)  # whoever may not is refused
    found = _changed(agreement_of(city, agreement), approved_by=city.caller.id, state="signed")
    return _with(city, found, parse_note(note), own_key)


def countersign_agreement(
    city: CityOf, *, agreement: str, note: NoteText, own_key: str
) -> CurrencyAgreement:
    """Take in the other city's signature under what this one has signed."""
    found = agreement_of(city, agreement)
    if found.state not in ("signed", "in force"):
        raise Conflict("This city has not signed it.", "이 도시가 아직 서명하지 않았습니다.")
    signed = parse_note(note)
    if signed.text != parse_note(found.note).text:
        raise Invalid("This is another agreement.", "다른 협약입니다.")
    other = recognised(city, found.city)
    if other.origin not in signers(signed, keys_in(other)):
        raise Invalid(
            f"{other.title_en} did not sign this.", f"{other.title_ko}의 서명이 없습니다."
        )
    return _with(city, found, signed, own_key)


def end_agreement(city: CityOf, *, agreement: str) -> CurrencyAgreement:
    """End an agreement from this moment on; what is owed stays owed."""
    found = agreement_of(city, agreement)
    if found.state != "ended":
        found = _changed(found, state="ended", ended_at=city.now)
        city.hub.save(found)
        _record(city, found, known_city(city, found.city), {})
    return found


def currency_agreements(city: CityOf) -> list[CurrencyAgreement]:
    """Return all agreements, those that ended, too."""
    return city.hub.find(CurrencyAgreement, limit=1_000)


def _asked(city: CityOf, other: RecognisedCity, terms: Terms, note: str) -> CurrencyAgreement:
    if not city.now < terms.until <= city.now + LONGEST:
        raise Invalid("It ends within three years.", "3년 안의 종료 시각을 정하세요.")
    name = urn("CurrencyAgreement", sha256(text_of(terms).encode()).hexdigest()[:32])
    if city.runtime.state.get(name) is not None:
        raise Conflict("This agreement is known.", "이미 있는 협약입니다.")
    open_ones = [
        one for one in city.hub.find(CurrencyAgreement, where.city == other.id)
        if one.state != "ended" and one.until > city.now
    ]  # fmt: skip
    if open_ones:
        raise Conflict("End the agreement that there is first.", "기존 협약을 먼저 끝내세요.")
    asked = CurrencyAgreement(
        id=name, city=other.id, note=note, day_won=terms.day_won,
        outstanding_won=terms.outstanding_won, begins_at=terms.since, until=terms.until,
        asked_by=city.caller.id,
    )  # fmt: skip
    city.hub.save(asked)
    return asked


def _with(city: CityOf, found: CurrencyAgreement, more: Note, own_key: str) -> CurrencyAgreement:
    """Add signatures; with both cities' it is in force, and the account of the two is open."""
    other = recognised(city, found.city)
    kept = _note_in(found.note)
    whole = Note(kept.text, kept.signatures).plus(*more.signatures)
    keys = (VerifierKey.parse(own_key), *keys_in(other))
    whole = Note(whole.text, tuple(one for one in whole.signatures if _known(one.id, keys)))
    terms, who = terms_in(whole), signers(whole, keys)
    if own_origin(city) not in who:
        raise Invalid("This city did not sign it.", "이 도시의 서명이 없습니다.")
    is_whole = set(terms.between) <= who
    signed = _changed(found, note=whole.whole(), state="in force" if is_whole else "signed")
    if is_whole and found.state != "in force":
        city.ledger.open_account(clearing(other), "clearing", floor_won=-terms.outstanding_won)
        city.ledger.set_floor(clearing(other), -terms.outstanding_won)
        _record(city, signed, other, {"note": signed.note})
    city.hub.save(signed)
    return signed


def _note_in(text: str) -> Note:
    """Return an agreement's text with what signatures it has; none where it was only asked for."""
    return parse_note(text) if "\n\n\u2014 " in text else Note(text[:-1], ())


def _known(name: bytes, keys: tuple[VerifierKey, ...]) -> bool:
    return any(key.id() == name for key in keys)


def _record(
    city: CityOf, found: CurrencyAgreement, other: RecognisedCity, more: dict[str, Any]
) -> None:
    body = {"agreement": found.id, "with": other.origin, "step": found.state, **more}
    city.ledger.record(AGREEMENT, f"{found.id}@{found.state}", body)
