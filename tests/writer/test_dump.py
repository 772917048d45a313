"""A database by URL as a file, and such a file as a database by URL."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hapgang.core.errors import Conflict, Unavailable
from hapgang.hub.privacy import KeyVault
from hapgang.writer.dump import Picture, Server, _without_password, check_dump, dump, undump
from hapgang.writer.journal import Journal
from hapgang.writer.postgres import Postgres
from hapgang.writer.unit import Item, Unit
from tests.conftest import command
from tests.living import url_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URLS = [
    ("postgresql://a@h:5/d?sslmode=require", "postgresql://a@h:5/d?sslmode=require", ""),
    ("postgresql://a:p%40%2Fx@h/d", "postgresql://a@h/d", "p@/x"),
    ("postgresql://h/d?password=q&user=a", "postgresql://h/d?user=a", "q"),
    ("postgresql://a:x:y@/d?host=%2Ftmp", "postgresql://a@/d?host=%2Ftmp", "x:y"),
]


@pytest.mark.parametrize(("url", "bare", "password"), URLS)
def test_no_password_is_among_a_programs_words(url: str, bare: str, password: str) -> None:
    found, secret = _without_password(url)
    assert found == bare
    assert secret == ({"PGPASSWORD": password} if password else {})


async def fill(database: dict[str, Any]) -> None:
    journal = await Journal.open(KeyVault(bytes(32)), **database)
    await journal.take_charge(wait=False)
    unit = Unit(1, NOW, "test.act", "anne")
    unit.first_position = 1
    unit.items.append(Item("event", "E", "urn:x:1", None, {"a": 1}))
    await journal.commit([unit])
    await journal.close()


async def both_ways(one: Server, other: Server, file: Path) -> tuple[Picture, Picture]:
    picture, gone = await dump(one, file, lambda _: None)
    assert gone == []
    await check_dump(one, file)
    return picture, await undump(other, file)


def test_a_database_by_url_goes_to_another(
    server: Postgres, database: dict[str, Any], tmp_path: Path
) -> None:
    asyncio.run(fill(database))
    command(server, "CREATE DATABASE another_place")
    try:
        one = Server.of(tmp_path, url_of(database))
        other = one.database("another_place")
        with pytest.raises(Conflict, match="no city"):
            asyncio.run(dump(other, tmp_path / "none", lambda _: None))
        picture, found = asyncio.run(both_ways(one, other, tmp_path / "file"))
        assert found.rows == picture.rows
        assert (found.last_position, found.form) == (1, picture.form)
        with pytest.raises(Conflict, match="not empty"):
            asyncio.run(undump(other, tmp_path / "file"))
    finally:
        command(server, "DROP DATABASE another_place WITH (FORCE)")


def test_what_a_program_says_is_told(database: dict[str, Any], tmp_path: Path) -> None:
    one = Server.of(tmp_path, url_of(database))
    with pytest.raises(Unavailable, match="pg_restore failed"):
        asyncio.run(check_dump(one, tmp_path / "nowhere"))
