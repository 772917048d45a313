"""What the city keeps of somebody's identity, as the platform itself needs it: nobody looks."""

from hapgang.core.ids import urn
from hapgang.core.vocabulary.identity import (
    AskedQuestion,
    Attested,
    CredentialGrant,
    CredentialOffer,
    IssuedCredential,
    Registration,
)
from hapgang.hub.state import State
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import name_for, peek


def registration_of(city: CityOf, person: str) -> Registration | None:
    """Return what the register says of somebody, if anything."""
    return peek(city, Registration, name_for("Registration", person))


def registrations(city: CityOf, field: str, value: str) -> list[Registration]:
    """Return the registrations with a value, by person's id."""
    records = city.runtime.state.with_value("Registration", field, value) or ()
    found = [record.view for record in records if isinstance(record.view, Registration)]
    return sorted(found, key=lambda one: one.person)


def attested_of(city: CityOf, value: str, field: str = "person") -> list[Attested]:
    """Return what was said of somebody, or by somebody, the oldest first."""
    records = city.runtime.state.with_value("Attested", field, value) or ()
    found = [record.view for record in records if isinstance(record.view, Attested)]
    return sorted(found, key=lambda one: one.at)


def issued_to(city: CityOf, value: str, field: str = "person") -> list[IssuedCredential]:
    """Return what was issued to somebody, or of something, the oldest first."""
    records = city.runtime.state.with_value("IssuedCredential", field, value) or ()
    found = [record.view for record in records if isinstance(record.view, IssuedCredential)]
    return sorted(found, key=lambda one: one.issued_at)


def offer_with(state: State, code: str) -> CredentialOffer | None:
    """Return an offer by the hash of its code."""
    for record in state.with_value("CredentialOffer", "code", code) or ():
        if isinstance(record.view, CredentialOffer):
            return record.view
    return None


def grant_with(state: State, token: str) -> CredentialGrant | None:
    """Return a grant by the hash of its token."""
    for record in state.with_value("CredentialGrant", "token", token) or ():
        if isinstance(record.view, CredentialGrant):
            return record.view
    return None


def question_with(state: State, hashed: str) -> AskedQuestion | None:
    """Return a question by the hash of its state."""
    for record in state.with_value("AskedQuestion", "state", hashed) or ():
        if isinstance(record.view, AskedQuestion):
            return record.view
    return None


def question_named(state: State, handle: str) -> AskedQuestion | None:
    """Return a question by the name in its address."""
    record = state.get(urn("AskedQuestion", handle))
    view = None if record is None else record.view
    return view if isinstance(view, AskedQuestion) else None
