"""Reads an OpenStreetMap extract: streets as lines of nodes, points and surfaces of interest."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import shapely

from hapgang.twin.importers.osm_tags import NOT_STREETS, highway_of
from hapgang.twin.importers.report import ImportRefused, Journal, extra

# Keys whose objects become buildings, places or areas.
_KEYS = ("building", "amenity", "shop", "leisure", "tourism", "healthcare", "office", "natural",
         "landuse", "railway", "public_transport", "boundary", "power")  # fmt: skip
_LONGEST_SEGMENT_DEG = 0.3  # a street does not jump some 30 km from node to node
_STRAY_DEG = 2.0  # a street some 200 km from the middle of the others is not of this city
_BARRIERS = frozenset({"bollard", "block", "cycle_barrier", "jersey_barrier", "kerb", "planter"})


@dataclass(frozen=True)
class Way:
    """A street as drawn: ids of its nodes, and where they lie."""

    id: int
    tags: Mapping[str, str]
    refs: list[int]
    lon: list[float]
    lat: list[float]


@dataclass(frozen=True)
class Feature:
    """A point or surface of interest; `name` is type and id, as node/12."""

    name: str
    tags: Mapping[str, str]
    geometry: Any  # shapely: Point, Polygon or MultiPolygon


@dataclass
class OsmData:
    """What an extract holds for a city."""

    file: str
    middle: tuple[float, float] = (0.0, 0.0)  # longitude, latitude of the streets
    ways: list[Way] = field(default_factory=list)
    features: list[Feature] = field(default_factory=list)
    barriers: set[int] = field(default_factory=set)  # nodes that only people and cycles pass
    countries: Counter[str] = field(default_factory=Counter)


def read_osm(path: Path, journal: Journal) -> OsmData:
    """Read a .osm.pbf (or .osm, .osm.bz2) file; what is dirty goes to the quarantine."""
    osmium = extra("osmium")
    if not path.is_file():
        raise ImportRefused(f"there is no file {path}", f"{path} 파일이 없습니다")
    reader = _Reader(path.name, journal, osmium.geom.WKBFactory())
    try:
        processor = osmium.FileProcessor(str(path)).with_areas(osmium.filter.KeyFilter(*_KEYS))
        processor.with_locations().with_filter(osmium.filter.EmptyTagFilter())
        for thing in processor:
            reader.take(thing)
    except (RuntimeError, OSError) as error:
        raise ImportRefused(
            f"{path.name} cannot be read as OpenStreetMap data: {error}",
            f"{path.name} 파일을 OpenStreetMap 자료로 읽을 수 없습니다: {error}",
        ) from error
    return reader.finish()


class _Reader:
    def __init__(self, file: str, journal: Journal, wkb: Any):
        self.file, self.journal, self.wkb = file, journal, wkb
        self.data = OsmData(file)
        self.seen: set[int] = set()
        self.relations: dict[int, dict[str, str]] = {}

    def take(self, thing: Any) -> None:
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_node():
            self._node(thing, tags)
        elif thing.is_way() and "highway" in tags:
            self._way(thing, tags)
        elif thing.is_relation() and tags.get("type") == "multipolygon":
            if any(key in tags for key in _KEYS):
                self.relations[thing.id] = tags
        elif thing.is_area():
            self._area(thing, tags)
        if "addr:country" in tags:
            self.data.countries[tags["addr:country"]] += 1

    def finish(self) -> OsmData:
        for id_, tags in sorted(self.relations.items()):
            reason = "parts are missing (edge of the extract)"
            self._bad(f"relation/{id_}", reason, "left out", tags)
        if not self.data.ways:
            raise ImportRefused(
                f"{self.file} holds no street; is it an OpenStreetMap extract, nodes before ways?",
                f"{self.file}에 도로가 없습니다. OpenStreetMap 추출 파일인지 확인하십시오",
            )
        lon = median(way.lon[0] for way in self.data.ways)
        lat = median(way.lat[0] for way in self.data.ways)
        self.data.middle = (lon, lat)
        near = []
        for way in sorted(self.data.ways, key=lambda way: way.id):
            if max(abs(way.lon[0] - lon), abs(way.lat[0] - lat)) < _STRAY_DEG:
                near.append(way)
            else:
                self._bad(f"way/{way.id}", "it lies far from the others", "left out", way.tags)
        self.data.ways = near
        self.data.features.sort(key=lambda feature: feature.name)
        return self.data

    def _bad(self, name: str, reason: str, done: str, tags: Mapping[str, str]) -> None:
        self.journal.thing(self.file, name, reason, done, {"tags": tags})

    def _node(self, node: Any, tags: dict[str, str]) -> None:
        if tags.get("barrier") in _BARRIERS:
            self.data.barriers.add(node.id)
        if any(key in tags for key in _KEYS):
            if not node.location.valid():
                self._bad(f"node/{node.id}", "it has no valid place", "left out", tags)
                return
            point = shapely.Point(node.location.lon, node.location.lat)
            self.data.features.append(Feature(f"node/{node.id}", tags, point))

    def _area(self, area: Any, tags: dict[str, str]) -> None:
        name = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
        if not area.from_way():
            self.relations.pop(area.orig_id(), None)
        if "highway" in tags and "building" not in tags:
            return
        try:
            geometry = shapely.from_wkb(self.wkb.create_multipolygon(area))
        except (RuntimeError, shapely.errors.GEOSException) as error:
            self._bad(
                name, "its surface cannot be built", "left out", {**tags, "error": str(error)}
            )
            return
        if len(geometry.geoms) == 1:
            geometry = geometry.geoms[0]
        self.data.features.append(Feature(name, tags, geometry))

    def _way(self, way: Any, tags: dict[str, str]) -> None:
        name = f"way/{way.id}"
        if tags["highway"] in NOT_STREETS:
            return
        if highway_of(tags) is None:
            self._bad(name, "its kind of highway is not known", "left out", tags)
            return
        if way.id in self.seen:
            self._bad(name, "it is there twice", "the first one counts", tags)
            return
        self.seen.add(way.id)
        pieces = self._pieces(way, name, tags)
        for piece in pieces:
            self.data.ways.append(piece)
        if not pieces:
            self._bad(name, "fewer than two of its nodes are there", "left out", tags)

    def _pieces(self, way: Any, name: str, tags: dict[str, str]) -> list[Way]:
        """Cut a way where a node is missing or a segment jumps."""
        pieces: list[Way] = []
        piece = Way(way.id, tags, [], [], [])
        missing = jumps = 0
        for node in way.nodes:
            if not node.location.valid():
                missing += 1
                pieces.append(piece)
                piece = Way(way.id, tags, [], [], [])
                continue
            lon, lat = node.lon, node.lat
            if piece.refs and piece.refs[-1] == node.ref:
                continue
            if piece.refs and max(abs(lon - piece.lon[-1]), abs(lat - piece.lat[-1])) > (
                _LONGEST_SEGMENT_DEG
            ):
                jumps += 1
                pieces.append(piece)
                piece = Way(way.id, tags, [], [], [])
            piece.refs.append(node.ref)
            piece.lon.append(lon)
            piece.lat.append(lat)
        pieces = [one for one in [*pieces, piece] if len(one.refs) > 1]
        if pieces and missing:
            self._bad(name, "nodes are missing (edge of the extract)", "cut there", tags)
        if jumps:
            self._bad(name, "it jumps from one node to the next", "cut there", tags)
        return pieces
