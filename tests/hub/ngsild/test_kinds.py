"""Attributes as clients write them: in full, or refused with the reason."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.hub.ngsild.fragment import entity_in, fragment_in
from hapgang.hub.ngsild.kinds import NULL, instances_in

POINT = {"type": "Point", "coordinates": [127.3, 36.5]}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    ("raw", "full"),
    [
        (5, {"type": "Property", "value": 5}),
        ([1, 2], {"type": "Property", "value": [1, 2]}),
        ([{"a": 1}], {"type": "Property", "value": [{"a": 1}]}),
        ({"value": 5, "unitCode": "KWT"}, {"type": "Property", "value": 5, "unitCode": "KWT"}),
        (POINT, {"type": "GeoProperty", "value": POINT}),
        ({"value": SQUARE}, {"type": "GeoProperty", "value": SQUARE}),
        ({"object": "urn:a:1"}, {"type": "Relationship", "object": "urn:a:1"}),
        (
            {"objectList": ["urn:a:1", {"object": "urn:a:2"}]},
            {"type": "ListRelationship",
             "objectList": [{"object": "urn:a:1"}, {"object": "urn:a:2"}]},
        ),
        (
            {"value": 1, "accuracy": 0.5, "providedBy": {"object": "urn:a:1"}},
            {
                "type": "Property", "value": 1, "accuracy": {"type": "Property", "value": 0.5},
                "providedBy": {"type": "Relationship", "object": "urn:a:1"},
            },
        ),
        (
            {"type": "Property", "value": 1, "createdAt": "x", "instanceId": "urn:i:1"},
            {"type": "Property", "value": 1},
        ),
        (
            [{"value": 1}, {"value": 2, "datasetId": "urn:d:1"}],
            [{"type": "Property", "value": 1},
             {"type": "Property", "value": 2, "datasetId": "urn:d:1"}],
        ),
        ([{"value": 1}], {"type": "Property", "value": 1}),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_understood(raw: Any, full: Any) -> None:
    assert instances_in("a", raw) == full


@pytest.mark.parametrize(
    "raw",
    [
        None, {}, {"nothing": 1}, {"type": "Property"}, {"type": "Property", "value": None},
        {"type": "Property", "object": "urn:a:1"}, {"type": "Thing", "value": 1},
        {"type": 5, "value": 1}, {"value": 1, "object": "urn:a:1"},
        {"object": "no uri"}, {"object": 5}, {"object": []}, {"languageMap": "red"},
        {"languageMap": {"en": 5}}, {"vocab": 5}, {"valueList": 5}, {"objectList": [5]},
        {"value": 1, "observedAt": "yesterday"}, {"value": 1, "observedAt": "2026-11-22"},
        {"value": 1, "observedAt": "2026-11-22T00:00:00"}, {"value": 1, "unitCode": 5},
        {"value": 1, "datasetId": "x"}, {"value": 1, "accuracy": {"nothing": 1}},
        [{"value": 1}, {"value": 2}], [{"value": 1}, {"object": "urn:a:1", "datasetId": "urn:d:1"}],
        {"type": "Point", "coordinates": [200, 0]}, {"type": "Point", "coordinates": ["1", 0]},
        {"type": "LineString", "coordinates": [[1, 1]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        {"type": "Polygon", "coordinates": []}, {"type": "GeoProperty", "value": 5},
        {"type": "GeometryCollection", "geometries": []},
        NULL, {"value": NULL}, {"type": "Property", "value": NULL},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_refused(raw: Any) -> None:
    with pytest.raises(Invalid):
        instances_in("a", raw)


@pytest.mark.parametrize("raw", [NULL, {"value": NULL}, {"object": NULL}, {"languageMap": NULL}])
def test_changes_may_say_null(raw: Any) -> None:
    assert instances_in("a", raw, nulls=True)


def test_depth_has_an_end() -> None:
    raw: Any = {"value": 1}
    for _ in range(30):
        raw = {"value": 1, "sub": raw}
    with pytest.raises(Invalid, match="deeper"):
        instances_in("a", raw)


_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
_anything = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "value", "object", "languageMap", "vocab", "json", "valueList",
                         "objectList", "datasetId", "observedAt", "coordinates", "x"]),
        inner, max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip


@given(_anything)
def test_whatever_is_sent_is_understood_or_refused_and_then_stays(raw: Any) -> None:
    try:
        full = instances_in("a", raw)
    except Invalid:
        return
    assert instances_in("a", full) == full


def test_a_whole_entity() -> None:
    found = entity_in(
        {
            "id": "urn:a:1", "type": ["Home", "Vehicle", "Home"], "scope": "/Madrid/Gardens",
            "expiresAt": "2027-01-01T00:00:00Z", "createdAt": "whatever", "size": 5,
        }
    )  # fmt: skip
    assert (found.id, found.types, found.scope) == (
        "urn:a:1", ("Home", "Vehicle"), ("/Madrid/Gardens",)
    )  # fmt: skip
    assert found.attributes == {"size": {"type": "Property", "value": 5}}
    assert found.expires is not None


@pytest.mark.parametrize(
    "document",
    [
        {"type": "A"}, {"id": "urn:a:1"}, {"id": 5, "type": "A"}, {"id": "a", "type": "A"},
        {"id": "urn:a:1", "type": ["A", 5]}, {"id": "urn:a:1", "type": "id"},
        {"id": "urn:a:1", "type": "A", "scope": ["/a", "b c"]},
        {"id": "urn:a:1", "type": "A", "scope": []},
        {"id": "urn:a:1", "type": "A", "expiresAt": "soon"},
        {"id": "urn:a:1", "type": "A", "a": "\x00"},
    ],
    ids=str,
)  # fmt: skip
def test_entities_that_are_none(document: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        entity_in(document)


def test_a_part_may_take_scopes_away() -> None:
    assert fragment_in({"scope": NULL}).scope == ()
    assert fragment_in({}).is_empty
