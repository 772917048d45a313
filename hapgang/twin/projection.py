"""From degrees to metres and back, in a city's own projected coordinate system."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from hapgang.core.errors import Invalid

Floats = NDArray[np.float64]


@lru_cache(maxsize=32)
def _transformers(epsg: int) -> tuple[Transformer, Transformer]:
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError as error:
        raise Invalid(
            f"EPSG:{epsg} is not known", f"EPSG:{epsg} 좌표계를 알 수 없습니다"
        ) from error
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise Invalid(
            f"EPSG:{epsg} ({crs.name}) is not projected in metres; take for example 5186 in Korea "
            "or a UTM zone (326xx north, 327xx south)",
            f"EPSG:{epsg}({crs.name})는 미터 단위 투영 좌표계가 아닙니다. 한국이면 5186을 쓰십시오",
        )
    return (
        Transformer.from_crs(4326, crs, always_xy=True),
        Transformer.from_crs(crs, 4326, always_xy=True),
    )


@dataclass(frozen=True)
class Projection:
    """A projected coordinate system in metres, by its EPSG number."""

    epsg: int

    def __post_init__(self) -> None:
        _transformers(self.epsg)

    def to_xy(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Return x and y in metres of WGS 84 longitudes and latitudes in degrees."""
        x, y = _transformers(self.epsg)[0].transform(np.asarray(lon, "f8"), np.asarray(lat, "f8"))
        return np.asarray(x), np.asarray(y)

    def to_lonlat(self, x_m: ArrayLike, y_m: ArrayLike) -> tuple[Floats, Floats]:
        """Return WGS 84 longitudes and latitudes in degrees of x and y in metres."""
        lon, lat = _transformers(self.epsg)[1].transform(
            np.asarray(x_m, "f8"), np.asarray(y_m, "f8")
        )
        return np.asarray(lon), np.asarray(lat)

    def xy(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Return the points as one array (n, 2), m."""
        return np.column_stack(self.to_xy(np.atleast_1d(lon), np.atleast_1d(lat)))


def utm_epsg(lon: float, lat: float) -> int:
    """Return the EPSG number of the UTM zone at a place (regular zones of 6 degrees)."""
    zone = math.floor((lon + 180) / 6) % 60 + 1
    return (32600 if lat >= 0 else 32700) + zone
