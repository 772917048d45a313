"""Everything that an auditor needs to check the ledger without the city, as a folder of lines.

leaves.jsonl     each leaf in its order: {"index", "commitment", "salt", "fact"}; where its fact is
                 gone: {"index", "commitment", "kind", "gone": "forgotten" or "missing"}
unlogged.jsonl   transfers that have no leaf
accounts.jsonl   every account as it stands
checkpoint       the newest signed checkpoint, and key: what checks it
"""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from hapgang.app.folders import write_folder
from hapgang.app.log.city_log import TILES, CityLog
from hapgang.core.errors import Conflict, NotFound
from hapgang.hub.privacy import Forgotten, KeyVault
from hapgang.ledger.log.leaves import Leaves, transfer_fact
from hapgang.ledger.log.log import CHECKPOINT
from hapgang.writer.books import Books, LeafRow, books_of
from hapgang.writer.recovery import decode

LEAVES, UNLOGGED, ACCOUNTS, KEY = "leaves.jsonl", "unlogged.jsonl", "accounts.jsonl", "key"


class Exported(msgspec.Struct, frozen=True):
    """What was written."""

    folder: str
    leaves: int
    unlogged: int
    accounts: int
    n_bytes: int


async def export_ledger(state: Path, city: str, connect: Mapping[str, Any], to: Path) -> Exported:
    """Write a city's ledger into a folder that is not there yet; all of it is of one instant.

    It holds who paid whom: whoever gets it may know that.
    """
    if to.exists():
        raise Conflict(f"{to} exists already", f"{to}이(가) 이미 있습니다")
    log, checkpoint = CityLog(state, city), state / TILES / CHECKPOINT
    if not checkpoint.is_file():
        raise NotFound("nothing of this city's ledger is signed yet", "아직 서명된 기록이 없습니다")
    note = checkpoint.read_bytes()  # before the rows, so that none that it signs is missing
    vault = KeyVault.at(state)
    async with books_of(connect) as books:
        vault.load(await books.keys())
        lines = {
            LEAVES: [line async for line in _leaves(books, log.leaves, vault)],
            UNLOGGED: [_line(transfer_fact(row, at)) async for at, row in books.unlogged()],
            ACCOUNTS: [_line(row._asdict()) async for row in books.accounts()],
        }
    files = [(name, b"".join(found)) for name, found in lines.items()]
    files += [(CHECKPOINT, note), (KEY, log.key.text().encode() + b"\n")]
    to.parent.mkdir(parents=True, exist_ok=True)
    n_bytes = write_folder(to, files, mode=0o700)
    counts = {name: len(found) for name, found in lines.items()}
    return Exported(str(to), counts[LEAVES], counts[UNLOGGED], counts[ACCOUNTS], n_bytes)


async def _leaves(books: Books, maker: Leaves, vault: KeyVault) -> AsyncIterator[bytes]:
    async for row in books.leaves():
        line = {"index": row.place, "commitment": row.commitment.hex()}
        gone = "forgotten" if row.person == "" else "missing"
        try:
            fact = _fact(row, vault)
        except Forgotten:  # still named, and it does not open: that is no forgetting
            fact = None
        if fact is None:
            yield _line({**line, "kind": row.kind, "gone": gone})
        else:
            yield _line({**line, "salt": maker.salt(row.kind, row.fact).hex(), "fact": fact})


def _fact(row: LeafRow, vault: KeyVault) -> dict[str, Any] | None:
    if row.transfer is not None:
        return transfer_fact(row.transfer[1], row.transfer[0])
    if row.body is None:
        return None
    body = row.body if row.person is None else vault.open(row.person, row.body)
    fact: dict[str, Any] = decode(body)
    return fact


def _line(value: Any) -> bytes:
    return msgspec.json.encode(value) + b"\n"
