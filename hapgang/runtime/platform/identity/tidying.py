"""What goes by itself: offers, grants, nonces and questions that are over, and old credentials."""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from hapgang.core.entity import Entity
from hapgang.core.vocabulary.identity import (
    AskedQuestion,
    CredentialGrant,
    CredentialOffer,
    IssuedCredential,
    UsedNonce,
)
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.questions import is_over

E = TypeVar("E", bound=Entity)
SHOWN_AFTER = timedelta(days=30)  # that a credential was over: its owner may wonder
_AT_ONCE = 5_000  # of a type, 700,000 on a day; the rest goes the next time


def tidy_identity(city: CityOf) -> None:
    """Delete what nobody can use any more; close credentials that are long over."""
    now = city.now
    for offer in _some(city, CredentialOffer, lambda one: one.until <= now):
        city.hub.delete(CredentialOffer, offer.id)
    for grant in _some(city, CredentialGrant, lambda one: one.until <= now):
        city.hub.delete(CredentialGrant, grant.id)
    for nonce in _some(city, UsedNonce, lambda one: one.until <= now):
        city.hub.delete(UsedNonce, nonce.id)
    for asked in _some(city, AskedQuestion, lambda one: is_over(one, now)):
        city.hub.delete(AskedQuestion, asked.id)
    for issued in _some(city, IssuedCredential, lambda one: one.until + SHOWN_AFTER <= now):
        city.hub.close(issued)


def _some(city: CityOf, view: type[E], test: Callable[[E], bool]) -> list[E]:
    """Return some entities of a type that pass a test; nobody looks at a person."""
    records = city.runtime.state.each(view.__name__)
    found = (record.view for record in records if isinstance(record.view, view))
    return list(islice((one for one in found if test(one)), _AT_ONCE))
