"""Zones of an imported city: cells of its grid, or hexagons over its streets; who lives where.

Counts are shared out by largest remainders, so that they are whole and add up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from hapgang.twin.importers.grid import Grid
from hapgang.twin.importers.report import Journal, extra
from hapgang.twin.importers.streets import Streets
from hapgang.twin.modes import Modes
from hapgang.twin.projection import Projection

Columns = dict[str, Any]
Floats = NDArray[np.float64]

# Mean of 40 countries around 2014. OECD Family Database, "Average size of households".
HOUSEHOLD = 2.5
# Jobs per resident where nothing says: the grid of Porto Alegre, 337,921 for 812,935.
JOBS_PER_RESIDENT = 0.416
# Residents per km of residential street where nothing says: one household on every 15 m of either
# side. (Dense centres have more: 1,058 in the map of Porto Alegre.)
RESIDENTS_PER_KM = round(2 * 1000 / 15 * HOUSEHOLD)
# Share of residents in places of schools: aged 5 to 19, roughly, in Brazil's census of 2022.
PUPILS_PER_RESIDENT = 0.2
_MOST_ZONES = 1500  # zone-to-zone tables grow with the square
_FINEST, _COARSEST = 9, 5  # H3 resolutions: edges of 0.2 km and 9.9 km


def shared_out(total: int, weights: ArrayLike) -> NDArray[np.int32]:
    """Share a whole number out by weights: whole shares that add up, by largest remainders.

    >>> shared_out(10, [1, 1, 1])
    array([4, 3, 3], dtype=int32)
    """
    weight = np.asarray(weights, "f8")
    if not len(weight) or total <= 0 or weight.sum() <= 0:
        return np.zeros(len(weight), dtype=np.int32)
    exact = total * weight / weight.sum()
    whole = np.floor(exact)
    missing = int(total - whole.sum())
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[:missing]] += 1
    return np.asarray(whole, dtype=np.int32)


@dataclass(frozen=True)
class Town:
    """What a map shows of a city, from which zones learn what is in them."""

    streets: Streets
    buildings: Columns
    places: Columns
    projection: Projection


def build_zones(town: Town, grid: Grid | None, residents: int | None, journal: Journal) -> Columns:
    """Build `zones.parquet`, and put the town's buildings and places into their zones."""
    zones = _hexagons(town.streets) if grid is None else _cells(grid, town.projection)
    middle = town.projection.xy(zones["lon"], zones["lat"])
    n = len(middle)
    house = _zone_of(town.buildings, middle, town.projection)
    place = _zone_of(town.places, middle, town.projection)
    homes = np.bincount(house, town.buildings["dwellings"], minlength=n).astype("f8")
    work = np.bincount(house, town.buildings["jobs"], minlength=n).astype("f8")
    km = _residential_km(town.streets, middle, town.projection)
    zones["population"] = _population(grid, residents, homes, km, journal)
    zones["dwellings"] = np.ceil(zones["population"] / HOUSEHOLD).astype("i4")
    zones["jobs"] = _jobs(grid, zones["population"], work, journal)
    _attractions(zones, grid, np.array(town.places["kind"], dtype=object), place, journal)
    names = np.array(zones["zone"], dtype=object)
    town.buildings["zone"], town.places["zone"] = names[house], names[place]
    _settle(town.buildings, house, zones)
    return zones


def _cells(grid: Grid, projection: Projection) -> Columns:
    """The grid's own cells; those that are not H3 become squares as wide as the grid is fine."""
    h3 = extra("h3")
    lon = np.array([cell.lon for cell in grid.cells])
    lat = np.array([cell.lat for cell in grid.cells])
    xy = projection.xy(lon, lat)
    width_m = 500.0
    if len(xy) > 1:
        apart_m = np.asarray(cKDTree(xy).query(xy, k=2)[0])[:, 1]
        width_m = float(np.median(apart_m)) or width_m
    shapes = []
    for cell, (x, y) in zip(grid.cells, xy, strict=True):
        if h3.is_valid_cell(cell.name):
            shapes.append(_hexagon(h3, cell.name))
            continue
        square = shapely.box(x - width_m / 2, y - width_m / 2, x + width_m / 2, y + width_m / 2)
        corners = projection.to_lonlat(*np.array(square.exterior.coords).T)
        shapes.append(shapely.Polygon(np.column_stack(corners)))
    return _table([cell.name for cell in grid.cells], lon, lat, shapes)


def _hexagon(h3: Any, cell: str) -> Any:
    return shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])


def _table(names: list[str], lon: Floats, lat: Floats, shapes: list[Any]) -> Columns:
    return {
        "zone": names,
        "kind": ["cell"] * len(names),
        "lon": lon,
        "lat": lat,
        "geometry": np.array(shapes, dtype=object),
    }


def _hexagons(streets: Streets) -> Columns:
    """H3 cells that hold a node of a street for walkers, as fine as a table of pairs can bear."""
    h3 = extra("h3")
    walked = np.unique(streets.links["source"][(streets.links["modes"] & Modes.WALK) > 0])
    lat, lon = streets.nodes["lat"][walked].tolist(), streets.nodes["lon"][walked].tolist()
    names: list[str] = []
    for resolution in range(_FINEST, _COARSEST - 1, -1):
        cells = {h3.latlng_to_cell(a, b, resolution) for a, b in zip(lat, lon, strict=True)}
        names = sorted(cells)
        if len(names) <= _MOST_ZONES:
            break
    middle = np.array([h3.cell_to_latlng(name) for name in names]).reshape(-1, 2)
    return _table(names, middle[:, 1], middle[:, 0], [_hexagon(h3, name) for name in names])


def _zone_of(table: Columns, middle: Floats, projection: Projection) -> NDArray[np.int64]:
    """The zone whose middle is nearest; for hexagons and squares that is the one around."""
    if not len(table["lon"]):
        return np.zeros(0, dtype="i8")
    found = cKDTree(middle).query(projection.xy(table["lon"], table["lat"]))[1]
    return np.asarray(found, dtype="i8")


def _residential_km(streets: Streets, middle: Floats, projection: Projection) -> Floats:
    """Length of residential streets in each zone, each street once."""
    links = streets.links
    once = np.array(
        [kind == "residential" and name.endswith("f")
         for kind, name in zip(links["kind"], links["link"], strict=True)]
    )  # fmt: skip
    ends = links["source"][once]
    zone = _zone_of(
        {"lon": streets.nodes["lon"][ends], "lat": streets.nodes["lat"][ends]}, middle, projection
    )
    km = np.bincount(zone, links["length_m"][once] / 1000.0, minlength=len(middle))
    return np.asarray(km, "f8")


def _population(
    grid: Grid | None, residents: int | None, homes: Floats, km: Floats, journal: Journal
) -> NDArray[np.int32]:
    """Residents of each zone: the grid's, else by dwellings or residential streets (km)."""
    if grid is not None and "population" in grid.known:
        weights = np.array([cell.population for cell in grid.cells])
        return shared_out(residents or round(float(weights.sum())), weights)
    weights, how = homes * HOUSEHOLD, f"{HOUSEHOLD:g} residents in every dwelling"
    by_streets = km * RESIDENTS_PER_KM
    if weights.sum() < by_streets.sum() / 2:  # the map does not show the houses
        weights, how = by_streets, f"{RESIDENTS_PER_KM:g} residents per km of residential street"
    if not weights.sum():
        weights, how = np.full(len(km), 100.0), "100 residents in every cell"
    said = f"{residents:,} as given, spread by" if residents else "counted by"
    journal.assume(f"no grid says where residents live: {said} {how}")
    return shared_out(residents or round(float(weights.sum())), weights)


def _jobs(
    grid: Grid | None, population: NDArray[np.int32], work: Floats, journal: Journal
) -> NDArray[np.int32]:
    """Jobs of each zone: the grid's, else a number for each resident, by floor areas (work)."""
    if grid is not None and "jobs" in grid.known:
        jobs = np.array([cell.jobs for cell in grid.cells])
        return shared_out(round(float(jobs.sum())), jobs)
    total = round(float(population.sum()) * JOBS_PER_RESIDENT)
    weights, how = work, "floor areas"
    if weights.sum() < total / 2:
        weights, how = population.astype("f8"), "residents"
    journal.assume(f"jobs: {JOBS_PER_RESIDENT:g} for each resident, spread by {how}")
    return shared_out(total, weights)


def _attractions(
    zones: Columns,
    grid: Grid | None,
    kinds: NDArray[np.object_],
    place: NDArray[np.int64],
    journal: Journal,
) -> None:
    """Schools, shops, leisure and health care by the map's places and the grid; else by jobs."""
    n = len(zones["zone"])

    def count(wanted: Iterable[str]) -> Floats:
        return np.bincount(place[np.isin(kinds, list(wanted))], minlength=n).astype("f8")

    schools = count(["school_kindergarten", "school_elementary", "school_middle", "school_high"])
    health = count(["clinic", "hospital"])
    if grid is not None and "schools" in grid.known:
        schools = np.array([cell.schools for cell in grid.cells])
    if grid is not None and "healthcare" in grid.known:
        health = np.array([cell.healthcare for cell in grid.cells])
    found = {
        "schools": schools,
        "shops": count(["shop"]),
        "leisure": count(["culture", "sport", "park", "community", "worship", "hotel"]),
        "health": health,
    }
    residents = float(zones["population"].sum())
    for what, weights in found.items():
        if weights.sum() * 10_000 < residents:
            found[what] = zones["jobs"] / 100.0 if what != "schools" else zones["population"] / 1e3
            journal.assume(
                f"{what}: neither map nor grid shows one for 10,000 residents; spread by "
                + ("residents" if what == "schools" else "jobs")
            )
    pupils = round(residents * PUPILS_PER_RESIDENT)
    journal.assume(
        f"places in schools: {PUPILS_PER_RESIDENT:.0%} of the residents, as many in every school"
    )
    zones["school_places"] = shared_out(pupils, found["schools"])
    for what in ("shops", "leisure", "health"):
        zones[what] = found[what].astype("f4")


def _settle(buildings: Columns, house: NDArray[np.int64], zones: Columns) -> None:
    """Make dwellings and jobs of buildings add up to their zone's, where the map shows most of it.

    Where it shows less than half, buildings keep what their floors suggest; the rest is elsewhere.
    """
    dwellings = np.array(buildings["dwellings"], dtype="i4")
    jobs = np.zeros(len(house), dtype="i4")
    weights = np.asarray(buildings["jobs"], "f8")
    order = np.argsort(house, kind="stable")
    bounds = np.searchsorted(house[order], np.arange(len(zones["zone"]) + 1))
    for zone in np.unique(house):
        rows = order[bounds[zone] : bounds[zone + 1]]
        homes, work = float(dwellings[rows].sum()), float(weights[rows].sum())
        dwellings[rows] = shared_out(_shown(homes, zones["dwellings"][zone]), dwellings[rows])
        jobs[rows] = shared_out(_shown(work, zones["jobs"][zone]), weights[rows])
    buildings["dwellings"], buildings["jobs"] = dwellings, jobs


def _shown(by_floors: float, of_zone: int) -> int:
    return int(of_zone) if 2 * by_floors >= of_zone else round(by_floors)
