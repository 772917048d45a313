"""The planners' page, followed word by word: compare, change, compare again, ask the lake."""

import json
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks
from tests.docs.reader import Reader


@pytest.mark.slow
def test_the_planners_page(tmp_path: Path) -> None:
    page = ROOT / "docs" / "guides" / "planners.md"
    reader = Reader(tmp_path)
    reader.read(list(blocks(page)))
    quiet, service = (
        json.loads((reader.folder / f"{name}.json").read_text("utf-8"))
        for name in ("quiet", "service")
    )
    assert [one["report"]["scenario"] for one in quiet["variants"]] == ["today", "quiet"]
    assert [one["report"]["without"] for one in service["variants"]] == [[], ["mobility.maas"]]
