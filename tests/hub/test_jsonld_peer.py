"""Ours and PyLD agree on what names mean, whatever the context."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from pyld.jsonld import JsonLdError

from hapgang.core.errors import Invalid
from hapgang.hub.jsonld import (
    CORE,
    BadContext,
    Context,
    inward_document,
    meant_by,
    outward_document,
)
from tests.hub.jsonld_peer import (
    entities,
    iris,
    locals_,
    names,
    peer_compact_type,
    peer_expand,
    plain_entities,
    read,
)

_many = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)


def _readable(local: Any) -> Context:
    try:
        return read(local)
    except BadContext:
        assume(False)
        raise


def _inward(document: dict[str, Any], context: Context) -> dict[str, Any]:
    try:
        return inward_document(document, context)
    except Invalid:  # a name that means nothing, or two that mean the same
        assume(False)
        raise


def _outward(document: dict[str, Any], context: Context) -> dict[str, Any]:
    try:
        for text in _texts(document):
            context.compact(meant_by(text))
    except BadContext:  # an IRI that this context reads as another one, and no way to write it
        assume(False)
    return outward_document(document, context)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value:
            yield from _texts(part)
        if isinstance(value, dict):
            yield from _texts(list(value.values()))


@_many
@given(locals_)
def test_the_same_contexts_are_refused(local: Any) -> None:
    try:
        peer_expand({"id": "urn:x:y", "type": "T"}, local)
    except JsonLdError:
        with pytest.raises(BadContext):
            read(local)
    else:
        read(local)


@_many
@given(locals_, names)
def test_a_name_has_the_same_iri(local: Any, name: str) -> None:
    context = _readable(local)
    expanded = peer_expand({name: {"@id": "urn:x:z"}}, local)
    try:
        iri = context.expand(name)
    except BadContext:
        assert expanded == []
    else:
        assert expanded == [{iri: [{"@id": "urn:x:z"}]}]


@_many
@given(locals_, iris)
def test_an_iri_has_the_same_name(local: Any, iri: str) -> None:
    context = _readable(local)
    try:
        name = context.compact(iri)
    except BadContext:
        return
    assert context.expand(name) == iri
    # Core terms go first with us; with the core alone, whole IRIs are told as they are kept.
    if name not in CORE.terms and not context.is_core:
        theirs = peer_compact_type(iri, local)
        same = [term for term in context.terms.values() if term.iri == iri]
        # We pass no term over for the type of its values, or for how many they may be.
        if all(term.coercion is None and not term.container for term in same):
            assert name == theirs


@_many
@given(locals_, entities)
def test_kept_under_the_core_it_means_the_same(local: Any, entity: dict[str, Any]) -> None:
    context = _readable(local)
    kept = _inward(entity, context)
    assert peer_expand(kept, {}) == peer_expand(entity, local)


@_many
@given(locals_, locals_, plain_entities)  # ids are told letter for letter, whoever reads them
def test_a_stranger_reads_the_same(mine: Any, yours: Any, entity: dict[str, Any]) -> None:
    kept = _inward(entity, _readable(mine))
    told = _outward(kept, _readable(yours))
    assert peer_expand(told, yours) == peer_expand(entity, mine)


@_many
@given(locals_, entities)
def test_what_was_told_comes_back_as_it_was_kept(local: Any, entity: dict[str, Any]) -> None:
    context = _readable(local)
    kept = _inward(entity, context)
    assert inward_document(_outward(kept, context), context) == kept
    assert inward_document(kept, CORE) == kept
    assert outward_document(kept, CORE) is kept


@_many
@given(locals_, names)
def test_names_come_back(local: Any, name: str) -> None:
    context = _readable(local)
    try:
        kept = context.inward(name)
        told = context.compact(meant_by(kept))
    except BadContext:
        return
    assert context.outward(kept) == told
    assert context.inward(told) == kept
    assert meant_by(kept) == context.expand(name)
