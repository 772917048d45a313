"""The history of an entity, read off the feed: what is last there is what is true now."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.entity import Attribute
from hapgang.hub.ngsild.changes import append, joined, listed
from hapgang.hub.temporal.evolution import Evolution, Line
from hapgang.hub.temporal.instance import Instance, instance_id, position_of
from hapgang.hub.temporal.overlay import Overlay, dropping
from hapgang.hub.temporal.page import cut, keeps_of, newest, series_of
from hapgang.hub.temporal.when import When

START = datetime(2026, 1, 1, tzinfo=UTC)
ID = "urn:ngsi-ld:Lamp:1"


def at(position: int) -> datetime:
    return START + timedelta(minutes=position)


def line(position: int, kind: str, body: Any) -> Line:
    return Line(position, at(position), "test", kind, "Lamp", body)


def read(lines: list[Line], keeps: Any = lambda _: True) -> Evolution:
    overlay = Overlay()
    for one in lines:
        if one.kind == "history":
            overlay.take(one.position, one.at, one.body)
    evolution = Evolution(ID, overlay, keeps)
    for one in lines:
        evolution.take(one)
    return evolution


def prop(value: Any, **more: Any) -> Attribute:
    return {"type": "Property", "value": value, **more}


def values(evolution: Evolution, name: str) -> list[Any]:
    series = series_of(evolution, When())
    return [one.instance.body["value"] for one in series.get(name, [])]


INSTANCE = st.builds(
    lambda value, dataset: prop(value, **({"datasetId": f"urn:d:{dataset}"} if dataset else {})),
    st.integers(0, 3), st.integers(0, 2),
)  # fmt: skip
INSTANCES = st.lists(INSTANCE, min_size=1, max_size=3, unique_by=lambda one: one.get("datasetId"))
CHANGE = st.dictionaries(
    st.sampled_from(["a", "b"]), st.one_of(st.none(), INSTANCES), min_size=1, max_size=2
)


@given(st.lists(CHANGE, min_size=1, max_size=8))
def test_the_newest_instances_are_the_present(changes: list[dict[str, Any]]) -> None:
    present: dict[str, Any] = {}
    lines = []
    for position, change in enumerate(changes, 1):
        if position == 1:
            told: dict[str, Any] = {n: joined(found) for n, found in change.items() if found}
        else:
            fresh: dict[str, Any] = {n: joined(found) for n, found in change.items() if found}
            told = dict(append(present, fresh).changes)
            told.update({n: None for n, found in change.items() if not found and n in present})
        lines.append(line(position, "created" if position == 1 else "updated", told))
        present = {n: v for n, v in {**present, **told}.items() if v is not None}
    last: dict[tuple[str, Any], Instance] = {}
    evolution = read(lines)
    for instance in evolution.instances:
        last[instance.name, instance.dataset] = instance
    now = {key: one.body for key, one in last.items() if not one.is_deletion}
    assert now == {
        (name, one.get("datasetId")): one
        for name, found in present.items()
        for one in listed(found)
    }
    names = [instance_id(ID, one) for one in evolution.instances]
    assert len(set(names)) == len(names)
    assert [position_of(name) for name in names] == [o.position for o in evolution.instances]


def test_what_is_deleted_is_recorded_with_the_null() -> None:
    names = {"fr": "Rue", "nl": "Straat"}
    found = read(
        [
            line(1, "created", {"power": prop(5), "name": {"type": "LanguageProperty",
                                                           "languageMap": names}}),
            line(2, "updated", {"power": None}),
            line(3, "deleted", {}),
        ]
    )  # fmt: skip
    assert found.deleted == at(3)
    gone = [one for one in found.instances if one.is_deletion]
    assert [(one.name, one.body) for one in gone] == [
        ("power", prop("urn:ngsi-ld:null")),
        ("name", {"type": "LanguageProperty", "languageMap": {"@none": "urn:ngsi-ld:null"}}),
    ]
    assert [one.time("deletedAt") for one in gone] == [at(2), at(3)]
    assert all(one.time("observedAt") is None for one in gone)


def test_scopes_have_a_past_too() -> None:
    found = read([line(1, "created", {"scope": ["/a"]}), line(2, "updated", {"scope": []})])
    assert [one.body["value"] for one in found.instances] == ["/a", []]
    assert [one.is_deletion for one in found.instances] == [False, True]
    assert found.scope == ()


def test_what_is_said_of_the_past_holds_in_the_end() -> None:
    def seen(minute: int) -> str:
        return at(minute).isoformat()

    lines = [
        line(1, "created", {"power": prop(1, observedAt=seen(1))}),
        line(2, "updated", {"power": prop(2, observedAt=seen(2))}),
        line(3, "history", {"added": {"power": [prop(0, observedAt=seen(0)),
                                                prop(9, observedAt=seen(2))]}}),
    ]  # fmt: skip
    assert values(read(lines), "power") == [0, 1, 9]  # 9 was said of the time of 2, later
    first = read(lines).instances[0]
    named = instance_id(ID, first)
    lines.append(line(4, "history", {"changed": {named: prop(7, observedAt=seen(1))}}))
    assert values(read(lines), "power") == [0, 7, 9]
    assert read(lines).instances[0].modified == at(4)
    assert read(lines).instances[0].created == at(1)
    lines.append(line(5, "history", {"removed": [named]}))
    assert values(read(lines), "power") == [0, 9]
    lines.append(line(6, "history", dropping("power", None, every=False)))
    assert values(read(lines), "power") == []
    lines.append(line(7, "updated", {"power": prop(3)}))
    assert values(read(lines), "power") == [3]
    lines.append(line(8, "history", {"erased": True}))
    assert not read(lines).is_known
    lines.append(line(9, "updated", {"power": prop(4)}))
    assert values(read(lines), "power") == [4]


def test_only_the_dataset_is_dropped_that_is_named() -> None:
    both = [prop(1), prop(2, datasetId="urn:d:1")]
    lines = [line(1, "created", {"power": both})]
    one = [*lines, line(2, "history", dropping("power", "urn:d:1", every=False))]
    every = [*lines, line(2, "history", dropping("power", None, every=True))]
    assert values(read(one), "power") == [1]
    assert values(read(every), "power") == []


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.integers(1, 12), st.booleans())
def test_pages_tell_everything_once(minutes: list[int], most: int, backwards: bool) -> None:
    lines = [line(1, "created", {})]
    lines += [
        line(p, "updated", {"ab"[p % 2]: prop(p, observedAt=at(m).isoformat())})
        for p, m in enumerate(minutes, 2)
    ]
    evolution = read(lines)
    told: list[int] = []
    when = When(last=1_000 if backwards else 0, time="observedAt", is_named=True)
    for _ in range(100):
        keeps = keeps_of(when)
        evolution.instances = [one for one in read(lines).instances if keeps(one)]
        series = newest(series_of(evolution, when), when.last)
        (kept,), part = cut([series], when, most)
        assert kept.keys() == series.keys()
        told += [one.instance.position for timed in kept.values() for one in timed]
        if part is None:
            break
        assert part.size == when.last
        if backwards:
            when = When("before", part.end, last=1_000)
        else:
            when = When("after", part.end + timedelta(microseconds=1))
    assert sorted(told) == list(range(2, len(minutes) + 2))
