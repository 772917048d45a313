"""The small languages of a query: types, scopes, members, orders, places."""

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.hub.ngsild.choice import read_members
from hapgang.hub.ngsild.geo import read_geo_query
from hapgang.hub.ngsild.order import ordered, read_order
from hapgang.hub.ngsild.represent import Members
from hapgang.hub.ngsild.scope import read_scope_query
from hapgang.hub.ngsild.types import read_types
from hapgang.hub.record import Record, record_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def record(number: int, **attributes: Any) -> Record:
    at = NOW + timedelta(seconds=number)
    document = {"id": f"urn:a:{number}", "type": "A", **attributes}
    return record_of(document, created=at, modified=at, seq=1)


def place(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "GeoProperty", "value": {"type": kind, "coordinates": coordinates}}


@pytest.mark.parametrize(
    ("text", "types", "fits"),
    [
        ("A", ["A", "B"], True), ("A", ["B"], False), ("A,B", ["B"], True), ("A|B", ["B"], True),
        ("A;B", ["A"], False), ("A;B", ["A", "B"], True), ("(A;B)|C", ["C"], True),
        ("A;(B,C)", ["A", "C"], True), ("A;(B,C)", ["B", "C"], False),
        ("https://a.example/A", ["https://a.example/A"], True),
    ],
)  # fmt: skip
def test_types(text: str, types: list[str], fits: bool) -> None:
    found = read_types(text)
    assert found is not None
    assert found.fits(types) is fits
    assert not fits or not set(found.places).isdisjoint(types)


@pytest.mark.parametrize("text", ["A;", ";A", "(A", "A)", "A B", "(" * 30 + "A", "A,,B", "*", '"'])
def test_types_that_are_none(text: str) -> None:
    with pytest.raises(Invalid):
        read_types(text)


@pytest.mark.parametrize(
    ("text", "scopes", "fits"),
    [
        ("/Madrid", ["/Madrid"], True), ("Madrid", ["/Madrid"], True),
        ("/Madrid", ["/Madrid/Gardens"], False), ("/Madrid/#", ["/Madrid/Gardens/North"], True),
        ("/Madrid/#", ["/Madrid"], True), ("/Madrid/+/North", ["/Madrid/Gardens/North"], True),
        ("/+", ["/Madrid/Gardens"], False), ("#", ["/anything"], True),
        ("/A;/B", ["/A"], False), ("/A;/B", ["/A", "/B"], True), ("/A,/B", ["/B"], True),
        ("/A|/B;/C", ["/A"], True), ("(/A|/B);/C", ["/A"], False),
        ("(/A|/B);/C", ["/C", "/B"], True),
    ],
)  # fmt: skip
def test_scopes(text: str, scopes: list[str], fits: bool) -> None:
    assert read_scope_query(text)(tuple(scopes)) is fits


@pytest.mark.parametrize("text", ["/A;", "/A//B", "(/A", "/A)", "/#/A", "/A B", ""])
def test_scopes_that_are_none(text: str) -> None:
    with pytest.raises(Invalid):
        read_scope_query(text)


def test_members() -> None:
    assert read_members("", "pick") is None
    assert read_members("id,a{b,c{d}}", "pick") == Members(
        {"id": None, "a": Members({"b": None, "c": Members({"d": None})})}
    )


@pytest.mark.parametrize(
    "text", ["id,,a", "a{", "a{}", "a{{b}", "a{,b}", "a}", ",a", "a;b", "{a}", "a{" * 20 + "b"]
)
def test_members_that_are_none(text: str) -> None:
    with pytest.raises(Invalid):
        read_members(text, "pick")


def test_orders_keep_what_is_alike_in_place_and_put_what_is_absent_last() -> None:
    records = [
        record(0, size={"type": "Property", "value": 2}),
        record(1),
        record(2, size={"type": "Property", "value": 1}),
        record(3, size={"type": "Property", "value": 2}),
        record(4, size={"type": "Property", "value": "two"}),
    ]

    def order(text: str) -> str:
        return "".join(found.id[-1] for found in ordered(records, read_order(text)))

    assert order("size") == "20341"
    assert order("size;desc") == "40321"
    assert order("size,id;desc") == "23041"
    assert order("createdAt;desc") == "43210"
    assert order("size.modifiedAt;desc") == "43201"
    for wrong in ("size;up", "a b", ",", "a,,b", "a" * 2_000, ",".join("a" * 11)):
        with pytest.raises(Invalid):
            read_order(wrong)


def test_texts_are_ordered_as_people_do_where_a_language_is_named() -> None:
    names = ["Zoo", "apple", "Ápple", "Apple", "bee", "나무", "가게"]
    records = [record(n, name={"type": "Property", "value": w}) for n, w in enumerate(names)]

    def order(collation: str) -> list[str]:
        found = ordered(records, read_order("name", collation=collation))
        return [names[int(one.id[-1])] for one in found]

    assert order("") == ["Apple", "Zoo", "apple", "bee", "Ápple", "가게", "나무"]
    assert order("ko") == ["apple", "Apple", "Ápple", "bee", "Zoo", "가게", "나무"]
    with pytest.raises(Invalid):
        read_order("name", collation="not a language")


SQUARE = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]
BOW = [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]  # crosses itself at 1, 1


@pytest.mark.parametrize(
    ("georel", "geometry", "coordinates", "there", "fits"),
    [
        ("within", "Polygon", SQUARE, place("Point", [1, 1]), True),
        ("within", "Polygon", SQUARE, place("Point", [3, 1]), False),
        ("disjoint", "Polygon", SQUARE, place("Point", [3, 1]), True),
        ("contains", "Point", [1, 1], place("Polygon", SQUARE), True),
        ("equals", "Polygon", SQUARE, place("Polygon", SQUARE), True),
        ("equals", "Polygon", BOW, place("Polygon", BOW), True),
        ("within", "Polygon", BOW, place("Point", [0.2, 1]), True),
        ("within", "Polygon", BOW, place("Point", [1, 0.2]), False),
        ("intersects", "LineString", [[-1, 1], [3, 1]], place("Polygon", SQUARE), True),
        ("overlaps", "Polygon", SQUARE, place("Polygon", SQUARE), False),
        ("near;maxDistance==112000", "Point", [0, 0], place("Point", [1, 0]), True),
        ("near;maxDistance==111000", "Point", [0, 0], place("Point", [1, 0]), False),
        ("near;minDistance==111000", "Point", [0, 0], place("Point", [1, 0]), True),
        ("within", "Polygon", SQUARE, {"type": "Property", "value": 5}, False),
    ],
    ids=str,
)
def test_places(georel: str, geometry: str, coordinates: Any, there: Any, fits: bool) -> None:
    query = read_geo_query(georel, geometry, coordinates)
    assert query.test()(record(1, location=there)) is fits
    assert query.test()(record(1)) is False


@pytest.mark.parametrize(
    ("georel", "geometry", "coordinates"),
    [
        ("within", "Polygon", ""), ("within", "", "[1,2]"), ("", "Point", "[1,2]"),
        ("inside", "Point", "[1,2]"), ("near", "Point", "[1,2]"),
        ("near;maxDistance==", "Point", "[1,2]"),
        ("near;maxDistance==1e9", "Point", "[1,2]"), ("within", "Circle", "[1,2]"),
        ("within", "Point", "[1,2"), ("within", "Point", "[" * 10_000),
        ("within", "Polygon", "[1,2]"),
    ],
)  # fmt: skip
def test_places_that_are_none(georel: str, geometry: str, coordinates: str) -> None:
    with pytest.raises(Invalid):
        read_geo_query(georel, geometry, coordinates)


@given(st.text(alphabet="AB;,|()/+#{}. \"'", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_types, read_scope_query, read_order, lambda t: read_members(t, "pick")):
        with contextlib.suppress(Invalid):
            read(text)
