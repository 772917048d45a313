"""One entity of several answers: the newest of each attribute, whoever says it first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.hub.ngsild.changes import listed
from hapgang.hub.ngsild.instants import written
from hapgang.hub.record import record_of
from hapgang.hub.registrations.merging import (
    Origin,
    Version,
    merged,
    version_in,
    version_of,
    within,
    without_taken,
)
from hapgang.hub.registrations.model import read_registration

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGINS: tuple[Origin, ...] = ("exclusive", "redirect", "local", "inclusive", "auxiliary")
ID = "urn:lamp:1"


def at(hours: float) -> str:
    return written(AT + timedelta(hours=hours))


def prop(value: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Property", "value": value, **more}


def says(origin: Origin, **attributes: Any) -> Version:
    return version_in({"id": ID, "type": "Lamp", **attributes}, origin)


def value(versions: list[Version], name: str = "power") -> Any:
    found = merged(versions, AT).attributes()[name]
    assert isinstance(found, dict)
    return found["value"]


def test_the_newest_counts() -> None:
    old, new = prop(1, observedAt=at(-2)), prop(2, observedAt=at(-1))
    assert value([says("local", power=new), says("inclusive", power=old)]) == 2
    assert value([says("local", power=old), says("inclusive", power=new)]) == 2
    changed = prop(3, modifiedAt=at(-0.5))
    assert value([says("local", power=new), says("inclusive", power=changed)]) == 3
    assert value([says("local", power=prop(4)), says("inclusive", power=prop(5))]) == 4
    assert value([says("redirect", power=prop(6)), says("local", power=prop(7))]) == 6


def test_exclusive_sources_are_right_and_auxiliary_ones_fill() -> None:
    old, new = prop(1, observedAt=at(-2)), prop(2, observedAt=at(-1))
    assert value([says("exclusive", power=old), says("local", power=new)]) == 1
    assert value([says("auxiliary", power=new), says("local", power=old)]) == 1
    assert value([says("auxiliary", colour=new), says("local", power=old)], "colour") == 2


def test_instances_are_merged_one_by_one() -> None:
    one, two = "urn:d:1", "urn:d:2"
    here = says("local", power=[prop(1, observedAt=at(-1)), prop(2, datasetId=one)])
    there = says("inclusive", power=[prop(9, observedAt=at(-2)), prop(3, datasetId=two)])
    found = listed(merged([here, there], AT).attributes()["power"])
    assert [(part.get("datasetId"), part["value"]) for part in found] == [
        (None, 1), (one, 2), (two, 3)
    ]  # fmt: skip


def test_what_the_city_says_has_its_times() -> None:
    document = {"id": ID, "type": "Lamp", "power": prop(1), "scope": ["/a"]}
    record = record_of(document, created=AT, modified=AT + timedelta(hours=1), seq=1)
    version = version_of(record)
    assert version.attributes["power"] == prop(1, createdAt=at(0), modifiedAt=at(0))
    out = merged([version, says("inclusive", power=prop(2, modifiedAt=at(-1)))], AT)
    assert out.scope == ("/a",)
    assert (out.created, out.modified) == (AT, AT + timedelta(hours=1))
    assert out.attributes()["power"] == prop(1, createdAt=at(0), modifiedAt=at(0))


@pytest.mark.parametrize(
    "document",
    [
        {"id": ID},
        {"id": "no uri", "type": "Lamp"},
        {"id": ID, "type": "Lamp", "power": {"type": "Property"}},
        {"id": ID, "type": "Lamp", "power": prop(1, modifiedAt="yesterday")},
        {"id": ID, "type": "Lamp", "power": prop(1), "createdAt": 5},
    ],
)
def test_rubbish_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        version_in(document, "inclusive")


def registered(mode: str, *names: str, **entity: str) -> Any:
    info = {"entities": [{"type": "Lamp", **entity}], "propertyNames": list(names)}
    return read_registration(
        {
            "id": "urn:r:1", "type": "ContextSourceRegistration", "mode": mode,
            "information": [{k: v for k, v in info.items() if v}],
            "endpoint": "http://127.0.0.1:4001",
        }
    )  # fmt: skip


def test_a_source_says_no_more_than_it_registered() -> None:
    said = says("inclusive", power=prop(1), colour=prop(2))
    limited = within(said, registered("inclusive", "power"))
    assert limited is not None
    assert set(limited.attributes) == {"power"}
    assert within(said, registered("inclusive")) == said
    assert within(said, registered("inclusive", id="urn:lamp:2")) is None
    foreign = version_in({"id": ID, "type": "Post"}, "inclusive")
    assert within(foreign, registered("inclusive")) is None


def test_what_others_stand_for_is_not_the_citys() -> None:
    said = says("local", power=prop(1), colour=prop(2))
    left = without_taken(said, [registered("exclusive", "power"), registered("inclusive")])
    assert left is not None
    assert set(left.attributes) == {"colour"}
    assert without_taken(said, [registered("redirect")]) is None
    assert without_taken(said, [registered("redirect", id="urn:lamp:2")]) == said


_INSTANCES = st.builds(
    lambda number, observed, dataset: {
        **prop(number),
        **({} if observed is None else {"observedAt": at(observed)}),
        **({} if dataset is None else {"datasetId": dataset}),
    },
    st.integers(0, 3),
    st.none() | st.integers(-3, 0),
    st.none() | st.sampled_from(["urn:d:1", "urn:d:2"]),
)
_VERSIONS = st.builds(
    lambda origin, attributes: says(origin, **attributes),
    st.sampled_from(ORIGINS),
    st.dictionaries(st.sampled_from(["power", "colour"]), _INSTANCES, max_size=2),
)


@given(st.lists(_VERSIONS, min_size=1, max_size=5), st.randoms())
def test_the_order_of_answers_does_not_matter(versions: list[Version], chance: Any) -> None:
    shuffled = list(versions)
    chance.shuffle(shuffled)
    one, other = merged(versions, AT), merged(shuffled, AT)
    assert one.document() == other.document()
    assert merged([*versions, *versions], AT).document() == one.document()


@given(st.lists(_VERSIONS, min_size=1, max_size=5))
def test_nothing_is_lost_and_nothing_is_made_up(versions: list[Version]) -> None:
    out = merged(versions, AT).attributes()
    said = [
        (name, one)
        for version in versions
        for name, instances in version.attributes.items()
        for one in listed(instances)
    ]
    assert set(out) == {name for name, _ in said}
    for name, instances in out.items():
        for one in listed(instances):
            assert (name, one) in said
    for name, one in said:
        datasets = {part.get("datasetId") for part in listed(out[name])}
        assert one.get("datasetId") in datasets
