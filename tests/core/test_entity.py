"""Views and documents say the same, and what could not be read back is refused."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, Sharing, entity, find_type, type_of
from hapgang.core.errors import Invalid
from hapgang.core.geometry import LineString, Point, Polygon
from hapgang.core.text import Text
from hapgang.core.wire import encoder, has_nul


class Part(msgspec.Struct, frozen=True):
    """A value with an inside."""

    at: Point
    label: str | None = None


@entity("TestEverything", sharing=Sharing.SHARED)
class Everything(Entity, frozen=True, kw_only=True):
    """A field of each kind."""

    location: Point | None
    battery_pct: Annotated[float, Property("batteryLevel", unit="P1"), Meta(ge=0, le=100)]
    station: Annotated[str | None, Relationship("refStation", indexed=True)] = None
    title: Text | None = None
    seen_at: datetime | None = None
    way: LineString | None = None
    area: Polygon | None = None
    kind: Literal["a", "b"] = "a"
    parts: tuple[Part, ...] = ()
    free: Any = None
    wind_m_s: float | None = 3.0


TYPE = type_of(Everything)
lons, lats = st.floats(-180, 180), st.floats(-90, 90)
points = st.builds(Point, st.tuples(lons, lats))
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
instants = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001 (Hypothesis wants naive bounds)
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
everythings = st.builds(
    Everything,
    id=st.just("urn:ngsi-ld:TestEverything:1"),
    location=st.none() | points,
    battery_pct=st.floats(0, 100) | st.integers(0, 100),
    station=st.none() | words,
    title=st.none() | st.builds(Text, words, words),
    seen_at=st.none() | instants,
    way=st.none() | st.builds(LineString, st.tuples(st.tuples(lons, lats), st.tuples(lons, lats))),
    kind=st.sampled_from(["a", "b"]),
    parts=st.lists(st.builds(Part, points, st.none() | words), max_size=3).map(tuple),
    free=st.none() | st.booleans() | st.integers(-(10**30), 10**30) | words | st.lists(words),
    wind_m_s=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)


def through_disk(view: Entity) -> Entity:
    document = msgspec.json.decode(encoder.encode(TYPE.attributes(view)))
    return TYPE.read(view.id, document)


@given(everythings)
def test_a_view_comes_back_from_its_document(view: Everything) -> None:
    TYPE.check(view)
    assert through_disk(view) == view


@given(everythings, everythings)
def test_changes_bring_one_view_to_the_other(old: Everything, new: Everything) -> None:
    attributes: dict[str, Any] = dict(TYPE.attributes(old))
    for name, attribute in TYPE.changes(old, new).items():
        if attribute is None:
            del attributes[name]
        else:
            attributes[name] = attribute
    assert TYPE.read(new.id, attributes) == new
    assert TYPE.changes(new, new) == {}


def test_the_wire_has_the_models_names_units_and_kinds() -> None:
    view = Everything(
        id="urn:x:1",
        location=Point((127.3, 36.5)),
        battery_pct=50.0,
        station="urn:x:2",
        title=Text("One", "하나"),
        seen_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    wire = msgspec.json.decode(encoder.encode(TYPE.attributes(view)))
    assert wire == {
        "location": {
            "type": "GeoProperty",
            "value": {"type": "Point", "coordinates": [127.3, 36.5]},
        },
        "batteryLevel": {"type": "Property", "value": 50.0, "unitCode": "P1"},
        "refStation": {"type": "Relationship", "object": "urn:x:2"},
        "title": {"type": "LanguageProperty", "languageMap": {"en": "One", "ko": "하나"}},
        "seenAt": {
            "type": "Property",
            "value": {"@type": "DateTime", "@value": "2026-11-23T00:00:00Z"},
        },
        "kind": {"type": "Property", "value": "a"},
        "parts": {"type": "Property", "value": []},
        "windMS": {"type": "Property", "value": 3.0},
    }
    assert TYPE.geo_field is TYPE.by_wire["location"]


def everything(**changes: Any) -> Everything:
    return Everything(id="urn:x:1", **{"location": None, "battery_pct": 50.0, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"battery_pct": float("nan")},
        {"battery_pct": float("inf")},
        {"battery_pct": 100.5},
        {"battery_pct": None},
        {"battery_pct": "50"},
        {"battery_pct": np.float64(50)},
        {"wind_m_s": float("nan")},
        {"location": Point((200.0, 0.0))},
        {"location": Point((float("nan"), 0.0))},
        {"seen_at": datetime(2026, 1, 1)},  # noqa: DTZ001 (naive is the point)
        {"kind": "c"},
        {"parts": [Part(Point((0.0, 0.0)))]},
        {"title": Text("a\x00b", "c")},
        {"title": Text("\ud800", "c")},
        pytest.param({"free": object()}, id="no JSON"),
        {"free": {1: 2}},
    ],
    ids=str,
)
def test_what_would_not_come_back_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        TYPE.check(everything(**changes))
    with pytest.raises(Invalid):
        TYPE.changes(everything(battery_pct=1.0, wind_m_s=1.0), everything(**changes))


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"batteryLevel": {"type": "Relationship", "object": "urn:x:1"}}, "batteryLevel"),
        ({"batteryLevel": {"type": "Property"}}, "batteryLevel"),
        ({"batteryLevel": {"type": "Property", "value": "full"}}, "battery_pct"),
        ({"batteryLevel": {"type": "Property", "value": 101}}, "<= 100"),
        ({}, "battery_pct"),
        (
            {
                "batteryLevel": {"type": "Property", "value": 1},
                "seenAt": {"type": "Property", "value": "2026-11-23T00:00:00"},
            },
            "time zone",
        ),
    ],
)
def test_a_document_that_does_not_fit_says_what_is_wrong(
    attributes: dict[str, Any], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        TYPE.read("urn:x:1", attributes)


def test_old_documents_are_migrated_step_by_step() -> None:
    def renamed(document: dict[str, Any]) -> dict[str, Any]:
        document["length"] = document.pop("size")
        return document

    def in_metres(document: dict[str, Any]) -> dict[str, Any]:
        document["length"]["value"] /= 100
        return document

    @entity("TestMigrated", migrations=(renamed, in_metres))
    class Migrated(Entity, frozen=True, kw_only=True):
        length_m: Annotated[float, Property("length")]

    declared = type_of(Migrated)
    first = {"id": "urn:x:1", "size": {"type": "Property", "value": 250}}
    second = {"id": "urn:x:1", "length": {"type": "Property", "value": 250}}
    assert declared.version == 3
    for document, version in ((first, 1), (second, 2)):
        migrated = declared.migrate(document, version)
        assert declared.read("urn:x:1", migrated) == Migrated(id="urn:x:1", length_m=2.5)


def test_declarations_that_cannot_be() -> None:
    with pytest.raises(TypeError, match="both declare TestEverything"):
        entity("TestEverything")(type("Other", (Entity,), {"__module__": "elsewhere"}))
    with pytest.raises(TypeError, match="no such field"):
        entity("TestNobody", person="owner")(Everything)
    assert find_type("NobodyDeclaredThis") is None


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (b'"a\\u0000"', True),
        (b'"a\\\\u0000"', False),
        (b'"\\\\\\u0000"', True),
        (b'"u0000"', False),
    ],
)
def test_nul_is_told_from_its_look(text: bytes, holds: bool) -> None:
    assert has_nul(text) is holds
    assert ("\x00" in msgspec.json.decode(text)) is holds
