"""What the register and credentials own, and what they do by themselves."""

from datetime import timedelta

from hapgang.contract import Schedule
from hapgang.core.entity import Entity
from hapgang.core.vocabulary.identity import (
    AskedQuestion,
    Attested,
    CredentialGrant,
    CredentialOffer,
    CredentialStatusList,
    CredentialStatusPage,
    IssuedCredential,
    Registration,
    UsedNonce,
)
from hapgang.runtime.platform.identity.register import follow_days
from hapgang.runtime.platform.identity.tidying import tidy_identity

REGISTER_OWNED: tuple[type[Entity], ...] = (
    AskedQuestion, Attested, CredentialGrant, CredentialOffer, CredentialStatusList,
    CredentialStatusPage, IssuedCredential, Registration, UsedNonce,
)  # fmt: skip
REGISTER_SCHEDULES = (
    Schedule(every=timedelta(minutes=10), action=tidy_identity),
    Schedule(every=timedelta(hours=6), action=follow_days),
)
