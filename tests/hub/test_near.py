"""What is near is found by any of its locations, through the grid and one by one alike."""

from datetime import UTC, datetime
from typing import Any

import shapely
from hypothesis import given
from hypothesis import strategies as st

from hapgang.hub import search
from hapgang.hub.ngsild.geo import distance_m, read_geo_query
from hapgang.hub.ngsild.types import read_types
from hapgang.hub.record import record_of
from hapgang.hub.search import Selection, candidates
from hapgang.hub.state import State

AT = datetime(2026, 1, 1, tzinfo=UTC)
STEP = 0.001  # some 100 m
LON, LAT = 127.3, 36.5


def at(x: int, y: int) -> list[float]:
    return [LON + x * STEP, LAT + y * STEP]


PLACE = st.tuples(st.integers(-4, 4), st.integers(-4, 4))
POINT = PLACE.map(lambda place: {"type": "Point", "coordinates": at(*place)})
LINE = st.tuples(PLACE, PLACE).map(
    lambda ends: {"type": "LineString", "coordinates": [at(*ends[0]), at(*ends[1])]}
)
GEOMETRY = st.one_of(POINT, POINT, LINE)
ONE = st.one_of(
    GEOMETRY.map(lambda value: {"type": "GeoProperty", "value": value}),
    POINT.map(lambda value: {"type": "Property", "value": value}),  # nobody said that it is a place
)
SEVERAL = st.lists(GEOMETRY, min_size=1, max_size=3).map(
    lambda values: [
        {"type": "GeoProperty", "value": value, **({"datasetId": f"urn:d:{n}"} if n else {})}
        for n, value in enumerate(values)
    ]
)
LOCATION = st.one_of(st.none(), ONE, SEVERAL)


@given(
    st.lists(st.tuples(st.integers(0, 5), LOCATION), max_size=12),
    st.sampled_from(["near;maxDistance==250", "near;minDistance==250", "near;maxDistance==0",
                     "within", "disjoint"]),
    POINT,
)  # fmt: skip
def test_the_grid_finds_what_looking_at_each_finds(
    changes: list[tuple[int, Any]], georel: str, centre: dict[str, Any]
) -> None:
    state = State()
    for number, location in changes:
        document = {"id": f"urn:b:{number}", "type": "Bin"}
        if location is not None:
            document["location"] = location
        state.put(record_of(document, created=AT, modified=AT, seq=1))
    geometry, coordinates = centre["type"], centre["coordinates"]
    geo = read_geo_query(georel, geometry, coordinates)
    selection = Selection(types=read_types("Bin"), geo=geo)
    tests = search.tests_of(selection, state.get)
    found = [r.id for r in candidates(state, selection) if all(test(r) for test in tests)]
    assert len(found) == len(set(found))
    here = shapely.geometry.shape(centre)
    assert sorted(found) == sorted(
        record.id
        for record in state.of_type("Bin")
        if any(lies(one, georel, here) for one in instances(record.extra.get("location")))
    )


def instances(location: Any) -> list[Any]:
    found = location if isinstance(location, list) else [location]
    return [one["value"] for one in found if one and one["type"] == "GeoProperty"]


def lies(value: Any, georel: str, here: Any) -> bool:
    shape = shapely.make_valid(shapely.geometry.shape(value))
    if georel in ("within", "disjoint"):
        return bool(getattr(shapely, georel)(shape, here))
    relation, _, metres = georel.partition("==")
    far_m = distance_m(shape, here)
    return far_m <= float(metres) if "max" in relation else far_m >= float(metres)
