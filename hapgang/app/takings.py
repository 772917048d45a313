"""A shop's takings for those who keep it."""

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.statements import period_of
from hapgang.contract import Role
from hapgang.ledger.currency.takings import ShopTakings, TakenPayment, takings_of
from hapgang.ledger.till import account_id
from hapgang.runtime.platform.money.heirs import statement_owner
from hapgang.writer.payments import taken_by

_MOST = 20_000  # payments of a period
_KEEPERS = frozenset({Role.RESIDENT, Role.COMPANY})


def takings_endpoint() -> Endpoint:
    """Return the endpoint."""
    return Endpoint(
        "GET", "/api/shops/{shop}/takings", _KEEPERS, _takings, returns=ShopTakings,
        summary="What a shop took in a `day` or a `month`: number, sum, refunds, by hour, and the"
        " same by card.",
    )  # fmt: skip


async def _takings(context: Context) -> Respond:
    period, since, until = period_of(context)
    runtime = context.live.runtime
    spec = runtime.spec(statement_owner)
    owner = await context.perform(spec, spec.check_arguments({"account": context.path["shop"]}))
    taken, given_back = await taken_by(
        context.live.reads.pool, account_id(owner), since, until, _MOST
    )
    payments = [TakenPayment(*one) for one in taken]
    is_whole = max(len(taken), len(given_back)) < _MOST
    zone = runtime.clock.zone
    return json_reply(takings_of(period, payments, given_back, zone, is_whole=is_whole))
