"""What operators need: health, jobs, and letters that could not be delivered."""

from itertools import islice
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.load import read_item
from hapgang.app.measured import measured_endpoints
from hapgang.app.notify.deliveries import delivery_endpoints
from hapgang.app.traffic import Traffic
from hapgang.contract import ANYONE, Role
from hapgang.core.errors import CityError, Conflict, Invalid, NotFound
from hapgang.core.vocabulary.platform import DeadLetter, Job
from hapgang.runtime.condition import Condition, condition_of
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.operations import drop_dead_letter
from hapgang.writer.recovery import FeedRow, decode

_OPERATORS = frozenset({Role.OPERATOR})


class Health(msgspec.Struct):
    """Whether this process serves the city, and how far the disk is behind."""

    status: str
    city: str
    entities: int
    accounts: int
    sum_of_accounts_won: int
    waiting_units: int


class FeedLine(msgspec.Struct):
    """A line of the feed; of somebody's line only what kind of thing happened."""

    position: int
    at: str
    kind: str
    name: str
    action: str
    is_personal: bool
    entity: str | None
    body: Any


class LetterView(msgspec.Struct):
    """A dead letter with the line that was not taken; None when it is no longer there."""

    letter: DeadLetter
    line: FeedLine | None


class StillRefused(Conflict):
    """The handler cannot take the letter this time either."""


class _Page(msgspec.Struct):
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200
    offset: Annotated[int, Meta(ge=0)] = 0


def operations_endpoints(traffic: Traffic) -> list[Endpoint]:
    """Return the operators' endpoints."""
    anyone = frozenset(ANYONE)
    return [
        Endpoint("GET", "/health", anyone, _health, summary="Health.", returns=Health),
        Endpoint(
            "GET", "/api/services/health", anyone, _conditions,
            summary="How each service is doing since the city began to run.",
            returns=list[Condition],
        ),
        Endpoint(
            "GET", "/api/jobs", _OPERATORS, _jobs,
            summary="Long work, newest first; `limit`, `offset`.", returns=list[Job],
        ),
        Endpoint("POST", "/api/jobs/{job}/cancel", _OPERATORS, _cancel, summary="Stop a job."),
        Endpoint(
            "GET", "/api/dead-letters", _OPERATORS, _letters,
            summary="What handlers could not take, oldest first; `limit`, `offset`.",
            returns=list[DeadLetter],
        ),
        Endpoint(
            "GET", "/api/dead-letters/{letter}", _OPERATORS, _read_letter,
            summary="A dead letter, with what was not taken.", returns=LetterView,
        ),
        Endpoint(
            "POST", "/api/dead-letters/{letter}/replay", _OPERATORS, _replay,
            summary="Let the handler take it again.",
        ),
        Endpoint(
            "DELETE", "/api/dead-letters/{letter}", _OPERATORS, _drop, summary="Throw it away."
        ),
        *delivery_endpoints(),
        *measured_endpoints(traffic),
    ]  # fmt: skip


async def _health(context: Context) -> Respond:
    runtime = context.live.runtime
    health = Health(
        status="ok",
        city=context.live.scene.name,
        entities=len(runtime.state),
        accounts=len(runtime.book.accounts()),
        sum_of_accounts_won=runtime.book.total_won(),
        waiting_units=runtime.writer.backlog,
    )
    return json_reply(health)


async def _conditions(context: Context) -> Respond:
    live = context.live
    names = [name for name in live.services if name != "platform"]
    return json_reply([condition_of(live.runtime, live.handlers, name) for name in names])


async def _jobs(context: Context) -> Respond:
    return await _some(context, "Job", newest_first=True)


async def _cancel(context: Context) -> Respond:
    context.live.jobs.cancel(context.path["job"])
    await context.live.runtime.writer.durable()
    return json_reply({"cancelled": context.path["job"]})


async def _letters(context: Context) -> Respond:
    return await _some(context, "DeadLetter")


async def _some(context: Context, type_name: str, *, newest_first: bool = False) -> Respond:
    """Answer with a page of the entities of a type that is nobody's."""
    page = _page(context)
    runtime = context.live.runtime
    views = [record.view for record in runtime.state.of_type(type_name)]
    if newest_first:
        views.reverse()
    found = json_reply(list(islice(views, page.offset, page.offset + page.limit)))
    await runtime.writer.durable()
    return found


def _page(context: Context) -> _Page:
    words = {name: word for name, word in context.words().items() if name in ("limit", "offset")}
    try:
        return msgspec.convert(words, _Page, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(f"limit or offset: {error}", f"limit 또는 offset: {error}") from None


async def _read_letter(context: Context) -> Respond:
    letter = _letter(context)
    row = await _row(context, letter)
    line = None
    if row is not None:
        is_personal = row.person is not None
        line = FeedLine(
            row.position, row.at.isoformat(), row.kind, row.name, row.action, is_personal,
            entity=None if is_personal else row.entity,
            body=None if is_personal else decode(row.body),
        )  # fmt: skip
    return json_reply(LetterView(letter, line))


async def _row(context: Context, letter: DeadLetter) -> FeedRow | None:
    rows = await context.live.reads.feed_after(letter.position - 1, limit=1)
    return rows[0] if rows and rows[0].position == letter.position else None


async def _replay(context: Context) -> Respond:
    letter = _letter(context)
    row = await _row(context, letter)
    item = read_item(row, context.live.vault) if row is not None else None
    if item is None:
        raise NotFound(
            "What was not taken is no longer there, or its person was forgotten: drop the letter.",
            "원래 기록이 더 이상 없거나 그 사람의 정보가 삭제되었습니다. 이 항목을 버려 주세요.",
        )
    try:
        context.live.handlers.replay(letter, item)
    except CityError:
        raise
    except Exception as error:  # noqa: BLE001 (a handler may fail in any way; its operator is told)
        why = f"{type(error).__name__}: {error}"
        raise StillRefused(
            f"The handler still cannot take it: {why}. The letter is kept.",
            f"처리기가 여전히 받지 못했습니다: {why}. 항목은 그대로 남아 있습니다.",
        ) from None
    return await _dropped(context)


async def _drop(context: Context) -> Respond:
    _letter(context)
    return await _dropped(context)


async def _dropped(context: Context) -> Respond:
    runtime = context.live.runtime
    runtime.perform(drop_dead_letter, PLATFORM, letter=context.path["letter"])
    await runtime.writer.durable()
    return json_reply({"done": context.path["letter"]})


def _letter(context: Context) -> DeadLetter:
    record = context.live.runtime.state.get(context.path["letter"])
    if record is None or not isinstance(record.view, DeadLetter):
        raise NotFound("there is no such dead letter", "해당 항목이 없습니다")
    return record.view
