"""The state's indexes always say the same as a plain list of what was put."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hapgang.core.entity import type_of
from hapgang.core.geometry import Point, degree_lengths_m
from hapgang.hub.record import Record
from hapgang.hub.state import State
from tests.village import HERE, Well

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TYPE = type_of(Well)
STATES = ("free", "taken", "broken")
spots = st.builds(
    lambda x, y: Point((HERE.lon + x * 1e-4, HERE.lat + y * 1e-4)),
    st.integers(-40, 40),
    st.integers(-40, 40),
)


def well(name: str, location: Point | None, state: str = "free") -> Record:
    view = Well(id=f"urn:x:{name}", location=location, state=state)
    return Record(view.id, (TYPE.name,), TYPE, view, {}, created=NOW, modified=NOW, seq=1)


def free_record(name: str) -> Record:
    extra = {"a": {"type": "Property", "value": 1}}
    return Record(
        f"urn:x:{name}", ("NobodyDeclared",), None, None, extra, created=NOW, modified=NOW, seq=1
    )


class StateAgainstAList(RuleBasedStateMachine):
    """Puts, removals and undoing, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.model: dict[str, Record] = {}
        self.undo: list[tuple[Callable[[], None], dict[str, Record]]] = []

    def note(self, record_id: str) -> None:
        self.undo.append((self.state.undo_to(record_id), dict(self.model)))

    @rule(name=st.sampled_from("abcdef"), at=st.none() | spots, state=st.sampled_from(STATES))
    def put(self, name: str, at: Point | None, state: str) -> None:
        record = well(name, at, state)
        self.note(record.id)
        self.state.put(record)
        self.model[record.id] = record

    @rule(name=st.sampled_from("abcdef"))
    def put_another_type(self, name: str) -> None:
        record = free_record(name)
        self.note(record.id)
        self.state.put(record)
        self.model[record.id] = record

    @rule(name=st.sampled_from("abcdef"))
    def remove(self, name: str) -> None:
        record_id = f"urn:x:{name}"
        if record_id in self.model:
            self.note(record_id)
            self.state.remove(record_id)
            del self.model[record_id]

    @rule()
    def take_back(self) -> None:
        if self.undo:
            undo, self.model = self.undo.pop()
            undo()

    @invariant()
    def says_the_same(self) -> None:
        wells = {r.id: r for r in self.model.values() if r.declared is TYPE}
        assert len(self.state) == len(self.model)
        assert all(self.state.get(i) is record for i, record in self.model.items())
        assert {r.id for r in self.state.of_type(TYPE.name)} == set(wells)
        assert self.state.count(TYPE.name) == len(wells)
        assert sum(self.state.types().values()) == len(self.model)
        for value in STATES:
            found = self.state.with_value(TYPE.name, "state", value)
            assert found is not None
            assert {r.id for r in found} == {i for i, r in wells.items() if r.view.state == value}
        near = [r.id for _, r in self.state.near(TYPE.name, HERE, 300.0)]
        assert sorted(near) == sorted(within(wells, HERE, 300.0))


def within(wells: dict[str, Record], centre: Point, within_m: float) -> list[str]:
    lon_m, lat_m = degree_lengths_m(centre.lat)
    found = []
    for record in wells.values():
        at = record.view.location
        if at is not None:
            far_m = math.hypot((at.lon - centre.lon) * lon_m, (at.lat - centre.lat) * lat_m)
            if far_m <= within_m:
                found.append((far_m, record.id))
    return [record_id for _, record_id in sorted(found)]


TestStateAgainstAList = StateAgainstAList.TestCase
TestStateAgainstAList.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


@cache
def wide_state() -> State:
    """Return a state with so many cells, a degree away, that rings are walked, not all cells."""
    state = State()
    for number in range(3000):
        at = Point((HERE.lon + 1 + (number % 60) * 1e-3, HERE.lat + (number // 60) * 1e-3))
        state.put(well(f"far{number}", at))
    return state


@given(
    st.lists(spots, max_size=60), spots, st.floats(0, 2000), st.integers(1, 60), st.booleans()
)  # fmt: skip
@settings(deadline=None)
def test_near_finds_what_a_look_at_all_finds(
    places: list[Point], centre: Point, within_m: float, few: int, is_wide: bool
) -> None:
    state = wide_state() if is_wide else State()
    records = [well(str(number), at) for number, at in enumerate(places)]
    for record in records:
        state.put(record)
    wells = {record.id: record for record in records}
    found = list(state.near(TYPE.name, centre, within_m))
    assert [r.id for _, r in found] == within(wells, centre, within_m)
    assert [m for m, _ in found] == sorted(m for m, _ in found)
    first = islice(state.near(TYPE.name, centre, within_m), few)
    assert [r.id for _, r in first] == within(wells, centre, within_m)[:few]
    for record in records:
        state.remove(record.id)


@pytest.mark.parametrize("lat", [-90.0, -89.9999, 0.0, 89.9999, 90.0])
@pytest.mark.parametrize("within_m", [0.0, 1.0, 1e9])
def test_near_works_everywhere(lat: float, within_m: float) -> None:
    state = State()
    state.put(well("here", Point((10.0, lat))))
    assert [r.id for _, r in state.near(TYPE.name, Point((10.0, lat)), within_m)] == ["urn:x:here"]


def test_a_type_that_nobody_put_is_empty() -> None:
    state = State()
    assert list(state.of_type("X")) == list(state.near("X", HERE, 10.0)) == []
    assert list(state.with_value("X", "a", 1) or ()) == []
    state.put(well("a", None))
    assert state.with_value(TYPE.name, "count", 0) is None  # no index: look at all
