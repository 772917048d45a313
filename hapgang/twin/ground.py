"""The ground of a city: a grid of heights."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hapgang.twin.tables import SceneError

FILE = "ground.npz"


@dataclass(frozen=True, eq=False, kw_only=True)
class Ground:
    """Heights of the ground: `ground.npz`. Rows run from north to south; NaN is outside."""

    elevation_m: NDArray[np.float32]
    bounds: tuple[float, float, float, float]  # west, south, east, north, degrees

    def at(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
        """Return heights between cell centres by bilinear interpolation, m; NaN outside.

        Beside a NaN cell and in the outer half of border cells the nearest cell counts.
        """
        rows, columns = self.elevation_m.shape
        west, south, east, north = self.bounds
        x = (np.atleast_1d(np.asarray(lon, "f8")) - west) / (east - west) * columns - 0.5
        y = (north - np.atleast_1d(np.asarray(lat, "f8"))) / (north - south) * rows - 0.5
        inside = (x >= -0.5) & (x <= columns - 0.5) & (y >= -0.5) & (y <= rows - 0.5)
        x, y = np.clip(x, 0, columns - 1), np.clip(y, 0, rows - 1)
        left = np.minimum(x.astype("i8"), max(columns - 2, 0))
        top = np.minimum(y.astype("i8"), max(rows - 2, 0))
        right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
        dx, dy, z = x - left, y - top, self.elevation_m
        height = (1 - dy) * ((1 - dx) * z[top, left] + dx * z[top, right])
        height = height + dy * ((1 - dx) * z[bottom, left] + dx * z[bottom, right])
        nearest = z[np.rint(y).astype("i8"), np.rint(x).astype("i8")]
        height = np.where(np.isnan(height), nearest, height)
        return np.where(inside, height, np.nan)


def read_ground(folder: Path) -> Ground:
    """Read and check `ground.npz` of a city's folder."""
    try:
        with np.load(folder / FILE, allow_pickle=False) as file:
            elevation_m, bounds = file["elevation_m"], file["bounds"]
    except (OSError, ValueError, KeyError) as error:
        raise SceneError.at(
            FILE,
            f"cannot be read ({error}); it must hold elevation_m and bounds",
            f"읽을 수 없습니다({error}). elevation_m과 bounds가 있어야 합니다",
        ) from error
    if elevation_m.ndim != 2 or not elevation_m.size or bounds.shape != (4,):
        raise SceneError.at(
            FILE,
            f"elevation_m must be (rows, columns) and bounds (4,), not {elevation_m.shape} and "
            f"{bounds.shape}",
            "elevation_m은 2차원, bounds는 값 4개여야 합니다",
        )
    west, south, east, north = (float(side) for side in bounds)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise SceneError.at(
            FILE,
            f"bounds must be west, south, east, north in degrees, not {bounds.tolist()}",
            f"bounds는 서, 남, 동, 북 순서의 도 단위여야 합니다: {bounds.tolist()}",
        )
    elevation_m = elevation_m.astype(np.float32)
    elevation_m.flags.writeable = False
    return Ground(elevation_m=elevation_m, bounds=(west, south, east, north))


def write_ground(folder: Path, ground: Ground) -> None:
    """Write `ground.npz`, the same bytes for the same heights."""
    np.savez_compressed(
        folder / FILE,
        elevation_m=ground.elevation_m.astype(np.float32),
        bounds=np.array(ground.bounds, dtype=np.float64),
    )
