"""The playback's files say in bytes what was gone on streets."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.logbook import Path as Way
from hapgang.rehearsal.playback import encode, write_playback
from hapgang.rehearsal.travel import Leg
from tests.rehearsal.one_day import lived


def way(mode: Mode, *at_s: float) -> Way:
    lonlat = np.stack([127.0 + np.arange(len(at_s)) / 1e3, np.full(len(at_s), 36.5)], axis=1)
    return Way(Leg(mode, at_s[0], at_s[-1], 1.0, 0.0, "", lonlat, np.array(at_s)))


def decode(data: bytes) -> list[dict[str, Any]]:
    """Read one file as its docstring says, without the product's code."""
    paths, points = (int(n) for n in np.frombuffer(data, "<u4", 2))
    starts = np.frombuffer(data, "<u4", paths + 1, 8)
    modes = np.frombuffer(data, "u1", paths, 8 + 4 * (paths + 1))
    at = 8 + 4 * (paths + 1) + -(-paths // 4) * 4
    lon, lat, t_s = (np.frombuffer(data, "<f4", points, at + 4 * points * i) for i in range(3))
    assert at + 12 * points == len(data)
    return [
        {"mode": int(modes[i]), "lon": lon[a:b], "lat": lat[a:b], "t_s": t_s[a:b]}
        for i, (a, b) in enumerate(pairwise(starts))
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_a_file_is_what_its_form_says(count: int) -> None:
    ways = [way(Mode.CAR, 1.0, 2.0, 5.0), way(Mode.PM, 3.0, 9.0)] * 3
    found = decode(encode(ways[:count]))
    assert [path["mode"] for path in found] == [3, 2, 3, 2, 3, 2][:count]
    for path, given in zip(found, ways, strict=False):
        assert np.array_equal(path["t_s"], given.at_s)
        assert np.array_equal(path["lon"], given.lonlat[:, 0])


def test_a_path_is_in_every_hour_in_which_it_moves(tmp_path: Path) -> None:
    ways = [way(Mode.BUS, 3_000.0, 3_700.0), way(Mode.WALK, 90_000.0, 90_100.0), way(Mode.CAR, 5.0)]
    index = write_playback(ways, tmp_path, "2026-09-16", [])
    assert len(index["chunks"]) == 26  # 90,100 s is after one in the morning
    held = {c["name"]: len(decode((tmp_path / c["name"]).read_bytes())) for c in index["chunks"]}
    assert {name: n for name, n in held.items() if n} == {"00.bin": 1, "01.bin": 1, "25.bin": 1}
    assert [c["start_s"] for c in index["chunks"]] == [3600 * hour for hour in range(26)]
    assert all((tmp_path / c["name"]).stat().st_size == c["bytes"] for c in index["chunks"])


def test_a_day_without_anybody_has_its_24_hours(tmp_path: Path) -> None:
    index = write_playback([], tmp_path, "2026-09-16", [])
    assert len(index["chunks"]) == 24


def test_a_rehearsed_day_can_be_played(tmp_path: Path) -> None:
    book = lived().logbook
    index = write_playback(book.paths, tmp_path, "2026-09-16", book.sky)
    names = index["modes"]
    seen = {names[p["mode"]] for c in index["chunks"]
            for p in decode((tmp_path / c["name"]).read_bytes())}  # fmt: skip
    assert {"walk", "car", "bus", "pm"} <= seen
    assert len(index["weather"]) == 24
    for path in book.paths:
        assert len(path.at_s) == len(path.lonlat)
        assert (np.diff(path.at_s) >= -0.01).all()
        assert (np.abs(path.lonlat - (127.3, 36.5)) < 1.5).all()
