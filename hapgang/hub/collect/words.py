"""The words of a mapping: a TOML or JSON document that says how foreign rows become entities."""

import tomllib
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec import field as word

from hapgang.core.errors import Invalid
from hapgang.core.text import Text

FORMAT = 1
MOST_BYTES = 200_000  # of a mapping
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Names = Annotated[tuple[Name, ...], Meta(max_length=100)]
Kind = Literal[
    "any", "text", "number", "integer", "boolean", "time", "geometry", "json", "relationship"
]


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a mapping: a word it does not know is refused."""


class Pivot(Words, frozen=True, kw_only=True):
    """Long rows made wide: those that agree in `by` become one, with a field for each `name`."""

    by: Annotated[Names, Meta(min_length=1)]
    name: Name
    value: Name


class Reading(Words, frozen=True, kw_only=True):
    """How bytes become rows."""

    format: Literal[
        "csv", "json", "jsonl", "geojson", "parquet", "xml", "gtfs-rt", "data-go-kr"
    ] = "json"
    encoding: Name = "utf-8"
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    skip_lines: Annotated[int, Meta(ge=0, le=1000)] = 0
    columns: Names = ()  # where the file has no heading line
    rows: str = ""  # JSON Pointer to the list of rows; none: the whole message
    pivot: Pivot | None = None


class Time(Words, frozen=True, kw_only=True):
    """An instant: a template of fields, and how its text is to be read."""

    source: Name = word(name="from")
    format: Name = "iso"  # or unix, unix_ms, or the letters of strptime
    zone: str = ""  # of times that name none; else the mapping's


class Skip(Words, frozen=True, kw_only=True):
    """A row, or an entity of it, that is not meant: its field is one of these, or is missing."""

    path: Name = word(name="field")
    values: tuple[str, ...] = word(name="is", default=())
    is_missing: bool = word(name="missing", default=False)


class Attribute(Words, frozen=True, kw_only=True):
    """One attribute: where its value comes from, what it is, and what it may be."""

    source: str | None = word(name="from", default=None)
    template: str | None = None
    constant: Any = None
    point: tuple[Name, Name] | None = None  # fields of longitude and latitude
    observed: bool = False  # the row's own time, as a value
    kind: Kind = word(name="is", default="any")
    format: str = "iso"  # of a time
    zone: str = ""
    pattern: str = ""  # a regular expression with one group: the part that is meant
    decimal: Literal[".", ","] = "."
    table: dict[str, Any] = {}
    otherwise: Any = None  # of the table; none: a value that it lacks does not fit
    missing: tuple[str, ...] = ()
    missing_beyond: float | None = None  # numbers whose size is at least this say "no value"
    given_in: str = ""  # the unit of the source, where it is another
    unit: str = ""  # UN/CEFACT code of the attribute
    scale: float = 1.0
    offset: float = 0.0
    digits: Annotated[int, Meta(ge=0, le=12)] | None = None
    range: tuple[float, float] | None = None
    outside: Literal["quarantine", "omit"] = "quarantine"
    needed: bool = False
    optional: bool = False  # its absence says nothing about quality


class EntityWords(Words, frozen=True, kw_only=True):
    """One entity that a row tells of."""

    type: Name
    id: Name
    attributes: Annotated[dict[Name, Attribute], Meta(min_length=1, max_length=200)]
    observed: Time | None = None
    skip: tuple[Skip, ...] = ()
    ordered: Annotated[tuple[tuple[Name, Name], ...], Meta(max_length=100)] = ()


class MappingWords(Words, frozen=True, kw_only=True):
    """A whole mapping."""

    format: Literal[1]
    title: Text
    read: Reading = Reading()
    zone: str = "UTC"
    missing: tuple[str, ...] = ()
    skip: tuple[Skip, ...] = ()
    entity: Annotated[tuple[EntityWords, ...], Meta(min_length=1, max_length=10)]
    source: str = ""  # who publishes the data, under which licence
    fresh_s: Annotated[float, Meta(gt=0)] | None = None  # how old news may be


def words_of(document: Any) -> MappingWords:
    """Return the words of a mapping; `Invalid` says which one does not fit."""
    try:
        return msgspec.convert(document, MappingWords, strict=True)
    except msgspec.ValidationError as error:
        raise Invalid(f"the mapping does not fit: {error}", f"매핑 오류: {error}") from None


def parse(text: bytes) -> Any:
    """Return a mapping's document from TOML or JSON text; `Invalid` where it is neither."""
    if len(text) > MOST_BYTES:
        raise Invalid(f"a mapping has at most {MOST_BYTES:,} bytes", None)
    try:
        if text.lstrip()[:1] == b"{":
            return msgspec.json.decode(text)
        return tomllib.loads(text.decode())
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Invalid(f"the mapping cannot be read: {error}", f"매핑 오류: {error}") from None
