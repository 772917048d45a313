"""Every field of every table of the ledger, changed behind its back: the audit finds each.

The columns are asked of the database, so that one that is added is tried, too.
"""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg

from hapgang.writer.postgres import Postgres
from tests.app.log.test_audit import audit, change, city, database, exported, source
from tests.conftest import command

TABLES = {"account": "owner LIKE '%anne'", "transfer": "id LIKE '%t2'", "leaf": "fact LIKE '%t2'"}
OTHER = {
    "text": "coalesce({0}, '') || 'x'",
    "bigint": "{0} + 1",
    "bytea": "coalesce({0}, '') || '\\x20'",
    "timestamp with time zone": "coalesce({0}, now()) + interval '1 second'",
}
BY_ITSELF = {("account", "floor_won"): "{0} - 1", ("leaf", "place"): "{0} + 1000"}
WHERE = dict.fromkeys(
    [("leaf", "body"), ("leaf", "person")], "kind = 'account' AND person LIKE '%anne'"
)
"""A transfer's fact is the transfer itself: its leaf has no body and names nobody."""
TOLD_BY_THE_PLACE = {("transfer", "seq"), ("leaf", "seq")}
"""In which unit something came: no fact says so, since its place in the log does."""

__all__ = ["city", "database", "source"]


def test_every_field_of_every_table(
    database: dict[str, Any], city: tuple[Path, str], server: Postgres, tmp_path: Path
) -> None:
    state, key = city
    columns = asyncio.run(columns_of(database))
    assert {table for table, _, _ in columns} == set(TABLES)
    missed = set()
    for number, (table, column, kind) in enumerate(columns):
        copy = {**database, "database": f"columns_{number}"}
        command(server, f"CREATE DATABASE {copy['database']} TEMPLATE {database['database']}")
        try:
            value = BY_ITSELF.get((table, column), OTHER[kind]).format(column)
            where = WHERE.get((table, column), TABLES[table])
            change(copy, f"UPDATE {table} SET {column} = {value} WHERE {where}")
            status, said = audit(exported(copy, state, tmp_path / str(number)), key)
        finally:
            command(server, f"DROP DATABASE {copy['database']} WITH (FORCE)")
        assert "Traceback" not in said
        if status != 1:
            missed.add((table, column))
    assert missed == TOLD_BY_THE_PLACE


async def columns_of(database: dict[str, Any]) -> list[tuple[str, str, str]]:
    connection = await asyncpg.connect(**database)
    rows = await connection.fetch(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = ANY($1) ORDER BY 1, ordinal_position",
        list(TABLES),
    )
    await connection.close()
    return [tuple(row) for row in rows]
