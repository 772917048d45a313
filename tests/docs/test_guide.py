"""The guide "Write a service in an hour", followed word by word."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks, commands_of
from tests.docs.reader import Reader
from tests.small_city import write_small_city

GUIDE = ROOT / "docs" / "guides" / "write-a-service-in-an-hour.md"
INSTALL = "pip install --quiet --editable ./snow"


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A reader who installs beside the environment that everybody uses, and off the network."""
    quiet = "--quiet --offline --no-deps --no-build-isolation"
    install = f"uv pip install {quiet} --target {tmp_path / 'installed'} ./snow"
    return Reader(tmp_path, instead={INSTALL: install})


@pytest.mark.slow
def test_the_files_make_a_service_that_passes_its_own_test(reader: Reader) -> None:
    write_small_city(reader.folder / "practice")
    wanted = ("pip ", "hapgang services", "pytest ")
    steps = [
        block
        for block in blocks(GUIDE)
        if block.file or any(c.words.startswith(wanted) for c in commands_of(block))
    ]
    reader.follow(steps)


@pytest.mark.slow
def test_every_word_of_the_guide(reader: Reader) -> None:
    reader.read(list(blocks(GUIDE)))
