"""The platform's doors, and NGSI-LD's own paths, which `app` gives the standard's form."""

from hapgang.contract import ANYONE, Role, Route
from hapgang.runtime.platform.cities.routes import CITIES_ROUTES
from hapgang.runtime.platform.collection.routes import COLLECTION_ROUTES
from hapgang.runtime.platform.entities import (
    collect_records,
    drop_quarantined,
    list_quarantined,
    replay_quarantined,
)
from hapgang.runtime.platform.identity.members import KEY_HOLDERS
from hapgang.runtime.platform.identity.register_routes import REGISTER_ROUTES
from hapgang.runtime.platform.identity.routes import SIGN_IN_ROUTES
from hapgang.runtime.platform.money.routes import MONEY_ROUTES
from hapgang.runtime.platform.ngsild import NGSI_LD_ROUTES
from hapgang.runtime.platform.operations import browse_quarantine, get_quarantined
from hapgang.runtime.platform.people import (
    change_myself,
    consents,
    forget_me,
    give_consent,
    inbox,
    myself,
    read_message,
    revoke_consent,
)
from hapgang.runtime.platform.registry.routes import REGISTRY_ROUTES
from hapgang.runtime.platform.sky import sky
from hapgang.runtime.platform.votes.routes import VOTES_ROUTES

_PEOPLE = (Role.RESIDENT, Role.VISITOR)
_TOLD = (*KEY_HOLDERS, Role.VISITOR)
_OPERATORS = (Role.OPERATOR,)
_WRITERS = (Role.OPERATOR, Role.PLANNER, Role.AGENCY, Role.COMPANY, Role.DEVICE)

ROUTES = (
    Route.get("/me/inbox", inbox, allow=_TOLD),
    Route.post("/me/inbox/{message}/read", read_message, allow=_TOLD),
    Route.get("/me/person", myself, allow=_PEOPLE),
    Route(method="PATCH", path="/me/person", action=change_myself, allow=_PEOPLE),
    Route.get("/weather", sky, allow=ANYONE),
    Route.get("/me/consents", consents, allow=_PEOPLE),
    Route.post("/me/consents", give_consent, allow=_PEOPLE),
    Route(method="DELETE", path="/me/consents/{consent}", action=revoke_consent, allow=_PEOPLE),
    Route(method="DELETE", path="/me", action=forget_me, allow=_PEOPLE, is_own=True),
    Route.post("/collect", collect_records, allow=_WRITERS),
    Route.get("/quarantine", list_quarantined, allow=_OPERATORS),
    Route.get("/quarantine/lines", browse_quarantine, allow=_OPERATORS),
    Route.get("/quarantine/{record}", get_quarantined, allow=_OPERATORS),
    Route.post("/quarantine/{record}/replay", replay_quarantined, allow=_OPERATORS),
    Route(method="DELETE", path="/quarantine/{record}", action=drop_quarantined, allow=_OPERATORS),
    *MONEY_ROUTES,
    *COLLECTION_ROUTES,
    *REGISTER_ROUTES,
    *REGISTRY_ROUTES,
    *CITIES_ROUTES,
    *VOTES_ROUTES,
    *SIGN_IN_ROUTES,
    *NGSI_LD_ROUTES,
)
