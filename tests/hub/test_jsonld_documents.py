"""Documents with a client's names and with the hub's."""

from typing import Any

import pytest

from hapgang.core.errors import Invalid
from hapgang.hub.jsonld import (
    CORE,
    DEFAULT_VOCAB,
    NULL,
    SIMPLIFIED,
    BadContext,
    Form,
    inward_attribute,
    inward_document,
    outward_attribute,
    outward_document,
)
from tests.hub.jsonld_peer import read
from tests.hub.test_jsonld import AIR, FIWARE, SDM

CITY = read(
    {
        "city": "https://sejong.test/ns/",
        "Building": "city:Building",
        "School": "city:School",
        "name": "city:name",
        "floors": "city:floors",
        "owner": "city:owner",
        "use": "city:use",
        "education": "city:education",
        "source": "city:source",
        "value2": "https://uri.etsi.org/ngsi-ld/hasValue",
    }
)
C = "https://sejong.test/ns/"

BUILDING: dict[str, Any] = {
    "id": "urn:ngsi-ld:Building:1",
    "type": ["Building", "School"],
    "scope": ["/name/floors"],
    "name": {"type": "LanguageProperty", "languageMap": {"name": "한빛초", "en": "Hanbit"}},
    "floors": [
        {"type": "Property", "value": 4, "unitCode": "C62", "datasetId": "urn:ngsi-ld:Dataset:1"},
        {"type": "Property", "value": 5, "source": {"type": "Property", "value": "name"}},
    ],
    "owner": {
        "type": "Relationship",
        "object": "urn:ngsi-ld:Company:1",
        "objectType": "School",
        "entity": {"id": "urn:ngsi-ld:Company:1", "type": "School", "name": {"value": "name"}},
    },
    "use": {"type": "VocabProperty", "vocab": ["education", "somethingElse"]},
    "address": {"type": "Property", "value": {"name": "x", "type": "Building"}},
    "report": {"type": "JsonProperty", "json": {"name": {"floors": 1}}},
    "steps": {"type": "ListProperty", "valueList": ["name", {"name": 1}]},
    "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [127.3, 36.5]}},
    "createdAt": "2026-11-22T09:00:00Z",
}
KEPT: dict[str, Any] = {
    "id": "urn:ngsi-ld:Building:1",
    "type": [f"{C}Building", f"{C}School"],
    "scope": ["/name/floors"],
    f"{C}name": BUILDING["name"],
    f"{C}floors": [
        BUILDING["floors"][0],
        {"type": "Property", "value": 5, f"{C}source": {"type": "Property", "value": "name"}},
    ],
    f"{C}owner": {
        "type": "Relationship",
        "object": "urn:ngsi-ld:Company:1",
        "objectType": f"{C}School",
        "entity": {
            "id": "urn:ngsi-ld:Company:1",
            "type": f"{C}School",
            f"{C}name": {"value": "name"},
        },
    },
    f"{C}use": {"type": "VocabProperty", "vocab": [f"{C}education", "somethingElse"]},
    "address": BUILDING["address"],
    "report": BUILDING["report"],
    "steps": BUILDING["steps"],
    "location": BUILDING["location"],
    "createdAt": "2026-11-22T09:00:00Z",
}


def test_a_whole_entity_in_and_out() -> None:
    assert inward_document(BUILDING, CITY) == KEPT
    assert list(inward_document(BUILDING, CITY)) == list(KEPT)  # in the same order
    assert outward_document(KEPT, CITY) == BUILDING
    assert inward_document(KEPT, CORE) == KEPT


def test_a_smart_data_model() -> None:
    observed = {
        "id": "urn:ngsi-ld:AirQualityObserved:Sejong:1",
        "type": "AirQualityObserved",
        "dateObserved": {
            "type": "Property",
            "value": {"@type": "DateTime", "@value": "2026-11-22T09:00:00Z"},
        },
        "pm25": {"type": "Property", "value": 11, "unitCode": "GQ", "reliability": {"value": 0.9}},
        "refDevice": {"type": "Relationship", "object": "urn:ngsi-ld:Device:1"},
        "location": {"type": "Point", "coordinates": [127.3, 36.5]},
    }
    context = read(["https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld", AIR])
    kept = inward_document(observed, context)
    assert list(kept) == [
        "id",
        "type",
        f"{SDM}dateObserved",
        f"{SDM}pm25",
        f"{SDM}refDevice",
        "location",
    ]
    assert kept["type"] == f"{FIWARE}AirQualityObserved"
    assert kept["location"] is observed["location"]
    assert outward_document(kept, context) == observed


def test_what_does_not_change_is_the_same_object() -> None:
    plain = {"id": "urn:x", "type": "T", "a": {"type": "Property", "value": {"b": {"c": 1}}}}
    listed = {**plain, "b": [{"value": 1}, {"value": 2, "c": {"value": 3}}], "@context": "x"}
    for document in (plain, listed, {"id": "urn:x", "type": ["T", "U"], "a": 1}):
        for context in (CORE, CITY):
            assert inward_document(document, context) is document
            assert outward_document(document, context) is document
    assert outward_document(KEPT, CORE) is KEPT


def test_the_core_too_writes_iris_short() -> None:
    document = {
        "@id": "urn:x",
        "@type": f"{DEFAULT_VOCAB}T",
        f"{DEFAULT_VOCAB}speed": {
            "type": "https://uri.etsi.org/ngsi-ld/Property",
            "https://uri.etsi.org/ngsi-ld/hasValue": 1,
        },
        "use": {"type": "VocabProperty", "vocab": f"{DEFAULT_VOCAB}school"},
    }
    assert inward_document(document, CORE) == {
        "id": "urn:x",
        "type": "T",
        "speed": {"type": "Property", "value": 1},
        "use": {"type": "VocabProperty", "vocab": "school"},
    }


def test_ids_with_a_prefix_are_written_out_and_told_as_they_are_kept() -> None:
    document = {"id": "city:1", "type": "T", "owner": {"object": ["city:2", "urn:x"]}}
    kept = inward_document(document, CITY)
    assert kept == {"id": f"{C}1", "type": "T", f"{C}owner": {"object": [f"{C}2", "urn:x"]}}
    assert outward_document(kept, CITY) == {
        "id": f"{C}1",
        "type": "T",
        "owner": {"object": [f"{C}2", "urn:x"]},
    }


def test_the_null_of_ngsi_ld_is_no_word() -> None:
    context = read({"urn": "https://sejong.test/urn/"})
    fragment = {
        "a": {"vocab": NULL, "object": NULL},
        "b": {"vocab": [NULL], "objectType": NULL},
        "c": NULL,
    }
    assert inward_document(fragment, context) == fragment
    assert outward_document(fragment, context) == fragment


def test_two_names_for_one_thing_are_refused() -> None:
    for document in (
        {"name": {"value": 1}, f"{C}name": {"value": 2}},
        {"name": {"value": 1, "source": {"value": 1}, "city:source": {"value": 2}}},
        {"name": {"value": 1, "value2": 2}},
    ):
        with pytest.raises(Invalid, match="mean the same"):
            inward_document(document, CITY)


def test_a_strange_name_keeps_nobody_from_reading() -> None:
    kept = {
        "id": "urn:x",
        "type": "T",
        f"{C}use": {"value": 1, f"{C}source": {"value": 2}, "city:source": {"value": 3}},
        "city:use": {"value": 4},
        "name": {"value": 5},
        "location": {"value": {f"{C}use": 1, "city:use": 2}},
    }
    told = outward_document(kept, read({"city": C}))
    assert told["city:use"] == {"value": 4}
    assert told[f"{C}use"] == kept[f"{C}use"]
    assert told[f"{DEFAULT_VOCAB}name"] == {"value": 5}
    assert len(told) == len(kept)
    told = outward_document(kept, read({"city": C}), Form(is_open=True))
    assert told["location"] == kept["location"]


def test_a_context_inside_an_attribute_is_refused() -> None:
    with pytest.raises(BadContext, match="belongs at the top"):
        inward_document({"a": {"value": 1, "@context": {"x": "urn:x"}}}, CITY)
    with pytest.raises(BadContext, match="belongs at the top"):
        inward_document({"a": {"type": "Property", "value": 1, "@context": []}}, CORE)


def test_the_context_of_a_document_stays() -> None:
    for told in ({"name": "city:name"}, [{"name": "urn:x"}], "https://a.test/"):
        document = {"id": "urn:x", "type": "School", "@context": told}
        assert inward_document(document, CITY) == {**document, "type": f"{C}School"}
        assert inward_document(document, CORE) is document


def test_temporal_documents() -> None:
    full = {
        "id": "urn:x",
        "type": "Building",
        "floors": [{"type": "Property", "value": n, "instanceId": f"urn:{n}"} for n in range(3)],
        "use": {"type": "VocabProperty", "vocabs": [["education", "2026-11-22T09:00:00Z"]]},
    }
    kept = inward_document(full, CITY)
    assert kept[f"{C}floors"] is full["floors"]
    assert kept[f"{C}use"]["vocabs"] == [[f"{C}education", "2026-11-22T09:00:00Z"]]
    assert outward_document(kept, CITY) == full
    mean = {"id": "urn:x", "floors": {"type": "Property", "avg": [[4.5, "a", "b"]]}}
    assert outward_document(inward_document(mean, CITY), CITY) == mean


def test_simplified_documents_are_values() -> None:
    simple: dict[str, Any] = {
        "id": "urn:x",
        "type": "Building",
        "name": {"languageMap": {"name": "x"}},
        "use": {"vocab": "education"},
        "price": {"value": 3, "name": "KRW"},
        "owner": {"id": "urn:c", "type": "School", "name": "x"},
        "floors": [{"name": 1}],
        "source": "name",
    }
    kept = inward_document(simple, CITY, SIMPLIFIED)
    assert kept[f"{C}use"] == {"vocab": f"{C}education"}
    for name in ("name", "owner", "floors", "source"):
        assert kept[f"{C}{name}"] is simple[name]
    assert kept["price"] is simple["price"]
    assert outward_document(kept, CITY, SIMPLIFIED) == simple
    several = {"use": {"dataset": {"@none": {"vocab": "education"}, "urn:d": "name"}}}
    kept = inward_document(several, CITY, SIMPLIFIED)
    assert kept == {f"{C}use": {"dataset": {"@none": {"vocab": f"{C}education"}, "urn:d": "name"}}}
    joined = Form(is_simplified=True, has_joined=True)
    assert inward_document(simple, CITY, joined)[f"{C}owner"] == {
        "id": "urn:c",
        "type": f"{C}School",
        f"{C}name": "x",
    }


def test_values_are_opened_where_it_is_asked() -> None:
    document = {
        "use": {"type": "Property", "value": ["education", "x"]},
        "address": {"type": "Property", "value": {"name": [{"floors": 1}], "type": "School"}},
        "at": {"type": "Property", "value": {"@type": "DateTime", "@value": "2026-11-22"}},
        "report": {"type": "JsonProperty", "json": {"name": 1}},
    }
    words = Form(expand_values=frozenset([f"{C}use"]))
    kept = inward_document(document, CITY, words)
    assert kept[f"{C}use"]["value"] == [f"{C}education", "x"]
    assert kept["address"] is document["address"]
    assert outward_document(kept, CITY, words) == document
    opened = Form(is_open=True)
    kept = inward_document(document, CITY, opened)
    assert kept["address"]["value"] == {f"{C}name": [{f"{C}floors": 1}], "type": f"{C}School"}
    assert kept["at"] == document["at"]
    assert kept["report"] == document["report"]
    assert outward_document(kept, CITY, opened) == document
    but = Form(is_open=True, json_keys=frozenset(["address"]))
    assert inward_document(document, CITY, but)["address"] is document["address"]


def test_one_attribute() -> None:
    fragment = {"value": 5, "source": {"type": "Property", "value": "name"}}
    kept = {"value": 5, f"{C}source": {"type": "Property", "value": "name"}}
    assert inward_attribute(fragment, CITY) == kept
    assert outward_attribute(kept, CITY) == fragment
    assert outward_attribute(kept, CORE) is kept
