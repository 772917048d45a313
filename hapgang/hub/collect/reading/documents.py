"""Formats that are one document: JSON, GeoJSON (RFC 7946), XML, Parquet."""

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET  # what could harm is refused before it is parsed

import msgspec

from hapgang.hub.collect.paths import pointer, walk
from hapgang.hub.collect.reading.rows import Row, Rows, Unreadable, whole
from hapgang.hub.collect.words import Reading

_MOST_DEPTH = 64
_ROWS_AT_ONCE = 1000
_AS_JSON = ()  # times, decimals and bytes become the texts that JSON has for them


def json_rows(source: BinaryIO, words: Reading) -> Rows:
    """Read a JSON document: the rows at `rows`, each element of a list, or the whole."""
    yield from rows_in(json_document(whole(source), words.encoding), words)


def json_document(data: bytes, encoding: str = "utf-8") -> Any:
    """Return what a JSON text says."""
    try:
        if encoding.lower() not in ("utf-8", "utf8"):
            data = data.decode(encoding).encode()
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeError, LookupError, RecursionError) as error:
        raise Unreadable(f"it is no JSON: {error}"[:300], "JSON이 아닙니다") from None


def rows_in(message: Any, words: Reading) -> Rows:
    """Return the rows of a message."""
    found = walk(message, pointer(words.rows))
    if words.rows and found is None:
        raise Unreadable(f"there is nothing at {words.rows}", f"{words.rows}에 값이 없습니다")
    for value in found if isinstance(found, list) else [found]:
        yield Row(value, message)


def geojson_rows(source: BinaryIO, words: Reading) -> Rows:
    """Read the features of a collection: fields `geometry`, `id` and `/properties/...`."""
    message = json_document(whole(source), words.encoding)
    kind = message.get("type") if isinstance(message, dict) else None
    features = message.get("features") if kind == "FeatureCollection" else [message]
    if kind not in ("Feature", "FeatureCollection") or not isinstance(features, list):
        raise Unreadable("it is neither a Feature nor a collection", "GeoJSON이 아닙니다")
    around = {name: value for name, value in message.items() if name != "features"}
    for feature in features:
        yield Row(feature, around)


def xml_rows(source: BinaryIO, words: Reading) -> Rows:
    """Read an XML document as the JSON it would be."""
    yield from rows_in(xml_document(whole(source)), words)


def xml_document(data: bytes) -> dict[str, Any]:
    """Return an XML document as nested fields: texts, objects, and lists of what is repeated.

    Attributes are fields that begin with `@`. A document type, which could name files or blow up,
    is refused.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"<\x00" in data or b"\x00<" in data:
        raise Unreadable("a document type is not allowed in XML", "DTD는 쓸 수 없습니다")
    try:
        root = ET.fromstring(data)  # noqa: S314 (no document type, so no entities)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Unreadable(f"it is no XML: {error}", "XML이 아닙니다") from None
    return {_name(root.tag): _fields(root, 0)}


def _fields(element: ET.Element, depth: int) -> Any:
    if depth > _MOST_DEPTH:
        raise Unreadable(f"nested deeper than {_MOST_DEPTH} levels", "너무 깊이 중첩되었습니다")
    fields: dict[str, Any] = {f"@{_name(k)}": value for k, value in element.attrib.items()}
    for child in element:
        name, value = _name(child.tag), _fields(child, depth + 1)
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
    text = (element.text or "").strip()
    if not fields:
        return text
    return {**fields, "#text": text} if text else fields


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def parquet_rows(source: BinaryIO, words: Reading) -> Rows:
    """Read a Parquet file; a geometry of GeoParquet becomes one of GeoJSON."""
    import pyarrow as pa  # noqa: PLC0415 (heavy, and for this format only)
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(source)
        places = _geometry_columns(file.schema_arrow.metadata or {})
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
            yield from _batch_rows(_in_microseconds(batch).to_pylist(), places)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise Unreadable(f"it is no Parquet: {error}"[:300], "Parquet이 아닙니다") from None


def _in_microseconds(batch: Any) -> Any:
    """Return a batch whose instants are as fine as ours; what is finer is cut off."""
    import pyarrow as pa  # noqa: PLC0415 (heavy, and for this format only)

    fields = [
        field.with_type(pa.timestamp("us", field.type.tz))
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns"
        else field
        for field in batch.schema
    ]
    columns = [
        column.cast(field.type, safe=False)
        for column, field in zip(batch.columns, fields, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))


def _geometry_columns(metadata: dict[bytes, bytes]) -> list[str]:
    try:
        return list(msgspec.json.decode(metadata.get(b"geo", b"{}")).get("columns", ()))
    except (msgspec.DecodeError, AttributeError):
        return []


def _batch_rows(batch: list[dict[str, Any]], places: list[str]) -> Iterator[Row]:
    import shapely  # noqa: PLC0415 (heavy, and for this format only)
    from shapely.geometry import mapping  # noqa: PLC0415

    for given in batch:
        row: dict[str, Any] = {
            name: value if name in places else msgspec.to_builtins(value, builtin_types=_AS_JSON)
            for name, value in given.items()
        }
        why = ""
        for name in places:
            if row.get(name) is not None:
                try:
                    row[name] = _listed(mapping(shapely.from_wkb(row[name])))
                except (shapely.errors.ShapelyError, TypeError):
                    row[name], why = None, f"{name} is no geometry"
        yield Row(row, broken=why)


def _listed(value: Any) -> Any:
    """Return a geometry with lists for tuples, as JSON has it."""
    if isinstance(value, dict):
        return {name: _listed(part) for name, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, tuple | list) else value
