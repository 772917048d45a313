"""The contract in an EVM in this process, with as much of its storage as is asked for.

What pyrevm keeps grows with each call and each page that is brought in; so a machine that has much
is made anew from the pages on disk.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain as joined

from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env

from hapgang.core.errors import Refused
from hapgang.ledger.anchor.abi import reason, word
from hapgang.ledger.anchor.artefact import artefact
from hapgang.ledger.anchor.blocks import ROWS, Beginning, Blocks, Page, Row, Standing
from hapgang.ledger.anchor.chain import creation
from hapgang.ledger.anchor.keccak import keccak256

GAS = 30_000_000
_MOST_PAGES = 8
_MOST_CALLS = 4_096
_BY_NUMBER = {artefact().selector("checkpoint"), artefact().selector("block_of")}


class Machine:
    """The contract of one chain, as the newest page says it is."""

    def __init__(self, blocks: Blocks, beginning: Beginning) -> None:
        """Read the newest page."""
        self._blocks = blocks
        self._beginning = beginning
        self._open()

    @property
    def count(self) -> int:
        """How many checkpoints are on disk."""
        return _int(dict(self._blocks.newest.standing)[word(self._beginning.slots["count"])])

    @property
    def gas_used(self) -> int:
        """What the last call used."""
        result = self._evm.result
        return result.gas_used if result is not None else 0

    def ask(self, data: bytes) -> bytes:
        """Ask the contract something; `Refused` with its reason."""
        self._rest()
        if data[:4] in _BY_NUMBER and len(data) == 36:
            self._bring(_int(data[4:]))
        return self._run(data, is_static=True)

    def page_after(self, transaction: str, data: bytes, at: int) -> Page:
        """Run a call in the next block; return the page that is to be kept now, or `forget`."""
        self._rest()
        block, before = self._blocks.newest.block + 1, self.count
        self._evm.set_block_env(BlockEnv(number=block, timestamp=at, gas_limit=GAS))
        self._run(data)
        standing = _standing(self._evm, self._beginning.contract, self._beginning.slots)
        is_longer = _int(standing[0][1]) > before
        row = self._row(transaction, block, before) if is_longer else None
        return self._blocks.with_row(row or Row(transaction, block, None, b"", b""), at, standing)

    def forget(self) -> None:
        """Go back to what is on disk."""
        self._open()

    def _open(self) -> None:
        page, beginning = self._blocks.newest, self._beginning
        self._evm = empty(beginning.chain, page.block, page.at)
        account = AccountInfo(nonce=1, code=beginning.runtime)
        self._evm.insert_account_info(beginning.contract, account)
        for slot, value in page.standing:
            self._evm.insert_account_storage(beginning.contract, _int(slot), _int(value))
        self._pages: set[int] = set()
        self._calls = 0
        self._bring(ROWS * page.index)
        self._bring(max(0, self.count - 1))

    def _rest(self) -> None:
        self._calls += 1
        if self._calls > _MOST_CALLS:
            self._open()

    def _bring(self, number: int) -> None:
        """Have the page of a checkpoint in the machine."""
        index = number // ROWS
        if index in self._pages or index > self._blocks.newest.index:
            return
        if len(self._pages) >= _MOST_PAGES:
            self._open()
        self._pages.add(index)
        slots = self._beginning.slots
        for row in self._blocks.page(index).rows:
            if row.number is not None:
                for name, value in (("_root", row.root), ("_told", row.told)):
                    slot = _slot_of(slots[name], row.number)
                    self._evm.insert_account_storage(self._beginning.contract, slot, _int(value))

    def _run(self, data: bytes, *, is_static: bool = False) -> bytes:
        caller, contract = self._beginning.caller, self._beginning.contract
        try:
            answer = self._evm.message_call(caller, contract, data, gas=GAS, is_static=is_static)
        except RuntimeError as error:
            raise refusal(error) from None
        return bytes(answer)

    def _row(self, transaction: str, block: int, number: int) -> Row:
        contract, slots = self._beginning.contract, self._beginning.slots
        root, told = (
            word(self._evm.storage(contract, _slot_of(slots[name], number)))
            for name in ("_root", "_told")
        )
        return Row(transaction, block, number, root, told)


def empty(chain: int, block: int, at: int) -> EVM:
    """Return a machine without contracts."""
    env = Env(CfgEnv(chain_id=chain), BlockEnv(number=block, timestamp=at, gas_limit=GAS))
    return EVM(env, gas_limit=GAS, spec_id="LONDON")


def made(
    chain: int, caller: str, witnesses: Sequence[str], threshold: int, at: int
) -> tuple[Beginning, Page]:
    """Make the contract in a machine of its own; return what a chain begins with."""
    evm, artefact_ = empty(chain, 0, at), artefact()
    try:
        contract = evm.deploy(caller, creation(witnesses, threshold)).lower()
    except RuntimeError as error:
        raise refusal(error) from None
    runtime = bytes.fromhex(artefact_.runtime[2:])
    standing = _standing(evm, contract, artefact_.slots)
    beginning = Beginning(chain, contract, caller, runtime, artefact_.slots)
    return beginning, Page(0, 0, at, standing, ())


def _standing(evm: EVM, contract: str, slots: dict[str, int]) -> Standing:
    """Return what the contract keeps besides checkpoints, slot by slot; first their count."""
    listed = slots["_witnesses"]
    size = evm.storage(contract, listed)
    people = [evm.storage(contract, listed + 1 + i) for i in range(size)]
    alone = (slots["count"], slots["threshold"], slots["nonce"], listed)
    places = (_slot_of(slots["_place"], person) for person in people)
    wanted = joined(alone, range(listed + 1, listed + 1 + size), places)
    return tuple((word(slot), word(evm.storage(contract, slot))) for slot in wanted)


@lru_cache(maxsize=256)
def _slot_of(slot: int, key: int) -> int:
    """Return where vyper keeps what belongs to a key of a map."""
    return _int(keccak256(word(slot) + word(key)))


def _int(data: bytes) -> int:
    return int.from_bytes(data, "big")


def refusal(error: RuntimeError) -> Refused:
    """Return what pyrevm tells as text as an error with the contract's reason."""
    _, _, output = str(error).partition("output: 0x")
    said = reason(bytes.fromhex(output.split()[0])) if output[:2] not in {"", " }"} else ""
    said = said or ("refused without a reason" if output else str(error)[:200])
    return Refused(f"The contract refused: {said}", f"계약이 거절했습니다: {said}", reason=said)
