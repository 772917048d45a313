"""The journal: groups of units on disk, in PostgreSQL, by the one writer in charge."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any, Self

import asyncpg

from hapgang.core.errors import Unavailable
from hapgang.writer.failures import DATABASE_FAILURES
from hapgang.writer.forms import bring_up, check_form
from hapgang.writer.group import Vault, arguments_of
from hapgang.writer.unit import Unit

# Advisory locks of the city's database: (7040, 1) is held by the writer in charge for as long as it
# lives; (7040, 2) is shared by every commit, and taken alone to change the epoch.
_IN_CHARGE = "SELECT pg_advisory_lock(7040, 1)"
_TRY_IN_CHARGE = "SELECT pg_try_advisory_lock(7040, 1)"
_NEW_EPOCH = """
    WITH alone AS MATERIALIZED (SELECT pg_advisory_xact_lock(7040, 2))
    UPDATE meta SET epoch = epoch + 1 FROM alone RETURNING epoch
"""
_ARGUMENTS = 13
_COMMIT = f"SELECT commit_group({', '.join(f'${i}' for i in range(1, _ARGUMENTS + 1))})"
_COMMIT_TIMEOUT_S = 30.0
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # of PostgreSQL's own form of an instant
_MICROSECOND = timedelta(microseconds=1)
_eight_bytes = Struct("!q")
_log = logging.getLogger(__name__)


class AnotherWriter(Unavailable):
    """A city has one committing process, and it is another one."""


class Journal:
    """One connection that commits, under an epoch that no other writer holds."""

    def __init__(self, connection: "asyncpg.Connection[Any]", vault: Vault) -> None:
        """Wrap an open connection; `open` is the way in."""
        self._connection = connection
        self._vault = vault
        self._lost = asyncio.Event()
        self.epoch = 0
        connection.add_termination_listener(lambda _: self._lost.set())

    @classmethod
    async def open(cls, vault: Vault, **connect: Any) -> Self:
        """Connect; `NewerForm` where a newer Hapgang wrote what is there."""
        connection = await asyncpg.connect(**connect)
        journal = cls(connection, vault)
        try:
            await check_form(connection)
            await connection.set_type_codec(
                "timestamptz",
                schema="pg_catalog",
                format="binary",
                encoder=_packed,
                decoder=_unpacked,
            )
        except BaseException:
            await journal.close()
            raise
        return journal

    async def take_charge(self, *, wait: bool) -> None:
        """Become the writer, and bring the database to today's form.

        With `wait`, stand by until the one in charge is gone.

        Raises AnotherWriter when the city has a writer and `wait` is false.
        """
        if wait:
            await self._connection.execute(_IN_CHARGE)
        elif not await self._connection.fetchval(_TRY_IN_CHARGE):
            raise AnotherWriter(
                "This city is already running. Use the running one, or stop it first.",
                "이 도시는 이미 실행 중입니다. 실행 중인 도시를 쓰거나 먼저 멈추세요.",
            )
        found, form = await bring_up(self._connection)
        if 0 < found < form:
            _log.warning("the city's database was brought from form %d to form %d", found, form)
        self.epoch = await self._connection.fetchval(_NEW_EPOCH)

    async def commit(self, units: list[Unit]) -> None:
        """Make these units durable, all or none."""
        await self._connection.fetchval(
            _COMMIT, *arguments_of(self.epoch, units, self._vault), timeout=_COMMIT_TIMEOUT_S
        )

    async def lost(self) -> None:
        """Return when the connection to the database is gone."""
        await self._lost.wait()

    async def close(self) -> None:
        """Leave; the next writer may take charge."""
        try:
            await self._connection.close(timeout=5)
        except DATABASE_FAILURES:
            self._connection.terminate()
            await asyncio.sleep(0)  # in which the socket is closed


def _packed(at: datetime) -> bytes:
    """Return an instant in PostgreSQL's own form: asyncpg takes twice as long, for every row."""
    return _eight_bytes.pack((at - _EPOCH) // _MICROSECOND)


def _unpacked(packed: bytes) -> datetime:
    microseconds: int = _eight_bytes.unpack(packed)[0]
    return _EPOCH + microseconds * _MICROSECOND
