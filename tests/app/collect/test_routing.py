"""Messages of devices: the feed that takes them, and that none of them breaks anything."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.app.collect.mqtt.message import Message
from hapgang.app.collect.routing import MESSAGES, Routing, messages_per_s
from hapgang.core.errors import Invalid
from hapgang.hub.collect import pace
from hapgang.hub.collect.pace import Pace
from hapgang.hub.collect.topics import device_key, device_of, topic_of, topic_test
from tests.app.collect.feeding import AIR

NOW = datetime(2026, 1, 1, tzinfo=UTC)
JSON_AIR: dict[str, Any] = {**AIR, "read": {"format": "json"}}


def routing(**topics: str) -> Routing:
    found = Routing()
    found.become([(name, topic, JSON_AIR) for name, topic in topics.items()])
    return found


def message(topic: str, body: Any) -> Message:
    data = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Message(1, f"$MQTT.msgs.{topic.replace('/', '.')}", data, NOW)


def test_the_first_feed_by_name_takes_a_message() -> None:
    found = routing(b="devices/#", a="devices/+/air")
    row = {"station": "s", "at": "2026-01-01", "pm10": 3}
    part = found.read(message("devices/d1/air", row))
    assert part.feed == "a"
    assert part.sender is not None
    assert part.sender.id == "urn:ngsi-ld:Device:d1"
    assert part.documents[0]["pm10"]["value"] == 3
    assert found.read(message("devices/d1/water", row)).feed == "b"
    other = found.read(message("elsewhere", row))
    assert (other.feed, other.sender, len(other.unfit)) == ("unmatched", None, 1)


@given(st.binary(max_size=300) | st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers(-(2**63), 2**64 - 1)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["station", "at", "pm10"]),
                                                    inner),
))  # fmt: skip
def test_whatever_a_device_says_it_becomes_a_part(body: Any) -> None:
    part = routing(a="devices/+/air").read(message("devices/d1/air", body))
    assert part.tally.rows >= len(part.unfit)
    msgspec.json.encode(part)


@pytest.mark.parametrize(
    ("pattern", "topic", "fits"),
    [
        ("devices/+/air", "devices/d1/air", True),
        ("devices/+/air", "devices/d1/x/air", False),
        ("devices/#", "devices", True),
        ("devices/#", "devices/d1/air", True),
        ("#", "anything/at/all", True),
        ("a.b/+", "a.b/c", True),
        ("a.b/+", "axb/c", False),
    ],
)
def test_topic_filters_are_mqtt_s(pattern: str, topic: str, fits: bool) -> None:
    assert (topic_test(pattern).fullmatch(topic) is not None) is fits


@pytest.mark.parametrize("pattern", ["", "a/#/b", "a#", "a+/b", "x" * 400])
def test_what_is_no_topic_filter_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid):
        topic_test(pattern)


def test_topics_and_devices() -> None:
    assert topic_of("$MQTT.msgs.devices.d1.air//2") == "devices/d1/air.2"
    assert device_of("devices/d1/air") == "urn:ngsi-ld:Device:d1"
    for topic in ("device/d1", "devices", "devices/", "devices/d 1/x", "devices/*/x"):
        assert device_of(topic) is None
    assert device_key("urn:ngsi-ld:Device:d1") == "d1"
    for device in ("urn:ngsi-ld:Staff:d1", "urn:ngsi-ld:Device:d.1", "urn:ngsi-ld:Device:*"):
        assert device_key(device) is None


def test_who_speaks_too_fast_is_passed_over_and_that_is_told_once_a_minute() -> None:
    found = Routing(Pace(per_s=2.0))
    found.become([("a", "devices/+/air", JSON_AIR)])
    row = {"station": "s", "at": "2026-01-01", "pm10": 3}

    def say(device: str, at_s: float) -> str:
        said = message(f"devices/{device}/air", row)
        part = found.read(said._replace(at=NOW + timedelta(seconds=at_s)))
        assert part.tally.rows == 1
        if part.documents:
            return "taken"
        return part.unfit[0].reason if part.unfit else "passed over"

    assert [say("d1", 0) for _ in range(120)] == ["taken"] * 120  # a minute's worth
    assert "d1 sends more than 2 messages a second" in say("d1", 0)
    assert say("d1", 0) == say("d1", 0.4) == "passed over"
    assert say("d2", 0.4) == "taken"  # others are not held up
    assert say("d1", 1) == say("d1", 1) == "taken"
    assert say("d1", 1) == say("d1", 0) == "passed over"  # a clock that goes back gives nothing
    for _ in range(119):
        assert say("d1", 60.5) == "taken"
    assert say("d1", 60.5).endswith("5 passed over since this was last said")


def test_only_so_many_devices_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_MOST_DEVICES", 2)
    found = Pace(per_s=1 / 60)
    assert [found.surplus(name, NOW) for name in "abc"] == [None] * 3
    assert found.surplus("b", NOW) is not None
    assert found.surplus("a", NOW) is None  # forgotten, and so new


@pytest.mark.parametrize(
    ("said", "meant"), [("5", 5.0), ("", 20.0), ("-1", 20.0), ("nan", 20.0), ("much", 20.0)]
)
def test_the_pace_is_a_setting(monkeypatch: pytest.MonkeyPatch, said: str, meant: float) -> None:
    monkeypatch.setenv(MESSAGES, said)
    assert messages_per_s() == meant
