"""The lake of a living city: today's tables, written again every few minutes and at the end."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from hapgang.core.clock import Clock
from hapgang.hub.feed_lake import (
    event_columns,
    holds_texts,
    measurement_columns,
    spanned,
    transfer_columns,
)
from hapgang.hub.lake import Lake
from hapgang.writer.recovery import Archive

EVERY_S = 300.0
RUN = "city"


async def keep_lake(
    archive: Archive, clock: Clock, folder: Path, *, since: datetime | None = None
) -> None:
    """Write today's tables every few minutes until cancelled; yesterday's once more at midnight.

    since: when something happened last before this start. That day's tables may lack its end.
    """
    lake = Lake(folder / "lake", RUN)
    day = (since or clock.now()).astimezone(clock.zone).date()
    while True:
        await asyncio.sleep(EVERY_S)
        today = clock.now().astimezone(clock.zone).date()
        for wanted in sorted({day, today}):
            await write_day(archive, clock, lake, wanted)
        day = today


async def write_day(archive: Archive, clock: Clock, lake: Lake, day: Any) -> None:
    """Write one day's events, measurements and transfers."""
    start = datetime.combine(day, time(), clock.zone).astimezone(UTC)
    end = start + timedelta(days=1)
    rows = await archive.feed_between(start, end)
    transfers = await archive.transfers_between(start, end)

    def write() -> None:
        lake.write("event", day.isoformat(), event_columns(rows))
        measured = measurement_columns(rows)
        notes = {} if holds_texts(rows) else spanned(rows)
        lake.write("measurement", day.isoformat(), measured, notes=notes)
        lake.write("transfer", day.isoformat(), transfer_columns(transfers))

    await asyncio.to_thread(write)
