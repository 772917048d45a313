"""The lake of a living city holds each line once, whenever its keeper is cut off."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pyarrow.parquet as pq
import pytest

from hapgang.app import lakes
from hapgang.app.lake_day import CHANGE, TABLES, DayFiles
from hapgang.app.lakes import RUN, write_on
from hapgang.contract import Role
from hapgang.core.wire import encoder
from hapgang.hub import lake_parts
from hapgang.hub.lake import Lake
from hapgang.hub.lake_parts import parts_in, shown
from hapgang.hub.temporal.recorded import files_and_gaps
from hapgang.runtime.perform import PLATFORM
from hapgang.writer import onward
from hapgang.writer.recovery import FeedRow
from tests.living import Town, run
from tests.village import buy, measure, move_in, person

OPERATOR = person("op", Role.OPERATOR)
Then = Callable[[Town], Awaitable[None]]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Callable[[Then], None]:
    def do(then: Then) -> None:
        run(then, database, small_city, tmp_path / "state")

    return do


async def dig(town: Town, name: str) -> None:
    anne = person(f"anne-{name}")
    move_in(town.runtime, anne)
    await town.call("POST", "/api/test/village/wells", {"well": name}, caller=OPERATOR)
    town.runtime.perform(buy, anne, well=name, price_won=100)
    town.runtime.perform(measure, PLATFORM, depths_m={name: 3.0})
    await town.runtime.writer.durable()


async def write(town: Town) -> None:
    await write_on(town.live.reads, town.live.clock, town.live.folder)


def counts(town: Town) -> dict[str, int]:
    lake = Lake(town.live.folder / "lake", RUN)
    return {
        table: sum(pq.read_metadata(path).num_rows for path in lake.files(table))
        for table in TABLES
    }


async def in_feed(town: Town) -> dict[str, int]:
    query = "SELECT count(*) FROM feed WHERE kind = $1"
    pool = town.live.reads.pool
    return {
        "event": await pool.fetchval(query, "event"),
        "measurement": await pool.fetchval(query, "columns"),
        "transfer": await pool.fetchval("SELECT count(*) FROM transfer"),
    }


async def is_whole(town: Town) -> bool:
    found = counts(town)
    del found[CHANGE]  # one for each attribute
    return found == await in_feed(town)


def test_each_run_adds_what_is_new(
    live: Callable[[Then], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onward, "_LINES", 3)
    monkeypatch.setattr(lake_parts, "_MOST_ROWS", 2)

    async def then(town: Town) -> None:
        for name in "abcd":
            await dig(town, name)
            await write(town)
            assert await is_whole(town)
        parts = parts_in(town.live.folder / "lake" / "measurement", RUN)
        assert len(parts) == 4
        kept = [part.path.stat().st_mtime_ns for part in parts]
        await write(town)  # nothing is new
        assert [p.path.stat().st_mtime_ns for p in parts_in(parts[0].path.parent, RUN)] == kept

    live(then)


def test_two_that_write_at_once_write_once(live: Callable[[Then], None]) -> None:
    async def then(town: Town) -> None:
        await dig(town, "a")
        await asyncio.gather(*(write(town) for _ in range(4)))
        assert await is_whole(town)

    live(then)


def test_cut_off_before_the_mark_nothing_is_there_twice(
    live: Callable[[Then], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def then(town: Town) -> None:
        await dig(town, "a")
        await write(town)
        await dig(town, "b")
        with monkeypatch.context() as broken:
            broken.setattr(lakes, "_save", _fail)
            with pytest.raises(OSError, match="No space"):
                await write(town)
        (town.live.folder / "lake" / "event" / f"{RUN}_2026-01-01.9.77.tmp").write_bytes(b"half")
        await dig(town, "c")
        await write(town)
        assert await is_whole(town)
        assert not list((town.live.folder / "lake").glob("*/*.tmp"))

    live(then)


def test_cut_off_between_two_files_both_are_written_again(
    live: Callable[[Then], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def then(town: Town) -> None:
        await dig(town, "a")
        end = lake_parts.PartFile.end

        def fails_at_the_second(self: Any, last: int, notes: Any) -> Any:
            if "measurement" in str(self._folder):
                raise OSError(28, os.strerror(28))
            return end(self, last, notes)

        with monkeypatch.context() as broken:
            broken.setattr(lake_parts.PartFile, "end", fails_at_the_second)
            with pytest.raises(OSError, match="No space"):
                await write(town)
        await write(town)
        assert await is_whole(town)

    live(then)


def test_a_lake_of_another_database_is_made_again(live: Callable[[Then], None]) -> None:
    async def then(town: Town) -> None:
        await dig(town, "a")
        await write(town)
        mark = town.live.folder / "lake" / "mark.json"
        found = msgspec.json.decode(mark.read_bytes(), type=lakes.Mark)
        for other in (
            msgspec.structs.replace(found, position=999_999),
            msgspec.structs.replace(found, at=town.live.clock.now() + timedelta(hours=1)),
        ):
            mark.write_bytes(msgspec.json.encode(other))
            await dig(town, f"b{other.position}")
            await write(town)
            assert await is_whole(town)
        mark.unlink()
        await dig(town, "c")
        await write(town)
        assert await is_whole(town)

    live(then)


def test_a_lake_of_whole_days_is_gone_on_with(live: Callable[[Then], None]) -> None:
    async def then(town: Town) -> None:
        await dig(town, "a")
        today = town.live.clock.now().astimezone(town.live.clock.zone).date()
        old = Lake(town.live.folder / "lake", RUN)
        old.write("event", "2026-01-01", {name: [] for name in TABLES["event"].names})
        at = town.live.clock.now()
        old.write("event", str(today), {
            "time": [at], "event": ["Old"], "entity": [""], "person": [""], "action": [""],
            "body": ["{}"],
        })  # fmt: skip
        await write(town)
        assert await is_whole(town)
        assert old.read("event").column("event").to_pylist().count("Old") == 0

    live(then)


def _fail(*_: Any) -> None:
    raise OSError(28, os.strerror(28))


def line(position: int, at: datetime, kind: str = "columns", **more: Any) -> FeedRow:
    body = {"ids": ["urn:m:1"], "at": at, "columns": {"power_kw": [float(position)]}}
    said = encoder.encode(body if kind == "columns" else more.pop("body", {}))
    return FeedRow(position, at, "a", "", kind, "Meter", "urn:m:1", more.get("person"), said)


def test_days_end_at_midnight_and_become_one_file(tmp_path: Path) -> None:
    zone = ZoneInfo("Asia/Seoul")
    midnight = datetime(2026, 3, 1, 15, tzinfo=UTC)  # of the 2nd there
    files = DayFiles(tmp_path, RUN, zone, "2026-03-01")
    for first in (1, 4, 7):  # three runs; the clock goes back once
        files.begin(first, ("event", "measurement", CHANGE))
        for n in range(first, first + 3):
            at = midnight + timedelta(seconds=-30 if n == 6 else n - 4.5)
            files.add_lines([line(n, at)])
        files.end(first + 2)
    folder = tmp_path / "measurement"
    spans = [(p.day, p.first, p.last) for p in parts_in(folder, RUN)]
    assert spans == [
        ("2026-03-01", 1, 3), ("2026-03-01", 4, 4), ("2026-03-02", 5, 6), ("2026-03-02", 7, 9),
    ]  # fmt: skip
    lakes._merge_days(tmp_path, "2026-03-02")
    assert [(p.first, p.last) for p in shown(parts_in(folder, RUN))] == [(1, 4), (5, 6), (7, 9)]
    lake = Lake(tmp_path, RUN)
    assert lake.read("measurement").column("value").to_pylist() == [float(n) for n in range(1, 10)]
    assert files_and_gaps(lake.files("measurement"))[1] == [(10, 2**62)]
    lakes._tidy(tmp_path, lakes.Mark(position=9))
    assert len(parts_in(folder, RUN)) == 5  # somebody may read them just now
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    lakes._tidy(tmp_path, lakes.Mark(position=9))
    assert [(p.first, p.last) for p in parts_in(folder, RUN)] == [(1, 4), (5, 6), (7, 9)]
    assert len(lake.read("measurement")) == 9


def test_personal_changes_are_not_in_the_lake_and_it_says_so(tmp_path: Path) -> None:
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    files = DayFiles(tmp_path, RUN, ZoneInfo("UTC"), "")
    files.begin(1, ("event", "measurement", CHANGE))
    files.add_lines([
        line(1, at, "updated", person="urn:p:anne"),
        line(2, at, "updated", body={"power": {"type": "Property", "value": 2}}),
    ])  # fmt: skip
    files.end(2)
    (path,) = Lake(tmp_path, RUN).files(CHANGE)
    assert lake_parts.notes_of(path)["hapgang.personal"] == "Meter"
    assert pq.read_table(path).column("position").to_pylist() == [2]
