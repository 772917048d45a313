"""The words of a mapping, one by one: what they make, and what they refuse."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.collect.mapping import Mapping
from hapgang.hub.collect.paths import Around, Unfit
from hapgang.hub.collect.words import parse
from tests.hub.collect.mappings import TITLE, applied, mapping, value

SEOUL = {"observed": {"from": "at", "format": "%Y-%m-%d %H:%M", "zone": "Asia/Seoul"}}


def test_a_row_becomes_a_document() -> None:
    found = mapping(
        {
            "pm10": {"from": "PM10", "is": "number", "unit": "GQ"},
            "location": {"point": ["lon", "lat"]},
            "refDevice": {"template": "urn:ngsi-ld:Device:{station}", "is": "relationship"},
            "areaServed": {"constant": "Sejong"},
            "dateObserved": {"observed": True},
        },
        entity=SEOUL,
    )
    row = {
        "station": "s 1",
        "PM10": " 31 ",
        "lon": "127.3",
        "lat": "36.5",
        "at": "2018-01-01 24:00",
    }
    mapped = applied(found, row)
    at = "2018-01-01T15:00:00Z"
    assert mapped.documents == [
        {
            "id": "urn:ngsi-ld:AirQualityObserved:s%201",
            "type": "AirQualityObserved",
            "pm10": {"type": "Property", "value": 31, "unitCode": "GQ", "observedAt": at},
            "location": {
                "type": "GeoProperty",
                "value": {"type": "Point", "coordinates": [127.3, 36.5]},
            },
            "refDevice": {"type": "Relationship", "object": "urn:ngsi-ld:Device:s%201"},
            "areaServed": {"type": "Property", "value": "Sejong"},
            "dateObserved": {"type": "Property", "value": {"@type": "DateTime", "@value": at}},
        }
    ]
    assert (mapped.expected, mapped.present) == (1, 1)


VALUES: list[tuple[dict[str, Any], Any, Any]] = [
    ({"is": "number"}, "1,234.5", 1234.5),
    ({"is": "number", "decimal": ","}, "1.234,5", 1234.5),
    ({"is": "number"}, 7, 7),
    ({"is": "number", "given_in": "FAH", "unit": "CEL", "digits": 1}, "212", 100.0),
    ({"is": "number", "given_in": "KMH", "unit": "MTS"}, "36", 10.0),
    ({"is": "number", "scale": 2, "offset": 1}, "3", 7),
    ({"is": "number", "missing_beyond": 900}, "-999", None),
    ({"is": "number", "range": [0, 1], "outside": "omit"}, "2", None),
    ({"is": "number", "missing": ["점검중"]}, "점검중", None),
    ({"is": "number", "pattern": "([0-9.]+)"}, "1.5mm 미만", 1.5),
    ({"is": "number", "table": {"강수없음": 0}, "otherwise": "{}"}, "강수없음", 0),
    ({"is": "number", "table": {"강수없음": 0}, "otherwise": "{}"}, "3", 3),
    ({"is": "integer"}, "12.0", 12),
    ({"is": "boolean"}, "Yes", True),
    ({"is": "boolean"}, 0, False),
    ({"is": "text"}, 5, "5"),
    ({}, {"deep": [1]}, {"deep": [1]}),
    ({}, "-", None),
    ({"is": "time", "format": "unix"}, 0, {"@type": "DateTime", "@value": "1970-01-01T00:00:00Z"}),
    ({"is": "time", "zone": "Asia/Seoul"}, "2020-01-01T09:00",
     {"@type": "DateTime", "@value": "2020-01-01T00:00:00Z"}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "raw", "expected"), VALUES)
def test_a_value_is_read(words: dict[str, Any], raw: Any, expected: Any) -> None:
    attribute = {"from": "x", **words}
    assert value(attribute, {"x": raw}) == expected


UNFIT: list[tuple[dict[str, Any], Any, str]] = [
    ({"is": "number"}, "about 3", "is no number"),
    ({"is": "number"}, "1e999", "is no number"),
    ({"is": "number"}, "١٢", "is no number"),
    ({"is": "number"}, True, "is no number"),
    ({"is": "number", "range": [0, 1]}, "2", "outside of 0 to 1"),
    ({"is": "integer"}, "1.5", "no whole number"),
    ({"is": "boolean"}, "perhaps", "neither true nor false"),
    ({"is": "text"}, [1], "not an object"),
    ({"is": "geometry"}, {"type": "Circle"}, "no geometry"),
    ({"is": "geometry"}, {"type": "Point", "coordinates": [200, 0]}, "longitude and latitude"),
    ({"is": "time"}, "yesterday", "is no time"),
    ({"is": "time", "format": "unix"}, 1e300, "is no time"),
    ({"is": "time", "zone": "Europe/Berlin"}, "2024-03-31T02:30", "left out"),
    ({"is": "time"}, "2024-03-31T24:30", "is no time"),
    ({"is": "time"}, "9999-12-31T24:00", "is no time"),
    ({"is": "time", "zone": "Asia/Seoul"}, "0001-01-01T00:00", "is no time"),
    ({"is": "time", "format": "unix"}, True, "is no time"),
    ({"is": "number", "scale": 1e10}, 1e300, "is no number"),
    ({"table": {"a": 1}}, "b", "the table lacks"),
    ({"pattern": "(\\d+)"}, "none", "lacks what is meant"),
    ({"needed": True}, "", "is missing"),
]


@pytest.mark.parametrize(("words", "raw", "why"), UNFIT)
def test_what_does_not_fit_says_why(words: dict[str, Any], raw: Any, why: str) -> None:
    with pytest.raises(Unfit) as caught:
        value({"from": "x", **words}, {"x": raw})
    assert why in caught.value.message.en
    assert caught.value.message.en.startswith("a: ")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"form": "x"}, "form"),
    ({}, "needs one of"),
    ({"from": "x", "constant": 1}, "needs one of"),
    ({"from": "/a~2b"}, "no JSON Pointer"),
    ({"template": "{a"}, "brace"),
    ({"from": "x", "pattern": "("}, "pattern"),
    ({"from": "x", "pattern": "x"}, "one group"),
    ({"from": "x", "scale": 2}, "only numbers"),
    ({"from": "x", "is": "number", "given_in": "CEL", "unit": "MTR"}, "no way"),
    ({"from": "x", "is": "time", "format": "soon"}, "no form of a time"),
    ({"from": "x", "is": "time", "format": "%Q"}, "no form of a time"),
    ({"from": "x", "is": "time", "format": "%Y%"}, "no form of a time"),
    ({"from": "x", "is": "time", "format": "%Y %Y"}, "no form of a time"),
    ({"from": "x", "is": "time", "zone": "Mars/Base"}, "no time zone"),
    ({"observed": True}, "no `observed`"),
]


@pytest.mark.parametrize(("attribute", "why"), WRONG)
def test_a_wrong_word_is_found_before_any_row(attribute: dict[str, Any], why: str) -> None:
    with pytest.raises(Invalid) as caught:
        mapping({"a": attribute})
    assert why in caught.value.message.en


def test_fields_are_found_in_rows_messages_and_around() -> None:
    row = {"station": "s", "a/b": {"c": [10, 20]}}
    for path, expected in (
        ("/a~1b/c/1", 20), ("^/last", 5), ("@device", "d7"), ("/a~1b/c/9", None), ("no", None),
    ):  # fmt: skip
        found = mapping({"a": {"from": path}, "one": {"constant": 1}})
        mapped = found.apply(row, Around({"last": 5}, {"device": "d7"}))
        assert mapped is not None
        documents = mapped.documents
        assert (documents[0]["a"]["value"] if documents else None) == expected


def test_rows_that_are_not_meant_are_skipped() -> None:
    found = mapping(skip=[{"field": "state", "is": ["No"]}, {"field": "pm10", "missing": True}])
    around = Around(None, {})
    assert found.apply({"station": "s", "state": "No", "pm10": 1}, around) is None
    assert found.apply({"station": "s", "state": "Yes", "pm10": "-"}, around) is None
    assert found.apply({"station": "s", "state": "Yes", "pm10": 1}, around) is not None


def test_what_is_part_of_another_value_is_not_more_than_it() -> None:
    attributes = {name: {"from": name, "is": "number"} for name in ("pm10", "pm25")}
    found = mapping(attributes, entity={"ordered": [["pm25", "pm10"]]})
    assert applied(found, {"station": "s", "pm25": 3, "pm10": ""}).present == 1
    with pytest.raises(Unfit, match="pm25 5 is more than pm10 4"):
        applied(found, {"station": "s", "pm25": 5, "pm10": 4})


def test_what_is_optional_is_not_asked_for() -> None:
    found = mapping({"a": {"from": "a"}, "b": {"from": "b", "optional": True}}, entity=SEOUL)
    row = {"station": "s", "at": "2020-01-01 10:00", "b": 1}
    mapped = applied(found, row)
    assert (mapped.expected, mapped.present) == (1, 0)
    assert "observedAt" in mapped.documents[0]["b"]
    assert applied(found, {**row, "b": None}).documents == []


def test_an_id_needs_its_fields() -> None:
    for station in (None, "", "  ", [1]):
        with pytest.raises(Unfit, match="of its id"):
            applied(mapping(), {"station": station, "pm10": 1})
    with pytest.raises(Unfit, match="an object"):
        applied(mapping(), ["no", "object"])


@given(st.text(min_size=1))
def test_whatever_a_station_is_called_its_id_is_a_uri(name: str) -> None:
    try:
        document = applied(mapping(), {"station": name, "pm10": 1}).documents[0]
    except Invalid:
        assert not name.strip() or not name.isprintable() or len(name) > 50
    else:
        assert check_uri(document["id"]) == document["id"]


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_nothing_but_unfit_comes_of_strange_values(strange: Any) -> None:
    for kind in ("any", "text", "number", "integer", "boolean", "time", "geometry", "json"):
        found = mapping({"a": {"from": "x", "is": kind}})
        try:
            found.apply({"station": "s", "x": strange}, Around(None, {}))
        except Unfit:
            continue


def test_a_mapping_is_toml_or_json() -> None:
    toml = b'format = 1\ntitle = {en = "a", ko = "b"}\n[[entity]]\ntype = "T"\nid = "urn:t:{a}"\n'
    toml += b'[entity.attributes]\nx = {from = "x"}\n'
    json = b'{"format": 1, "title": {"en": "a", "ko": "b"}, "entity": [{"type": "T",'
    json += b'"id": "urn:t:{a}", "attributes": {"x": {"from": "x"}}}]}'
    assert Mapping(parse(toml)).words == Mapping(parse(json)).words
    for broken in (b"{", b"format = ", b"\xff", b"x" * 300_000):
        with pytest.raises(Invalid):
            parse(broken)
    with pytest.raises(Invalid, match="format"):
        Mapping({"format": 2, "title": TITLE, "entity": []})
