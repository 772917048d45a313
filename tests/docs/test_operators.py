"""The operators' page, followed word by word: watch, mend, back up, restore."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks
from tests.docs.reader import Reader


@pytest.mark.slow
def test_the_operators_page(tmp_path: Path) -> None:
    page = ROOT / "docs" / "guides" / "operators.md"
    Reader(tmp_path).read(list(blocks(page)))
