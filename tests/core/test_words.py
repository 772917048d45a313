"""Chance, time, names and what is remembered."""

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.chance import Stream
from hapgang.core.clock import RealClock, VirtualClock
from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri, new_urn, urn
from hapgang.core.money import won_text
from hapgang.core.remembered import Remembered

SEOUL = ZoneInfo("Asia/Seoul")


def test_splitmix64_gives_the_published_numbers() -> None:
    """The table of Rosetta Code's "Pseudo-random numbers/Splitmix64", from Vigna's C program."""
    stream = Stream(1234567)
    assert [stream.bits64() for _ in range(5)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    stream = Stream(987654321)
    found = Counter(int(stream.random() * 5) for _ in range(100_000))
    assert found == {0: 20027, 1: 19892, 2: 20073, 3: 19978, 4: 20030}


@given(st.integers(0, 2**64 - 1), st.integers(1, 10**6))
def test_numbers_stay_in_their_range(seed: int, n: int) -> None:
    stream = Stream(seed)
    assert 0 <= stream.below(n) < n
    assert 0.0 <= stream.random() < 1.0
    assert stream.exponential(2.0) >= 0.0
    assert -10 < stream.gumbel() < 60
    assert stream.choice("abc") in "abc"
    assert 3.0 <= stream.uniform(3.0, 4.0) < 4.0


def test_named_streams_are_their_owners_own() -> None:
    assert Stream.named(1, "a", "b").bits64() == Stream.named(1, "a", "b").bits64()
    different = [(1, "a", "b"), (2, "a", "b"), (1, "ab", ""), (1, "a", "c"), (1, "a")]
    assert len({Stream.named(*names).bits64() for names in different}) == len(different)


def test_a_clock_set_back_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = RealClock(SEOUL)
    times = iter([1000.0, 400.0, 999.0, 1000.5])
    monkeypatch.setattr("time.time", lambda: next(times))
    found = [clock.now().timestamp() for _ in range(4)]
    assert found == [1000.0, 1000.0, 1000.0, 1000.5]


@pytest.mark.parametrize(
    ("last_s", "first_s"), [(400.0, 1000.0), (1059.0, 1059.0), (1000.0 + 365 * 86_400, 1000.0)]
)
def test_a_clock_goes_on_from_the_disk_unless_that_was_far_ahead(
    last_s: float, first_s: float, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = RealClock(SEOUL)
    monkeypatch.setattr("time.time", lambda: 1000.0)
    clock.go_on_from(datetime.fromtimestamp(last_s, UTC))
    assert clock.now().timestamp() == first_s
    assert ("1971-01-01" in caplog.text) is (last_s > 86_400)
    monkeypatch.setattr("time.time", lambda: 1060.0)
    assert clock.now().timestamp() == 1060.0


def test_a_virtual_clock_goes_forward_only() -> None:
    clock = VirtualClock(datetime(2026, 11, 23, 9, tzinfo=SEOUL), SEOUL)
    assert clock.now() == datetime(2026, 11, 23, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.advance_by(90.0)
    clock.advance_to(clock.now() + timedelta(seconds=1))
    assert clock.now() == datetime(2026, 11, 23, 0, 1, 31, tzinfo=UTC)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance_by(-0.001)
    clock.advance_to(datetime(2026, 11, 23, 10, tzinfo=timezone(timedelta(hours=9))))


@pytest.mark.parametrize(
    "uri", ["urn:ngsi-ld:Vehicle:42", "https://example.org/a/b?c#d", "urn:ngsi-ld:탈것:1"]
)
def test_uris_are_taken(uri: str) -> None:
    assert check_uri(uri) == uri


@pytest.mark.parametrize(
    "uri", ["", "42", "urn:", "a b:c", "urn:a b", "urn:a\x00b", "urn:a<b", "urn:" + "x" * 501,
            "urn:a\nb", "urn:a\n"]
)  # fmt: skip
def test_other_names_are_refused(uri: str) -> None:
    with pytest.raises(Invalid):
        check_uri(uri)


def test_names() -> None:
    assert urn("Vehicle", 42) == "urn:ngsi-ld:Vehicle:42"
    assert check_uri(new_urn("Vehicle", Stream(1))) == new_urn("Vehicle", Stream(1))
    assert won_text(12_500) == "12,500원"


def test_what_leaves_memory_is_read_from_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hapgang.core.remembered._MOST_RECENT", 3)
    monkeypatch.setattr("hapgang.core.remembered._MERGE_AT", 4)
    disk = {"old": 0}
    asked: list[str] = []

    def recall(name: str) -> int | None:
        asked.append(name)
        return disk.get(name)

    kept = Remembered(recall, disk)
    for number in range(10):
        disk[f"n{number}"] = number
        kept.put(f"n{number}", number)
    assert [kept.find(f"n{number}") for number in range(10)] == list(range(10))
    assert asked == [f"n{number}" for number in range(7)]
    assert kept.find("old") == 0
    assert kept.find("never") is None
    assert "never" not in asked


def test_taking_back_what_was_remembered() -> None:
    kept: Remembered[int] = Remembered()
    kept.put("a", 1)
    undo = kept.put("b", 2)
    undo()
    assert (kept.find("a"), kept.find("b")) == (1, None)
    undo = kept.forget(lambda value: value == 1)
    assert kept.find("a") is None
    undo()
    assert kept.find("a") == 1
