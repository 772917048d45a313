"""What the register and credentials own, and what they do by themselves."""

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

REGISTER_OWNED = (
    AskedQuestion, Attested, CredentialGrant, CredentialOffer, CredentialStatusList,
    CredentialStatusPage, IssuedCredential, Registration, UsedNonce,
)  # fmt: skip
