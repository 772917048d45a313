"""Registrations: what is refused, whose names they are in, which exclude each other."""

import json
from typing import Any

import pytest

from hapgang.core.errors import Conflict, Invalid
from hapgang.hub.registrations.conflicts import check_conflicts
from hapgang.hub.registrations.model import Registration, read_registration
from hapgang.hub.registrations.names import renamed

PLAIN: dict[str, Any] = {
    "id": "urn:ngsi-ld:ContextSourceRegistration:1",
    "type": "ContextSourceRegistration",
    "information": [{"entities": [{"type": "Lamp"}], "propertyNames": ["power"]}],
    "endpoint": "https://hub.example.org/base",
}


def registration(number: int = 1, mode: str = "inclusive", **info: Any) -> Registration:
    return read_registration(
        {
            **PLAIN, "id": f"urn:r:{number}", "mode": mode, "operations": ["redirectionOps"],
            "information": [info],
        }
    )  # fmt: skip


def test_what_is_said_is_read() -> None:
    found = read_registration({**PLAIN, "colour": "red", "expiresAt": "2035-01-01T00:00:00Z"})
    assert (found.mode, found.is_proxy, found.is_historic) == ("inclusive", False, False)
    assert {"retrieveEntity", "queryBatch"} <= found.supported
    assert "createEntity" not in found.supported
    assert found.information[0].attributes == {"power"}
    past = {**PLAIN, "observationInterval": {"startAt": "2020-01-01T00:00:00Z"}}
    assert read_registration(past).is_historic


@pytest.mark.parametrize(
    "change",
    [
        {"id": "no uri"},
        {"type": "Subscription"},
        {"information": []},
        {"information": None},
        {"information": [{}]},
        {"information": [{"entities": [{}]}]},
        {"information": [{"entities": [{"type": "Lamp", "idPattern": "("}]}]},
        {"information": [{"entities": [{"type": "Lamp", "idPattern": "a" * 201}]}]},
        {"information": [{"entities": [{"id": "a b"}]}]},
        {"information": [{"entities": [{"id": "a\n"}]}]},
        {"mode": "exclusive", "information": [{"entities": [{"id": "urn:a:1"}]}]},
        {"mode": "secret"},
        {"operations": ["fly"]},
        {"operations": []},
        {"endpoint": "ftp://hub.example.org"},
        {"endpoint": "http:///nowhere"},
        {"endpoint": "https://hub.example.org/?a=b"},
        {"endpoint": "https://hub.example.org:port/"},
        {"endpoint": "https://hub.example.org/a b"},
        {"location": {"type": "Point", "coordinates": [1]}},
        {"observationInterval": {"startAt": "yesterday"}},
        {"management": {"timeout": -1}},
        {"management": {"timeout": 1e9}},
        {"expiresAt": "soon"},
        {"colour": "r" * 300_000},
        {"colour": json.loads("[" * 100 + "]" * 100)},
    ],
)
def test_nonsense_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        read_registration({**PLAIN, **change})


def test_names_of_types_attributes_and_own_properties_change() -> None:
    said = {
        **PLAIN,
        "information": [
            {
                "entities": [{"type": ["Lamp", "Post"], "id": "urn:lamp:1"}, {"idPattern": "lamp"}],
                "propertyNames": ["power"],
                "relationshipNames": ["near"],
            }
        ],
        "colour": "power",
    }
    out = renamed(said, lambda name: f"x:{name}")
    assert out["information"] == [
        {
            "entities": [
                {"type": ["x:Lamp", "x:Post"], "id": "urn:lamp:1"},
                {"idPattern": "lamp"},
            ],
            "propertyNames": ["x:power"],
            "relationshipNames": ["x:near"],
        }
    ]
    assert out["x:colour"] == "power"
    assert out["endpoint"] == PLAIN["endpoint"]
    assert renamed(out, lambda name: name.removeprefix("x:")) == said
    assert renamed({"information": [5, {"entities": 6}]}, str) == {
        "information": [5, {"entities": 6}]
    }


def test_what_is_exclusive_is_nobody_elses() -> None:
    one = {"entities": [{"id": "urn:a:1", "type": "Lamp"}], "propertyNames": ["power"]}
    other = {**one, "propertyNames": ["colour"]}
    whole = {"entities": [{"type": "Lamp"}]}
    elsewhere = {"entities": [{"type": "Post"}]}
    exclusive = registration(1, "exclusive", **one)
    for mode, info, is_refused in (
        ("exclusive", one, True),
        ("exclusive", other, False),
        ("redirect", whole, True),
        ("redirect", elsewhere, False),
        ("inclusive", whole, False),
        ("auxiliary", whole, False),
    ):
        fresh = registration(2, mode, **info)
        if is_refused:
            with pytest.raises(Conflict):
                check_conflicts(fresh, [exclusive])
            with pytest.raises(Conflict):
                check_conflicts(exclusive, [fresh])
        else:
            check_conflicts(fresh, [exclusive])
            check_conflicts(exclusive, [fresh])
    check_conflicts(exclusive, [exclusive])  # changing itself
    check_conflicts(registration(3, "redirect", **whole), [registration(4, "redirect", **whole)])
