"""Coordinate reference systems of answers and boxes (OGC API - Features, parts 1 and 2).

CRS84 is longitude, latitude; systems of EPSG have the axes in EPSG's own order, as part 2 wants.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from hapgang.app.ogc.errors import BadParameter

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/{}"
_WGS_84 = 4326
_HALF_AROUND_M = 20_100_000.0  # half around the earth: no projected place is farther away
EVERYWHERE = (CRS84, _EPSG.format(_WGS_84))  # what every city has, beside its own
Box = tuple[float, float, float, float]


def crs_list(epsg: int) -> list[str]:
    """Return the systems in which a city's data can be had."""
    return [*EVERYWHERE, _EPSG.format(epsg)]


def checked(crs: str, epsg: int, parameter: str) -> str:
    """Return a system that a request names; `BadParameter` for one that the city does not know."""
    known = crs_list(epsg)
    if crs not in known:
        raise BadParameter(
            f"{parameter} is one of {', '.join(known)}", f"{parameter} 값: {', '.join(known)}"
        )
    return crs


@lru_cache(maxsize=16)
def _to(crs: str) -> Transformer:
    return Transformer.from_crs("OGC:CRS84", _name(crs))  # axes in the order of each authority


@lru_cache(maxsize=16)
def _from(crs: str) -> Transformer:
    return Transformer.from_crs(_name(crs), "OGC:CRS84")


def _name(crs: str) -> str:
    return "EPSG:" + crs.rsplit("/", 1)[1]


def turned(geometry: dict[str, Any] | None, crs: str) -> dict[str, Any] | None:
    """Return a GeoJSON geometry in another system; degrees have 7 digits, metres 3."""
    if geometry is None or crs == CRS84:
        return geometry
    transformer = _to(crs)
    digits = 7 if crs.endswith(f"/{_WGS_84}") else 3

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        first, second = transformer.transform(points[:, 0], points[:, 1])
        return np.round(np.column_stack([first, second]), digits)

    shape = shapely.transform(shapely.geometry.shape(geometry), move)
    found: dict[str, Any] = shapely.geometry.mapping(shape)
    return found


def box_in_degrees(box: Box, crs: str) -> Box:
    """Return the box around a box of another system, in longitudes and latitudes.

    `BadParameter` where it lies outside of what the system is made for.
    """
    if crs == CRS84:
        return box
    if max(map(abs, box)) > _HALF_AROUND_M:
        raise BadParameter("bbox lies outside of its bbox-crs", "bbox가 좌표계의 범위 밖입니다")
    west, south, east, north = _from(crs).transform_bounds(*box, densify_pts=21)
    return west, south, east, north
