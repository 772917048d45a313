"""Reading the past off the disk: little at once by the way, much beside the city."""

from typing import Any

from hapgang.app.context import Context
from hapgang.core.entity import find_type
from hapgang.hub.ngsild.errors import TooManyResults
from hapgang.hub.privacy import Forgotten, KeyVault
from hapgang.hub.temporal.evolution import Evolution, Keeps, Line
from hapgang.hub.temporal.instance import Instance, instance_id, position_of
from hapgang.hub.temporal.overlay import Overlay
from hapgang.writer.history import PastRow, Reading
from hapgang.writer.recovery import decode

MOST_LINES = 500_000  # of the feed, for one request
MOST_INSTANCES = 200_000  # at once in memory
_FEW = 50  # lines that are opened by the way


class Budget:
    """How much one request may still read."""

    def __init__(self) -> None:
        """Start with all of it."""
        self.lines = MOST_LINES
        self.instances = MOST_INSTANCES

    def read(self, lines: int) -> None:
        """Take so many lines; `TooManyResults` where they are too many."""
        self.lines -= lines
        if self.lines < 0:
            raise _too_many(f"more than {MOST_LINES:,} changes would be read")

    def kept(self, keeps: Keeps) -> Keeps:
        """Return a choice of instances that counts them."""

        def counting(instance: Any) -> bool:
            if not keeps(instance):
                return False
            self.instances -= 1
            if self.instances < 0:
                raise _too_many(f"more than {MOST_INSTANCES:,} instances would be kept")
            return True

        return counting


class Past:
    """The past of one entity, and whose it is."""

    def __init__(self, evolution: Evolution, people: set[str], *, is_internal: bool) -> None:
        """Hold what was read."""
        self.evolution = evolution
        self.people = sorted(people)
        self.is_internal = is_internal


async def past_of(
    context: Context, reading: Reading, entity: str, keeps: Keeps, budget: Budget
) -> Past | None:
    """Return the past of an entity; None where it has none."""
    overlay = await overlay_in(context, reading, entity, budget)
    evolution = Evolution(entity, overlay, budget.kept(keeps))
    people: set[str] = set()
    async for rows in reading.said(entity, overlay.erased):
        people |= {row.person for row in rows if row.person is not None}
        await _take(context, rows, evolution, budget)
    declared = find_type(evolution.types[0]) if evolution.types else None
    if declared is not None and declared.person is None:
        async for rows in reading.measured(entity, declared.name, overlay.erased):
            await _take(context, rows, evolution, budget)
    if not evolution.is_known:
        return None
    record = context.live.runtime.state.get(entity)
    if record is not None:
        evolution.types, evolution.scope = record.types, record.scope
        evolution.created = record.created
        declared = record.declared
    is_internal = declared is not None and declared.is_internal
    return Past(evolution, people, is_internal=is_internal)


async def overlay_in(context: Context, reading: Reading, entity: str, budget: Budget) -> Overlay:
    """Return what was said about an entity's past afterwards."""
    overlay = Overlay()
    async for rows in reading.overlaid(entity):
        budget.read(len(rows))
        for line in opened(rows, context.live.vault):
            overlay.take(line.position, line.at, line.body)
            if overlay.size > MOST_LINES:
                raise _too_many(f"more than {MOST_LINES:,} corrections would be kept")
    return overlay


async def instance_at(
    context: Context, reading: Reading, entity: str, name: str, named: str
) -> tuple[str, Instance] | None:
    """Return an instance by its name, and the type of its entity; None where there is none."""
    position = position_of(named)
    if position is None:
        return None
    overlay = await overlay_in(context, reading, entity, Budget())
    evolution = Evolution(entity, overlay, lambda instance: instance.name == name)
    for line in opened(await reading.at(entity, position), context.live.vault):
        evolution.take(line, find_type(line.name) if line.kind == "columns" else None)
    for instance in evolution.instances:
        if instance_id(entity, instance) == named:
            return evolution.types[0], instance
    return None


async def until_safe(context: Context) -> None:
    """Return when all that was written before is on disk, where it is read from."""
    writer = context.live.runtime.writer
    if not writer.is_durable:
        await writer.durable()


async def _take(
    context: Context, rows: list[PastRow], evolution: Evolution, budget: Budget
) -> None:
    budget.read(len(rows))
    vault = context.live.vault

    def take() -> None:
        for line in opened(rows, vault):
            evolution.take(line, find_type(line.name) if line.kind == "columns" else None)

    if len(rows) <= _FEW:
        take()
    else:
        await context.beside(take)


def opened(rows: list[PastRow], vault: KeyVault) -> list[Line]:
    """Return lines as they were; those of the forgotten are not there."""
    found = []
    for row in rows:
        body = row.body
        if row.person is not None:
            try:
                body = vault.open(row.person, body)
            except Forgotten:
                continue
        found.append(Line(row.position, row.at, row.action, row.kind, row.name, decode(body)))
    return found


def _too_many(en: str) -> TooManyResults:
    return TooManyResults(
        f"{en}; ask for fewer entities, or for a shorter time",
        "읽을 이력이 너무 많습니다. 엔티티나 기간을 줄여 주세요",
    )
