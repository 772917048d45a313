"""The doors of the local currency."""

from hapgang.contract import ANYONE, Role, Route
from hapgang.runtime.platform.money import (
    accounts,
    allowances,
    cash,
    codes,
    donations,
    dues,
    experiments,
    funds,
    heirs,
    issues,
    lots,
    orders,
    refunds,
    requests,
    rewards,
    shops,
    spending,
    splits,
    standing,
    transfers,
    vouchers,
    wallets,
)

_PEOPLE = (Role.RESIDENT, Role.VISITOR)
_OWNERS = (Role.RESIDENT, Role.COMPANY)  # may keep a shop
_PAYERS = (*_PEOPLE, Role.COMPANY, Role.AGENCY)
_OFFICES = (Role.OPERATOR, Role.AGENCY)
_FUNDRAISERS = (*_OFFICES, Role.COMPANY)  # no person: everybody sees who holds a collection

_ACCOUNTS = (
    Route.get("/me/wallet", wallets.wallet, allow=_PEOPLE),
    Route.get("/me/account", accounts.my_account, allow=_PAYERS),
    Route.post("/treasury/payments", accounts.pay_from_treasury, allow=(Role.OPERATOR,)),
    Route.post("/me/top-up", wallets.top_up, allow=_PEOPLE),
    Route.get("/issues", issues.issues, allow=ANYONE),
    Route.post("/issues", issues.open_issue, allow=(Role.OPERATOR, Role.AGENCY)),
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
    Route.get("/shops/{shop}/keepers", shops.shop_keepers, allow=_OWNERS),
    Route.post("/shops/{shop}/keepers", shops.let_in, allow=_OWNERS),
    Route(
        method="DELETE", path="/shops/{shop}/keepers/{person}", action=shops.let_out,
        allow=_OWNERS,
    ),
    Route.post("/shops/{shop}/refunds", refunds.refund, allow=_OWNERS),
)  # fmt: skip

_PAYING = (
    Route.get("/codes", codes.look_at_code, allow=_PAYERS),
    Route.post("/me/code-payments", codes.pay_code, allow=_PAYERS),
    Route.post("/me/codes", codes.show_code, allow=_PAYERS),
    Route.get("/shops/{shop}/code", codes.shop_code, allow=_OWNERS),
    Route.post("/shops/{shop}/bills", codes.make_bill, allow=_OWNERS),
    Route.post("/shops/{shop}/charges", codes.charge, allow=_OWNERS),
    Route.get("/me/money-requests", requests.my_requests, allow=_PAYERS),
    Route.post("/me/money-requests", requests.ask_for_money, allow=_PAYERS),
    Route.post("/me/money-requests/{request}/pay", requests.pay_request, allow=_PAYERS),
    Route(
        method="DELETE", path="/me/money-requests/{request}", action=requests.decline_request,
        allow=_PAYERS,
    ),
    Route.get("/me/splits", splits.my_splits, allow=_PEOPLE),
    Route.post("/me/splits", splits.start_split, allow=_PEOPLE),
    Route.post("/me/splits/{split}/accept", splits.accept_split, allow=_PEOPLE),
    Route(
        method="DELETE", path="/me/splits/{split}", action=splits.decline_split, allow=_PEOPLE
    ),
)  # fmt: skip

_PROGRAMMES = (
    Route.get("/me/standing-orders", standing.standing_orders, allow=_PAYERS),
    Route.post("/me/standing-orders", standing.order_payments, allow=_PAYERS),
    Route(
        method="PATCH", path="/me/standing-orders/{order}", action=standing.change_order,
        allow=_PAYERS,
    ),
    Route(
        method="DELETE", path="/me/standing-orders/{order}", action=standing.end_order,
        allow=_PAYERS,
    ),
    Route.get("/voucher-programmes", vouchers.programmes, allow=ANYONE),
    Route.post("/voucher-programmes", vouchers.open_programme, allow=_OFFICES),
    Route.post(
        "/voucher-programmes/{programme}/vouchers", vouchers.give_vouchers, allow=_OFFICES
    ),
    Route.get("/me/vouchers", vouchers.my_vouchers, allow=_PEOPLE),
    Route.post("/me/vouchers/{voucher}/payments", vouchers.pay_by_voucher, allow=_PEOPLE),
    Route.get("/reward-budgets", rewards.reward_budgets, allow=ANYONE),
    Route.get("/me/rewards", rewards.my_rewards, allow=_PEOPLE),
    Route.post("/reward-budgets", rewards.open_rewards, allow=_OFFICES),
    Route.post("/reward-budgets/{budget}/rewards", rewards.reward, allow=_OFFICES),
    Route.get("/campaigns", donations.campaigns, allow=ANYONE),
    Route.post("/campaigns", donations.open_campaign, allow=_FUNDRAISERS),
    Route.post("/campaigns/{campaign}/gifts", donations.donate, allow=_PAYERS),
    Route.post(
        "/campaigns/{campaign}/uses", donations.use_donations, allow=_FUNDRAISERS
    ),
)  # fmt: skip

_ORDERS = (
    Route.post("/me/account/stop", orders.stop_account, allow=_PAYERS),
    Route.get("/me/account-orders", orders.my_account_orders, allow=_PAYERS),
    Route.post("/accounts/{person}/reopen", orders.reopen_account, allow=(Role.OPERATOR,)),
    Route.get("/account-orders", orders.account_orders, allow=_OFFICES),
    Route.post("/account-orders", orders.ask_order, allow=_OFFICES),
    Route.post("/account-orders/{order}/approve", orders.approve_order, allow=_OFFICES),
    Route.post("/account-orders/{order}/refuse", orders.refuse_order, allow=_OFFICES),
    Route.get("/me/wards", heirs.wards, allow=_PEOPLE),
    Route.post("/me/wards/{person}/transfers", heirs.pay_for_ward, allow=_PEOPLE),
)

_TREASURY = (
    Route.get("/allowances", allowances.allowances, allow=ANYONE),
    Route.post("/allowances", allowances.open_allowance, allow=_OFFICES),
    Route.get("/experiments", experiments.experiments, allow=ANYONE),
    Route.post("/experiments", experiments.open_experiment, allow=_OFFICES),
    Route(method="DELETE", path="/experiments/{experiment}", action=lots.call_off, allow=_OFFICES),
    Route.post("/experiments/{experiment}/list", lots.close_list, allow=_OFFICES),
    Route.post("/experiments/{experiment}/lots", lots.draw_lots, allow=_OFFICES),
    Route.get("/me/experiments", experiments.my_experiments, allow=(Role.RESIDENT,)),
    Route.post(
        "/experiments/{experiment}/join", experiments.join_experiment, allow=(Role.RESIDENT,)
    ),
    Route.post(
        "/experiments/{experiment}/leave", experiments.leave_experiment, allow=(Role.RESIDENT,)
    ),
    Route.get("/budgets", funds.budgets, allow=_OFFICES),
    Route.get("/dues", dues.charged_dues, allow=_OFFICES),
    Route.post("/dues", dues.charge_dues, allow=_OFFICES),
    Route.get("/me/dues", dues.my_dues, allow=_PAYERS),
    Route.post("/me/dues/{due}/pay", dues.pay_due, allow=_PAYERS),
    Route(method="DELETE", path="/dues/{due}", action=dues.withdraw_due, allow=_OFFICES),
    Route.get("/shops/{shop}/cash-outs", cash.cash_outs, allow=_OWNERS),
    Route.post("/shops/{shop}/cash-outs", cash.cash_out, allow=_OWNERS),
    Route.get("/bank-queue", cash.bank_queue, allow=(Role.OPERATOR, Role.AUDITOR)),
    Route.get("/bank-files", cash.bank_files, allow=(Role.OPERATOR,)),
    Route.post("/bank-files", cash.make_bank_file, allow=(Role.OPERATOR,)),
    Route.get(
        "/bank-files/{file}", cash.bank_file, allow=(Role.OPERATOR,), media_type="application/xml"
    ),
    Route.post("/bank-files/{file}/answer", cash.answer_bank_file, allow=(Role.OPERATOR,)),
)

MONEY_ROUTES = (*_ACCOUNTS, *_SHOPS, *_PAYING, *_PROGRAMMES, *_ORDERS, *_TREASURY)
