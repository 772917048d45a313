"""One city, one writer: who is in charge, and what a commit does when it may not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from hapgang.core.errors import Unavailable
from hapgang.hub.privacy import KeyVault
from hapgang.writer.forms import FORM
from hapgang.writer.journal import AnotherWriter, Journal
from hapgang.writer.recovery import Archive
from hapgang.writer.unit import AccountRow, Item, TransferRow, Unit
from hapgang.writer.writer import Writer

NOW = datetime(2026, 11, 23, tzinfo=UTC)
Database = dict[str, Any]


def unit(seq: int, *transfers: TransferRow) -> Unit:
    made = Unit(seq, NOW, "test.act", "anne")
    made.first_position = seq
    made.items.append(Item("event", "E", "urn:x:1", None, {"seq": seq}))
    made.transfers += transfers
    return made


def paid(name: str, amount_won: int = 5) -> TransferRow:
    return TransferRow(name, "a", "b", amount_won, "posted", None, "")


async def opened(database: Database, *, wait: bool = False) -> Journal:
    journal = await Journal.open(KeyVault(bytes(32)), **database)
    try:
        await journal.take_charge(wait=wait)
    except BaseException:
        await journal.close()
        raise
    return journal


async def somebody_waits(database: Database) -> None:
    """Return when a connection waits for a lock."""
    while not await on_disk(database, "SELECT pid FROM pg_locks WHERE NOT granted"):
        pass


async def on_disk(database: Database, query: str) -> list[Any]:
    connection = await asyncpg.connect(**database)
    try:
        return [row[0] for row in await connection.fetch(query)]
    finally:
        await connection.close()


def run(then: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(60):
            await then()

    asyncio.run(limited())


def test_several_may_open_a_new_city_and_one_takes_charge(database: Database) -> None:
    async def then() -> None:
        vault = KeyVault(bytes(32))
        journals = await asyncio.gather(*(Journal.open(vault, **database) for _ in range(4)))
        await journals[0].take_charge(wait=False)
        journals.append(await Journal.open(vault, **database))
        assert await on_disk(database, "SELECT form FROM meta") == [FORM]
        for journal in journals:
            await journal.close()

    run(then)


def test_the_second_writer_is_refused_or_waits(database: Database) -> None:
    async def then() -> None:
        first = await opened(database)
        await first.commit([unit(1)])
        with pytest.raises(AnotherWriter, match="already running"):
            await opened(database)
        standby = asyncio.create_task(opened(database, wait=True))
        await somebody_waits(database)
        assert not standby.done()
        await first.close()
        started_s = time.perf_counter()
        second = await standby
        assert time.perf_counter() - started_s < 5.0
        assert second.epoch == first.epoch + 1
        await second.commit([unit(2)])
        assert await on_disk(database, "SELECT seq FROM feed ORDER BY seq") == [1, 2]
        await second.close()

    run(then)


def test_a_stale_writer_cannot_commit(database: Database) -> None:
    """Locks may be lost, as when a replica is promoted; the epoch is in the data."""

    async def then() -> None:
        stale = await opened(database)
        await stale.commit([unit(1)])
        await on_disk(database, "UPDATE meta SET epoch = epoch + 1 RETURNING epoch")
        with pytest.raises(asyncpg.PostgresError, match="another writer is in charge"):
            await stale.commit([unit(2)])
        assert await on_disk(database, "SELECT seq FROM feed") == [1]
        await stale.close()

    run(then)


def test_a_new_epoch_waits_for_commits_under_way(database: Database) -> None:
    """A takeover does not slip in between a commit's check of the epoch and its end."""

    async def then() -> None:
        first = await opened(database)
        slow = await asyncpg.connect(**database)
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute("SELECT pg_advisory_xact_lock_shared(7040, 2)")  # as a commit does
        await first.close()
        taking = asyncio.create_task(opened(database))
        await somebody_waits(database)
        assert not taking.done()
        await transaction.commit()
        second = await taking
        await second.close()
        await slow.close()

    run(then)


@pytest.mark.parametrize(
    "bad",
    [unit(2, paid("t1")), unit(2, paid("t2", 0)), unit(1)],
    ids=["an id twice", "no amount", "a position twice"],
)
def test_a_group_is_written_whole_or_not_at_all(database: Database, bad: Unit) -> None:
    async def then() -> None:
        journal = await opened(database)
        await journal.commit([unit(1, paid("t1"))])
        with pytest.raises(asyncpg.PostgresError):
            await journal.commit([unit(5, paid("t5")), bad, unit(6)])
        assert await on_disk(database, "SELECT seq FROM feed") == [1]
        assert await on_disk(database, "SELECT id FROM transfer") == ["t1"]
        await journal.commit([unit(7)])
        await journal.close()

    run(then)


def test_the_disk_holds_the_ledgers_rules_too(database: Database) -> None:
    async def then() -> None:
        journal = await opened(database)
        for row in (
            AccountRow("a", "k", "o", 0, -1, 0),
            AccountRow("a", "k", "o", 0, 5, 6),
            AccountRow("a", "k", "o", None, 5, -1),
        ):
            made = unit(1)
            made.accounts["a"] = row
            with pytest.raises(asyncpg.CheckViolationError):
                await journal.commit([made])
        await journal.close()

    run(then)


@pytest.mark.parametrize("how", ["pg_terminate_backend", "refused"])
def test_a_lost_database_is_noticed(database: Database, how: str) -> None:
    async def then() -> None:
        journal = await opened(database)
        writer = Writer()
        writer.resume(journal, last_seq=0, last_position=0)
        lost = asyncio.create_task(journal.lost())
        writing = asyncio.create_task(writer.run())
        if how == "refused":
            bad = writer.begin(NOW, "test", "anne")
            bad.transfers += [paid("t1"), paid("t1")]
            writer.commit(bad)
            with pytest.raises(Unavailable):
                await writer.durable()
            await writing
            assert not lost.done()
            lost.cancel()
        else:
            other = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE objid = 1 AND granted"
            await on_disk(database, other)
            await lost
            writing.cancel()
        await asyncio.gather(lost, writing, return_exceptions=True)
        with pytest.raises(Unavailable):
            writer.begin(NOW, "test", "anne")
        await journal.close()

    run(then)


def test_closing_twice_and_closing_what_is_gone(database: Database) -> None:
    async def then() -> None:
        journal = await opened(database)
        await on_disk(
            database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        await journal.lost()
        await journal.close()
        await journal.close()
        async with asyncpg.create_pool(min_size=1, max_size=1, **database) as pool:
            assert await Archive(pool).last() == (0, 0, 0)

    run(then)
