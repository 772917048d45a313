"""Counting who went along which street, from what a playback keeps."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from hapgang.core.errors import Conflict
from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.flows import decode, link_counts, street_map
from hapgang.rehearsal.logbook import Path as Way
from hapgang.rehearsal.playback import write_playback
from hapgang.rehearsal.travel import Leg
from hapgang.twin.scene import Scene, load_scene
from tests.twin.paper_city import both_ways, write_city

NODES = [(0, 0), (500, 0), (900, 0), (900, 400)]
STREETS = both_ways(("a", 0, 1, {}), ("b", 1, 2, {}), ("c", 2, 3, {}))


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return load_scene(write_city(tmp_path / "city", NODES, STREETS))


def way(scene: Scene, mode: Mode, nodes: list[int], start_s: float) -> Way:
    """Somebody who goes from a door over nodes to a door, ten minutes for each step."""
    at = np.stack([scene.nodes.lon[nodes], scene.nodes.lat[nodes]], axis=1)
    lonlat = np.vstack([at[:1] + 1e-4, at, at[-1:] - 1e-4])
    at_s = np.asarray(start_s + 600.0 * np.arange(len(lonlat)), np.float64)
    return Way(Leg(mode, at_s[0], at_s[-1], 0.0, 0.0, "", lonlat, at_s))


def kept(folder: Path, ways: list[Way]) -> Path:
    folder.mkdir()
    index = write_playback(ways, folder / "playback", "2026-09-16", [])
    (folder / "playback.json").write_bytes(msgspec.json.encode(index))
    return folder


def test_every_way_counts_once_on_each_of_its_links(tmp_path: Path, scene: Scene) -> None:
    ways = [
        way(scene, Mode.CAR, [0, 1, 2, 3], 3000.0),  # over the full hour, so in two files
        way(scene, Mode.CAR, [1, 2], 7000.0),
        way(scene, Mode.WALK, [2, 1], 100.0),
    ]
    counts = link_counts(kept(tmp_path / "run", ways), street_map(scene), len(scene.links))
    rows = scene.links.row_of
    assert counts["car"][rows["a"]] == 1
    assert counts["car"][rows["b"]] == 2
    assert counts["car"][rows["c"]] == 1
    assert counts["walk"][rows["br"]] == 1
    assert sum(int(c.sum()) for c in counts.values()) == 5


def test_a_run_on_other_streets_is_told(tmp_path: Path, scene: Scene) -> None:
    elsewhere = way(scene, Mode.CAR, [0, 1, 2, 3], 0.0)
    elsewhere.lonlat = elsewhere.lonlat + np.float32(0.01)
    with pytest.raises(Conflict, match="other streets"):
        link_counts(kept(tmp_path / "run", [elsewhere]), street_map(scene), len(scene.links))


def test_an_empty_day_has_no_flow(tmp_path: Path, scene: Scene) -> None:
    run = kept(tmp_path / "run", [])
    counts = link_counts(run, street_map(scene), len(scene.links))
    assert all(not column.any() for column in counts.values())
    ways = decode((run / "playback" / "00.bin").read_bytes())
    assert ways.starts.tolist() == [0]
