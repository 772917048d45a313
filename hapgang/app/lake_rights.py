"""What of a lake may be asked in SQL, and by whom.

A rehearsal's lake is about virtual people and shown whole. A living city's lake shows what names
nobody: sealed events by name and time only, entities of types that are nobody's, and transfers by
the hour without the accounts of people. What is not listed here is not shown.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.dataset as ds

from hapgang.app.lake_order import Source
from hapgang.contract import Role
from hapgang.core.entity import EntityType
from hapgang.core.errors import Invalid
from hapgang.hub.lake import LIVING, SCHEMAS, Lake
from hapgang.ledger.till import account_id

OF_THE_CITY = frozenset({Role.PLANNER, Role.OPERATOR, Role.AUDITOR})
OF_REHEARSALS = OF_THE_CITY | {Role.COMPANY}
MOST_BYTES = 2_000_000_000  # of files that one query may look at
_DAYS = 7  # looked at when no days are named
_TYPES = {
    pa.string(): "VARCHAR", pa.float64(): "DOUBLE", pa.int64(): "BIGINT", pa.int32(): "INTEGER",
    pa.timestamp("us", "UTC"): "TIMESTAMP WITH TIME ZONE",
}  # fmt: skip
_NOBODYS_EVENTS = """
    SELECT time, event, CASE WHEN is_shown THEN entity END AS entity, action,
        CASE WHEN is_shown AND body NOT LIKE '%:Person:%' THEN body END AS body
    FROM (SELECT *, list_contains({types}, split_part(entity, ':', 3)) AS is_shown FROM source)
"""
_NOBODYS_TRANSFERS = """
    SELECT date_trunc('hour', time) AS hour,
        CASE WHEN list_contains({accounts}, debit) THEN debit ELSE 'person' END AS debit,
        CASE WHEN list_contains({accounts}, credit) THEN credit ELSE 'person' END AS credit,
        amount_won, step
    FROM source
"""
NOBODYS_COLUMNS = {
    "event": ("time", "event", "entity", "action", "body"),
    "transfer": ("hour", "debit", "credit", "amount_won", "step"),
}
_WHENS = {"hour": "time"}  # a column made of another has its type


class TableColumn(msgspec.Struct):
    """A column of a table, with its SQL type."""

    name: str
    type: str


class LakeTable(msgspec.Struct):
    """A table that may be asked, and how many rows of it."""

    name: str
    columns: list[TableColumn]
    rows: int


def sources_of_run(lake: Lake) -> dict[str, Source]:
    """Return every table of a rehearsal's lake, whole."""
    return {name: Source(files=_names(lake.files(name)), only={}, select="") for name in SCHEMAS}


def sources_of_city(
    lake: Lake, types: Iterable[EntityType], services: Iterable[str], *, is_operator: bool,
    days: tuple[date, date],
) -> dict[str, Source]:  # fmt: skip
    """Return the tables of a living city, as far as they name nobody; internal types to operators.

    `types` are those that the city knows, `services` the owners of accounts that are nobody's.
    """
    shown = sorted(
        found.name for found in types
        if found.person is None and (is_operator or not found.is_internal)
    )  # fmt: skip
    accounts = sorted(account_id(name) for name in services)
    selects = {
        "event": _NOBODYS_EVENTS.format(types=_list(shown)),
        "transfer": _NOBODYS_TRANSFERS.format(accounts=_list(accounts)),
    }
    return {
        name: Source(
            files=_names(lake.files(name, *days)),
            only={"type": shown} if name == "measurement" else {},
            select=selects.get(name, ""),
        )
        for name in LIVING
    }


def described(sources: Mapping[str, Source]) -> list[LakeTable]:
    """Return the tables with their columns, and the rows that a query finds; reads the files."""
    return [
        LakeTable(name, _columns(name, source), _rows(name, source))
        for name, source in sources.items()
    ]


def check_size(sources: Mapping[str, Source]) -> None:
    """Raise `Invalid` for more than a query can look at in its time."""
    size = sum(Path(file).stat().st_size for source in sources.values() for file in source["files"])
    if size > MOST_BYTES:
        raise Invalid(
            f"These days have {size / 1e9:.1f} GB; a query looks at {MOST_BYTES / 1e9:g} GB at"
            " most. Choose fewer days.",
            f"고른 날짜의 자료는 {size / 1e9:.1f} GB입니다. 한 질의는 최대"
            f" {MOST_BYTES / 1e9:g} GB까지 볼 수 있으니 날짜를 줄이세요.",
        )


def days_of(first: str, last: str, today: date) -> tuple[date, date]:
    """Return the first and the last day to look at; the newest week where none is named."""
    try:
        end = date.fromisoformat(last) if last else today
        start = date.fromisoformat(first) if first else end - timedelta(days=_DAYS - 1)
    except ValueError:
        raise Invalid(
            f"first_day and last_day are dates such as {today}",
            f"first_day와 last_day는 {today}와 같은 날짜입니다",
        ) from None
    if start > end:
        raise Invalid("the first day is after the last", "첫날이 마지막 날보다 뒤입니다")
    return start, end


def _columns(name: str, source: Source) -> list[TableColumn]:
    schema = SCHEMAS[name]
    names = NOBODYS_COLUMNS[name] if source["select"] else schema.names
    return [TableColumn(n, _TYPES[schema.field(_WHENS.get(n, n)).type]) for n in names]


def _rows(name: str, source: Source) -> int:
    found: ds.Dataset = ds.dataset(source["files"], schema=SCHEMAS[name], format="parquet")
    for column, values in source["only"].items():
        found = found.filter(ds.field(column).isin(values))
    return int(found.count_rows())


def _names(files: Iterable[Path]) -> list[str]:
    return [str(file.absolute()) for file in files]


def _list(names: list[str]) -> str:
    """Return a list of names as SQL writes it."""
    quoted = ("'" + name.replace("'", "''") + "'" for name in names)
    return f"[{', '.join(quoted)}]::VARCHAR[]"
