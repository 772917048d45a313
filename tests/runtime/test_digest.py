"""Same seed, same run, bit for bit: again, in another process, and with the disk on."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from hapgang.hub.privacy import KeyVault
from hapgang.writer.digest import Digest
from hapgang.writer.journal import Journal
from hapgang.writer.recovery import Archive
from hapgang.writer.unit import AccountRow, Unit
from hapgang.writer.writer import Writer
from tests.runtime.a_day_in_the_village import live
from tests.village import runtime_of

ROOT = Path(__file__).resolve().parents[2]


def elsewhere(seed: int, hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.runtime.a_day_in_the_village", str(seed)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_a_run_repeats_itself() -> None:
    first = live(runtime_of(seed=7), 7)
    assert len(first) == 64
    assert live(runtime_of(seed=7), 7) == first
    assert live(runtime_of(seed=8), 8) != first


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["1", "31337"])
def test_another_process_and_hash_seed_live_the_same(hash_seed: str) -> None:
    assert elsewhere(7, hash_seed) == live(runtime_of(seed=7), 7)


def test_the_disk_changes_nothing(database: dict[str, Any]) -> None:
    runtime = runtime_of(seed=7, writer=Writer(digest=Digest(), tells_at_once=True))
    with asyncio.Runner() as loop:
        journal = loop.run(Journal.open(KeyVault(bytes(32)), **database))
        loop.run(journal.take_charge(wait=False))
        runtime.writer.resume(journal, last_seq=0, last_position=0)

        def flush_now_and_then(unit: Unit) -> None:
            if unit.seq % 50 == 0:
                loop.run(runtime.writer.flush())

        runtime.writer.listeners.append(flush_now_and_then)
        digest = live(runtime, 7)
        loop.run(runtime.writer.flush())
        last = loop.run(last_on_disk(database))
        loop.run(journal.close())
    assert digest == live(runtime_of(seed=7), 7)
    assert last == (runtime.writer.last_seq, 0, sorted(runtime.book.accounts()))


async def last_on_disk(database: dict[str, Any]) -> tuple[int, int, list[AccountRow]]:
    async with asyncpg.create_pool(min_size=1, max_size=1, **database) as pool:
        accounts = await Archive(pool).accounts()
        last_seq = (await Archive(pool).last()).seq
        return last_seq, sum(account.balance_won for account in accounts), sorted(accounts)
