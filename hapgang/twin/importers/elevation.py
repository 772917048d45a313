"""Reads heights from a GeoTIFF and lays them on a grid of longitudes and latitudes.

Source: OGC GeoTIFF 1.1 (19-008r4): ModelPixelScale, ModelTiepoint, ModelTransformation, GeoKeys.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from hapgang.twin.ground import Ground
from hapgang.twin.importers.report import ImportRefused, Journal, extra

Box = tuple[float, float, float, float]  # west, south, east, north, degrees

_GEOGRAPHIC, _PROJECTED, _RASTER_TYPE = 2048, 3072, 1025
_USER_DEFINED = 32767
_MOST_CELLS = 4_000_000  # of the city's ground; coarser beyond
_LARGEST = 400_000_000  # samples of a file that is opened at all
_METRES_PER_DEGREE = 111_320.0
_LOWEST_M, _HIGHEST_M = -500.0, 9000.0  # the shores of the Dead Sea and Mount Everest, rounded


def flat_ground(box: Box, journal: Journal) -> Ground:
    """Return a ground of height 0, for want of anything better."""
    journal.assume("no elevation was given: the ground is flat, slopes slow nobody")
    return Ground(elevation_m=np.zeros((2, 2), dtype="f4"), bounds=box)


def read_elevation(path: Path, box: Box, journal: Journal) -> Ground:
    """Read the heights inside a box; NaN where the file has none."""
    heights, to_world, epsg = _raster(path)
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError as error:
        raise _refused(path, f"its coordinate system EPSG:{epsg} is not known") from error
    cell = float(np.hypot(to_world[0], to_world[3]))
    lon, lat = _cells(box, cell if crs.is_geographic else cell / _METRES_PER_DEGREE)
    to_file = Transformer.from_crs(4326, crs, always_xy=True)
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    x, y = to_file.transform(grid_lon.ravel(), grid_lat.ravel())
    elevation_m = _sampled(heights, to_world, np.asarray(x), np.asarray(y)).reshape(grid_lon.shape)
    wrong = (elevation_m < _LOWEST_M) | (elevation_m > _HIGHEST_M)
    if wrong.any():
        journal.thing(
            path.name,
            "cells",
            "they are no heights on Earth",
            "left empty",
            {"n": int(wrong.sum())},
        )
        elevation_m[wrong] = np.nan
    if np.isnan(elevation_m).all():
        raise _refused(path, "it has no height anywhere near the streets")
    return Ground(elevation_m=elevation_m.astype("f4"), bounds=box)


def _cells(box: Box, cell_deg: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes from west to east and latitudes from north to south of a grid's cells."""
    west, south, east, north = box
    columns, rows = (east - west) / cell_deg, (north - south) / cell_deg
    shrink = max(1.0, float(np.sqrt(rows * columns / _MOST_CELLS)))
    n_rows, n_columns = max(2, round(rows / shrink)), max(2, round(columns / shrink))
    return (
        west + (np.arange(n_columns) + 0.5) * (east - west) / n_columns,
        north - (np.arange(n_rows) + 0.5) * (north - south) / n_rows,
    )


def _raster(path: Path) -> tuple[NDArray[np.float32], tuple[float, ...], int]:
    """Heights (NaN where none), the affine map column, row -> x, y, and the EPSG number."""
    tifffile = extra("tifffile")
    try:
        with tifffile.TiffFile(path) as tiff:
            page = tiff.pages.first
            tags: dict[str, Any] = {tag.name: tag.value for tag in page.tags}
            if np.prod(page.shape, dtype="f8") > _LARGEST:
                raise _refused(path, f"{page.shape} cells are too many; cut the file to the city")
            heights = page.asarray()
    except (OSError, ValueError, RuntimeError, tifffile.TiffFileError) as error:
        raise _refused(path, f"it cannot be read as TIFF ({error})") from error
    if heights.ndim == 3:
        heights = heights[..., 0] if page.planarconfig == 1 else heights[0]
    if heights.ndim != 2 or heights.dtype.kind not in "iuf":
        raise _refused(path, f"it is no grid of heights ({heights.dtype}, {heights.shape})")
    values = heights.astype("f4")
    with suppress(ValueError):  # a mark for empty cells that is no number marks none
        values[values == np.float32(str(tags.get("GDAL_NODATA", "nan")).strip("\0 "))] = np.nan
    keys = _geo_keys(tags.get("GeoKeyDirectoryTag", ()))
    epsg = keys.get(_PROJECTED) or keys.get(_GEOGRAPHIC) or 4326
    if epsg == _USER_DEFINED:
        raise _refused(path, "its coordinate system has no EPSG number; save it as EPSG:4326")
    return values, _affine(path, tags, keys), epsg


def _refused(path: Path, why: str) -> ImportRefused:
    return ImportRefused(f"{path.name}: {why}", f"{path.name}: 고도 파일을 쓸 수 없습니다 ({why})")


def _geo_keys(directory: Any) -> dict[int, int]:
    """Keys that hold a short number in place: id, location 0, count, value."""
    entries = np.array(directory, dtype="i8")[4:].reshape(-1, 4)
    return {int(key): int(value) for key, location, _, value in entries if location == 0}


def _affine(path: Path, tags: dict[str, Any], keys: dict[int, int]) -> tuple[float, ...]:
    if "ModelTransformationTag" in tags:
        m = tags["ModelTransformationTag"]
        a, b, c, d, e, f = m[0], m[1], m[3], m[4], m[5], m[7]
    elif "ModelPixelScaleTag" in tags and "ModelTiepointTag" in tags:
        (sx, sy, _), (i, j, _, x, y, _) = tags["ModelPixelScaleTag"], tags["ModelTiepointTag"][:6]
        a, b, c, d, e, f = sx, 0.0, x - i * sx, 0.0, -sy, y + j * sy
    else:
        raise _refused(path, "it does not say where it lies (no GeoTIFF tags)")
    if keys.get(_RASTER_TYPE) == 2:  # values stand at points, not for areas: shift by half a cell
        c, f = c - 0.5 * (a + b), f - 0.5 * (d + e)
    if a * e - b * d == 0:
        raise _refused(path, "its cells have no size")
    return a, b, c, d, e, f


def _sampled(
    heights: NDArray[np.float32],
    to_world: tuple[float, ...],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Heights between cell centres, bilinear; beside an empty cell the nearest one's."""
    a, b, c, d, e, f = to_world
    inverse = np.linalg.inv(np.array([[a, b], [d, e]]))
    column, row = inverse @ np.vstack((x - c, y - f)) - 0.5
    rows, columns = heights.shape
    inside = (column > -0.5) & (column < columns - 0.5) & (row > -0.5) & (row < rows - 0.5)
    # A grid is a ground whose degrees are its cells, north at the top.
    grid = Ground(elevation_m=heights, bounds=(0.0, -float(rows), float(columns), 0.0))
    return np.where(inside, grid.at(column + 0.5, -(row + 0.5)), np.nan)
