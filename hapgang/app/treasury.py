"""What auditors compare, and what everybody may know of the currency, from real transfers."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.statements import month_of
from hapgang.contract import ANYONE, Role
from hapgang.core.errors import Conflict, NotFound
from hapgang.core.vocabulary.money import Shop
from hapgang.core.vocabulary.treasury import Experiment, ExperimentMember
from hapgang.ledger.currency.dates import next_after
from hapgang.ledger.currency.experiment import ExperimentGroup, K, Participant, report_of
from hapgang.ledger.currency.fees import compared, in_two_digits, local_share, velocity
from hapgang.ledger.currency.reconcile import AccountSum, Reconciliation, reconciled
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import Runtime
from hapgang.writer.payments import month_at_shops, spent_by, whole_book

_AUDITORS = frozenset({Role.AUDITOR, Role.OPERATOR})
_FRESH_S = 60.0
_MOST_KEPT = 100  # answers


class CurrencyMonth(msgspec.Struct, frozen=True):
    """A month of the currency up to yesterday; None where fewer than five people paid."""

    month: str
    payments: int | None = None
    paid_won: int | None = None  # at shops, net of refunds
    card_fees_won: int | None = None  # that merchants would have paid on it by card
    card_company_won: int | None = None
    network_won: int | None = None
    points_won: int | None = None  # that buyers would have by the white paper's share
    points_paid_won: int | None = None  # that they had
    local_share: float | None = None  # 0 to 1
    velocity: float | None = None  # a year
    circulating_won: int = 0  # at its end, in two digits


class ExperimentReport(msgspec.Struct, frozen=True):
    """What an experiment shows after so many whole months."""

    experiment: Experiment
    months: int
    groups: list[ExperimentGroup]  # of all, then of each stratum


class _Kept:
    """Answers of the last minute; a new one is made when no other is.

    So strangers do not have sums made again and again, or many at once.
    """

    def __init__(self) -> None:
        self._answers: dict[str, tuple[float, Any]] = {}
        self._one = asyncio.Lock()

    async def answer(self, name: str, make: Callable[[], Awaitable[Any]]) -> Any:
        """Return what was made in the last minute under a name, or make it."""
        if (found := self._find(name)) is not None:
            return found
        async with self._one:
            if (found := self._find(name)) is None:
                found = await make()
                if len(self._answers) >= _MOST_KEPT:
                    self._answers.clear()
                self._answers[name] = (time.monotonic(), found)
        return found

    def _find(self, name: str) -> Any:
        at, answer = self._answers.get(name, (-_FRESH_S, None))
        return answer if time.monotonic() - at < _FRESH_S else None


def treasury_endpoints() -> list[Endpoint]:
    """Return the endpoints."""
    kept = _Kept()

    async def month(context: Context) -> Respond:
        name = month_of(context)[0]
        return json_reply(await kept.answer(name, lambda: _month(context)))

    async def report(context: Context) -> Respond:
        name = context.path["experiment"]
        return json_reply(await kept.answer(name, lambda: _report(context, name)))

    return [
        Endpoint(
            "GET", "/api/treasury/reconciliation", _AUDITORS, _reconciliation,
            returns=Reconciliation,
            summary="Whether balances equal transfers and money equals what was issued.",
        ),
        Endpoint(
            "GET", "/api/currency/month", frozenset(ANYONE), month, returns=CurrencyMonth,
            summary="Fees saved, local share and velocity of a `month`, from real transfers.",
        ),
        Endpoint(
            "GET", "/api/experiments/{experiment}/report", frozenset(ANYONE), report,
            returns=ExperimentReport,
            summary="What a basic-income experiment shows, with 95 % intervals; no small groups.",
        ),
    ]  # fmt: skip


async def _reconciliation(context: Context) -> Respond:
    book = await whole_book(context.live.reads.pool, datetime.max.replace(tzinfo=UTC))
    accounts = [AccountSum(*row) for row in book.accounts]

    def compare() -> Reconciliation:
        return reconciled(accounts, book.net_won, book.held_won, book.issued_won, book.returned_won)

    return json_reply(await context.beside(compare))


async def _month(context: Context) -> CurrencyMonth:
    name, since, until = month_of(context)
    runtime = context.live.runtime
    today = (
        runtime.clock.now()
        .astimezone(runtime.clock.zone)
        .replace(hour=0, minute=0, second=0, microsecond=0)
    )  # whole days only: nobody sees single payments by asking again and again
    since, until = (min(at, today.astimezone(UTC)) for at in (since, until))
    found = await month_at_shops(context.live.reads.pool, since, until)
    first_won, last_won = (in_two_digits(won) for won in found.circulating_won)
    if found.payers < K:
        return CurrencyMonth(name, circulating_won=last_won)
    by_shop_won = {shop: max(0, won) for shop, won in found.by_shop_won.items()}  # of old refunds
    paid_won = sum(by_shop_won.values())
    local = _local_shops(runtime)
    local_won = sum(won for shop, won in by_shop_won.items() if shop in local)
    fees = compared(paid_won, found.points_won)
    days = (until - since).total_seconds() / 86_400
    return CurrencyMonth(
        name,
        found.payments,
        paid_won,
        fees.card_fees_won,
        fees.card_company_won,
        fees.network_won,
        fees.points_won,
        fees.points_paid_won,
        local_share(local_won, paid_won),
        velocity(paid_won, (first_won + last_won) / 2, days),
        last_won,
    )


async def _report(context: Context, name: str) -> ExperimentReport:
    runtime = context.live.runtime
    record = runtime.state.get(name)
    found = record.view if record is not None else None
    if not isinstance(found, Experiment):
        raise NotFound("There is no such experiment.", "그런 실험이 없습니다.")
    months, until_on = _whole_months(found, runtime)
    if found.starts_on is None or months == 0:
        raise Conflict("Its first month is not over yet.", "아직 첫 달이 끝나지 않았습니다.")
    records = runtime.state.with_value("ExperimentMember", "experiment", name) or ()
    views = [one.view for one in records]
    members = [one for one in views if isinstance(one, ExperimentMember) and one.arm]
    zone = runtime.clock.zone
    since, until = (
        datetime(day.year, day.month, day.day, tzinfo=zone) for day in (found.starts_on, until_on)
    )
    accounts = [account_id(one.person) for one in members]
    rows = await spent_by(context.live.reads.pool, accounts, since, until)
    local = _local_shops(runtime)
    spent: dict[str, list[int]] = {}
    for payer, shop, won in rows:
        both = spent.setdefault(payer, [0, 0])
        both[0] += won
        both[1] += won if shop in local else 0
    participants = [_participant(one, spent.get(account_id(one.person)), months) for one in members]
    groups = await context.beside(lambda: report_of(participants))
    return ExperimentReport(found, months, groups)


def _participant(member: ExperimentMember, spent: list[int] | None, months: int) -> Participant:
    all_won, local_won = spent or (0, 0)
    return Participant(
        member.arm == "treatment",
        member.stratum,
        member.left_at is not None,
        all_won / months,
        local_won / months,
    )


def _whole_months(found: Experiment, runtime: Runtime) -> tuple[int, date]:
    """Return how many of its months are over, and the day after the last of them."""
    today = runtime.clock.now().astimezone(runtime.clock.zone).date()
    day = found.starts_on or today
    months = 0
    while months < found.months:
        later = next_after(found.starts_on or day, "month", day)
        if later > today:
            break
        months, day = months + 1, later
    return months, day


def _local_shops(runtime: Runtime) -> frozenset[str]:
    views = (record.view for record in runtime.state.of_type(Shop.__name__))
    return frozenset(account_id(v.id) for v in views if isinstance(v, Shop) and v.is_local)
