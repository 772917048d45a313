"""A rehearsed day as pictures: every way that was gone, in hourly files a browser can read.

Little endian: uint32 n_paths, n_points; uint32 path_start[n_paths + 1]; uint8 mode[n_paths], padded
with zeros to a multiple of 4; float32 lon[n_points], lat[n_points], t_s[n_points] (seconds after
midnight). A path is in the file of each hour in which it moves.
"""

from pathlib import Path as File
from typing import Any

import numpy as np

from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.logbook import Path

_CHUNK_S = 3600
_MODES = tuple(mode.value for mode in Mode)


def write_playback(
    paths: list[Path], folder: File, date: str, sky: list[dict[str, float]]
) -> dict[str, Any]:
    """Write the hours' files and return their index."""
    folder.mkdir(parents=True, exist_ok=True)
    moving = [path for path in paths if len(path.at_s) > 1]
    start = np.array([path.at_s[0] for path in moving])
    end = np.array([path.at_s[-1] for path in moving])
    chunks = []
    last_s = int(end.max()) if len(end) else 0
    for at_s in range(0, max(last_s, 24 * _CHUNK_S - 1) + 1, _CHUNK_S):
        rows = np.flatnonzero((start < at_s + _CHUNK_S) & (end >= at_s))
        data = encode([moving[row] for row in rows.tolist()])
        name = f"{at_s // _CHUNK_S:02d}.bin"
        (folder / name).write_bytes(data)
        chunks.append({"start_s": at_s, "end_s": at_s + _CHUNK_S, "name": name, "bytes": len(data)})
    return {"date": date, "modes": list(_MODES), "chunks": chunks, "weather": sky}


def encode(paths: list[Path]) -> bytes:
    """Return one file's bytes."""
    lengths = np.array([len(path.at_s) for path in paths], np.uint32)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype("<u4")
    modes = np.array([_MODES.index(path.mode.value) for path in paths], np.uint8)
    padding = bytes(-len(modes) % 4)
    head = np.array([len(paths), int(starts[-1])], "<u4").tobytes()
    empty = np.empty(0, "<f4")
    lon = np.concatenate([path.lonlat[:, 0] for path in paths] or [empty]).astype("<f4")
    lat = np.concatenate([path.lonlat[:, 1] for path in paths] or [empty]).astype("<f4")
    at_s = np.concatenate([path.at_s for path in paths] or [empty]).astype("<f4")
    columns = lon.tobytes() + lat.tobytes() + at_s.tobytes()
    return head + starts.tobytes() + modes.tobytes() + padding + columns
