"""What operators see and do: notifications that wait, that arrived, and that did not."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.contract import Role
from hapgang.core.errors import Invalid
from hapgang.runtime.specs import wrong_words

_OPERATORS = frozenset({Role.OPERATOR})
_STATES = ("pending", "failed", "dead", "sent", "dropped")
_MOST_AT_ONCE = 1_000  # replayed or dropped by one request


class DeliveryView(msgspec.Struct):
    """A notification to one subscription."""

    notice: int  # its number; the same for all who are told of one change
    subscription: str
    state: Literal["pending", "failed", "dead", "sent", "dropped"]
    attempts: int  # that failed
    at: datetime  # of the last attempt, or of the change
    reason: str


class Waiting(msgspec.Struct):
    """How notifications are doing: how many wait here, and what the log on disk says."""

    waiting: int
    subscriptions: int
    by_state: dict[str, int]


class Chosen(msgspec.Struct, forbid_unknown_fields=True):
    """Dead notifications of a subscription: one, or the oldest of all of them."""

    subscription: Annotated[str, Meta(min_length=1, max_length=2_000)]
    notice: int | None = None


class Done(msgspec.Struct):
    """How many it was, and whether there are more."""

    count: int
    has_more: bool


_CHOSEN = msgspec.json.Decoder(Chosen)
_LIST = """
    SELECT notice, subscription, state, attempts, at, reason FROM delivery
    WHERE ($1 = '' OR state = $1) AND ($2 = '' OR subscription = $2) AND notice < $3
    ORDER BY notice DESC, subscription LIMIT $4 OFFSET $5
"""
_PENDING = """
    SELECT n.id, r.subscription, 'pending', 0, n.at, ''
    FROM notice AS n CROSS JOIN LATERAL jsonb_object_keys(n.recipients) AS r(subscription)
    LEFT JOIN delivery AS d ON d.notice = n.id AND d.subscription = r.subscription
    WHERE d.state IS NULL AND ($1 = '' OR r.subscription = $1) AND n.id < $2
    ORDER BY n.id DESC, 2 LIMIT $3 OFFSET $4
"""
_DEAD = """
    SELECT notice FROM delivery
    WHERE subscription = $1 AND state = 'dead' AND ($2::bigint IS NULL OR notice = $2)
    ORDER BY notice LIMIT $3
"""


def delivery_endpoints() -> list[Endpoint]:
    """Return the operators' endpoints."""
    return [
        Endpoint(
            "GET", "/api/deliveries", _OPERATORS, _list,
            summary="Notifications, newest first; `state` (pending, failed, dead, sent, dropped),"
            " `subscription`, `before` (a notice), `limit`, `offset`.",
            returns=list[DeliveryView],
        ),
        Endpoint(
            "GET", "/api/deliveries/summary", _OPERATORS, _summary,
            summary="How many notifications wait, arrived and did not.", returns=Waiting,
        ),
        Endpoint(
            "POST", "/api/deliveries/replay", _OPERATORS, _replay,
            summary="Send dead notifications again: of a `subscription`, all or one `notice`.",
            returns=Done,
        ),
        Endpoint(
            "POST", "/api/deliveries/drop", _OPERATORS, _drop,
            summary="Give dead notifications up: of a `subscription`, all or one `notice`.",
            returns=Done,
        ),
    ]  # fmt: skip


async def _list(context: Context) -> Respond:
    state, subscription = context.query("state"), context.query("subscription")
    if state and state not in _STATES:
        raise Invalid(f"state is one of {', '.join(_STATES)}", None)
    before, limit = _number(context, "before", 2**62), _number(context, "limit", 100)
    offset = _number(context, "offset", 0)
    if not 1 <= limit <= 1_000:
        raise Invalid("limit is 1 to 1000", None)
    assert context.live.runtime is not None  # else the city is starting
    log = context.live.notifier.log
    await log.flush()
    if state == "pending":
        rows = await log.pool.fetch(_PENDING, subscription, before, limit, offset)
    else:
        rows = await log.pool.fetch(_LIST, state, subscription, before, limit, offset)
    return json_reply([DeliveryView(*row) for row in rows])


async def _summary(context: Context) -> Respond:
    assert context.live.runtime is not None
    notifier = context.live.notifier
    await notifier.log.flush()
    rows = await notifier.log.pool.fetch("SELECT state, count(*) FROM delivery GROUP BY state")
    return json_reply(
        Waiting(
            waiting=notifier.waiting,
            subscriptions=len(context.live.runtime.subscriptions.index.rules),
            by_state={row[0]: row[1] for row in rows},
        )
    )


async def _replay(context: Context) -> Respond:
    chosen, notices = await _dead(context)
    notifier = context.live.notifier
    count = await notifier.replay(chosen.subscription, notices)
    return json_reply(Done(count, len(notices) == _MOST_AT_ONCE))


async def _drop(context: Context) -> Respond:
    chosen, notices = await _dead(context)
    await context.live.notifier.log.drop(chosen.subscription, notices)
    return json_reply(Done(len(notices), len(notices) == _MOST_AT_ONCE))


async def _dead(context: Context) -> tuple[Chosen, list[int]]:
    """Return which dead notifications are meant; what was given up long ago goes first."""
    try:
        chosen: Chosen = _CHOSEN.decode(await context.body() or b"{}")
    except msgspec.MsgspecError as error:
        raise wrong_words(error) from None
    assert context.live.runtime is not None
    log = context.live.notifier.log
    await log.flush()
    rows = await log.pool.fetch(_DEAD, chosen.subscription, chosen.notice, _MOST_AT_ONCE)
    return chosen, [row[0] for row in rows]


def _number(context: Context, name: str, default: int) -> int:
    text: Any = context.query(name, str(default))
    if not text.isdecimal() or (len(text) > 18 and int(text) != default):
        raise Invalid(f"{name} is a whole number, not “{text[:30]}”", None)
    return int(text)
