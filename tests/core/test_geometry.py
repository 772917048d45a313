"""Distances against PROJ's geodesics, polygons against shapely."""

import math

import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from hapgang.core.geometry import Point, Polygon, degree_lengths_m, distance_m

GEOD = Geod(ellps="WGS84")
lons, lats = st.floats(-170, 170), st.floats(-70, 70)


@given(lons, lats, st.floats(0, 360), st.floats(1, 20_000))
def test_distances_are_those_on_the_ellipsoid(
    lon: float, lat: float, azimuth_deg: float, far_m: float
) -> None:
    lon_2, lat_2, _ = GEOD.fwd(lon, lat, azimuth_deg, far_m)
    found_m = distance_m(Point((lon, lat)), Point((lon_2, lat_2)))
    assert math.isclose(found_m, far_m, rel_tol=1e-3)


@given(lats)
def test_degrees_are_as_long_as_on_the_ellipsoid(lat: float) -> None:
    lon_m, lat_m = degree_lengths_m(lat)
    *_, east_m = GEOD.inv(0.0, lat, 1e-3, lat)
    *_, north_m = GEOD.inv(0.0, lat - 5e-4, 0.0, lat + 5e-4)
    assert math.isclose(lon_m / 1000, east_m, rel_tol=1e-5)
    assert math.isclose(lat_m / 1000, north_m, rel_tol=1e-5)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=3, max_size=9),
       st.tuples(st.integers(0, 20), st.integers(0, 20)))  # fmt: skip
def test_polygons_contain_what_shapely_says(
    corners: list[tuple[int, int]], at: tuple[int, int]
) -> None:
    hull = shapely.MultiPoint(corners).convex_hull
    if hull.geom_type != "Polygon" or hull.boundary.distance(shapely.Point(at)) < 1e-9:
        return
    ring = tuple((x, y) for x, y in hull.exterior.coords)
    assert Polygon((ring,)).contains(Point(at)) is hull.contains(shapely.Point(at))


def test_a_hole_is_outside() -> None:
    def square(low: float, high: float) -> tuple[tuple[float, float], ...]:
        return ((low, low), (high, low), (high, high), (low, high), (low, low))

    ring = Polygon((square(0.0, 10.0), square(4.0, 6.0)))
    assert ring.contains(Point((2.0, 2.0)))
    assert not ring.contains(Point((5.0, 5.0)))
    assert not ring.contains(Point((11.0, 5.0)))
