"""The doors of the local currency."""

from hapgang.contract import ANYONE, Role, Route
from hapgang.runtime.platform.money import shops, spending, transfers, wallets

_PEOPLE = (Role.RESIDENT, Role.VISITOR)
_OWNERS = (Role.RESIDENT, Role.COMPANY)  # may keep a shop
_PAYERS = (*_PEOPLE, Role.COMPANY, Role.AGENCY)
_OFFICES = (Role.OPERATOR, Role.AGENCY)

_ACCOUNTS = (
    Route.get("/me/wallet", wallets.wallet, allow=_PEOPLE),
    Route.post("/me/top-up", wallets.top_up, allow=_PEOPLE),
    Route.post("/me/transfers", transfers.send, allow=_PAYERS),
    Route.post("/me/transfers/batch", transfers.send_batch, allow=_PAYERS),
    Route.get("/me/spending-limit", spending.spending_limit, allow=_PAYERS),
    Route(method="PUT", path="/me/spending-limit", action=spending.limit_spending, allow=_PAYERS),
)
_SHOPS = (
    Route.get("/shops", shops.shops, allow=ANYONE),
    Route.post("/shops", shops.apply_for_shop, allow=_OWNERS),
    Route.get("/shops/waiting", shops.waiting_shops, allow=_OFFICES),
    Route.get("/me/shops", shops.my_shops, allow=_OWNERS),
    Route.post("/shops/{shop}/admit", shops.admit_shop, allow=_OFFICES),
    Route(method="DELETE", path="/shops/{shop}", action=shops.close_shop, allow=_OWNERS),
    Route.post("/shops/{shop}/keepers", shops.let_in, allow=_OWNERS),
    Route(
        method="DELETE", path="/shops/{shop}/keepers/{person}", action=shops.let_out,
        allow=_OWNERS,
    ),
    Route.post("/shops/{shop}/refunds", shops.refund, allow=_OWNERS),
)  # fmt: skip

MONEY_ROUTES = (*_ACCOUNTS, *_SHOPS)
