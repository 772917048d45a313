"""DataQuality is measured: in closed form, and within its bounds whatever comes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.entity import type_of
from hapgang.core.geometry import Point
from hapgang.hub.datamap.quality import quality_of
from hapgang.hub.record import Record
from tests.village import HERE, Well

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
BOUNDS = (127.2, 36.4, 127.4, 36.6)
NAMES = ("location", "checkedAt")


def well(
    number: int, location: Point | None, checked_at: datetime | None, modified: datetime = AT
) -> Record:
    view = Well(id=f"urn:ngsi-ld:TestWell:{number}", location=location, checked_at=checked_at)
    return Record(view.id, ("TestWell",), type_of(Well), view, {}, created=AT, modified=modified,
                  seq=1)  # fmt: skip


def test_shares_in_closed_form() -> None:
    far = Point((0.0, 0.0))
    records = [
        well(0, HERE, AT), well(1, HERE, None), well(2, None, None, AT - timedelta(hours=1)),
        well(3, far, AT),
    ]  # fmt: skip
    found = quality_of(records, NAMES, bounds=BOUNDS, now=AT, set_aside=1)
    assert (found.number, found.measured) == (4, 4)
    assert found.newest_at == AT
    assert found.oldest_at == AT - timedelta(hours=1)
    assert [one.share_pct for one in found.filled] == [75.0, 50.0]
    assert found.complete_pct == 62.5
    assert found.plausible_pct == 75.0  # one lies in the sea off Africa
    assert found.accepted_pct == 80.0
    assert found.score_pct == 62.5 * 0.75 * 0.8


def test_what_was_seen_in_the_future_is_not_plausible() -> None:
    late = AT + timedelta(hours=1)
    attribute = {"type": "Property", "value": 1, "observedAt": late.isoformat()}
    record = Record("urn:x", ("Lamp",), None, None, {"power": attribute}, created=AT, modified=AT,
                    seq=1)  # fmt: skip
    assert quality_of([record], (), bounds=BOUNDS, now=AT).plausible_pct == 0.0
    assert quality_of([record], (), bounds=BOUNDS, now=late).plausible_pct == 100.0


def test_nothing_there_is_not_called_good() -> None:
    empty = quality_of([], NAMES, bounds=BOUNDS, now=AT)
    assert (empty.number, empty.score_pct, empty.accepted_pct) == (0, None, None)
    assert quality_of([], NAMES, bounds=BOUNDS, now=AT, set_aside=2).accepted_pct == 0.0


@given(
    st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40),
    st.integers(min_value=0, max_value=5),
)
def test_shares_are_shares(wells: list[tuple[bool, bool]], set_aside: int) -> None:
    records = [
        well(number, HERE if placed else None, AT if checked else None)
        for number, (placed, checked) in enumerate(wells)
    ]
    found = quality_of(records, NAMES, bounds=BOUNDS, now=AT, set_aside=set_aside)
    for share in (found.complete_pct, found.plausible_pct, found.accepted_pct, found.score_pct):
        assert share is None or 0.0 <= share <= 100.0
    if records:
        assert found.score_pct is not None
        assert found.complete_pct is not None
        assert found.score_pct <= found.complete_pct + 1e-9


def test_of_very_many_only_some_are_looked_at_but_all_are_counted() -> None:
    records = [well(number, HERE, AT) for number in range(5_001)]
    found = quality_of(records, NAMES, bounds=BOUNDS, now=AT)
    assert found.number == 5_001
    assert found.measured <= 2_000
    assert found.score_pct == 100.0
