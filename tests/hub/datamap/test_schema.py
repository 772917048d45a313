"""Schemas are true: what the city holds fits them, and columns say what a person can read."""

from datetime import UTC, datetime
from typing import Any

import jsonschema
import msgspec
import pytest

from hapgang.core.entity import find_type, type_of
from hapgang.core.geometry import Point
from hapgang.core.vocabulary.environment import Forecast, Weather
from hapgang.hub.datamap.schema import columns_of, columns_seen, json_schema
from hapgang.hub.record import Record, record_of
from hapgang.services.mobility.sharing.model import Vehicle
from tests.village import HERE, Well

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def record(view: Any) -> Record:
    declared = type_of(view)
    return Record(view.id, (declared.name,), declared, view, {}, created=AT, modified=AT, seq=1)


def plain(one: Record) -> dict[str, Any]:
    """An entity in simplified form, as JSON has it."""
    found: dict[str, Any] = {"id": one.id, "type": one.type}
    for name, attribute in one.attributes().items():
        assert isinstance(attribute, dict)
        words = attribute.get("languageMap")
        found[name] = (
            {"languageMap": words} if words else attribute.get("value", attribute.get("object"))
        )
    return msgspec.json.decode(msgspec.json.encode(found))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "view",
    [
        Well(id="urn:ngsi-ld:TestWell:a", location=HERE, checked_at=AT, marks=("x",)),
        Well(id="urn:ngsi-ld:TestWell:b", location=None),
        Forecast(id="urn:f:1", location=Point((127.3, 36.5)), valid_from=AT, valid_to=AT),
        Vehicle(id="urn:v:1", kind="closed", plate="1", public_id="2", state="free",
                location=HERE, battery_pct=50.0),
    ],
)  # fmt: skip
def test_an_entity_fits_the_schema_of_its_type(view: Any) -> None:
    schema = json_schema(type_of(view), "http://city.example/schema")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(plain(record(view)), schema)


@pytest.mark.parametrize(
    "wrong", [{"depth": 101}, {"depth": "deep"}, {"checkedAt": "today"}, {"type": "Other"}]
)
def test_what_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    schema = json_schema(type_of(Well), "http://city.example/schema")
    good = plain(record(Well(id="urn:w", location=HERE)))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**good, **wrong}, schema)


def test_columns_say_form_unit_and_bounds() -> None:
    columns = {column.name: column for column in columns_of(type_of(Weather))}
    humidity = columns["relativeHumidity"]
    assert (humidity.form, humidity.unit, humidity.least, humidity.most) == ("number", "P1", 0, 100)
    assert columns["location"].form == "place"
    vehicle = {column.name: column for column in columns_of(type_of(Vehicle))}
    assert vehicle["serviceStatus"].form == "choice"
    assert "charging" in vehicle["serviceStatus"].choices
    assert vehicle["refStation"].form == "link"
    assert not vehicle["refStation"].required
    assert vehicle["availableUntil"].form == "time"
    assert vehicle["wantsVisit"].form == "yes_no"


def test_a_free_type_is_known_by_what_its_entities_have() -> None:
    document = {
        "id": "urn:l:1", "type": "Lamp",
        "power": {"type": "Property", "value": 5, "unitCode": "WTT"},
        "on": {"type": "Property", "value": True},
        "place": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [1, 2]}},
        "seen": {"type": "Property", "value": {"@type": "DateTime", "@value": "2026-01-01"}},
        "street": {"type": "Relationship", "object": "urn:s:1"},
    }  # fmt: skip
    assert find_type("Lamp") is None
    lamp = record_of(document, created=AT, modified=AT, seq=1)
    found = {column.name: (column.form, column.unit) for column in columns_seen([lamp])}
    assert found == {
        "power": ("number", "WTT"), "on": ("yes_no", ""), "place": ("place", ""),
        "seen": ("time", ""), "street": ("link", ""),
    }  # fmt: skip
