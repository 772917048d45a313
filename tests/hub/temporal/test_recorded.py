"""Measurements as arrays: lake and feed are one, nothing twice, nothing missed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.wire import encoder
from hapgang.hub.feed_lake import POSITIONS, holds_texts, measurement_columns
from hapgang.hub.lake import Lake
from hapgang.hub.temporal.periods import ticks
from hapgang.hub.temporal.recorded import NoNumbers, Recorded, files_and_gaps
from hapgang.hub.temporal.when import When
from hapgang.writer.recovery import FeedRow

START = datetime(2026, 1, 1, tzinfo=UTC)
IDS = ["urn:m:1", "urn:m:2", "urn:m:3"]
VALUE = st.one_of(st.none(), st.integers(-5, 5).map(float))
LINE = st.one_of(
    st.none(),  # a line that measures nothing
    st.tuples(
        st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True),
        st.integers(0, 20), st.lists(VALUE, min_size=3, max_size=3), st.booleans(),
    ),
)  # fmt: skip


def row_of(position: int, line: Any) -> FeedRow:
    at = START + timedelta(seconds=position)
    if line is None:
        return FeedRow(position, at, "a", "", "event", "Drawn", "urn:x:1", None, b"{}")
    ids, minute, values, has_more = line
    columns = {"power_kw": values[: len(ids)]}
    if has_more:
        columns["level"] = values[: len(ids)]
    body = {"ids": ids, "at": START + timedelta(minutes=minute), "columns": columns}
    return FeedRow(position, at, "a", "", "columns", "Meter", "", None, encoder.encode(body))


@given(
    st.lists(LINE, min_size=1, max_size=30),
    st.lists(st.integers(0, 30), max_size=4),
    st.sampled_from([When(), When("after", START + timedelta(minutes=5)),
                     When("between", START, START + timedelta(minutes=9))]),
    st.integers(0, 3),
)  # fmt: skip
def test_lake_and_feed_are_read_as_one(
    lines: list[Any], cuts: list[int], when: When, lost: int
) -> None:
    rows = [row_of(position, line) for position, line in enumerate(lines, 1)]
    edges = sorted({0, *(cut for cut in cuts if cut < len(rows)), len(rows)})
    recorded = Recorded(IDS[:2], ["power_kw"], when)
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        days = list(pairwise(edges))
        for number, (first, last) in enumerate(days):
            if number == lost:
                continue  # the lake has no file of that day
            some = rows[first:last]
            day = f"2026-01-{number + 1:02}"
            notes = {POSITIONS: f"{first + 1}-{last}"}
            lake.write("measurement", day, measurement_columns(some), notes=notes)
        used, gaps = files_and_gaps(lake.files("measurement"))
        for path in used:
            recorded.add_file(path, ["Meter"])
    for first, last in gaps:
        for row in rows:
            if row.kind == "columns" and first <= row.position <= last:
                recorded.add_line(row.body)
    points = recorded.points()
    found = sorted(
        zip(points.keys.tolist(), points.at.tolist(), points.values.tolist(), strict=True)
    )
    assert found == sorted(plainly(lines, when))
    assert list(zip(points.keys, points.at, strict=True)) == sorted(
        zip(points.keys, points.at, strict=True)
    )


def plainly(lines: list[Any], when: When) -> list[tuple[int, int, float]]:
    found = []
    for line in lines:
        if line is None:
            continue
        ids, minute, values, _ = line
        at = START + timedelta(minutes=minute)
        for entity, value in zip(ids, values, strict=False):
            if value is not None and entity in IDS[:2] and when.holds(at):
                found.append((IDS.index(entity), ticks(at), value))
    return found


def test_of_an_entity_that_a_line_names_twice_the_last_counts() -> None:
    recorded = Recorded(IDS, ["power_kw"], When())
    body = {"ids": [IDS[0], IDS[0]], "at": START, "columns": {"power_kw": [1.0, 2.0]}}
    recorded.add_line(encoder.encode(body))
    assert recorded.points().values.tolist() == [2.0]


def test_texts_are_no_numbers() -> None:
    recorded = Recorded(IDS, ["power_kw"], When())
    row = row_of(1, ([IDS[0]], 0, ["high", None, None], False))
    assert holds_texts([row])
    with pytest.raises(NoNumbers):
        recorded.add_line(row.body)


def test_without_files_all_is_in_the_feed() -> None:
    assert files_and_gaps([]) == ([], [(1, 2**62)])
