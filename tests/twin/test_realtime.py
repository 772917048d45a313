"""GTFS-Realtime documents: there and back, and rubbish that harms nobody."""

import pytest
from google.transit import gtfs_realtime_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.core.text import Text
from hapgang.twin.realtime import (
    MOST_ENTITIES,
    Alert,
    Document,
    Moment,
    StopTime,
    Subject,
    TripName,
    TripUpdate,
    read,
    write,
)

LATE = TripUpdate(
    "a", TripName("t1", "r1", "20260916", "08:00:00"),
    (
        StopTime(1, "s1", Moment(60, 1_000), Moment(70, 1_010)),
        StopTime(2, "s2", state="skipped"),
        StopTime(None, "s3", Moment(-5)),
        StopTime(4, "", state="unknown"),
    ),
    at=900,
)  # fmt: skip
OFF = TripUpdate("b", TripName("t2", relation="CANCELED"), at=900)
TROUBLE = Alert(
    "c", Text("Snow", "눈"), Text("Slow", "서행"), "https://example.org", "WEATHER",
    "SIGNIFICANT_DELAYS", (Subject(route="r1"), Subject(stop="s1")), ((10, 20), (0, 30)),
)  # fmt: skip


def test_there_and_back() -> None:
    found = read(write(1_000, [LATE, OFF], [TROUBLE]))
    assert found == Document(1_000, True, (LATE, OFF), (), (TROUBLE,), (), ())


def message(**header: object) -> pb.FeedMessage:
    made = pb.FeedMessage()
    made.header.gtfs_realtime_version = "2.0"
    for name, value in header.items():
        setattr(made.header, name, value)
    return made


def test_vehicles_with_a_place_are_read_and_others_told() -> None:
    made = message(timestamp=5)
    good, nowhere, lost = (made.entity.add(id=name).vehicle for name in "xyz")
    good.position.longitude, good.position.latitude, good.position.speed = 127.3, 36.5, 8.0
    good.position.bearing, good.occupancy_status = 400.0, pb.VehiclePosition.FULL
    good.trip.trip_id = "t1"
    nowhere.position.longitude, nowhere.position.latitude = 999.0, 0.0
    lost.timestamp = 1
    found = read(made.SerializeToString())
    (vehicle,) = found.vehicles
    assert (vehicle.vehicle, vehicle.lon, vehicle.lat) == ("x", 127.3, 36.5)
    assert (vehicle.speed_m_s, vehicle.bearing_deg, vehicle.occupancy) == (8.0, None, "FULL")
    assert [line.entity for line in found.dirty] == ["y", "z"]


def test_a_text_in_one_language_is_said_in_both() -> None:
    made = message()
    header = made.entity.add(id="a").alert.header_text
    header.translation.add(text="공사", language="ko-KR")
    assert read(made.SerializeToString()).alerts[0].title == Text("공사", "공사")
    header.translation.add(text="Works", language="en")
    assert read(made.SerializeToString()).alerts[0].title == Text("Works", "공사")


def test_what_is_deleted_is_told_and_a_part_is_no_whole() -> None:
    made = message(incrementality=pb.FeedHeader.DIFFERENTIAL)
    made.entity.add(id="a", is_deleted=True)
    found = read(made.SerializeToString())
    assert (found.gone, found.whole) == (("a",), False)


def test_more_than_anybody_sends_is_left_out() -> None:
    made = message()
    for number in range(MOST_ENTITIES + 1):
        made.entity.add(id=str(number)).trip_update.trip.trip_id = "t"
    found = read(made.SerializeToString())
    assert len(found.updates) == MOST_ENTITIES
    assert len(found.dirty) == 1


@given(st.binary(max_size=200))
def test_rubbish_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read(body)
    assert caught.value.message.ko


@given(st.data())
def test_a_message_with_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    body = bytearray(write(1_000, [LATE, OFF], [TROUBLE]))
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(body))
    except Invalid:
        return


def test_nothing_at_all_is_no_message() -> None:
    with pytest.raises(Invalid):
        read(b"")
