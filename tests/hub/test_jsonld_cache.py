"""Contexts that were read are remembered, within bounds, and forgotten when asked."""

from typing import Any

import pytest

from hapgang.hub.jsonld import CORE, CORE_URL, Contexts, LdContextNotAvailable
from tests.hub.jsonld_peer import read
from tests.hub.test_jsonld import AIR, SDM, at, served


def test_equal_contexts_are_one() -> None:
    assert read(AIR) == read([AIR, CORE_URL])
    assert len({read(AIR), read(dict(reversed(AIR.items()))), CORE}) == 2
    assert read(AIR) != read(AIR | {"pm25": "urn:x:pm25"})
    assert read(AIR) != "AIR"


def test_read_once() -> None:
    load = served(a={"@context": AIR})
    contexts = Contexts(load)
    assert contexts.of(at("a")) is contexts.of(at("a"))
    assert contexts.of([at("a"), CORE_URL]) is contexts.of([at("a"), CORE_URL])
    assert contexts.of(dict(AIR)) is contexts.of(dict(reversed(AIR.items())))
    assert contexts.of(None) is contexts.of(CORE_URL) is CORE
    assert load.asked == [at("a")] * 2
    contexts.forget(at("a"))
    assert contexts.of(at("a")) == read(AIR)
    assert load.asked == [at("a")] * 3


def test_bounded_in_number_and_bytes() -> None:
    contexts = Contexts(served(), most=3)
    for number in range(10):
        contexts.of({f"x{number}": "urn:x"})
    assert len(contexts) == 3
    weight = contexts.bytes // 3
    contexts = Contexts(served(), most_bytes=5 * weight)
    for number in range(10):
        contexts.of({f"x{number}": "urn:x"})
        contexts.of({"x0": "urn:x"})
    assert 3 <= len(contexts) <= 5
    assert contexts.bytes <= 5 * weight
    first = contexts.of({"x0": "urn:x"})
    assert contexts.of({"x0": "urn:x"}) is first
    assert len(Contexts(served(), most_bytes=10)) == 0


def test_what_adds_nothing_today_may_tomorrow() -> None:
    documents: dict[str, Any] = {at("a"): {"@context": {}}}
    contexts = Contexts(lambda url: documents[url])
    assert contexts.of(at("a")) == CORE
    assert contexts.of(at("a")).is_core
    documents[at("a")] = {"@context": AIR}
    contexts.forget(at("a"))
    assert contexts.of(at("a")) == read(AIR)
    assert not contexts.of(at("a")).is_core


def test_a_refusal_is_not_remembered() -> None:
    documents: dict[str, Any] = {}
    contexts = Contexts(lambda url: documents[url])
    with pytest.raises(LdContextNotAvailable):
        contexts.of(at("a"))
    documents[at("a")] = {"@context": AIR}
    assert contexts.of(at("a")) == read(AIR)


def test_names_are_remembered_within_bounds() -> None:
    context = read(AIR)
    for number in range(5_000):
        assert context.inward(f"name{number}") == f"name{number}"
        assert context.outward(f"{SDM}{number}") == f"{SDM}{number}"
    assert len(context.inward_names) < 1_000
    assert len(context.outward_names) < 1_000
    context.inward("x" * 100_000)
    assert max(map(len, context.inward_names)) < 1_000
