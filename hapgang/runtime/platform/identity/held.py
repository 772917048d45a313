"""What somebody holds: attributes that the register and attestations give them now.

`resident`, `age.N`, `licence.CATEGORY`, `disability` and `member.ORGANISATION.ROLE`
(docs/decisions/0022-a-session-is-looked-at-each-time.md).
"""

from collections.abc import Iterable
from datetime import date, datetime

from hapgang.core.vocabulary.identity import Attested, Registration
from hapgang.hub.state import State
from hapgang.ledger.identity.credentials import AGES, age_on

RESIDENT, DISABILITY = "resident", "disability"


def attributes_in(state: State, person: str, now: datetime) -> frozenset[str]:
    """Return what a person holds, as the platform itself needs it: nobody looks at them.

    now: in the city's zone, where it matters on which day somebody comes of age.
    """
    registrations = [
        record.view
        for record in state.with_value("Registration", "person", person) or ()
        if isinstance(record.view, Registration)
    ]
    attested = [
        record.view
        for record in state.with_value("Attested", "person", person) or ()
        if isinstance(record.view, Attested)
    ]
    return frozenset(_held(registrations, attested, now.date()))


def is_here(registration: Registration, day: date) -> bool:
    """Return whether somebody lives here on a day, as far as the register goes."""
    left = registration.left
    return registration.since <= day and (left is None or day < left)


def still_stands(attested: Attested, day: date) -> bool:
    """Return whether what was said of somebody holds on a day."""
    return attested.revoked_at is None and (attested.until is None or day <= attested.until)


def _held(
    registrations: Iterable[Registration], attested: Iterable[Attested], day: date
) -> Iterable[str]:
    for registration in registrations:
        if is_here(registration, day):
            yield RESIDENT
            years = age_on(registration.born, day)
            yield from (f"age.{age}" for age in AGES if years >= age)
    for each in attested:
        if still_stands(each, day):
            yield from _said(each)


def _said(attested: Attested) -> Iterable[str]:
    said = attested.said
    match attested.kind:
        case "driving_licence":
            return [f"licence.{category}" for category in said["categories"]]
        case "disability":
            return [DISABILITY]
        case "membership":
            return [f"member.{said['organisation']}.{said['role']}"]
        case _:
            return []  # what was learned and who acts for whom opens no door by itself
