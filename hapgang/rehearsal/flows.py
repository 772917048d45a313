"""How many people went along each street of a rehearsed day, from what its playback keeps.

Ways run from node to node of the streets, so that two points that follow one another name a link.
Rides by the timetable go straight from stop to stop and walks to a parked car straight to it: these
are on no street, and are not counted.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import Conflict
from hapgang.twin.scene import Scene

Counts = NDArray[np.int64]
_Keys = NDArray[np.uint64] | NDArray[np.int64]


class Ways(NamedTuple):
    """A file of the playback: ways, each a row of points; see `playback.write_playback`."""

    starts: NDArray[np.uint32]
    mode: NDArray[np.uint8]
    lon: NDArray[np.float32]
    lat: NDArray[np.float32]
    at_s: NDArray[np.float32]


class StreetMap(NamedTuple):
    """Nodes by their place in single precision, and links by their ends, both sorted."""

    place: NDArray[np.uint64]
    node: NDArray[np.int64]
    ends: NDArray[np.int64]
    link: NDArray[np.int64]
    nodes: int


def street_map(scene: Scene) -> StreetMap:
    """Make what `link_counts` looks streets up in."""
    places = _places(scene.nodes.lon.astype("<f4"), scene.nodes.lat.astype("<f4"))
    by_place = np.argsort(places, kind="stable")
    nodes = len(scene.nodes)
    ends = scene.links.source.astype(np.int64) * nodes + scene.links.target
    by_ends = np.argsort(ends, kind="stable")
    return StreetMap(places[by_place], by_place, ends[by_ends], by_ends, nodes)


def decode(data: bytes) -> Ways:
    """Read the bytes that `playback.encode` wrote."""
    n_ways, n_points = np.frombuffer(data, "<u4", 2).tolist()
    at = 8
    starts = np.frombuffer(data, "<u4", n_ways + 1, at)
    at += starts.nbytes
    mode = np.frombuffer(data, np.uint8, n_ways, at)
    at += n_ways + -n_ways % 4
    columns = [np.frombuffer(data, "<f4", n_points, at + 4 * n_points * i) for i in range(3)]
    return Ways(starts, mode, *columns)


def link_counts(run: Path, streets: StreetMap, n_links: int) -> Mapping[str, Counts]:
    """Return how many went along each link on the first day of a kept run, (links,), by mode.

    Each time that a way enters a link counts once. `Conflict` where the run's ways do not lie on
    these streets: it was rehearsed on another version of the model.
    """
    index: dict[str, Any] = msgspec.json.decode((run / "playback.json").read_bytes())
    names: Sequence[str] = index["modes"]
    counts = np.zeros((len(names), n_links), np.int64)
    inner = found = 0
    for chunk in index["chunks"]:
        ways = decode((run / "playback" / chunk["name"]).read_bytes())
        link, mode, known = _entered(ways, streets, chunk["start_s"], chunk["end_s"])
        inner, found = inner + known.size, found + int(known.sum())
        counts += np.bincount(mode * n_links + link, minlength=counts.size).reshape(counts.shape)
    if inner and found < inner / 2:
        raise Conflict(
            f"{run.name} was rehearsed on other streets than the city has now; rehearse it again",
            f"{run.name}은(는) 지금과 다른 도로망에서 예행한 결과입니다. 다시 예행하세요",
        )
    return {name: counts[row] for row, name in enumerate(names)}


def _entered(
    ways: Ways, streets: StreetMap, start_s: float, end_s: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Links entered within a time with the modes, and which inner points of ways are nodes."""
    lengths = ways.starts[1:].astype(np.int64) - ways.starts[:-1].astype(np.int64)
    node = _found(streets.place, streets.node, _places(ways.lon, ways.lat))
    way = np.repeat(np.arange(len(lengths)), lengths)
    goes_on = np.flatnonzero(way[1:] == way[:-1])
    enters = (ways.at_s[goes_on] >= start_s) & (ways.at_s[goes_on] < end_s)
    goes_on = goes_on[enters]
    ends = node[goes_on] * streets.nodes + node[goes_on + 1]
    ends[(node[goes_on] < 0) | (node[goes_on + 1] < 0)] = -1
    link = _found(streets.ends, streets.link, ends)
    on_street = link >= 0
    first = np.isin(np.arange(len(node)), ways.starts[:-1])
    last = np.isin(np.arange(len(node)), ways.starts[1:].astype(np.int64) - 1)
    known = node[~(first | last)] >= 0
    return link[on_street], ways.mode[way[goes_on[on_street]]].astype(np.int64), known


def _places(lon: NDArray[np.float32], lat: NDArray[np.float32]) -> NDArray[np.uint64]:
    """One number for each place, the same for the same two numbers in single precision."""
    x = np.ascontiguousarray(lon, "<f4").view("<u4").astype(np.uint64)
    y = np.ascontiguousarray(lat, "<f4").view("<u4").astype(np.uint64)
    return (x << np.uint64(32)) | y


def _found(keys: _Keys, values: NDArray[np.int64], wanted: _Keys) -> NDArray[np.int64]:
    """Values by sorted keys; -1 where there is none."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], -1)
