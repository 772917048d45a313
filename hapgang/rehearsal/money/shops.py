"""Where a model's shops are, whose they are, and which of them take the city's currency."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.contract import Caller, Role
from hapgang.core.chance import Stream
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.rehearsal.money.spending import AWAY_SHARE, LARGE_SHARE
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.money.codes import shop_code
from hapgang.runtime.platform.money.shops import admit_shop, apply_for_shop
from hapgang.twin.scene import Scene

# Kinds of places where people buy, with divisions of the KSIC; half of what the model calls a shop
# sells meals (assumption).
_BUSINESS = {"shop": ("47", "56"), "culture": ("90",), "sport": ("91",), "community": ("96",),
             "camping": ("55",)}  # fmt: skip
_BUILDINGS = ("shop", "mixed")
_MOST = 1_000  # shops of one city; the largest
OFFICE = Caller(urn("Agency", "commerce"), Role.AGENCY)


class Till(NamedTuple):
    """Where something is paid."""

    is_local: bool
    is_large: bool  # of a large company, which is left out of the currency
    shop: str = ""  # the city's name for it, where it takes the currency
    code: str = ""  # what hangs at the till
    owner: Caller | None = None


class Site(NamedTuple):
    """A shop as the model has it."""

    name: str
    business: str
    size: float
    lon: float
    lat: float
    place: int = -1  # row of the places, -1 without
    building: int = -1  # row of the buildings, where it is known by that


class Shops:
    """The tills of a city, found by where somebody is."""

    def __init__(self, scene: Scene) -> None:
        """Find the shops: places where people buy, else buildings, else a shop in each zone."""
        zones = scene.zones
        self._outside = (zones.kind == "outside").tolist()
        self.sites = sites_of(scene)
        large = _large([site.size for site in self.sites])
        self.tills = [_till(site, is_large) for site, is_large in zip(self.sites, large,
                                                                      strict=True)]  # fmt: skip
        rows = list(enumerate(self.sites))
        self._of_place = {site.place: row for row, site in rows if site.place >= 0}
        self._of_building = {site.building: row for row, site in rows if site.building >= 0}
        lon, lat = (np.array([getattr(s, axis) for s in self.sites]) for axis in ("lon", "lat"))
        self._near = [_nearest(lon, lat, x, y) for x, y in zip(zones.lon, zones.lat, strict=True)]

    def at(self, place: int, building: int, zone: int) -> Till | None:
        """Return where somebody pays who is at a place, else in a building, else in a zone.

        None beyond the city, where it has no shops.
        """
        if self._outside[zone] or not self.tills:
            return None
        row = self._of_place.get(place, self._of_building.get(building, self._near[zone]))
        return self.tills[row]

    def open(self, runtime: Runtime) -> None:
        """Let all but the large ones take the currency, by their owners and the office."""
        for row, (site, till) in enumerate(zip(self.sites, self.tills, strict=True)):
            if till.is_large:
                continue
            owner = Caller(urn("Company", f"shop-{row:04d}"), Role.COMPANY)
            asked = runtime.perform(
                apply_for_shop, owner, name=site.name, business=site.business,
                location=Point((site.lon, site.lat)),
            )  # fmt: skip
            runtime.perform(admit_shop, OFFICE, shop=asked.id, is_local=till.is_local)
            code = runtime.perform(shop_code, owner, shop=asked.id).payload
            self.tills[row] = till._replace(shop=asked.id, code=code, owner=owner)


def sites_of(scene: Scene) -> list[Site]:
    """Return a model's shops, the largest 1,000, in the model's order."""
    found = _places(scene) or _buildings(scene) or _zones(scene)
    kept = sorted(range(len(found)), key=lambda row: (-found[row].size, row))[:_MOST]
    return [found[row] for row in sorted(kept)]


def _places(scene: Scene) -> list[Site]:
    places, found = scene.places, []
    for row in np.flatnonzero(np.isin(places.kind, list(_BUSINESS))).tolist():
        divisions = _BUSINESS[places.kind[row]]
        name = (places.title_en[row] or places.place[row])[:80]
        found.append(
            Site(name, divisions[row % len(divisions)], float(places.capacity[row]),
                 float(places.lon[row]), float(places.lat[row]), row)
        )  # fmt: skip
    return found if any(places.kind[site.place] == "shop" for site in found) else []


def _buildings(scene: Scene) -> list[Site]:
    buildings = scene.buildings
    rows = np.flatnonzero(np.isin(buildings.kind, _BUILDINGS)).tolist()
    return [
        Site(f"Shop {buildings.building[row]}"[:80], _BUSINESS["shop"][row % 2],
             float(buildings.floor_area_m2[row]), float(buildings.lon[row]),
             float(buildings.lat[row]), building=row)
        for row in rows
    ]  # fmt: skip


def _zones(scene: Scene) -> list[Site]:
    zones = scene.zones
    rows = np.flatnonzero((zones.kind != "outside") & (zones.shops > 0)).tolist()
    return [
        Site(f"Shop {zones.ids[row]}"[:80], _BUSINESS["shop"][row % 2], float(zones.shops[row]),
             float(zones.lon[row]), float(zones.lat[row]))
        for row in rows
    ]  # fmt: skip


def _large(sizes: list[float]) -> list[bool]:
    order = sorted(range(len(sizes)), key=lambda row: (-sizes[row], row))
    large = frozenset(order[: round(LARGE_SHARE * len(sizes))])
    return [row in large for row in range(len(sizes))]


def _till(site: Site, is_large: bool) -> Till:
    chance = Stream.named(0, "shop", site.name, f"{site.lon:.6f}", f"{site.lat:.6f}").random()
    return Till(is_local=not is_large and chance >= AWAY_SHARE, is_large=is_large)


def _nearest(lon: NDArray[np.float64], lat: NDArray[np.float64], x: float, y: float) -> int:
    if not len(lon):
        return -1
    shrunk = np.cos(np.radians(y))  # degrees of longitude are shorter than those of latitude
    return int(np.argmin(((lon - x) * shrunk) ** 2 + (lat - y) ** 2))
