"""A city's database as one file, read while the city writes, and such a file as a database again.

PostgreSQL's own `pg_dump` and `pg_restore` do it, of the wheel that brings the server: one snapshot
for all tables, no more memory than a row needs, and readable by later versions of PostgreSQL.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import asyncpg
import msgspec

from hapgang.core.errors import Conflict, Unavailable
from hapgang.writer.forms import bring_up, check_form
from hapgang.writer.postgres import FREE_SPACE, KEPT_ENVIRONMENT, Postgres, programs, start

_LOOK_S = 0.5
_SAID_BYTES = 4_000
_TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname
"""
_FACTS = """
    SELECT now() AS at, epoch, form, current_setting('server_version') AS postgres,
        (SELECT coalesce(max(position), 0) FROM feed) AS last_position,
        (SELECT coalesce(sum(balance_won), 0)::bigint FROM account) AS sum_of_accounts_won
    FROM meta
"""
Told = Callable[[int], None]  # how many bytes there are so far


class Picture(msgspec.Struct, frozen=True):
    """What a database held at one instant."""

    at: datetime
    epoch: int
    form: int
    postgres: str
    last_position: int
    sum_of_accounts_won: int
    rows: dict[str, int]


class Server(NamedTuple):
    """A city's database and how to come to it: with asyncpg, and with PostgreSQL's programs."""

    postgres: Postgres | None
    connect: Mapping[str, Any]
    words: tuple[str, ...]
    environment: Mapping[str, str]
    programs: Path

    @classmethod
    def of(cls, folder: Path, url: str | None) -> Self:
        """Return the database by URL, else the embedded one of a folder, which is started."""
        if url:
            words, secret = _without_password(url)
            return cls(None, {"dsn": url}, (f"--dbname={words}",), secret, programs(folder / "pg"))
        postgres = start(folder)
        words = f"--dbname={postgres.url}"
        return cls(postgres, postgres.connect_kwargs, (words,), {}, programs(folder / "pg"))

    def database(self, name: str) -> Self:
        """Return another database of the same server; closing it means nothing."""
        words = tuple(_with_database(word, name) for word in self.words)
        return self._replace(postgres=None, connect={**self.connect, "database": name}, words=words)

    def close(self) -> None:
        """Give it up."""
        if self.postgres is not None:
            self.postgres.close()

    async def run(self, program: str, *words: str) -> str:
        """Run one of PostgreSQL's programs to its end; `Unavailable` with what it said."""
        kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            self.programs / program, *words,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE, env={**kept, **self.environment, "LC_ALL": "C"},
        )  # fmt: skip
        try:
            said = await _last_words(process)
        except BaseException:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise
        if process.returncode != 0:
            advice = FREE_SPACE if "No space left" in said else None
            raise Unavailable(
                f"{program} failed. {advice.en if advice else ''}\n{said}",
                f"{program} 실행에 실패했습니다. {advice.ko if advice else ''}\n{said}",
            )
        return said


async def _last_words(process: asyncio.subprocess.Process) -> str:
    """Return the end of what a program says, when it has ended."""
    assert process.stderr is not None
    said = b""
    while part := await process.stderr.read(1 << 16):
        said = (said + part)[-_SAID_BYTES:]
    await process.wait()
    return said.decode(errors="replace").strip()


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """Take the password out of a URL: who lists the machine's processes sees their words."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    password = unquote(parts.password or "") or dict(query).get("password", "")
    user, at, host = parts.netloc.rpartition("@")
    rest = urlencode([(name, value) for name, value in query if name != "password"])
    place = user.partition(":")[0] + at + host
    bare = urlunsplit((parts.scheme, place, parts.path, rest, ""))
    return bare, ({"PGPASSWORD": password} if password else {})


def _with_database(word: str, name: str) -> str:
    option, _, url = word.partition("=")
    return f"{option}={urlunsplit(urlsplit(url)._replace(path=f'/{name}'))}"


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """Connect for as long as the block lasts."""
    connection = await asyncpg.connect(**server.connect)
    try:
        yield connection
    finally:
        await connection.close()


async def dump(server: Server, file: Path, tell: Told) -> tuple[Picture, list[tuple[str, str]]]:
    """Write the database to a new file; return what it held, and who was forgotten."""
    async with (
        connected(server) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        if await check_form(connection) == 0:
            raise Conflict("There is no city in this database.", "데이터베이스가 비어 있습니다.")
        snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
        picture = await picture_of(connection)
        gone = await forgotten_in(connection)
        looking = asyncio.create_task(_look(file, tell))
        try:
            await server.run(
                "pg_dump", *server.words, f"--snapshot={snapshot}", f"--file={file}",
                "--format=custom", "--compress=gzip:1", "--no-owner", "--no-privileges",
                "--lock-wait-timeout=30s", "--no-password",
            )  # fmt: skip
        finally:
            looking.cancel()
    return picture, gone


async def check_dump(server: Server, file: Path) -> None:
    """Read a file that `dump` wrote to its end, as `undump` will."""
    await server.run("pg_restore", "--file=/dev/null", str(file))


async def undump(server: Server, file: Path) -> Picture:
    """Fill an empty database with what a file holds, or leave it empty; return what it holds."""
    async with connected(server) as connection:
        if await connection.fetch(_TABLES):
            raise Conflict(
                "The database is not empty; nothing was written into it.",
                "데이터베이스가 비어 있지 않아 아무것도 쓰지 않았습니다.",
            )
        await server.run(
            "pg_restore", *server.words, "--single-transaction", "--exit-on-error", "--no-owner",
            "--no-privileges", "--no-password", str(file),
        )  # fmt: skip
        return await picture_of(connection)


async def new_database(server: Server, name: str) -> Server:
    """Make another database on a server; `Conflict` where there is one of this name."""
    async with connected(server) as connection:
        try:
            await connection.execute(f"CREATE DATABASE {name}")
        except asyncpg.DuplicateDatabaseError:
            raise Conflict(
                f"There is a database {name} already; nothing was written into it.",
                f"{name} 데이터베이스가 이미 있습니다.",
            ) from None
    return server.database(name)


async def settle_down(server: Server) -> None:
    """Bring a filled database to today's form, and count what the planner wants to know."""
    async with connected(server) as connection:
        await bring_up(connection)
        await connection.execute("VACUUM ANALYZE")


async def picture_of(connection: "asyncpg.Connection[Any]") -> Picture:
    """Return what a database holds."""
    facts = await connection.fetchrow(_FACTS)
    assert facts is not None
    tables = [row[0] for row in await connection.fetch(_TABLES)]
    rows = {name: await connection.fetchval(f'SELECT count(*) FROM "{name}"') for name in tables}  # noqa: S608 (the catalogue's own names)
    return Picture(rows=rows, **facts)


async def forgotten_in(connection: "asyncpg.Connection[Any]") -> list[tuple[str, str]]:
    """Return who was forgotten, as hashes of their ids, and when."""
    if await connection.fetchval("SELECT to_regclass('forgotten')") is None:
        return []
    found = await connection.fetch("SELECT who, at FROM forgotten ORDER BY who")
    return [(row[0].hex(), row[1].isoformat()) for row in found]


async def _look(file: Path, tell: Told) -> None:
    while True:
        await asyncio.sleep(_LOOK_S)
        with suppress(FileNotFoundError):
            tell(file.stat().st_size)
