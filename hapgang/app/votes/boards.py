"""A poll's board as it lies on disk: read by pages, and written into one file at the close."""

import os
from pathlib import Path
from typing import Any

import asyncpg

from hapgang.app.votes.work import BOARD
from hapgang.core.errors import Conflict
from hapgang.ledger.ballots.canonical import canonical
from hapgang.runtime.platform.votes.casting import BALLOT, fact_of
from hapgang.writer.recovery import Archive, decode

MOST_AT_ONCE = 200
_PAGE = "SELECT DISTINCT ON (fact) body FROM leaf WHERE fact = ANY($1) AND kind = $2 ORDER BY fact"


async def entries(archive: Archive, poll: str, first: int, limit: int) -> list[Any]:
    """Return entries of a board from a place on, in their order; those that are on disk."""
    names = [f"platform/{fact_of(poll, index)}" for index in range(first, first + limit)]
    pool: asyncpg.Pool[Any] = archive.pool
    return [decode(row[0])["entry"] for row in await pool.fetch(_PAGE, names, BALLOT)]


async def write_board(archive: Archive, poll: str, count: int, folder: Path) -> Path:
    """Write a whole board into a file, a line for each entry; whole or absent."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / BOARD
    unfinished = path.with_suffix(".part")
    written = 0
    with unfinished.open("wb") as out:
        while written < count:
            found = await entries(archive, poll, written, min(MOST_AT_ONCE, count - written))
            if not found:
                raise Conflict(f"entry {written} of {poll} is missing on disk", None)
            out.writelines(canonical(entry) + b"\n" for entry in found)
            written += len(found)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)
    return path
