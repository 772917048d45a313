"""Turns drawn ways into a network: junctions become nodes, what lies between directed links."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.twin.importers.osm_read import OsmData, Way
from hapgang.twin.importers.osm_tags import Profile, Side, profile, speed_kmh
from hapgang.twin.importers.report import ImportRefused, Journal
from hapgang.twin.modes import Modes
from hapgang.twin.projection import Projection

_ENOUGH_SIGNS = 30  # ways of a kind with a posted speed, for their median to stand for the others
_LONGEST_M = 1000.0  # joining streets stops here, so that slope and queue stay local
_GATE_M = 1.0  # length of the link through a barrier
_PASSABLE = int(Modes.WALK | Modes.BICYCLE | Modes.PM | Modes.SERVICE)


@dataclass(frozen=True)
class Streets:
    """Columns of `street_nodes.parquet` (without heights) and `streets.parquet`."""

    nodes: dict[str, Any]
    links: dict[str, Any]


@dataclass
class _Segment:
    """A street between two junctions, as drawn."""

    name: str
    start: int
    end: int
    line: list[tuple[float, float]]
    profile: Profile
    length_m: float = 0.0

    def turned(self) -> "_Segment":
        line = self.line[::-1]
        return _Segment(self.name, self.end, self.start, line, self.profile.turned(), self.length_m)


def build_streets(data: OsmData, projection: Projection, journal: Journal) -> Streets:
    """Build nodes and directed links; a street that nobody may use is left out."""
    default_kmh = _default_speeds(data.ways, journal)
    segments = _segments(data, default_kmh, journal)
    if not segments:
        raise ImportRefused(
            "the map holds no street with at least two nodes; is it an OpenStreetMap extract with "
            "nodes before ways?",
            "지도에 도로가 없습니다. OpenStreetMap 추출 파일인지 확인하십시오",
        )
    _measure(segments, projection)
    segments = _joined(segments)
    return _columns(segments, projection)


def _default_speeds(ways: Iterable[Way], journal: Journal) -> dict[str, float]:
    """Median posted speed of each kind of highway that is signed often enough in this map."""
    posted: dict[str, list[float]] = defaultdict(list)
    for way in ways:
        speed = speed_kmh(way.tags.get("maxspeed", ""))
        if speed is not None:
            posted[way.tags["highway"]].append(speed)
    speeds = {
        highway: float(median(values))
        for highway, values in sorted(posted.items())
        if len(values) >= _ENOUGH_SIGNS
    }
    listed = ", ".join(f"{highway} {speed:g}" for highway, speed in speeds.items())
    journal.assume(
        "streets without a posted speed: the median of signed ones of their kind in this map"
        f" (km/h: {listed or 'none signed often enough'}), else the importer's table"
    )
    return speeds


def _segments(data: OsmData, default_kmh: Mapping[str, float], journal: Journal) -> list[_Segment]:
    uses = Counter(ref for way in data.ways for ref in way.refs)
    segments: list[_Segment] = []
    pieces: Counter[int] = Counter()
    for way in data.ways:
        for key in ("maxspeed", "maxspeed:forward", "maxspeed:backward"):
            if key in way.tags and speed_kmh(way.tags[key]) is None:
                journal.thing(
                    data.file,
                    f"way/{way.id}",
                    f"{key} is no speed",
                    "the speed of its kind taken",
                    {"value": way.tags[key]},
                )
        traits = profile(way.tags, default_kmh)
        if not traits.forward.modes | traits.backward.modes:
            continue
        begin = 0
        for at in range(1, len(way.refs)):
            gate = way.refs[at] in data.barriers and uses[way.refs[at]] == 1
            if at < len(way.refs) - 1 and uses[way.refs[at]] == 1 and not gate:
                continue
            line = list(zip(way.lon[begin : at + 1], way.lat[begin : at + 1], strict=True))
            name = f"w{way.id}.{pieces[way.id]}"
            pieces[way.id] += 1
            # Behind a barrier the street goes on from a twin of the node, named by the negative id.
            start = (
                -way.refs[begin] if begin and _split(way, begin, uses, data) else way.refs[begin]
            )
            segments.append(_Segment(name, start, way.refs[at], line, traits))
            if gate and at < len(way.refs) - 1:
                segments.append(_gate(name, way.refs[at], line[-1], traits))
            begin = at
    return segments


def _split(way: Way, at: int, uses: Mapping[int, int], data: OsmData) -> bool:
    return way.refs[at] in data.barriers and uses[way.refs[at]] == 1


def _gate(name: str, node: int, place: tuple[float, float], traits: Profile) -> _Segment:
    """The way through a barrier, for those whom it lets pass."""
    ahead, back = (
        Side(side.modes & _PASSABLE, side.speed_kmh, 0.0, 0.0)
        for side in (traits.forward, traits.backward)
    )
    through = Profile("gate", traits.name, ahead, back)
    return _Segment(f"{name}g", node, -node, [place, place], through)


def _measure(segments: list[_Segment], projection: Projection) -> None:
    lines = [segment.line for segment in segments]
    lon, lat = np.array([point for line in lines for point in line]).T
    xy = projection.xy(lon, lat)
    step_m = np.hypot(*np.diff(xy, axis=0).T)
    first = np.cumsum([0] + [len(line) for line in lines])
    along_m = np.concatenate(([0.0], np.cumsum(step_m)))
    for segment, begin, end in zip(segments, first[:-1], first[1:], strict=True):
        length_m = float(along_m[end - 1] - along_m[begin])
        segment.length_m = max(length_m, 0.1) if segment.profile.kind != "gate" else _GATE_M


def _joined(segments: list[_Segment]) -> list[_Segment]:
    """Join the two streets of a node that has no third, where they are of one kind."""
    at: dict[int, list[int]] = defaultdict(list)
    for i, segment in enumerate(segments):
        at[segment.start].append(i)
        at[segment.end].append(i)
    alive: list[_Segment | None] = list(segments)
    for node in sorted(at):
        if len(at[node]) != 2 or at[node][0] == at[node][1]:
            continue
        i, j = sorted(at[node])
        one, two = alive[i], alive[j]
        if one is None or two is None or one.length_m + two.length_m > _LONGEST_M:
            continue
        one = one if one.end == node else one.turned()
        two = two if two.start == node else two.turned()
        if one.profile != two.profile or one.start == two.end or one.profile.kind == "gate":
            continue
        line, length_m = one.line + two.line[1:], one.length_m + two.length_m
        alive[i] = _Segment(one.name, one.start, two.end, line, one.profile, length_m)
        alive[j] = None
        at[two.end] = [i if k == j else k for k in at[two.end]]
    return [segment for segment in alive if segment is not None]


def _columns(segments: list[_Segment], projection: Projection) -> Streets:
    places: dict[int, tuple[float, float]] = {}
    for segment in segments:
        places[segment.start], places[segment.end] = segment.line[0], segment.line[-1]
    ids = np.array(sorted(places), dtype="i8")
    lonlat = np.array([places[node] for node in ids.tolist()])
    order = np.argsort(_morton(projection.xy(*lonlat.T)), kind="stable")
    row = {int(node): i for i, node in enumerate(ids[order])}
    nodes = {
        "node": np.arange(len(ids), dtype="i4"),
        "lon": lonlat[order, 0],
        "lat": lonlat[order, 1],
    }
    return Streets(nodes, _links(segments, row))


def _links(segments: list[_Segment], row: Mapping[int, int]) -> dict[str, Any]:
    """Links in both directions, sorted by their nodes' rows and their names."""
    links: list[tuple[int, int, str, Side, int]] = []
    for i, segment in enumerate(segments):
        start, end = row[segment.start], row[segment.end]
        if segment.profile.forward.modes:
            links.append((start, end, f"{segment.name}f", segment.profile.forward, i))
        if segment.profile.backward.modes:
            links.append((end, start, f"{segment.name}b", segment.profile.backward, i))
    links.sort(key=lambda link: link[:3])
    sides = [link[3] for link in links]
    own = [segments[link[4]] for link in links]
    lines = _lines(segments)[[link[4] for link in links]]
    against = np.array([link[2].endswith("b") for link in links], dtype=np.bool_)
    lines[against] = shapely.reverse(lines[against])
    return {
        "link": [link[2] for link in links],
        "source": np.array([link[0] for link in links], dtype="i4"),
        "target": np.array([link[1] for link in links], dtype="i4"),
        "length_m": np.array([segment.length_m for segment in own], dtype="f4"),
        "modes": np.array([side.modes for side in sides], dtype="i4"),
        "speed_kmh": np.array([side.speed_kmh for side in sides], dtype="f4"),
        "lanes": np.array([side.lanes for side in sides], dtype="f4"),
        "capacity_veh_h": np.array([side.capacity_veh_h for side in sides], dtype="f4"),
        "kind": [segment.profile.kind for segment in own],
        "name": [segment.profile.name or None for segment in own],
        "geometry": lines,
    }


def _lines(segments: list[_Segment]) -> Any:
    """Return the segments as shapely lines, in an array."""
    points = np.array([point for segment in segments for point in segment.line])
    owner = np.repeat(np.arange(len(segments)), [len(segment.line) for segment in segments])
    return shapely.linestrings(points, indices=owner)


def _morton(xy: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Place of points along a Z-order curve of 4 m cells: what is near gets near numbers."""
    cells = ((xy - xy.min(axis=0)) / 4.0).astype("u8")
    code = np.zeros(len(xy), dtype="u8")
    for bit in range(24):
        for axis in (0, 1):
            code |= ((cells[:, axis] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return code
