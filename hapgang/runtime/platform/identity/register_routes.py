"""The doors of the register, of attestations and of what was issued; those that draw codes or sign
are in `app/identity`.
"""

from hapgang.contract import ANYONE, Role, Route
from hapgang.runtime.platform.identity import (
    attestations,
    credentials,
    offers,
    questions,
    register,
)

_AGENCY = (Role.AGENCY,)
_PEOPLE = (Role.RESIDENT, Role.VISITOR)
_MAKERS = (Role.AGENCY, Role.COMPANY, Role.TEACHER)
_SIGNED_IN = tuple(role for role in ANYONE if role is not Role.ANONYMOUS)

REGISTER_ROUTES = (
    # A name is no part of an address: what is in between writes addresses down.
    Route.post("/register/search", register.find_registered, allow=_AGENCY),
    Route.post("/register", register.register, allow=_AGENCY),
    Route.post("/register/{person}/leave", register.leave, allow=_AGENCY),
    Route.get("/register/{person}/credentials", offers.credentials_of, allow=_AGENCY),
    Route.get("/me/registration", register.my_registration, allow=_PEOPLE, is_own=True),
    Route.get("/attestations", attestations.made_attestations, allow=_MAKERS),
    Route.post("/attestations", attestations.attest, allow=_MAKERS),
    Route(
        method="DELETE", path="/attestations/{attestation}", action=attestations.take_back,
        allow=_MAKERS,
    ),
    Route.get("/me/attestations", attestations.my_attestations, allow=_PEOPLE, is_own=True),
    Route.get("/me/credentials", credentials.my_credentials, allow=_PEOPLE, is_own=True),
    Route.post(
        "/me/credentials/{credential}/suspend", credentials.suspend, allow=_PEOPLE, is_own=True
    ),
    Route.post(
        "/me/credentials/{credential}/resume", credentials.resume, allow=_PEOPLE, is_own=True
    ),
    Route.post(
        "/me/credentials/{credential}/revoke", credentials.revoke, allow=_PEOPLE, is_own=True
    ),
    Route.post("/credentials/{credential}/status", credentials.set_credential, allow=_AGENCY),
    Route.get("/questions/{question}", questions.get_question, allow=_SIGNED_IN, is_own=True),
)  # fmt: skip
