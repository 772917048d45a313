"""Statements: an account's month for its owner, and the book of a collection for everybody."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hapgang.app.context import Context, Reply, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.contract import ANYONE, Role
from hapgang.core.errors import Conflict, Invalid, NotFound
from hapgang.core.vocabulary.programmes import Campaign
from hapgang.ledger.currency.campaign import CampaignLine, campaign_book
from hapgang.ledger.currency.statement import AccountStatement, Moved, csv_of, statement_of
from hapgang.ledger.till import account_id
from hapgang.runtime.platform.money.heirs import statement_owner
from hapgang.writer.payments import lines_of, newest_lines_of

_OWNERS = frozenset({Role.RESIDENT, Role.VISITOR, Role.COMPANY, Role.AGENCY})
_MOST_LINES = 10_000  # of a period; who has more in a month asks day by day
_PERSONAL = ("resident", "visitor")
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


def statement_endpoints() -> list[Endpoint]:
    """Return the endpoints."""
    return [
        Endpoint(
            "GET", "/api/me/statement", _OWNERS, _statement, returns=AccountStatement,
            summary="A month or a day of the caller's account, or of a shop's or ward's: `month`,"
            " `day`, `account`; `format=csv`.",
        ),
        Endpoint(
            "GET", "/api/campaigns/{campaign}/book", frozenset(ANYONE), _book,
            returns=list[CampaignLine],
            summary="What came into a collection and what it was used for; givers stay unnamed. The"
            " newest 10,000 lines, or those of a `month` or `day`.",
        ),
    ]  # fmt: skip


def month_of(context: Context) -> tuple[str, datetime, datetime]:
    """Return the month that a request asks for, this one by default, and its bounds."""
    zone = context.live.runtime.clock.zone
    now = context.live.runtime.clock.now().astimezone(zone)
    month = context.query("month") or f"{now:%Y-%m}"
    found = _MONTH.fullmatch(month)
    if found is None:
        raise Invalid("A month is written like 2026-11.", "월은 2026-11처럼 적습니다.")
    year, number = int(found[1]), int(found[2])
    since = datetime(year, number, 1, tzinfo=zone)
    until = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return month, since.astimezone(UTC), until.astimezone(UTC)


def period_of(context: Context) -> tuple[str, datetime, datetime]:
    """Return the day that a request asks for, else its month, with its bounds."""
    day = context.query("day")
    if not day:
        return month_of(context)
    zone = context.live.runtime.clock.zone
    try:
        since = date.fromisoformat(day)
    except ValueError:
        since = date.max
    if not 2000 <= since.year < 2100:
        raise Invalid("A day is written like 2026-11-23.", "날짜는 2026-11-23처럼 적습니다.")
    until = since + timedelta(days=1)
    first, last = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (since, until))
    return since.isoformat(), first, last


async def _statement(context: Context) -> Respond:
    period, since, until = period_of(context)
    spec = context.live.runtime.spec(statement_owner)
    arguments = spec.check_arguments({"account": context.query("account") or None})
    account = account_id(await context.perform(spec, arguments))
    found = await _read(context, account, since, until)
    statement = statement_of(
        account, period, found[0], found[1], is_whole=len(found[1]) < _MOST_LINES
    )
    if context.query("format") != "csv":
        return json_reply(statement)
    if not statement.is_whole:  # a table has no place to say so
        raise Conflict(
            f"More than {_MOST_LINES:,} lines: ask for it day by day.",
            f"{_MOST_LINES:,}건이 넘습니다. 하루씩 내려받으세요.",
        )
    text = csv_of(statement, context.live.runtime.clock.zone)
    reply = Reply(text.encode("utf-8-sig"), media_type="text/csv; charset=utf-8")
    return reply.with_header("Content-Disposition", f'attachment; filename="{period}.csv"')


async def _book(context: Context) -> Respond:
    runtime = context.live.runtime
    record = runtime.state.get(context.path["campaign"])
    if record is None or not isinstance(record.view, Campaign):
        raise NotFound("There is no such collection.", "그런 모금이 없습니다.")
    account = account_id(record.id)
    if context.query("month") or context.query("day"):
        opening_won, moved = await _read(context, account, *period_of(context)[1:])
    else:
        pool: Any = context.live.reads.pool
        opening_won, lines = await newest_lines_of(pool, account, _MOST_LINES)
        moved = [Moved(*line) for line in lines]
    payees = {one.credit for one in moved}
    known = (runtime.book.find_account(name) for name in sorted(payees))
    personal = frozenset(one.id for one in known if one is not None and one.kind in _PERSONAL)
    return json_reply(campaign_book(account, opening_won, moved, personal=personal))


async def _read(
    context: Context, account: str, since: datetime, until: datetime
) -> tuple[int, list[Moved]]:
    pool: Any = context.live.reads.pool
    opening_won, lines = await lines_of(pool, account, since, until, _MOST_LINES)
    return opening_won, [Moved(*line) for line in lines]
