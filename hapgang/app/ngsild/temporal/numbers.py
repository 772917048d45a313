"""Aggregation of the past of many: arrays from the lake and the feed, never an instance.

For what is nobody's. Entities about whose past something was said afterwards are read one by one,
and so are those of whom an attribute is now a number and now something else.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from hapgang.app.context import Context
from hapgang.app.lake_day import CHANGE
from hapgang.app.lakes import RUN
from hapgang.app.ngsild.temporal.asked import Form
from hapgang.app.ngsild.temporal.reading import MOST_LINES, Budget, opened
from hapgang.app.ngsild.temporal.summed import Sums, asks_of
from hapgang.core.entity import EntityType, find_type
from hapgang.hub.feed_lake import OF_PEOPLE
from hapgang.hub.lake import Lake
from hapgang.hub.search import Selection
from hapgang.hub.temporal.recorded import NoNumbers, Recorded, files_and_gaps, notes
from hapgang.hub.temporal.represent import Told
from hapgang.hub.temporal.singles import Singles
from hapgang.writer.history import PastRow, Reading

_BY_INDEX = 20_000  # lines that are sooner found by their entities than in all of the lake
_ALL = (1, 2**62)
_FEW = 10  # entities whose lines of measurements are looked for by their ids


class Aggregated(msgspec.Struct):
    """Entities with their aggregates; `left` are those that have to be read one by one."""

    told: dict[str, Told]
    left: set[str]


def measured_type(selections: tuple[Selection, ...], form: Form) -> str | None:
    """Return the type that a query is about, if its entities can be read as arrays."""
    one = selections[0]
    if len(selections) > 1 or one.types is None or len(one.types.places) != 1:
        return None
    if one.query or one.geo or one.scope:
        return None
    name: str = one.types.places[0]
    return name if is_of_arrays(name, form) else None


def is_of_arrays(name: str, form: Form) -> bool:
    """Whether sums are asked for of a type that is nobody's, and not the city's own."""
    if form.aggregation is None or form.when.last or form.shape.datasets:
        return False
    declared, time = find_type(name), form.when.time
    if declared is None:
        return time != "deletedAt"
    return declared.person is None and not declared.is_internal and time == "observedAt"


async def aggregates_of(
    context: Context, reading: Reading, ids: Sequence[str], type_name: str, form: Form
) -> Aggregated:
    """Return the aggregates of entities that are there, of a type."""
    declared = find_type(type_name)
    found = [context.live.runtime.state.get(entity) for entity in ids]
    records = [one for one in found if one is not None and one.declared is declared]
    left = set(ids) - {one.id for one in records}
    names = [one.id for one in records]
    singles = Singles(names, asks_of(form), form.when)
    if not names or await _say(context, reading, singles, names, {one.type for one in records}):
        return Aggregated({}, set(ids))
    sums = Sums(records, declared, singles, form)
    try:
        if declared is not None:
            await _measure(context, reading, sums.recorded, names, declared)
    except NoNumbers:
        return Aggregated({}, set(ids))
    budget = Budget()
    async for rows in reading.lines(sums.lines(MOST_LINES)):
        budget.read(len(rows))
        await context.beside(partial(_take, sums, rows, context, budget))
    told = await context.beside(sums.told)
    left |= {names[number] for number in singles.left}
    if form.shape.pick is not None or form.shape.omit is not None:
        left |= {name for name in names if name not in told}  # something else may be of that time
    return Aggregated(told, left)


async def _say(
    context: Context, reading: Reading, singles: Singles, names: list[str], types: set[str]
) -> bool:
    """Collect what was said of entities one by one; say whether that is not to be had as arrays."""
    used, gaps = list[Path](), [_ALL]
    if await reading.count_of(names, _BY_INDEX + 1) > _BY_INDEX:
        files = Lake(context.live.folder / "lake", RUN).files(CHANGE)
        used, gaps = await context.beside(partial(files_and_gaps, files))
    if await context.beside(partial(_are_of_people, used, types)):
        return True
    for path in used:
        await context.beside(partial(singles.add_file, path))
    for gap in gaps:
        async for rows in reading.said_of(names, gap):
            await context.beside(partial(singles.add_rows, rows))
    singles.done()
    return False


def _are_of_people(files: list[Path], types: set[str]) -> bool:
    """Whether some of what was said of a type is sealed, so that the lake has not all of it."""
    sealed = (notes(path, path.stat().st_mtime_ns).get(OF_PEOPLE, "") for path in files)
    return any(not types.isdisjoint(names.split(",")) for names in sealed)


async def _measure(
    context: Context, reading: Reading, recorded: Recorded, ids: list[str], declared: EntityType
) -> None:
    """Collect what was measured in bulk."""
    files = Lake(context.live.folder / "lake", RUN).files("measurement")
    used, gaps = await context.beside(partial(files_and_gaps, files))
    for path in used:
        await context.beside(partial(recorded.add_file, path, [declared.name]))
    about = ids if len(ids) <= _FEW else ()
    budget = Budget()
    for gap in gaps:
        async for lines in reading.columns([declared.name], gap, about):
            budget.read(len(lines))
            await context.beside(partial(_each, recorded.add_line, [one.body for one in lines]))


def _each(add: Callable[[bytes], None], bodies: list[bytes]) -> None:
    for body in bodies:
        add(body)


def _take(sums: Sums, rows: list[tuple[str, PastRow]], context: Context, budget: Budget) -> None:
    for entity, row in rows:
        for line in opened([row], context.live.vault):
            sums.take(entity, line, budget.kept)
