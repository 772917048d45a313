"""The doors of other cities; those that need the log's key or its proofs are in `app/cities`."""

from hapgang.contract import ANYONE, Role, Route
from hapgang.runtime.platform.cities import agreeing, entrusting, recognising, settling, travelling

_PEOPLE = (Role.RESIDENT, Role.VISITOR)
_AGENCY, _OFFICES = (Role.AGENCY,), (Role.AGENCY, Role.OPERATOR)

CITIES_ROUTES = (
    Route.get("/recognised-cities", recognising.recognised_cities, allow=ANYONE),
    Route.post("/recognised-cities", recognising.recognise_city, allow=_AGENCY),
    Route.post("/recognised-cities/{city_name}/approve", recognising.approve_city, allow=_OFFICES),
    Route.post("/recognised-cities/{city_name}/end", recognising.end_city, allow=_OFFICES),
    Route.get("/trusted-issuers", entrusting.trusted_issuers, allow=ANYONE),
    Route.post("/recognised-cities/{city_name}/issuer", entrusting.entrust_city, allow=_AGENCY),
    Route.post(
        "/recognised-cities/{city_name}/issuer/approve", entrusting.approve_issuer, allow=_OFFICES
    ),
    Route.post("/recognised-cities/{city_name}/issuer/end", entrusting.end_issuer, allow=_OFFICES),
    Route.get("/currency-agreements", agreeing.currency_agreements, allow=ANYONE),
    Route.post("/currency-agreements", agreeing.propose_agreement, allow=_AGENCY),
    Route.post("/currency-agreements/taken-up", agreeing.take_up_agreement, allow=_AGENCY),
    Route.post("/currency-agreements/{agreement}/end", agreeing.end_agreement, allow=_OFFICES),
    Route.post(
        "/currency-agreements/{agreement}/statements", settling.take_statement, allow=_OFFICES
    ),
    Route.post(
        "/currency-agreements/{agreement}/settlements", settling.note_settlement,
        allow=(Role.OPERATOR,),
    ),
    Route.get("/me/abroad", travelling.places, allow=_PEOPLE),
    Route.post("/me/abroad/codes", travelling.draw_code, allow=_PEOPLE),
    Route.get("/me/abroad/slips", travelling.my_slips, allow=_PEOPLE),
    Route.post("/me/abroad/slips", travelling.send_abroad, allow=_PEOPLE),
)  # fmt: skip
