"""Entities in the forms that clients ask for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hapgang.hub.ngsild.choice import read_members
from hapgang.hub.ngsild.join import Join, joined_documents, linked
from hapgang.hub.ngsild.represent import Shape, feature, represent
from hapgang.hub.record import Record, record_of

MADE = datetime(2026, 11, 22, tzinfo=UTC)
POINT = {"type": "Point", "coordinates": [127.3, 36.5]}
ROOM: dict[str, Any] = {
    "id": "urn:a:room",
    "type": ["Room", "Studio"],
    "scope": ["/Sejong", "/North"],
    "expiresAt": "2027-01-01T00:00:00Z",
    "size": {"type": "Property", "value": 5, "unitCode": "MTK",
             "accuracy": {"type": "Property", "value": 1}},
    "plan": {"type": "Property", "value": {"type": "Property", "value": 7}},
    "tags": {"type": "Property", "value": ["a", "b"]},
    "name": {"type": "LanguageProperty",
             "languageMap": {"en": "Room", "ko": "방", "fr-CA": "Salle"}},
    "kind": {"type": "VocabProperty", "vocab": "studio"},
    "raw": {"type": "JsonProperty", "json": {"a": 1}},
    "list": {"type": "ListProperty", "valueList": [1, 2]},
    "ways": {"type": "ListRelationship", "objectList": [{"object": "urn:a:hall"}]},
    "in": {"type": "Relationship", "object": "urn:a:house"},
    "heat": [
        {"type": "Property", "value": 20},
        {"type": "Property", "value": 21, "datasetId": "urn:d:1",
         "createdAt": "2026-11-23T00:00:00Z"},
    ],
    "location": {"type": "GeoProperty", "value": POINT},
}  # fmt: skip


def record(document: dict[str, Any]) -> Record:
    changed = MADE + timedelta(days=1)
    return record_of(dict(document), created=MADE, modified=changed, seq=1)


def shown(**shape: Any) -> dict[str, Any]:
    return represent(record(ROOM), Shape(**shape))


def test_normalised_is_what_was_said() -> None:
    found = shown()
    assert found["type"] == ["Room", "Studio"]
    assert found["scope"] == ["/Sejong", "/North"]
    assert found["expiresAt"] == "2027-01-01T00:00:00Z"
    assert found["heat"][1] == {"type": "Property", "value": 21, "datasetId": "urn:d:1"}
    assert found["size"] is ROOM["size"]


def test_simplified_is_values() -> None:
    found = shown(style="simplified")
    assert found == {
        **{name: found[name] for name in ("id", "type", "scope", "expiresAt")},
        "size": 5, "plan": {"type": "Property", "value": 7}, "tags": ["a", "b"],
        "name": {"languageMap": ROOM["name"]["languageMap"]}, "kind": {"vocab": "studio"},
        "raw": {"json": {"a": 1}}, "list": [1, 2], "ways": ["urn:a:hall"], "in": "urn:a:house",
        "heat": {"dataset": {"@none": 20, "urn:d:1": 21}}, "location": POINT,
    }  # fmt: skip


def test_concise_says_nothing_twice() -> None:
    found = shown(style="concise")
    assert found["size"] == {"value": 5, "unitCode": "MTK", "accuracy": 1}
    assert found["plan"] == {"value": {"type": "Property", "value": 7}}  # a value, no attribute
    assert found["tags"] == {"value": ["a", "b"]}
    assert found["in"] == {"object": "urn:a:house"}
    assert found["location"] == POINT
    assert found["heat"] == [20, {"value": 21, "datasetId": "urn:d:1"}]


def test_times_are_told_where_asked_for() -> None:
    found = shown(has_times=True)
    assert (found["createdAt"], found["modifiedAt"]) == (
        "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"
    )  # fmt: skip
    assert found["size"]["createdAt"] == found["size"]["modifiedAt"] == "2026-11-22T00:00:00Z"
    assert found["heat"][1]["createdAt"] == "2026-11-23T00:00:00Z"


@pytest.mark.parametrize(
    ("languages", "word"),
    [(("ko",), "방"), (("de", "en"), "Room"), (("fr",), "Salle"), (("ko-KR",), "방"),
     (("de",), "Room"), (("*",), "Room")],
)  # fmt: skip
def test_one_language(languages: tuple[str, ...], word: str) -> None:
    found = shown(languages=languages)["name"]
    assert (found["type"], found["value"]) == ("Property", word)
    assert ROOM["name"]["languageMap"][found["lang"]] == word


def test_members_that_are_asked_for() -> None:
    assert shown(attrs=frozenset(["size"])).keys() == {"id", "type", "scope", "expiresAt", "size"}
    assert shown(pick=read_members("id,size", "pick")).keys() == {"id", "size"}
    assert "size" not in shown(omit=read_members("size,in{id}", "omit"))
    assert "in" in shown(omit=read_members("size,in{id}", "omit"))
    assert shown(datasets=frozenset(["urn:d:1"]), pick=read_members("heat,size", "pick")) == {
        "heat": {"type": "Property", "value": 21, "datasetId": "urn:d:1"}
    }


def test_features() -> None:
    room = record(ROOM)
    shape = Shape(style="simplified", pick=read_members("size", "pick"))
    assert feature(room, shape, represent(room, shape)) == {
        "id": "urn:a:room", "type": "Feature", "geometry": POINT, "properties": {"size": 5}
    }  # fmt: skip
    assert feature(room, Shape(geometry="size"), {"id": "urn:a:room"})["geometry"] is None


HOUSE = {
    "id": "urn:a:house",
    "type": "House",
    "in": {"type": "Relationship", "object": "urn:a:city"},
}
CITY = {
    "id": "urn:a:city",
    "type": "City",
    "has": {"type": "Relationship", "object": "urn:a:house"},
}
HALL = {"id": "urn:a:hall", "type": "Hall"}


def joined(kind: Any, levels: int, **shape: Any) -> list[dict[str, Any]]:
    known = {one["id"]: record(one) for one in (HOUSE, CITY, HALL)}
    join, form = Join(kind, levels), Shape(**shape)
    records = [record(ROOM)]
    found = linked(records, form, join, known.get)
    return joined_documents(records, form, join, found)


def test_linked_entities_stand_inside_or_beside() -> None:
    (room,) = joined("inline", 2)
    assert room["in"]["entity"]["in"]["entity"]["id"] == "urn:a:city"
    assert room["ways"]["entityList"] == [HALL]
    assert "entity" not in room["in"]["entity"]["in"]["entity"]["has"]
    (room,) = joined("inline", 9)  # a house in a city that has the house: once each
    assert "entity" not in room["in"]["entity"]["in"]["entity"]["has"]
    assert [one["id"] for one in joined("flat", 1)] == ["urn:a:room", "urn:a:hall", "urn:a:house"]
    assert len(joined("flat", 9)) == 4
    (room,) = joined("inline", 1, style="simplified")
    assert room["in"] == {"id": "urn:a:house", "type": "House", "in": "urn:a:city"}
    assert room["ways"] == [HALL]


def test_members_of_linked_entities_are_chosen_too() -> None:
    (room,) = joined("inline", 2, pick=read_members("in{in{id}}", "pick"))
    inside = {"type": "Relationship", "object": "urn:a:city", "entity": {"id": "urn:a:city"}}
    assert room == {"in": {**ROOM["in"], "entity": {"in": inside}}}
    found = joined("flat", 2, omit=read_members("in{in},ways", "omit"))
    assert [one["id"] for one in found] == ["urn:a:room", "urn:a:house"]
