"""What operators need: health, metrics, jobs, and letters that could not be delivered."""

import msgspec
from starlette.responses import Response

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.load import read_item
from hapgang.contract import ANYONE, Role
from hapgang.core.errors import NotFound
from hapgang.core.vocabulary.platform import DeadLetter, Job
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.operations import drop_dead_letter

_OPERATORS = frozenset({Role.OPERATOR})


class Health(msgspec.Struct):
    """Whether this process serves the city, and how far the disk is behind."""

    status: str
    city: str
    entities: int
    accounts: int
    sum_of_accounts_won: int
    waiting_units: int


def operations_endpoints() -> list[Endpoint]:
    """Return the operators' endpoints."""
    anyone = frozenset(ANYONE)
    return [
        Endpoint("GET", "/health", anyone, _health, summary="Health.", returns=Health),
        Endpoint(
            "GET", "/metrics", anyone, _metrics, summary="Counters, in OpenMetrics' text form.",
            media_type="text/plain",
        ),
        Endpoint(
            "GET", "/api/jobs", _OPERATORS, _jobs, summary="Long work.", returns=list[Job]
        ),
        Endpoint("POST", "/api/jobs/{job}/cancel", _OPERATORS, _cancel, summary="Stop a job."),
        Endpoint(
            "GET", "/api/dead-letters", _OPERATORS, _letters,
            summary="What handlers could not take.", returns=list[DeadLetter],
        ),
        Endpoint(
            "POST", "/api/dead-letters/{letter}/replay", _OPERATORS, _replay,
            summary="Let the handler take it again.",
        ),
        Endpoint(
            "DELETE", "/api/dead-letters/{letter}", _OPERATORS, _drop, summary="Throw it away."
        ),
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


async def _metrics(context: Context) -> Respond:
    runtime = context.live.runtime
    lines = [
        "# TYPE hapgang_entities gauge",
        f"hapgang_entities {len(runtime.state)}",
        "# TYPE hapgang_waiting_units gauge",
        f"hapgang_waiting_units {runtime.writer.backlog}",
        "# TYPE hapgang_last_unit counter",
        f"hapgang_last_unit_total {runtime.writer.last_seq}",
        *runtime.metrics.lines(),
        "# EOF",
        "",
    ]
    return Response("\n".join(lines), media_type="text/plain; version=0.0.4")


async def _jobs(context: Context) -> Respond:
    return await _all(context, "Job")


async def _cancel(context: Context) -> Respond:
    context.live.jobs.cancel(context.path["job"])
    await context.live.runtime.writer.durable()
    return json_reply({"cancelled": context.path["job"]})


async def _letters(context: Context) -> Respond:
    return await _all(context, "DeadLetter")


async def _all(context: Context, type_name: str) -> Respond:
    runtime = context.live.runtime
    found = json_reply([record.view for record in runtime.state.of_type(type_name)])
    await runtime.writer.durable()
    return found


async def _replay(context: Context) -> Respond:
    letter = _letter(context)
    rows = await context.live.reads.feed_after(letter.position - 1, limit=1)
    item = read_item(rows[0], context.live.vault) if rows else None
    if item is None or rows[0].position != letter.position:
        raise NotFound("the line is no longer there", "원래 기록이 더 이상 없습니다")
    context.live.handlers.replay(letter, item)
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
