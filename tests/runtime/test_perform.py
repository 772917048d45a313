"""The one door: rights, words, keys, and nothing left behind by what failed."""

import math
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from hapgang.contract import Role
from hapgang.core.clock import VirtualClock
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused, SignInNeeded, Unavailable
from hapgang.core.vocabulary.people import Message
from hapgang.runtime.exposition import text_of
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.runtime.specs import spec_of
from hapgang.writer.unit import Unit
from tests.village import (
    NAME,
    Well,
    WellIsDry,
    ages,
    buy,
    deep_wells,
    depths,
    diaries,
    dig,
    draw,
    homes,
    move_in,
    person,
    runtime_of,
    trace_of,
    village,
    well_id,
    write_diary,
)

ANNE, BERT = person("anne"), person("bert")
OPERATOR = person("op", Role.OPERATOR)


@pytest.fixture
def runtime() -> Runtime:
    runtime = runtime_of()
    runtime.perform(dig, OPERATOR, well="a")
    move_in(runtime, ANNE)
    return runtime


def keyed(runtime: Runtime, key: str, caller: Any = ANNE, **words: Any) -> Any:
    spec = runtime.spec(buy)
    arguments = spec.check_arguments({"well": "a", "price_won": 100, **words})
    return runtime.run_once(spec, caller, key, arguments)


def test_only_who_may(runtime: Runtime) -> None:
    for caller, error in (
        (ANNE, Refused),
        (person("x", Role.ANONYMOUS), SignInNeeded),
        (person("x", Role.AUDITOR), Refused),
    ):
        before = trace_of(runtime)
        with pytest.raises(error, match=r"operator|Sign in"):
            runtime.perform(dig, caller, well="b")
        assert trace_of(runtime) == before
    runtime.perform(dig, PLATFORM, well="b")


def test_an_action_that_no_route_names_is_the_platforms(runtime: Runtime) -> None:
    def hidden(city: Any, *, n: int) -> int:
        return n

    hidden.__module__ = dig.__module__
    with pytest.raises(Refused, match="the platform"):
        runtime.perform(hidden, OPERATOR, n=1)
    assert runtime.perform(hidden, PLATFORM, n=1) == 1
    hidden_elsewhere = lambda city: None  # noqa: E731
    hidden_elsewhere.__module__ = "somewhere.else"
    with pytest.raises(TypeError, match="no installed service"):
        runtime.perform(hidden_elsewhere, PLATFORM)


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"well": 5},
        {"well": "a", "depth": 1},
        {"well": "a", "price_won": -1},
        {"well": "a", "price_won": 10**13},
        {"well": "a", "price_won": 1.5},
        {"well": "a", "price_won": "100"},
        {"well": "a", "price_won": math.nan},
        {"well": "a", "price_won": 100, "fail": 1},
        {"well": None, "price_won": 100},
    ],
    ids=str,
)
def test_words_that_do_not_fit(runtime: Runtime, words: dict[str, Any]) -> None:
    before = trace_of(runtime)
    with pytest.raises(Invalid, match="does not fit"):
        runtime.perform(buy, ANNE, **words)
    assert trace_of(runtime) == before


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"well": "a", "price_won": 100, "fail": True}, WellIsDry),
        ({"well": "none", "price_won": 100}, NotFound),
        ({"well": "a", "price_won": 1_000_000}, Conflict),
    ],
    ids=["after everything", "at the start", "for want of money"],
)
def test_what_fails_leaves_nothing(
    runtime: Runtime, words: dict[str, Any], error: type[Exception]
) -> None:
    units: list[Unit] = []
    runtime.writer.listeners.append(units.append)
    before = trace_of(runtime)
    with pytest.raises(error):
        runtime.perform(buy, ANNE, **words)
    assert trace_of(runtime) == before
    assert units == []
    runtime.perform(buy, ANNE, well="a", price_won=100)
    (unit,) = units
    assert [item.name for item in unit.items] == ["TestWell", "Drawn", "Message"]
    assert [row.amount_won for row in unit.transfers] == [100]
    assert runtime.book.total_won() == 0


def test_a_bug_leaves_nothing_too() -> None:
    runtime = runtime_of({NAME: village, "platform": platform})
    runtime.perform(dig, OPERATOR, well="a")

    def broken(city: Any) -> None:
        draw(city, well="a")
        city.hub.close(city.hub.get(Well, well_id("a")))
        raise ZeroDivisionError

    broken.__module__ = draw.__module__
    before = trace_of(runtime)
    with pytest.raises(ZeroDivisionError):
        runtime.perform(broken, PLATFORM)
    assert trace_of(runtime) == before
    assert runtime.closed.find(well_id("a")) is None
    assert "ZeroDivisionError" in text_of(runtime.metrics.families(), is_open_metrics=False)


def test_a_key_is_done_once(runtime: Runtime) -> None:
    first = keyed(runtime, "k1")
    before = trace_of(runtime)
    again = keyed(runtime, "k1")
    assert isinstance(again, msgspec.Raw)
    assert msgspec.json.decode(again) == first
    assert trace_of(runtime) == before
    assert keyed(runtime, "k2") != first


def test_a_key_belongs_to_its_words_and_its_caller(runtime: Runtime) -> None:
    move_in(runtime, BERT)
    first = keyed(runtime, "k")
    with pytest.raises(Conflict, match="another request"):
        keyed(runtime, "k", price_won=101)
    assert keyed(runtime, "k", caller=BERT) != first
    for bad in ("", "x" * 201):
        with pytest.raises(Invalid, match="Idempotency-Key"):
            keyed(runtime, bad)


def test_a_key_that_failed_is_free_again(runtime: Runtime) -> None:
    with pytest.raises(WellIsDry):
        keyed(runtime, "k", fail=True)
    assert keyed(runtime, "k").startswith("urn:")


def test_keys_are_kept_for_a_day(runtime: Runtime) -> None:
    first = keyed(runtime, "k")
    clock = runtime.clock
    assert isinstance(clock, VirtualClock)
    clock.advance_by(24 * 3600 - 1)
    assert msgspec.json.decode(keyed(runtime, "k")) == first
    clock.advance_by(1)
    assert keyed(runtime, "k", price_won=55) != first
    assert isinstance(keyed(runtime, "k", price_won=55), msgspec.Raw)


def test_questions_are_answered_under_the_answerers_desk(runtime: Runtime) -> None:
    assert runtime.perform(depths, ANNE, well="a") == [1.0]
    assert runtime.perform(depths, ANNE, well="none") == []
    with pytest.raises(Refused, match="does not declare"):
        runtime.perform(deep_wells, ANNE)


def test_people_are_seen_as_far_as_was_asked(runtime: Runtime) -> None:
    units: list[Unit] = []
    runtime.writer.listeners.append(units.append)
    assert runtime.perform(ages, BERT) == ["30-39"]
    (read,) = units[-1].reads
    assert (read.person, read.reader, read.purpose, read.fields) == (
        ANNE.id, BERT.id, "greeting", "age_band"
    )  # fmt: skip
    with pytest.raises(Refused, match=r"Person\.home"):
        runtime.perform(homes, BERT)
    assert len(units) == 1
    runtime.perform(ages, ANNE)
    assert len(units) == 1, "what one reads of oneself is not logged"


def test_owners_reads_are_logged_too(runtime: Runtime) -> None:
    runtime.perform(write_diary, ANNE, text="dear diary")
    units: list[Unit] = []
    runtime.writer.listeners.append(units.append)
    assert [diary.text for diary in runtime.perform(diaries, OPERATOR)] == ["dear diary"]
    assert [(read.person, read.reader) for read in units[0].reads] == [(ANNE.id, OPERATOR.id)]
    assert runtime.perform(diaries, ANNE)
    assert len(units) == 1


def test_inbox_lines_are_the_platforms_to_write(runtime: Runtime) -> None:
    runtime.perform(buy, ANNE, well="a", price_won=1)
    (record,) = runtime.state.of_type("Message")
    assert isinstance(record.view, Message)
    assert record.view.person == ANNE.id
    assert record.value("createdBy") == "platform"


def test_a_busy_city_asks_callers_to_come_back(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hapgang.writer.writer._MOST_WAITING", 0)
    before = trace_of(runtime)
    with pytest.raises(Unavailable, match="very busy"):
        runtime.perform(draw, ANNE, well="a")
    assert trace_of(runtime) == before
    runtime.perform(draw, PLATFORM, well="a")  # what runs by itself goes on


def test_chance_belongs_to_service_and_caller() -> None:
    def draws(order: list[str]) -> dict[str, list[str]]:
        runtime = runtime_of(seed=7)
        found: dict[str, list[str]] = {}
        for name in order:
            diary = runtime.perform(write_diary, person(name), text="x")
            found.setdefault(name, []).append(diary)
        return found

    one, other = draws(["anne", "bert", "anne"]), draws(["anne", "anne", "bert"])
    assert one == other
    assert one["anne"][0] != one["bert"][0]


def test_settings_come_from_the_scenario() -> None:
    class Form(msgspec.Struct, forbid_unknown_fields=True):
        fleet: int = 5

    runtime = runtime_of()
    assert runtime.settings_of(NAME, Form).fleet == 5
    runtime._settings = {NAME: {"fleet": "many"}}
    with pytest.raises(Invalid, match=r"settings of test\.village do not fit"):
        runtime.settings_of(NAME, Form)


def test_actions_take_named_words_only() -> None:
    def loose(city: Any, well: str) -> None: ...

    with pytest.raises(TypeError, match="keyword-only"):
        spec_of("test", loose, frozenset())


def test_metrics_count_and_time(runtime: Runtime) -> None:
    for _ in range(3):
        runtime.perform(draw, ANNE, well="a")
    timing = runtime.metrics.timings()[f"{NAME}.draw"]
    assert timing.runs == 3
    assert 0 < timing.longest_s <= timing.total_s
    lines = text_of(runtime.metrics.families(), is_open_metrics=False).splitlines()
    assert f'hapgang_action_seconds_count{{action="{NAME}.draw"}} 3' in lines
    assert timedelta(seconds=timing.total_s) < timedelta(seconds=5)
