"""The lake keeps what was written, whole, and shows what was asked for and no more."""

import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hapgang.core.errors import Refused
from hapgang.hub.feed_lake import event_columns, measurement_columns, open_body, transfer_columns
from hapgang.hub.lake import SCHEMAS, Lake
from hapgang.hub.privacy import Forgotten, KeyVault
from hapgang.writer.recovery import FeedRow
from hapgang.writer.unit import TransferRow

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
KPI = {"service": ["s"], "name": ["n"], "unit": ["u"], "value": [1.5], "target": [None],
       "source": ["here"]}  # fmt: skip


@pytest.fixture(params=["memory", "disk"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake" if request.param == "disk" else None)


def test_days_add_up_and_are_replaced(lake: Lake) -> None:
    lake.write("kpi", "2026-11-24", {**KPI, "value": [2.0]})
    lake.write("kpi", "2026-11-23", KPI)
    lake.write("kpi", "2026-11-23", {**KPI, "value": [3.0]})
    assert lake.read("kpi").column("value").to_pylist() == [3.0, 2.0]
    assert lake.read("kpi", "2026-11-24").column("value").to_pylist() == [2.0]
    assert lake.read("trip").schema == SCHEMAS["trip"]
    assert lake.read("trip").num_rows == 0


def test_sql_sees_the_tables_it_was_given(lake: Lake, tmp_path: Path) -> None:
    lake.write("kpi", "2026-11-23", KPI)
    view = lake.limited_to(["kpi"])
    assert view.rows("SELECT name, value FROM kpi WHERE value > ?", 1) == [("n", 1.5)]
    assert view.number("SELECT sum(value) FROM kpi") == 1.5
    assert view.number("SELECT max(target) FROM kpi") is None
    assert view.number("SELECT value FROM kpi WHERE false") is None
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    kpi_in_python = pa.table({"a": [1]})
    assert kpi_in_python.num_rows == 1
    for sql in (
        "SELECT * FROM trip",
        "SELECT * FROM kpi_in_python",
        f"SELECT * FROM '{secret}'",
        f"COPY kpi TO '{tmp_path / 'out.csv'}'",
        "SET enable_external_access = true",
        "SET python_enable_replacements = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(duckdb.Error):
            view.rows(sql)
    with pytest.raises(Refused):
        lake.limited_to(["passwords"])


def test_a_reader_never_meets_half_a_file(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write("kpi", "2026-11-23", KPI)
    (done, failures) = (threading.Event(), [])

    def read() -> None:
        while not done.is_set():
            try:
                assert lake.read("kpi").num_rows in (1, 1000)
            except Exception as error:  # noqa: BLE001 (shown by the assertion below)
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for size in [1000, 1] * 10:
        lake.write("kpi", "2026-11-23", {name: values * size for name, values in KPI.items()})
    done.set()
    reader.join()
    assert failures == []
    assert [path.suffix for path in (tmp_path / "kpi").iterdir()] == [".parquet"]


def test_a_write_that_dies_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    lake.write("kpi", "2026-11-23", KPI)

    def full_disk(*_: Any, **__: Any) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(pq, "write_table", full_disk)
    with pytest.raises(OSError, match="No space"):
        lake.write("kpi", "2026-11-23", {**KPI, "value": [9.0]})
    assert lake.read("kpi").column("value").to_pylist() == [1.5]
    (tmp_path / "kpi" / "city_2026-11-23.1.tmp").write_bytes(b"half")
    assert lake.read("kpi").num_rows == 1


def line(kind: str, name: str, body: bytes, person: str | None = None) -> FeedRow:
    return FeedRow(1, NOW, "a.b", "urn:p:caller", kind, name, "urn:x:1", person, body)


def test_the_feed_becomes_columns() -> None:
    columns = b'{"ids":["urn:x:1","urn:x:2"],"at":"2026-11-23T08:00:00Z","columns":'
    rows = [
        line("event", "Drawn", b'{"count":1}'),
        line("columns", "Meter", columns + b'{"power_kw":[1.5,null],"state":["on","off"]}}'),
        line("updated", "Well", b"{}"),
    ]
    assert event_columns(rows)["event"] == ["Drawn"]
    measured = measurement_columns(rows)
    assert list(zip(measured["entity"], measured["field"], measured["value"], strict=True)) == [
        ("urn:x:1", "power_kw", 1.5)
    ]
    paid = TransferRow("t", "a", "b", 5, "posted", None, "")
    assert transfer_columns([(NOW, paid)])["amount_won"] == [5]
    for table, found in (
        ("event", event_columns(rows)),
        ("measurement", measured),
        ("transfer", transfer_columns([(NOW, paid)])),
    ):
        Lake().write(table, "2026-11-23", found)


def test_personal_lines_stay_sealed_in_the_lake() -> None:
    vault = KeyVault(bytes(32))
    sealed = vault.seal("urn:p:anne", b'{"to":"the clinic"}')
    found = event_columns([line("event", "TripMade", sealed, "urn:p:anne")])
    assert (found["entity"], found["person"]) == ([""], [""])
    assert "clinic" not in found["body"][0]
    lake = Lake()
    lake.write("event", "2026-11-23", found)
    asked = "SELECT count(*) - count(body->>'to') FROM event"  # no field of it can be read
    assert lake.limited_to(("event",)).number(asked) == 1
    assert open_body(found["body"][0], "urn:p:anne", vault) == {"to": "the clinic"}
    vault.destroy("urn:p:anne")
    with pytest.raises(Forgotten):
        open_body(found["body"][0], "urn:p:anne", vault)
