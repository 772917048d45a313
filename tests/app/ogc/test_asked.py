"""Requests for features are read as the standard says, and refused with 400 otherwise."""

from datetime import UTC, datetime

import pytest

from hapgang.app.ogc.asked import MOST_LIMIT, asked_of
from hapgang.app.ogc.crs import CRS84
from hapgang.app.ogc.errors import BadParameter
from hapgang.hub.datamap.dataset import Form

KOREA = "http://www.opengis.net/def/crs/EPSG/0/5186"
DEGREES = "http://www.opengis.net/def/crs/EPSG/0/4326"


_FORMS: dict[str, Form] = {"kind": "text", "depth": "number", "on": "yes_no"}


def asked(**words: str):  # type: ignore[no-untyped-def]
    return asked_of({name.replace("_", "-"): word for name, word in words.items()}, _FORMS, 5186)


def test_defaults_and_bounds() -> None:
    plain = asked()
    assert (plain.limit, plain.offset, plain.box, plain.span, plain.crs) == (
        100,
        0,
        None,
        None,
        CRS84,
    )
    assert asked(limit="1").limit == 1
    assert asked(limit="999999").limit == MOST_LIMIT
    assert asked(kind="open", depth="1.5").equal == {"kind": "open", "depth": "1.5"}


def test_boxes_in_every_system_are_the_same_place() -> None:
    plain = asked(bbox="127.30,36.51,127.32,36.53").box
    assert plain == (127.30, 36.51, 127.32, 36.53)
    assert asked(bbox="127.30,36.51,0,127.32,36.53,100").box == plain
    assert asked(bbox="36.51,127.30,36.53,127.32", bbox_crs=DEGREES).box == pytest.approx(plain)
    # EPSG:5186 has north first: metres from 38 degrees north and 127 degrees east, 600 km, 200 km.
    north_first = asked(bbox="434800,227000,437000,228600", bbox_crs=KOREA).box
    assert north_first == pytest.approx((127.30, 36.51, 127.32, 36.53), abs=0.01)


def test_times() -> None:
    start, end = datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
    assert asked(datetime="2026-11-22T00:00:00Z").span == (start, start)
    assert asked(datetime="2026-11-22T00:00:00Z/..").span == (start, None)
    assert asked(datetime="../2026-11-22T00:00:00Z").span == (None, start)
    assert asked(datetime="/2026-11-22T00:00:00Z").span == (None, start)
    assert asked(datetime="../..").span == (None, None)
    day = asked(datetime="2026-11-22").span
    assert day is not None
    assert day[0] == start
    assert day[1] is not None
    assert day[1] < end


@pytest.mark.parametrize(
    "words",
    [
        {"limit": "0"}, {"limit": "-1"}, {"limit": "ten"}, {"limit": "1e3"}, {"limit": ""},
        {"limit": "٣"}, {"offset": "-1"},
        {"bbox": ""}, {"bbox": "1,2,3"}, {"bbox": "1,2,3,x"}, {"bbox": "1,2,nan,4"},
        {"bbox": "1,4,3,2"}, {"bbox": "1,2,3,4,5"},
        {"bbox": "1e300,0,2e300,1", "bbox_crs": KOREA},
        {"crs": "EPSG:5186"}, {"bbox_crs": "http://example.org/crs"},
        {"datetime": ""}, {"datetime": "today"}, {"datetime": "2026-11-22T00:00:00"},
        {"datetime": "2026-11-23/2026-11-22"}, {"datetime": "a/b/c"},
        {"f": "html"}, {"unheard": "of"},
        {"depth": "deep"}, {"depth": "nan"}, {"depth": ""}, {"on": "1"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_bad_request(words: dict[str, str]) -> None:
    with pytest.raises(BadParameter) as refused:
        asked(**words)
    assert refused.value.status == 400
