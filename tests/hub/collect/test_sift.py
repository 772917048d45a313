"""Files and messages in parts: what is said twice, what is old, how good it all is."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.hub.collect.mapping import Mapping
from hapgang.hub.collect.quality import Tally, quality
from hapgang.hub.collect.sift import Part, Sieve
from tests.hub.collect.mappings import mapping

OBSERVED = {"observed": {"from": "at"}}


def sifted(text: str, found: Mapping | None = None, size: int = 500) -> list[Part]:
    found = found or mapping(entity=OBSERVED, read={"format": "csv"})
    return list(Sieve(found, {}).parts(io.BytesIO(text.encode()), size))


def test_what_is_said_twice_is_taken_once_and_a_contradiction_is_kept() -> None:
    text = "station,at,pm10\na,2020-01-01,1\na,2020-01-01,1\na,2020-01-01,2\na,2020-01-02,-\n"
    (part,) = sifted(text)
    assert [d["pm10"]["value"] for d in part.documents] == [1]
    assert [row.reason for row in part.unfit] == [
        "another row says something else of the same time"
    ]
    assert part.unfit[0].row == {"station": "a", "at": "2020-01-01", "pm10": "2"}
    tally = part.tally
    assert (tally.rows, tally.duplicates, tally.unfit, tally.empty) == (4, 1, 1, 1)
    assert part.newest == datetime(2020, 1, 2, tzinfo=UTC)


def test_parts_are_bounded_and_make_the_whole() -> None:
    text = "station,at,pm10\n" + "".join(f"s{n},2020-01-01,{n}\n" for n in range(10))
    parts = sifted(text, size=4)
    assert [part.tally.rows for part in parts] == [4, 4, 2]
    assert sum((part.tally for part in parts), Tally()) == sifted(text)[0].tally
    long = mapping({"name": {"from": "name"}}, read={"format": "csv"})
    text = "station,name\n" + "".join(f"s{n},{'x' * 19_000}\n" for n in range(120))
    assert [part.tally.rows for part in sifted(text, long)] == [53, 53, 14]


def test_a_large_broken_row_is_kept_as_its_beginning() -> None:
    found = mapping(read={"format": "jsonl"})
    (part,) = sifted('{"pm10": "' + "x" * 50_000 + '", "station": "a"}\n', found)
    assert len(part.unfit[0].row) == 20_000


def test_news_that_is_older_than_promised_is_counted() -> None:
    found = mapping(entity=OBSERVED, fresh_s=60)
    sieve = Sieve(found, {}, datetime(2020, 1, 1, 0, 2, tzinfo=UTC))
    text = b'[{"station": "a", "at": "2020-01-01T00:01:30Z", "pm10": 1},'
    text += b'{"station": "b", "at": "2020-01-01T00:00:30Z", "pm10": 1}]'
    (part,) = sieve.parts(io.BytesIO(text))
    assert (part.tally.timed, part.tally.fresh) == (2, 1)
    assert quality(part.tally).timeliness == 0.5


def test_the_score_is_the_mean_of_what_can_be_judged() -> None:
    tally = Tally(rows=10, skipped=2, unfit=2, duplicates=3, expected=20, present=9, invalid=1)
    found = quality(tally)
    assert found.completeness == pytest.approx(0.45)
    assert found.validity == pytest.approx(6 / 8 * 9 / 10)
    assert found.uniqueness == pytest.approx(0.5)
    assert found.timeliness is None
    assert found.score == pytest.approx(100 * (0.45 + 0.675 + 0.5) / 3, abs=0.01)
    nothing = quality(Tally())
    assert nothing.score is nothing.completeness is None


@given(st.lists(st.integers(0, 50), min_size=10, max_size=10))
def test_shares_stay_shares(numbers: list[int]) -> None:
    found = quality(Tally(**dict(zip(Tally.__struct_fields__, numbers, strict=True))))
    for name in ("completeness", "validity", "uniqueness", "timeliness"):
        share = getattr(found, name)
        assert share is None or 0 <= share <= 1
    assert found.score is None or 0 <= found.score <= 100
