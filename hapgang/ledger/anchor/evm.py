"""The chain of a city that has none: an EVM in its own process, with this one contract.

It keeps the contract's rules (only longer, consistent and witnessed logs), and nobody else's word
for it: who wants to be safe from the city itself takes a consortium's node. A block for each
transaction; final at once.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from hapgang.core.errors import Conflict
from hapgang.ledger.anchor.blocks import ROWS, Blocks, Row
from hapgang.ledger.anchor.chain import Anchored, Outcome, Prepared
from hapgang.ledger.anchor.keccak import keccak256
from hapgang.ledger.anchor.machine import GAS, Machine, made

PRIVATE_CHAIN = 1337  # customary for chains that are nobody else's


class InProcess:
    """A chain in a folder, for one thread at a time."""

    def __init__(
        self, folder: Path, *, name: str, witnesses: Sequence[str], threshold: int,
        now: Callable[[], int], chain: int = PRIVATE_CHAIN,
    ) -> None:  # fmt: skip
        """Open the chain, or begin it with these witnesses. `now` tells s since 1970.

        `name` (the log's origin) makes the contract's address, so that what is signed for one
        city's is not good for another's.
        """
        self._now = now
        caller = "0x" + keccak256(b"hapgang " + name.encode())[-20:].hex()
        self._blocks = Blocks(folder)
        try:
            self._beginning = self._blocks.beginning or self._blocks.begin(
                *made(chain, caller, witnesses, threshold, now())
            )
            if (self._beginning.caller, self._beginning.chain) != (caller, chain):
                raise Conflict(f"{folder} holds the chain of another log",
                               f"{folder}에는 다른 로그의 체인이 있습니다.")  # fmt: skip
            self._machine = Machine(self._blocks, self._beginning)
        except BaseException:
            self._blocks.close()
            raise

    @property
    def id(self) -> int:
        """The chain's number."""
        return self._beginning.chain

    @property
    def contract(self) -> str:
        """The contract's address."""
        return self._beginning.contract

    def call(self, data: bytes) -> bytes:
        """Ask the contract something."""
        return self._machine.ask(data)

    def prepared(self, data: bytes) -> Prepared:
        """Name a call; whether it is taken shows when it is sent."""
        name = "0x" + keccak256(bytes.fromhex(self.contract[2:]) + data).hex()
        return Prepared(self.contract, data, b"", name, 0, GAS, 0, 0)

    def raised(self, transaction: Prepared) -> Prepared:
        """Return the same: nothing costs here."""
        return transaction

    def send(self, transaction: Prepared) -> None:
        """Make a block of it, on disk before this returns; nothing, if it is in one."""
        if self._row(transaction.transaction) is not None:
            return
        at = max(self._blocks.newest.at, self._now())
        page = self._machine.page_after(transaction.transaction, transaction.data, at)
        try:
            self._blocks.keep(page)
        except BaseException:
            self._machine.forget()
            raise

    def outcome(self, transaction: Prepared) -> Outcome:
        """Tell whether it is in a block, of the newest some hundred."""
        row = self._row(transaction.transaction)
        if row is None:
            return Outcome(None)
        return Outcome(row.block, is_success=True, is_final=True)

    def is_final(self, block: int) -> bool:
        """Every block is."""
        return block <= self._blocks.newest.block

    def block_hash(self, block: int) -> str:
        """Return the name of the block's one transaction; of the newest some hundred."""
        return next((row.transaction for row in self._newest_rows() if row.block == block), "")

    def transaction_of(self, anchored: Anchored) -> str | None:
        """Return which transaction brought a checkpoint."""
        rows = self._blocks.page(anchored.number // ROWS).rows
        return next((row.transaction for row in rows if row.number == anchored.number), None)

    def close(self) -> None:
        """Leave the folder to others."""
        self._blocks.close()

    @property
    def gas_used(self) -> int:
        """What the last call used."""
        return self._machine.gas_used

    def _row(self, transaction: str) -> Row | None:
        return next((row for row in self._newest_rows() if row.transaction == transaction), None)

    def _newest_rows(self) -> Iterator[Row]:
        yield from self._blocks.newest.rows
        if self._blocks.newest.index:
            yield from self._blocks.page(self._blocks.newest.index - 1).rows
