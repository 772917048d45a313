"""Where the chain in process keeps its state: a page for every 256 checkpoints.

A page is written anew with each block, beside and renamed; a full one never changes again. So a
block costs the same after ten years as on the first day, and a copy of the folder is a chain.
"""

import fcntl
import os
from pathlib import Path
from typing import TypeAlias

import msgspec

from hapgang.core.errors import Conflict
from hapgang.ledger.anchor.files import write_whole

ROWS = 256
_BEGINNING = "beginning"
Standing: TypeAlias = tuple[tuple[bytes, bytes], ...]
"""Slots and their values."""


class Beginning(msgspec.Struct, frozen=True):
    """What never changes: the chain's number, the contract, its code and where it keeps what."""

    chain: int
    contract: str
    caller: str
    runtime: bytes
    slots: dict[str, int]


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A block with its one transaction: a checkpoint, or (number None) a change of witnesses."""

    transaction: str
    block: int
    number: int | None
    root: bytes
    told: bytes


class Page(msgspec.Struct, frozen=True):
    """Some blocks, and what else the contract keeps after the last of them, slot by slot."""

    index: int
    block: int
    at: int
    standing: Standing
    rows: tuple[Row, ...]


class Blocks:
    """The folder of one chain; of one process at a time."""

    def __init__(self, folder: Path) -> None:
        """Open it; `Conflict` if another process has it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise Conflict(
                f"Another process has the chain in {folder}",
                f"다른 프로세스가 {folder}의 체인을 쓰고 있습니다.",
            ) from None
        self.beginning: Beginning | None = None
        if (kept := folder / _BEGINNING).exists():
            self.beginning = msgspec.msgpack.decode(kept.read_bytes(), type=Beginning)
            newest = max(int(path.stem) for path in folder.glob("*.page"))
            self.newest = self.page(newest)

    newest: Page

    def begin(self, beginning: Beginning, first: Page) -> Beginning:
        """Keep a new chain; the page first, so that a chain which has begun has one."""
        self.keep(first)
        write_whole(self._folder / _BEGINNING, msgspec.msgpack.encode(beginning))
        self.beginning = beginning
        return beginning

    def keep(self, page: Page) -> None:
        """Keep the newest page."""
        write_whole(self._path(page.index), msgspec.msgpack.encode(page))
        self.newest = page

    def page(self, index: int) -> Page:
        """Read a page."""
        return msgspec.msgpack.decode(self._path(index).read_bytes(), type=Page)

    def with_row(self, row: Row, at: int, standing: Standing) -> Page:
        """Return the newest page with one block more: of a full page, the next one."""
        page = self.newest
        is_full = row.number is not None and row.number // ROWS > page.index
        index = page.index + 1 if is_full else page.index
        return Page(index, row.block, at, standing, (row,) if is_full else (*page.rows, row))

    def close(self) -> None:
        """Leave the chain to others."""
        os.close(self._lock)

    def _path(self, index: int) -> Path:
        return self._folder / f"{index:08}.page"
