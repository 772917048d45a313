"""The guide "Collecting data": followed word by word, and it leaves no word of a mapping out."""

from pathlib import Path

import msgspec
import pytest

from hapgang.app.collect.feed_files import FeedFile, Issue
from hapgang.app.collect.mappings import bundled_names
from hapgang.hub.collect.words import (
    Attribute,
    EntityWords,
    MappingWords,
    Pivot,
    Reading,
    Skip,
    Time,
)
from tests.docs.pages import ROOT, blocks
from tests.docs.reader import Reader

GUIDE = ROOT / "docs" / "guides" / "collecting.md"
FORMS = (Attribute, EntityWords, MappingWords, Pivot, Reading, Skip, Time, FeedFile, Issue)


@pytest.mark.slow
def test_every_word_of_the_guide(tmp_path: Path) -> None:
    Reader(tmp_path).read(list(blocks(GUIDE)))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_word_of_a_mapping_is_in_the_guide(form: type[msgspec.Struct]) -> None:
    text = GUIDE.read_text("utf-8")
    for field in msgspec.structs.fields(form):
        name = field.encode_name
        assert f"`{name}`" in text or f"{name} = " in text or f"{name}," in text, name


def test_every_bundled_mapping_is_in_the_guide() -> None:
    text = GUIDE.read_text("utf-8")
    assert [name for name in bundled_names() if name not in text] == []
