"""The guide "Your own city", followed word by word on a town of paper and on a real one."""

import json
from pathlib import Path

import pytest

from tests.docs.open_data import write_open_data
from tests.docs.pages import ROOT, blocks
from tests.docs.reader import Reader
from tests.twin.paper_city import shared_data

GUIDE = ROOT / "docs" / "guides" / "your-own-city.md"
PORTO_ALEGRE = {
    "town.osm.pbf": "poa_osm.pbf",
    "bus.zip": "poa_eptc.zip",
    "cells.csv": "poa_hexgrid.csv",
    "heights.tif": "poa_elevation.tif",
}


@pytest.mark.slow
def test_a_town_of_paper(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    write_open_data(reader.folder / "data")
    reader.read(list(blocks(GUIDE)))
    left_out = (reader.folder / "mytown/quarantine/summary.csv").read_text("utf-8")
    assert left_out.count("left out,1") == 3


@pytest.mark.slow
def test_porto_alegre(tmp_path: Path) -> None:
    data = shared_data() / "multimodal-porto-alegre"
    if not data.is_dir():
        pytest.skip(f"Porto Alegre is not among the data in {data.parent}")
    reader = Reader(tmp_path)
    (reader.folder / "data").mkdir()
    for name, real in PORTO_ALEGRE.items():
        (reader.folder / "data" / name).symlink_to(data / real)
    steps = list(blocks(GUIDE))
    (rehearsed,) = (i for i, block in enumerate(steps) if "--scenario today" in block.text)
    reader.read(steps[: rehearsed + 1])
    facts = json.loads((reader.folder / "facts.json").read_text("utf-8"))
    assert (facts["residents"], facts["zones_inside"]) == (812_935, 1_227)
