"""Reads are counted for thirty days, in bounded memory."""

from datetime import UTC, datetime, timedelta

from hapgang.app.datamap.uses import Uses

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_reads_are_counted_by_day_and_forgotten_after_thirty() -> None:
    uses = Uses()
    for day in range(60):
        uses.note(["a"], AT + timedelta(days=day))
    last = AT + timedelta(days=59)
    assert uses.of("a", last) == type(uses.of("a", last))(since=AT, reads=30, reads_today=1)
    assert uses.of("a", last + timedelta(days=10)).reads == 20
    assert uses.of("b", last).reads == 0


def test_names_that_nobody_reads_any_more_are_forgotten() -> None:
    uses = Uses()
    for number in range(5_000):
        uses.note([f"set {number}", "often"], AT)
    assert uses.of("often", AT).reads == 5_000
    assert uses.of("set 0", AT).reads == 0
    assert uses.of("set 4999", AT).reads == 1
