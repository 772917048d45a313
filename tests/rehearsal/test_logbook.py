"""The logbook keeps what the feed and the day tell it, and says who used what."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from hapgang.core.vocabulary.mobility import Mode, TripMade
from hapgang.hub.lake import SCHEMAS, Lake
from hapgang.ledger.till import account_id
from hapgang.rehearsal.logbook import Logbook, Used
from hapgang.rehearsal.travel import Leg
from hapgang.writer.unit import Item, TransferRow, Unit

AT = datetime(2026, 9, 15, 22, 0, tzinfo=UTC)
ANN, BOB = "urn:ngsi-ld:Person:ann", "urn:ngsi-ld:Person:bob"


def unit(*items: Item, transfers: tuple[TransferRow, ...] = ()) -> Unit:
    made = Unit(1, AT, "test", "somebody")
    made.items.extend(items)
    made.transfers.extend(transfers)
    return made


def created(entity: str, person: str | None) -> Item:
    return Item("created", "Rental", entity, person, {})


def paid(name: str, who: str, won: int, step: str = "captured") -> TransferRow:
    return TransferRow(name, account_id(who), account_id("mobility.x"), won, step, None, "")


def opened(*days: date) -> Logbook:
    book = Logbook()
    for day in days or (date(2026, 9, 16),):
        book.begin(day)
    return book


def made() -> TripMade:
    return TripMade(
        entity=ANN, person=ANN, purpose="work", mode=Mode.WALK, origin="a", destination="b",
        depart_s=10.0, arrive_s=70.0, distance_m=80.0, service="", used="", paid="",
    )  # fmt: skip


def leg() -> Leg:
    lonlat = np.array([[127.0, 36.0], [127.1, 36.1]])
    return Leg(Mode.WALK, 10.0, 70.0, 80.0, 0.0, "", lonlat, np.array([10.0, 70.0]))


def test_only_who_is_watched_is_told_about() -> None:
    book = opened()
    book.watch(ANN)
    book.listen(unit(created("r1", BOB), transfers=(paid("t1", BOB, 900),)))
    book.listen(unit(created("v1", None)))
    assert book.used() == Used("", "", 0)
    book.watch(ANN)
    book.listen(unit(created("r1", ANN), transfers=(paid("t1", ANN, 6_000, "held"),)))
    book.listen(unit(created("r2", ANN), transfers=(paid("t2", ANN, 900), paid("t3", ANN, 20))))
    assert book.used() == Used("r2", "t3", 920)


def test_after_the_question_nobody_is_watched() -> None:
    book = opened()
    book.watch(ANN)
    assert book.used() == Used("", "", 0)
    book.listen(unit(created("r1", ANN)))
    book.watch(BOB)
    assert book.used() == Used("", "", 0)


def test_each_day_has_its_own_rows(tmp_path: Path) -> None:
    book = opened()
    book.trip("2026-09-16-000001", made(), 0, [leg()])
    book.begin(date(2026, 9, 17))
    book.trip("2026-09-17-000001", made(), 0, [leg(), leg()])
    book.activity(ANN, "home", "a", 0.0, 86_400.0)
    lake = Lake(tmp_path, "run")
    book.write(lake)
    assert lake.read("trip")["trip"].to_pylist() == ["2026-09-16-000001", "2026-09-17-000001"]
    assert lake.read("leg")["leg"].to_pylist() == [0, 0, 1]
    assert sorted(path.name for path in (tmp_path / "activity").iterdir()) == [
        "run_2026-09-16.parquet", "run_2026-09-17.parquet",
    ]  # fmt: skip
    assert len(book.paths) == 1  # the playback shows the first day
    assert book.trips_by_mode == {"walk": 2}


def test_every_table_can_be_written_empty_and_full() -> None:
    lake = Lake()
    opened().write(lake)
    assert all(lake.read(table).num_rows == 0 for table in SCHEMAS)
    book = opened()
    book.trip("x", made(), 0, [leg()])
    book.activity(ANN, "home", "a", 0.0, 1.0)
    book.kpi("city", "car_share", "%", None, 10.0, "nowhere")
    event = Item("event", "PmRented", "v1", None, {"kind": "open"})
    body: dict[str, Any] = {"ids": ["v1", "v2"], "at": AT, "columns": {"battery_pct": [50.0, None]}}
    book.listen(
        unit(event, Item("columns", "Vehicle", "", None, body), transfers=(paid("t", ANN, 5),))
    )
    full = Lake()
    book.write(full)
    assert {table: full.read(table).num_rows for table in SCHEMAS} == dict.fromkeys(SCHEMAS, 1)
    assert full.read("event")["body"].to_pylist() == ['{"kind":"open"}']
    assert full.read("kpi")["value"].to_pylist() == [None]


def test_trips_are_in_their_table_and_not_among_the_events() -> None:
    book = opened()
    book.listen(unit(Item("event", "TripMade", ANN, ANN, {})))
    lake = Lake()
    book.write(lake)
    assert lake.read("event").num_rows == 0
