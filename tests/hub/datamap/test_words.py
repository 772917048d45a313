"""Every type says in both languages what it is; what is about people or the inside is not open."""

import re

import pytest

from hapgang.contract import Service
from hapgang.core.entity import EntityType, type_of
from hapgang.runtime.discover import discover
from hapgang.runtime.platform import platform

SERVICES: tuple[Service, ...] = (*discover().values(), platform)
TYPES = {type_of(view).name: type_of(view) for s in SERVICES for view in (*s.owns, *s.contributes)}


@pytest.mark.parametrize("declared", TYPES.values(), ids=list(TYPES))
def test_a_type_has_words(declared: EntityType) -> None:
    words = declared.words
    assert words is not None
    for text in (words.title, words.about):
        assert text.en
        assert re.search("[가-힣]", text.ko)
    assert words.title.en != declared.name
    if words.is_open:
        assert declared.person is None
        assert not declared.is_internal
