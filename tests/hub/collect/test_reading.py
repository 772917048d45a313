"""Formats, and what is broken in them: one bad row costs itself, a bad document is said."""

import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from google.transit.gtfs_realtime_pb2 import FeedMessage
from hypothesis import given
from hypothesis import strategies as st

from hapgang.hub.collect.reading import Row, Unreadable
from tests.hub.collect.mappings import rows


def values(found: list[Row]) -> list[Any]:
    return [row.value for row in found if not row.broken]


def broken(found: list[Row]) -> list[str]:
    return [row.broken for row in found if row.broken]


def test_csv_rows_have_the_headings_names() -> None:
    data = '\ufeff a ;b\n1;"x;\ny"\n\n2;é\n'.encode()
    assert values(rows(data, format="csv", delimiter=";")) == [
        {"a": "1", "b": "x;\ny"}, {"a": "2", "b": "é"},
    ]  # fmt: skip
    data = "skipped\n강남구,3\n".encode("cp949")
    words = {"encoding": "cp949", "columns": ["name", "n"], "skip_lines": 1}
    assert values(rows(data, format="csv", **words)) == [{"name": "강남구", "n": "3"}]


def test_a_broken_line_costs_itself() -> None:
    data = b"a,b\n1,2\n1,2,3\n1\n\xff\xfe,2\nx\x00,2\n3,4\n"
    found = rows(data, format="csv")
    assert values(found) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert [why.partition(": ")[2] for why in broken(found)] == [
        "it has 3 fields, the heading 2", "it has 1 fields, the heading 2", "it is not utf-8",
        "it holds a NUL character",
    ]  # fmt: skip


def test_a_line_without_end_is_not_read_into_memory() -> None:
    data = b"a,b\n" + b"x" * 5_000_000 + b"\n1,2\n"
    found = rows(data, format="csv")
    assert values(found) == [{"a": "1", "b": "2"}]
    assert "longer than" in broken(found)[0]
    found = rows(b'{"a": 1}\n' + b"x" * 2_000_000 + b'\n{"a": 2}', format="jsonl")
    assert values(found) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("encoding", ["utf-16", "no-such", "rot13"])
def test_an_encoding_that_hides_lines_is_refused(encoding: str) -> None:
    with pytest.raises(Unreadable, match="encoding"):
        rows(b"a\n1\n", format="csv", encoding=encoding)


def test_headings_that_name_nothing_or_a_thing_twice_are_refused() -> None:
    for data in (b"", b"a,b, a\n1,2,3\n"):
        with pytest.raises(Unreadable):
            rows(data, format="csv")


def test_json_rows_are_where_the_mapping_says() -> None:
    message = {"data": {"stations": [{"id": 1}, {"id": 2}]}, "last_updated": 5}
    found = rows(json.dumps(message), rows="/data/stations")
    assert values(found) == [{"id": 1}, {"id": 2}]
    assert found[0].message == message
    assert values(rows('{"a": 1}')) == [{"a": 1}]
    for data, words in (("{", {}), ("[]", {"rows": "/x"}), ("[" * 100_000, {}), ("\xff", {})):
        with pytest.raises(Unreadable):
            rows(data.encode("latin-1"), **words)


def test_json_lines_break_one_by_one() -> None:
    found = rows(b'{"a":1}\n\n{"a":\n{"a":2}\n', format="jsonl")
    assert values(found) == [{"a": 1}, {"a": 2}]
    assert broken(found)[0].startswith("line 3: ")


def test_geojson_features_are_rows() -> None:
    feature = {"type": "Feature", "properties": {"n": 1},
               "geometry": {"type": "Point", "coordinates": [1, 2]}}  # fmt: skip
    collection = {"type": "FeatureCollection", "name": "lamps", "features": [feature]}
    (row,) = rows(json.dumps(collection), format="geojson")
    assert row.value == feature
    assert row.message == {"type": "FeatureCollection", "name": "lamps"}
    assert values(rows(json.dumps(feature), format="geojson")) == [feature]
    with pytest.raises(Unreadable):
        rows('{"type": "Point"}', format="geojson")


def test_xml_is_read_as_the_json_it_would_be() -> None:
    text = '<r xmlns="urn:x"><i n="1">a</i><i n="2"/><e/></r>'
    (row,) = rows(text, format="xml")
    assert row.value == {"r": {"i": [{"@n": "1", "#text": "a"}, {"@n": "2"}], "e": ""}}


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
        '<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>',
        "<a>" * 100 + "</a>" * 100,
        "<a>",
    ],
)
def test_xml_that_could_harm_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        rows(text, format="xml")
    with pytest.raises(Unreadable):
        rows(text.encode("utf-16"), format="xml")


def test_parquet_rows_have_geometries_of_geojson() -> None:
    place = shapely.to_wkb(shapely.Point(127.3, 36.5))
    table = pa.table({"name": ["a", "b"], "geometry": [place, b"broken"]})
    table = table.replace_schema_metadata({"geo": json.dumps({"columns": {"geometry": {}}})})
    file = io.BytesIO()
    pq.write_table(table, file)
    found = rows(file.getvalue(), format="parquet")
    point = {"type": "Point", "coordinates": [127.3, 36.5]}
    assert values(found) == [{"name": "a", "geometry": point}]
    assert broken(found) == ["geometry is no geometry"]
    with pytest.raises(Unreadable):
        rows(b"PAR1 no", format="parquet")


def test_parquet_instants_finer_than_ours_are_cut_off() -> None:
    file = io.BytesIO()
    pq.write_table(
        pa.table({"at": pa.array([1_700_000_000_123_456_789], pa.timestamp("ns", "UTC"))}), file
    )
    (row,) = values(rows(file.getvalue(), format="parquet"))
    assert row == {"at": "2023-11-14T22:13:20.123456Z"}


def test_parquet_values_are_those_of_json() -> None:
    values_of = {"at": [datetime(2026, 1, 1, tzinfo=UTC)], "n": [Decimal("1.50")], "b": [b"x"]}
    file = io.BytesIO()
    pq.write_table(pa.table(values_of), file)
    (row,) = values(rows(file.getvalue(), format="parquet"))
    assert row == {"at": "2026-01-01T00:00:00Z", "n": "1.50", "b": "eA=="}


def test_gtfs_realtime_entities_are_rows() -> None:
    feed: Any = FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    feed.header.timestamp = 1_700_000_000
    entity = feed.entity.add(id="1")
    entity.vehicle.vehicle.id = "bus-7"
    entity.vehicle.position.latitude = 36.5
    entity.vehicle.position.longitude = 127.25
    feed.entity.add(id="2", is_deleted=True)
    (row,) = rows(feed.SerializeToString(), format="gtfs-rt")
    assert row.value["vehicle"]["position"] == {"latitude": 36.5, "longitude": 127.25}
    assert row.message["header"]["timestamp"] == "1700000000"
    with pytest.raises(Unreadable):
        rows(b"\x0a\xff\xff", format="gtfs-rt")


ITEMS = [{"stationName": "신흥동", "pm10Value": "31"}]
HEAD = {"resultCode": "00", "resultMsg": "NORMAL_CODE"}


@pytest.mark.parametrize(
    "items", [ITEMS, {"item": ITEMS}, {"item": ITEMS[0]}], ids=["airkorea", "kma", "one"]
)
def test_the_public_portals_envelope_is_opened(items: Any) -> None:
    message = {"response": {"header": HEAD, "body": {"items": items, "totalCount": 1}}}
    (row,) = rows(json.dumps(message), format="data-go-kr")
    assert row.value == ITEMS[0]
    assert row.message["body"] == {"totalCount": 1}


def test_the_public_portals_envelope_is_opened_in_xml() -> None:
    text = """<?xml version="1.0" encoding="UTF-8"?><response><header><resultCode>00</resultCode>
    </header><body><items><item><stationName>신흥동</stationName><pm10Value>31</pm10Value></item>
    </items></body></response>"""
    assert values(rows(text, format="data-go-kr")) == ITEMS


def test_what_the_public_portal_refuses_is_repeated() -> None:
    gateway = """<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg>
    <returnAuthMsg>SERVICE_KEY_IS_NOT_REGISTERED_ERROR</returnAuthMsg>
    <returnReasonCode>30</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>"""
    with pytest.raises(Unreadable, match="30 SERVICE_KEY_IS_NOT_REGISTERED_ERROR"):
        rows(gateway, format="data-go-kr")
    head = {"resultCode": "22", "resultMsg": "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"}
    with pytest.raises(Unreadable, match="22 LIMITED"):
        rows(json.dumps({"response": {"header": head}}), format="data-go-kr")
    nothing = {"response": {"header": {"resultCode": "03", "resultMsg": "NO_DATA"}}}
    assert rows(json.dumps(nothing), format="data-go-kr") == []
    with pytest.raises(Unreadable):
        rows("[]", format="data-go-kr")


def test_long_rows_are_made_wide() -> None:
    long = [
        {"at": "1", "c": "T1H", "v": "3"}, {"at": "2", "c": "T1H", "v": "4"},
        {"at": "1", "c": "REH", "v": "50"}, {"at": "1", "c": "REH", "v": "51"},
    ]  # fmt: skip
    found = rows(json.dumps(long), pivot={"by": ["at"], "name": "c", "value": "v"})
    assert values(found) == [{"at": "1", "T1H": "3", "REH": "50"}, {"at": "2", "T1H": "4"}]
    assert broken(found) == ["another row says something else of REH"]


@given(st.binary(max_size=400), st.sampled_from(
    ["csv", "json", "jsonl", "geojson", "xml", "data-go-kr", "gtfs-rt", "parquet"]))  # fmt: skip
def test_no_bytes_break_a_reader(data: bytes, form: str) -> None:
    with suppress(Unreadable):
        rows(data, format=form)
