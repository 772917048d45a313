"""The chain of a city that has none: an EVM in its own process, with this one contract.

It keeps the contract's rules (only longer, consistent and witnessed logs), and nobody else's word
for it: who wants to be safe from the city itself takes a consortium's node. A block for each
transaction; final at once.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain as joined
from pathlib import Path

from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env

from hapgang.core.errors import Conflict, Refused
from hapgang.ledger.anchor.abi import reason, word
from hapgang.ledger.anchor.artefact import artefact
from hapgang.ledger.anchor.blocks import ROWS, Beginning, Blocks, Page, Row
from hapgang.ledger.anchor.chain import Anchored, Outcome, Prepared, creation
from hapgang.ledger.anchor.keccak import keccak256

PRIVATE_CHAIN = 1337  # customary for chains that are nobody else's
_GAS = 30_000_000
_MOST_PAGES = 8
_MOST_CALLS = 4_096


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
            self._beginning = self._blocks.beginning or self._begin(
                caller, chain, witnesses, threshold
            )
            if (self._beginning.caller, self._beginning.chain) != (caller, chain):
                raise Conflict(f"{folder} holds the chain of another log",
                               f"{folder}에는 다른 로그의 체인이 있습니다.")  # fmt: skip
        except BaseException:
            self._blocks.close()
            raise
        self._open()

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
        self._count_call()
        if data[:4] in _BY_NUMBER and len(data) == 36:
            self._bring(int.from_bytes(data[4:], "big"))
        return self._run(data, is_static=True)

    def prepared(self, data: bytes) -> Prepared:
        """Name a call; whether it is taken shows when it is sent."""
        name = "0x" + keccak256(bytes.fromhex(self.contract[2:]) + data).hex()
        return Prepared(self.contract, data, b"", name, 0, _GAS, 0, 0)

    def raised(self, transaction: Prepared) -> Prepared:
        """Return the same: nothing costs here."""
        return transaction

    def send(self, transaction: Prepared) -> None:
        """Make a block of it, on disk before this returns; nothing, if it is in one."""
        if self._row(transaction.transaction) is not None:
            return
        self._count_call()
        page = self._blocks.newest
        block, at = page.block + 1, max(page.at, self._now())
        self._evm.set_block_env(BlockEnv(number=block, timestamp=at, gas_limit=_GAS))
        before = self._count()
        self._run(transaction.data)
        try:
            is_longer = self._stored(self._slots["count"]) > before
            row = self._row_of(transaction.transaction, block, before if is_longer else None)
            self._blocks.keep(self._blocks.with_row(row, at, self._standing(self._evm)))
        except BaseException:
            self._open()  # back to what is on disk
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
        result = self._evm.result
        return result.gas_used if result is not None else 0

    def _begin(
        self, caller: str, chain: int, witnesses: Sequence[str], threshold: int
    ) -> Beginning:
        at = self._now()
        evm = _machine(chain, 0, at)
        try:
            contract = evm.deploy(caller, creation(witnesses, threshold))
        except RuntimeError as error:
            raise _refusal(error) from None
        made = artefact()
        runtime = bytes.fromhex(made.runtime[2:])
        beginning = Beginning(chain, contract.lower(), caller, runtime, made.slots)
        self._beginning = beginning
        self._blocks.begin(beginning, Page(0, 0, at, self._standing(evm), ()))
        return beginning

    def _open(self) -> None:
        """Make the machine as the newest page says it is."""
        page = self._blocks.newest
        self._evm = _machine(self.id, page.block, page.at)
        self._evm.insert_account_info(
            self.contract, AccountInfo(nonce=1, code=self._beginning.runtime)
        )
        for slot, value in page.standing:
            self._evm.insert_account_storage(self.contract, _int(slot), _int(value))
        self._pages: set[int] = set()
        self._calls = 0
        self._bring(ROWS * page.index)
        self._bring(max(0, self._count() - 1))

    def _count_call(self) -> None:
        self._calls += 1
        if self._calls > _MOST_CALLS:  # the machine keeps something of each
            self._open()

    def _bring(self, number: int) -> None:
        """Have the page of a checkpoint in the machine; a machine that has many begins anew."""
        index = number // ROWS
        if index in self._pages or index > self._blocks.newest.index:
            return
        if len(self._pages) >= _MOST_PAGES:
            self._open()
        self._pages.add(index)
        for row in self._blocks.page(index).rows:
            if row.number is not None:
                for name, value in (("_root", row.root), ("_told", row.told)):
                    slot = _slot_of(self._slots[name], row.number)
                    self._evm.insert_account_storage(self.contract, slot, _int(value))

    @property
    def _slots(self) -> dict[str, int]:
        return self._beginning.slots

    def _run(self, data: bytes, *, is_static: bool = False) -> bytes:
        call = self._evm.message_call
        try:
            return bytes(
                call(self._beginning.caller, self.contract, data, gas=_GAS, is_static=is_static)
            )
        except RuntimeError as error:
            raise _refusal(error) from None

    def _stored(self, slot: int, evm: EVM | None = None) -> int:
        return (evm or self._evm).storage(self.contract, slot)

    def _count(self) -> int:
        """Return how many checkpoints there are on disk; asked of the machine, it would be warm."""
        return _int(dict(self._blocks.newest.standing)[word(self._slots["count"])])

    def _standing(self, evm: EVM) -> tuple[tuple[bytes, bytes], ...]:
        """Return what the contract keeps besides checkpoints."""
        slots = self._slots
        listed = slots["_witnesses"]
        size = self._stored(listed, evm)
        people = [self._stored(listed + 1 + i, evm) for i in range(size)]
        alone = (slots["count"], slots["threshold"], slots["nonce"], listed)
        places = (_slot_of(slots["_place"], person) for person in people)
        wanted = joined(alone, range(listed + 1, listed + 1 + size), places)
        return tuple((word(slot), word(self._stored(slot, evm))) for slot in wanted)

    def _row_of(self, transaction: str, block: int, number: int | None) -> Row:
        if number is None:
            return Row(transaction, block, None, b"", b"")
        root, told = (
            word(self._stored(_slot_of(self._slots[name], number))) for name in ("_root", "_told")
        )
        return Row(transaction, block, number, root, told)

    def _row(self, transaction: str) -> Row | None:
        return next((row for row in self._newest_rows() if row.transaction == transaction), None)

    def _newest_rows(self) -> Iterator[Row]:
        newest = self._blocks.newest
        older = self._blocks.page(newest.index - 1).rows if newest.index else ()
        return joined(newest.rows, older)


_BY_NUMBER = {artefact().selector("checkpoint"), artefact().selector("block_of")}


def _machine(chain: int, block: int, at: int) -> EVM:
    env = Env(CfgEnv(chain_id=chain), BlockEnv(number=block, timestamp=at, gas_limit=_GAS))
    return EVM(env, gas_limit=_GAS, spec_id="LONDON")


@lru_cache(maxsize=256)
def _slot_of(slot: int, key: int) -> int:
    """Return where vyper keeps what belongs to a key of a map."""
    return _int(keccak256(word(slot) + word(key)))


def _int(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _refusal(error: RuntimeError) -> Refused:
    """Return what pyrevm tells as text as an error with the contract's reason."""
    _, _, output = str(error).partition("output: 0x")
    said = reason(bytes.fromhex(output.split()[0])) if output[:2] not in {"", " }"} else ""
    said = said or ("refused without a reason" if output else str(error)[:200])
    return Refused(f"The contract refused: {said}", f"계약이 거절했습니다: {said}", reason=said)
