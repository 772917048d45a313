"""Whom a change concerns is found by the index as by asking everybody."""

from datetime import UTC, datetime
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from hapgang.hub.record import Record, record_of
from hapgang.hub.subscriptions.index import Index
from hapgang.hub.subscriptions.rules import Rule
from hapgang.hub.subscriptions.told import Told, summed, told_of
from hapgang.hub.subscriptions.words import Trigger, read_words

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NAMES = ("power", "colour", "height")
TYPES = ("Lamp", "Tree", "Bench")
ENDPOINT = {"endpoint": {"uri": "http://127.0.0.1/"}}


def rule(name: str, body: dict[str, Any]) -> Rule:
    words = read_words({"type": "Subscription", "notification": ENDPOINT, **body})
    return Rule(f"urn:s:{name}", "urn:p:anne", words, {})


def record(entity: int, types: list[str], values: dict[str, int]) -> Record:
    attributes = {name: {"type": "Property", "value": value} for name, value in values.items()}
    document = {"id": f"urn:e:{entity}", "type": types, **attributes}
    return record_of(document, created=NOW, modified=NOW, seq=1)


def nobody(_: str) -> Record | None:
    return None


selectors = st.builds(
    lambda kind, entity: {"type": kind, **({} if entity is None else {"id": f"urn:e:{entity}"})},
    st.sampled_from(["*", *TYPES, "Lamp;Tree", "(Lamp,Bench)"]),
    st.none() | st.integers(0, 2),
)
triggers = st.sampled_from(get_args(Trigger))
bodies = st.fixed_dictionaries(
    {"entities": st.lists(selectors, min_size=1, max_size=2)},
    optional={
        "watchedAttributes": st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
        "notificationTrigger": st.lists(triggers, min_size=1, max_size=3, unique=True),
        "q": st.sampled_from(["power>2", "colour"]),
    },
)
values = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 4), min_size=1)
states = st.none() | values


@given(
    st.lists(bodies, max_size=6), st.integers(0, 2),
    st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True), states, states,
    st.integers(0, 5),
)  # fmt: skip
def test_the_index_finds_whom_asking_everybody_finds(
    wanted: list[dict[str, Any]], entity: int, types: list[str], before: dict[str, int] | None,
    after: dict[str, int] | None, removed: int,
) -> None:  # fmt: skip
    index = Index()
    rules = [rule(str(number), body) for number, body in enumerate(wanted)]
    for one in rules:
        index.put(one)
    if removed < len(rules):
        index.remove(rules.pop(removed).id)
    old = None if before is None else record(entity, types, before)
    new = None if after is None else record(entity, types, after)
    names = {**(before or {}), **(after or {})}
    told = told_of(
        old, new, [n for n in names if (before or {}).get(n) != (after or {}).get(n)], ""
    )
    if told is None:
        return

    def hears(one: Rule) -> bool:
        return one.hears(told) and one.fits(told.record, nobody)

    found = index.candidates(told.record.types, told.record.id, told.names)
    assert {one.id for one in found if hears(one)} == {one.id for one in rules if hears(one)}


def test_an_empty_index_keeps_nothing() -> None:
    index = Index()
    for number in range(3):
        index.put(rule("same", {"entities": [{"type": TYPES[number]}]}))
    index.remove("urn:s:same")
    assert not index.concerns(TYPES, "urn:e:1")
    assert vars(index) == vars(Index())


def test_triggers_say_what_is_heard() -> None:
    old, new = record(1, ["Lamp"], {"power": 1}), record(1, ["Lamp"], {"power": 2})
    came, went = told_of(None, new, [], ""), told_of(old, None, [], "now")
    changed = told_of(old, new, ["power"], "")
    created = told_of(old, record(1, ["Lamp"], {"power": 1, "colour": 3}), ["colour"], "")
    deleted = told_of(record(1, ["Lamp"], {"power": 1, "colour": 3}), old, ["colour"], "")
    happened = [came, changed, created, deleted, went]

    def heard(*named: str, **more: Any) -> list[bool]:
        body = {"entities": [{"type": "Lamp"}], **more}
        if named:
            body["notificationTrigger"] = list(named)
        one = rule("a", body)
        return [told is not None and one.hears(told) for told in happened]

    assert heard() == [True, True, True, False, False]
    assert heard("entityCreated") == [True, False, False, False, False]
    assert heard("entityUpdated") == [False, True, True, True, False]
    assert heard("entityDeleted") == [False, False, False, False, True]
    assert heard("attributeCreated") == [True, False, True, False, False]
    assert heard("attributeUpdated") == [False, True, False, False, False]
    assert heard("attributeDeleted") == [False, False, False, True, True]
    assert heard("entityUpdated", watchedAttributes=["colour"])[1:4] == [False, True, True]


def test_changes_of_several_units_are_one() -> None:
    first = told_of(
        record(1, ["Lamp"], {"power": 1}), record(1, ["Lamp"], {"power": 2}), ["power"], ""
    )
    second = told_of(
        record(1, ["Lamp"], {"power": 2}), record(1, ["Lamp"], {"power": 3}), ["power"], ""
    )
    assert first is not None
    assert second is not None
    (both,) = summed([first, second])
    assert both.before == {"power": {"type": "Property", "value": 1}}
    assert both.record.value("power") == 3
    gone = Told("deleted", both.record, at="now")
    assert summed([first, gone]) == [gone]
