"""The doors of the registry."""

from hapgang.contract import ANYONE, Role, Route
from hapgang.runtime.platform.registry import assets, documents, drives, escrows, plans

_PEOPLE = (Role.RESIDENT, Role.VISITOR)
_PARTIES = (*_PEOPLE, Role.COMPANY, Role.AGENCY)

REGISTRY_ROUTES = (
    Route.get("/documents", documents.check_document, allow=ANYONE),
    Route.get("/me/documents", documents.my_documents, allow=_PARTIES),
    Route.post("/me/documents", documents.certify, allow=_PARTIES),
    Route.post("/assets", assets.register_asset, allow=(Role.AGENCY,)),
    Route.get("/me/assets", assets.my_assets, allow=_PARTIES),
    Route.post("/me/assets/{asset}/offer", assets.offer_asset, allow=_PEOPLE),
    Route(
        method="DELETE", path="/me/assets/{asset}/offer", action=assets.withdraw_offer,
        allow=_PEOPLE,
    ),
    Route.post("/me/assets/{asset}/accept", assets.accept_asset, allow=_PEOPLE),
    Route.post("/assets/{asset}/liens", assets.ask_for_lien, allow=_PARTIES),
    Route.post("/me/assets/{asset}/liens/{lien}/agree", assets.agree_to_lien, allow=_PEOPLE),
    Route(
        method="DELETE", path="/assets/{asset}/liens/{lien}", action=assets.release_lien,
        allow=_PARTIES,
    ),
    Route.get("/me/escrows", escrows.my_escrows, allow=_PARTIES),
    Route.post("/me/escrows", escrows.open_escrow, allow=_PARTIES),
    Route.post("/me/escrows/{escrow}/parts/{part}/confirm", escrows.confirm_part,
               allow=_PARTIES),
    Route.post("/me/escrows/{escrow}/parts/{part}/give-up", escrows.give_up_part,
               allow=_PARTIES),
    Route.get("/drives", drives.drives, allow=ANYONE),
    Route.post("/drives", drives.open_drive, allow=_PARTIES),
    Route.post("/drives/{drive}/pledges", drives.pledge, allow=_PARTIES),
    Route.get("/plans", plans.plans, allow=ANYONE),
    Route.post("/plans", plans.open_plan, allow=_PARTIES),
    Route.post("/plans/{plan}/subscriptions", plans.subscribe, allow=_PARTIES),
    Route.get("/plans/{plan}/subscribers", plans.subscribers, allow=_PARTIES),
    Route(method="DELETE", path="/plans/{plan}", action=plans.end_plan, allow=_PARTIES),
)  # fmt: skip
