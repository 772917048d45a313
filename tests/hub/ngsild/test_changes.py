"""What changes do to attributes: each instance for itself, nothing in place."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hapgang.hub.ngsild.changes import (
    Attributes,
    Changes,
    append,
    joined,
    listed,
    merge,
    merged_json,
    patched,
    stamped,
    without,
)
from hapgang.hub.ngsild.kinds import NULL

ONE, TWO = "urn:d:1", "urn:d:2"


def prop(value: Any, dataset: str | None = None, **more: Any) -> dict[str, Any]:
    own = {} if dataset is None else {"datasetId": dataset}
    return {"type": "Property", "value": value, **own, **more}


def test_appending_replaces_instances_one_by_one() -> None:
    old = {"a": [prop(1), prop(2, ONE)]}
    assert append(old, {"a": prop(5, ONE), "b": prop(7)}).changes == {
        "a": [prop(1), prop(5, ONE)], "b": prop(7)
    }  # fmt: skip
    assert append(old, {"a": prop(NULL)}).changes == {"a": prop(2, ONE)}
    kept = append(old, {"a": [prop(5, ONE), prop(6, TWO)], "b": prop(7)}, overwrites=False)
    assert kept.changes == {"a": [prop(1), prop(2, ONE), prop(6, TWO)], "b": prop(7)}
    assert list(kept.refused) == ["a"]


def test_merging_goes_into_values_and_what_is_said_of_them() -> None:
    old = {"a": prop({"x": 1, "y": {"z": 2}}, accuracy=prop(5), unitCode="KWT")}
    fresh = {"a": prop({"x": NULL, "y": {"w": 3}}, accuracy=prop(NULL))}
    assert merge(old, fresh) == {"a": prop({"y": {"z": 2, "w": 3}}, unitCode="KWT")}
    assert merge(old, {"a": prop(NULL)}) == {"a": None}
    assert merge({}, {"a": prop(NULL)}) == {}
    assert merge(old, {"a": {"type": "Relationship", "object": "urn:x:1"}}) == {
        "a": {
            "type": "Relationship", "object": "urn:x:1", "accuracy": prop(5), "unitCode": "KWT"
        }
    }  # fmt: skip
    language = {"type": "LanguageProperty", "languageMap": {"en": "red", "fr": "rouge"}}
    assert merge({"a": language}, {"a": {**language, "languageMap": {"fr": NULL}}}) == {
        "a": {**language, "languageMap": {"en": "red"}}
    }


def test_geometries_and_typed_values_are_replaced_as_wholes() -> None:
    typed = {"@type": "DateTime", "@value": "2020-01-01T00:00:00Z"}
    assert merged_json({"a": 1}, typed) == typed
    assert merged_json(typed, {"a": 1}) == {"a": 1}


def test_a_part_of_an_instance() -> None:
    there = prop(1, ONE, unitCode="KWT", accuracy=prop(5))
    assert patched(there, {"value": 2, "accuracy": prop(NULL)}) == prop(2, ONE, unitCode="KWT")
    assert patched(there, {"value": NULL}) is None
    assert patched(there, {"unitCode": NULL}) == prop(1, ONE, accuracy=prop(5))


def test_deleting_instances() -> None:
    both = [prop(1), prop(2, ONE)]
    assert without(both, None, every=False) == prop(2, ONE)
    assert without(both, ONE, every=False) == prop(1)
    assert without(both, None, every=True) is None
    assert without(prop(1), None, every=False) is None


def test_times_are_told_where_they_differ_from_the_entity() -> None:
    old: Attributes = {"a": [prop(1), prop(2, ONE, createdAt="then")], "gone": prop(1)}
    kept = listed(old["a"])[0]
    changes: Changes = {"a": [kept, prop(3, ONE), prop(4, TWO)], "gone": None}
    assert stamped(changes, old, "now") == {
        "a": [
            prop(1), prop(3, ONE, createdAt="then", modifiedAt="now"), prop(4, TWO, createdAt="now")
        ],
        "gone": None,
    }  # fmt: skip


_values = st.integers(0, 3) | st.just(NULL) | st.fixed_dictionaries({"x": st.integers(0, 2)})
_instances = st.dictionaries(st.sampled_from([None, ONE, TWO]), _values, min_size=1)
_attributes = st.dictionaries(st.sampled_from("abc"), _instances)


def _made(found: dict[str, Any], *, nulls: bool) -> dict[str, Any]:
    out = {}
    for name, instances in found.items():
        parts = [prop(v, d) for d, v in instances.items() if nulls or v != NULL]
        if parts:
            out[name] = joined(parts)
    return out


@given(_attributes, _attributes)
def test_nothing_changes_in_place_and_datasets_stay_apart(one: Any, two: Any) -> None:
    old, fresh = _made(one, nulls=False), _made(two, nulls=True)
    before = copy.deepcopy((old, fresh))
    for changes in (append(old, fresh).changes, merge(old, fresh)):
        assert (old, fresh) == before
        assert changes.keys() <= fresh.keys()
        for name, instances in changes.items():
            told = [part.get("datasetId") for part in listed(instances)]
            assert len(set(told)) == len(told)
            known = {p.get("datasetId") for p in [*listed(old.get(name)), *listed(fresh[name])]}
            assert set(told) <= known
            gone = {p.get("datasetId") for p in listed(fresh[name]) if p["value"] == NULL}
            assert gone.isdisjoint(told)


@given(_attributes)
def test_repeating_a_merge_changes_nothing(fresh: Any) -> None:
    fragment = _made(fresh, nulls=True)
    once = {name: new for name, new in merge({}, fragment).items() if new is not None}
    again = {name: new for name, new in merge(once, fragment).items() if new is not None}
    assert {**once, **again} == once
