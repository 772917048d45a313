"""The lake of a living city: every few minutes what is new, as files of their own.

How far it has come is marked when all files of a run are in their place. What goes further than
the mark was left by a run that was cut off: it is taken away and written again, so that nothing is
there twice and nothing is missed. When a day is over, its parts are made one file.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import msgspec
import pyarrow as pa

from hapgang.app.lake_day import FEED_TABLES, TABLES, DayFiles, merged_notes
from hapgang.core.clock import Clock
from hapgang.hub.lake_parts import drop_after, drop_held, merge, parts_in, shown
from hapgang.writer.onward import (
    ends,
    ends_before,
    feed_onward,
    transfers_onward,
    written_at,
)
from hapgang.writer.recovery import Archive

EVERY_S = 300.0
RUN = "city"
_MARK = "mark.json"
_LOCK = ".lock"
_KEPT_S = 3_600.0  # parts of a day that is one file, for those who read them at the moment
_SLACK = timedelta(days=1)  # so much the clock may have gone back between two transfers
_LOCK_PAUSE_S = 0.1
_log = logging.getLogger(__name__)


class Mark(msgspec.Struct, frozen=True):
    """How far the lake has come."""

    position: int = 0  # of the feed
    at: datetime | None = None  # when that line was written, to know the feed again by
    seq: int = 0  # of units, among transfers
    paid: datetime = datetime.min.replace(tzinfo=UTC)  # when the last transfer was
    day: str = ""  # the last one that was written, in the city's zone


async def keep_lake(archive: Archive, clock: Clock, folder: Path) -> None:
    """Write what is new every few minutes until cancelled; a full disk is no end of the city."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await write_on(archive, clock, folder)
        except (OSError, pa.ArrowException) as error:
            _log.warning("the lake was not written and is tried again: %s", error)


async def write_on(archive: Archive, clock: Clock, folder: Path) -> None:
    """Write what the lake of a city's folder has not yet; one at a time, in whichever process."""
    lake = folder / "lake"
    async with _alone(lake):
        mark = await _mark(archive, clock, lake)
        await asyncio.to_thread(_tidy, lake, mark)
        files = DayFiles(lake, RUN, clock.zone, mark.day)
        try:
            done = await _write(archive, files, mark)
        except BaseException:
            await asyncio.to_thread(files.give_up)
            raise
        if done != mark:
            await asyncio.to_thread(_save, lake, done)
        await asyncio.to_thread(_merge_days, lake, done.day)


async def _write(archive: Archive, files: DayFiles, mark: Mark) -> Mark:
    since = _back(mark.paid)
    position, seq = await ends(archive.pool, since)
    files.begin(mark.position + 1, FEED_TABLES)
    at = mark.at
    async for rows in feed_onward(archive.pool, mark.position, position):
        await asyncio.to_thread(files.add_lines, rows)
        at = rows[-1].at
    await asyncio.to_thread(files.end, position)
    day, paid = files.day, mark.paid
    files.begin(mark.seq + 1, ("transfer",), mark.day)
    async for some in transfers_onward(archive.pool, since, mark.seq, seq):
        await asyncio.to_thread(files.add_transfers, some)
        paid = max(paid, some[-1][1])
    await asyncio.to_thread(files.end, max(seq, mark.seq))
    return Mark(position, at, max(seq, mark.seq), paid, max(day, files.day))


async def _mark(archive: Archive, clock: Clock, lake: Path) -> Mark:
    """Return how far the lake has come; not at all where it is of another feed than the database's.

    In a lake without a mark all days are kept that have a file; the last one is written again.
    """
    try:
        mark = msgspec.json.decode((lake / _MARK).read_bytes(), type=Mark)
    except (FileNotFoundError, msgspec.DecodeError):
        days = [part.day for table in TABLES for part in parts_in(lake / table, RUN)]
        if not days:
            return Mark()
        start = datetime.combine(date.fromisoformat(max(days)), time_of_day(), clock.zone)
        position, seq = await ends_before(archive.pool, start.astimezone(UTC))
        at = await written_at(archive.pool, position)
        return Mark(position, at, seq, start.astimezone(UTC), max(days))
    if await written_at(archive.pool, mark.position) != mark.at:
        _log.warning("the database is not the one that the lake was made of; it is made again")
        return Mark()
    return mark


def _tidy(lake: Path, mark: Mark) -> None:
    """Take away what a run left that was cut off, and what other files hold by now."""
    for table in TABLES:
        for half in (lake / table).glob(f"{RUN}_*.tmp"):
            half.unlink(missing_ok=True)
        drop_after(parts_in(lake / table, RUN), mark.seq if table == "transfer" else mark.position)
        drop_held(parts_in(lake / table, RUN), before_s=time.time() - _KEPT_S)


def _merge_days(lake: Path, today: str) -> None:
    for table, schema in TABLES.items():
        days: dict[str, list[Path]] = {}
        parts = [part for part in shown(parts_in(lake / table, RUN)) if part.is_numbered]
        for part in parts:
            if part.day < today:
                days.setdefault(part.day, []).append(part.path)
        for day, paths in days.items():
            if len(paths) > 1:
                some = [part for part in parts if part.day == day]
                merge(some, RUN, schema, merged_notes(table, some))


def _save(lake: Path, mark: Mark) -> None:
    beside = lake / f"{_MARK}.{os.getpid()}.tmp"
    with beside.open("wb") as file:
        file.write(msgspec.json.encode(mark))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(lake / _MARK)


def _back(at: datetime) -> datetime:
    return at - _SLACK if at.year > 1 else at


@contextlib.asynccontextmanager
async def _alone(lake: Path) -> AsyncIterator[None]:
    """Be the only one that writes a lake, among all processes of its city."""
    lake.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (lake / _LOCK).open("wb") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(_LOCK_PAUSE_S)
        yield
