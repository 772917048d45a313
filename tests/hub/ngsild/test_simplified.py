"""Plain values: written out, and taken for what an entity has of that name."""

from typing import Any

import pytest

from hapgang.hub.ngsild.fragment import entity_in
from hapgang.hub.ngsild.kinds import NULL
from hapgang.hub.ngsild.represent import Shape, represent
from hapgang.hub.ngsild.simplified import adapted, written_out
from tests.hub.ngsild.test_represent import ROOM, record

POINT = {"type": "Point", "coordinates": [127.3, 36.5]}


def test_simplified_entities_come_back_as_they_were_sent() -> None:
    sent: dict[str, Any] = {
        "id": "urn:a:1", "type": "A", "size": 5, "tags": ["a"], "location": POINT,
        "address": {"type": "PostalAddress", "addressLocality": "세종"}, "seen": {"value": 5},
        "name": {"languageMap": {"ko": "방"}}, "kind": {"vocab": "x"}, "raw": {"json": {"a": 1}},
        "heat": {"dataset": {"@none": 20, "urn:d:1": 21}},
    }  # fmt: skip
    full = entity_in(written_out(dict(sent)))
    document = {**full.attributes, "id": full.id, "type": full.types[0]}
    assert represent(record(document), Shape(style="simplified")) == sent
    assert full.attributes["location"]["type"] == "GeoProperty"  # type: ignore[call-overload]


def test_when_it_was_observed_is_said_of_all() -> None:
    at = "2026-11-22T00:00:00Z"
    assert written_out({"size": 5}, observed_at=at) == {
        "size": {"type": "Property", "value": 5, "observedAt": at}
    }


@pytest.mark.parametrize(
    ("name", "value", "full"),
    [
        ("size", 7, {"type": "Property", "value": 7}),
        ("in", "urn:a:1", {"type": "Relationship", "object": "urn:a:1"}),
        ("name", "Zimmer", {"type": "LanguageProperty", "languageMap": {"de": "Zimmer"}}),
        ("kind", "x", {"type": "VocabProperty", "vocab": "x"}),
        ("raw", {"b": 1}, {"type": "JsonProperty", "json": {"b": 1}}),
        ("list", [3], {"type": "ListProperty", "valueList": [3]}),
        ("heat", 7, {"type": "Property", "value": 7}),
        ("in", NULL, {"type": "Property", "value": NULL}),
        ("new", "x", {"type": "Property", "value": "x"}),
    ],
)
def test_values_become_what_there_is(name: str, value: Any, full: Any) -> None:
    old = record(ROOM).attributes()
    assert adapted(old, {name: {"type": "Property", "value": value}}, lang="de") == {name: full}
