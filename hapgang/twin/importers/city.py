"""Makes a city's folder of open data: streets, buildings, places, people, timetables, ground."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hapgang.core.errors import Invalid
from hapgang.twin.ground import Ground, write_ground
from hapgang.twin.importers.city_facts import (
    country_of,
    time_zone_of,
    write_facts,
    write_scenarios,
)
from hapgang.twin.importers.elevation import Box, flat_ground, read_elevation
from hapgang.twin.importers.features import build_areas, build_buildings, build_places
from hapgang.twin.importers.folder import city_folder
from hapgang.twin.importers.grid import read_grid
from hapgang.twin.importers.gtfs_clean import CleanFeed, clean_feed
from hapgang.twin.importers.gtfs_open import Feed
from hapgang.twin.importers.gtfs_write import write_feeds
from hapgang.twin.importers.osm_read import read_osm
from hapgang.twin.importers.report import ImportRefused, ImportReport, Journal, Progress, silent
from hapgang.twin.importers.streets import build_streets
from hapgang.twin.importers.zones import Town, build_zones
from hapgang.twin.layers import SCHEMA
from hapgang.twin.projection import Projection, utm_epsg
from hapgang.twin.scene import load_scene
from hapgang.twin.tables import write_table

_COMMUTE = ("07:00:00", "19:00:00")  # a feed that runs for less of the day deserves a word
_MARGIN_DEG = 0.01  # of ground around the streets


@dataclass(frozen=True, kw_only=True)
class _Inputs:
    osm: Path
    gtfs: Sequence[Path]
    grid: Path | None
    elevation: Path | None
    residents: int | None

    def sources(self) -> Iterator[tuple[Path, str, str]]:
        """Files with their licence and what they tell."""
        yield self.osm, "Open Database Licence 1.0, © OpenStreetMap contributors", "the map"
        for path in self.gtfs:
            yield path, "the agency's terms", "timetables"
        if self.grid:
            yield self.grid, "its publisher's terms", "people, jobs, schools, health care"
        if self.elevation:
            yield self.elevation, "its publisher's terms", "elevation"


def import_city(
    name: str,
    *,
    osm: Path,
    folder: Path,
    gtfs: Sequence[Path] = (),
    grid: Path | None = None,
    elevation: Path | None = None,
    residents: int | None = None,
    replace: bool = False,
    report: Progress = silent,
) -> ImportReport:
    """Make the city's folder; what is dirty is quarantined and told, what is fatal leaves nothing.

    osm: an OpenStreetMap extract. gtfs: archives or folders of timetables. grid: CSV with one cell
    in a row (id, lon, lat, population, jobs, schools, healthcare; all but the place optional).
    elevation: GeoTIFF. residents: of the whole city, where it is known better than the grid says.
    report: called with the stage that begins and the share of the import that is done.
    """
    _check_name(name)
    inputs = _Inputs(osm=osm, gtfs=gtfs, grid=grid, elevation=elevation, residents=residents)
    with (
        city_folder(folder, replace=replace) as fresh,
        closing(Journal(fresh, report)) as journal,
    ):
        _make(name, inputs, fresh, journal)
        with journal.stage("check"):
            for scenario in ("today", "plan"):
                load_scene(fresh, scenario)
    report("done", 1.0)
    return ImportReport(
        name=name,
        folder=folder,
        counts=journal.counts,
        feeds=journal.feeds,
        problems=journal.problems(),
        assumptions=tuple(journal.assumptions),
        durations_s=journal.durations_s,
    )


def _check_name(name: str) -> None:
    if not name or Path(name).name != name or name.startswith("."):
        raise Invalid(
            f"“{name}” cannot name a city: use letters, digits, - and _",
            f"“{name}”은(는) 도시 이름이 될 수 없습니다. 글자, 숫자, -, _를 쓰십시오",
        )


def _make(name: str, inputs: _Inputs, folder: Path, journal: Journal) -> None:
    with journal.stage("map"):
        data = read_osm(inputs.osm, journal)
    with journal.stage("streets"):
        projection = Projection(utm_epsg(*data.middle))
        streets = build_streets(data, projection, journal)
    box = _box(streets.nodes)
    with journal.stage("ground"):
        ground = _ground(inputs.elevation, box, journal)
        streets.nodes["elevation_m"] = _heights(streets.nodes, ground, projection, journal)
    with journal.stage("timetables"):
        feeds = [feed for path in inputs.gtfs if (feed := _feed(path, box, journal)) is not None]
    with journal.stage("people and places"):
        cells = read_grid(inputs.grid, box, journal) if inputs.grid else None
        buildings = build_buildings(data, projection, ground, journal)
        places = build_places(data)
        town = Town(streets, buildings, places, projection)
        zones = build_zones(town, cells, inputs.residents, journal)
        areas = build_areas(data, shapely.union_all(zones["geometry"]))
    layers = {
        "nodes": streets.nodes,
        "links": streets.links,
        "buildings": buildings,
        "zones": zones,
        "places": places,
        "areas": areas,
    }
    with journal.stage("files"):
        _write_layers(folder, layers, journal)
        write_ground(folder, ground)
        time_zone = time_zone_of(feeds, float(np.median(streets.nodes["lon"])), journal)
        if feeds:
            write_feeds(folder / "transit", feeds, time_zone)
        write_scenarios(folder, zones)
        facts = {"time_zone": time_zone, "epsg": projection.epsg, "country": country_of(data)}
        write_facts(folder, name, facts, zones, journal, inputs.sources())


def _box(nodes: dict[str, Any]) -> Box:
    lon, lat = nodes["lon"], nodes["lat"]
    return (
        float(lon.min()) - _MARGIN_DEG,
        float(lat.min()) - _MARGIN_DEG,
        float(lon.max()) + _MARGIN_DEG,
        float(lat.max()) + _MARGIN_DEG,
    )


def _ground(elevation: Path | None, box: Box, journal: Journal) -> Ground:
    if elevation is None:
        return flat_ground(box, journal)
    return read_elevation(elevation, box, journal)


def _heights(
    nodes: dict[str, Any], ground: Ground, projection: Projection, journal: Journal
) -> NDArray[np.float64]:
    """Heights of the nodes; beyond the heights' file that of the nearest node which has one."""
    heights = ground.at(nodes["lon"], nodes["lat"])
    empty = np.isnan(heights)
    if empty.any() and not empty.all():
        xy = projection.xy(nodes["lon"], nodes["lat"])
        nearest = np.asarray(cKDTree(xy[~empty]).query(xy[empty])[1], "i8")
        heights[empty] = heights[~empty][nearest]
        journal.assume(
            f"{int(empty.sum())} nodes of streets lie beyond the elevation file: as high as the "
            "nearest one inside"
        )
    return np.nan_to_num(heights)


def _feed(path: Path, box: Box, journal: Journal) -> CleanFeed | None:
    if not path.exists():
        raise ImportRefused(f"there is no file {path}", f"{path} 파일이 없습니다")
    feed = clean_feed(Feed(path, journal), box)
    journal.feeds[feed.name] = feed.counts()
    if not feed.trips or feed.away:
        reason = "it lies far from the streets" if feed.away else "no trip of it can run"
        journal.thing(path.name, feed.name, reason, "the feed left out", dict(feed.counts()))
        return None
    first, last = feed.hours()
    if first > _COMMUTE[0] or last < _COMMUTE[1]:
        journal.assume(
            f"{feed.name}: no trip begins before {first} or after {last}, as the feed says"
        )
    return feed


def _write_layers(folder: Path, layers: dict[str, dict[str, Any]], journal: Journal) -> None:
    for layer, columns in layers.items():
        table = SCHEMA[layer].table
        write_table(folder, table, columns)
        journal.counts[layer] = len(columns[table.key])
    journal.counts["residents"] = int(layers["zones"]["population"].sum())
