"""What anchoring needs of a chain, and what can be read of the contract on any.

A transaction is made (`prepared`) before it is sent, so that it can be kept first and the same one
be sent again, however often: it counts once.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from hapgang.ledger.anchor.abi import (
    Tail,
    address_of_word,
    address_word,
    arguments,
    numbers_of,
    strings,
    word,
    words,
)
from hapgang.ledger.anchor.artefact import artefact


class Checkpoint(msgspec.Struct, frozen=True):
    """The log at one moment."""

    size: int
    root: bytes


class Anchored(msgspec.Struct, frozen=True):
    """A checkpoint as the contract keeps it: its number, when it came (s since 1970), the block."""

    number: int
    size: int
    root: bytes
    at: int
    block: int


class Prepared(msgspec.Struct, frozen=True):
    """A transaction, ready to be sent; fees in wei for each gas."""

    to: str  # empty: it makes a contract
    data: bytes
    raw: bytes
    transaction: str
    nonce: int
    gas: int
    max_fee_wei: int
    tip_wei: int


class Outcome(msgspec.Struct, frozen=True):
    """What became of a transaction. `block` is None while no block has it.

    `is_final`: as many blocks lie on it as the operator wants. `is_void`: no block can take
    it now, because its nonce is not the account's next: another took it, or one before it vanished.
    """

    block: int | None
    is_success: bool = False
    is_final: bool = False
    is_void: bool = False


class Chain(Protocol):
    """One contract on one chain. Every call may raise `Unavailable`, and lasts a bounded time."""

    @property
    def id(self) -> int:
        """The chain's number."""

    @property
    def contract(self) -> str:
        """The contract's address."""

    def call(self, data: bytes) -> bytes:
        """Ask the contract something that changes nothing; `Refused` with its reason."""

    def prepared(self, data: bytes) -> Prepared:
        """Make a transaction of a call; `Refused` with the contract's reason, if it would be."""

    def raised(self, transaction: Prepared) -> Prepared:
        """Make it again with the same nonce and higher fees; the same if they may not be higher."""

    def send(self, transaction: Prepared) -> None:
        """Hand it to the chain; again and again, if need be."""

    def outcome(self, transaction: Prepared) -> Outcome:
        """Tell what became of it."""

    def is_final(self, block: int) -> bool:
        """Whether as many blocks lie on one as the operator wants."""

    def block_hash(self, block: int) -> str:
        """Return what tells this block from another in its place; empty if there is none."""

    def transaction_of(self, anchored: Anchored) -> str | None:
        """Return which transaction brought a checkpoint; None if the chain does not know."""


def asking(name: str, *parts: bytes | Tail) -> bytes:
    """Return the data of a call of the contract."""
    return artefact().selector(name) + arguments(*parts)


def submission(
    checkpoint: Checkpoint, proof: Sequence[bytes], signatures: Sequence[bytes]
) -> bytes:
    """Return the call that submits a checkpoint."""
    size = word(checkpoint.size)
    return asking("submit", size, checkpoint.root, words(proof), strings(signatures))


def witnesses_change(
    witnesses: Sequence[str], threshold: int, signatures: Sequence[bytes]
) -> bytes:
    """Return the call that puts other witnesses in the place of today's."""
    listed = words([address_word(witness) for witness in witnesses])
    return asking("change_witnesses", listed, word(threshold), strings(signatures))


def creation(witnesses: Sequence[str], threshold: int) -> bytes:
    """Return what a transaction that makes the contract carries."""
    listed = words([address_word(witness) for witness in witnesses])
    return bytes.fromhex(artefact().bytecode[2:]) + arguments(listed, word(threshold))


def count(chain: Chain) -> int:
    """Return how many checkpoints are anchored."""
    return numbers_of(chain.call(asking("count")), 1)[0]


def nonce(chain: Chain) -> int:
    """Return how often the witnesses were changed."""
    return numbers_of(chain.call(asking("nonce")), 1)[0]


def checkpoint(chain: Chain, number: int) -> Anchored:
    """Return a checkpoint by its number; `Refused` if there is none."""
    answer = chain.call(asking("checkpoint", word(number)))
    size, _, at = numbers_of(answer, 3)
    block = numbers_of(chain.call(asking("block_of", word(number))), 1)[0]
    return Anchored(number, size, answer[32:64], at, block)


def last(chain: Chain) -> Anchored | None:
    """Return the newest checkpoint, if there is one."""
    known = count(chain)
    return checkpoint(chain, known - 1) if known else None


def witnesses(chain: Chain) -> tuple[list[str], int]:
    """Return whose signatures count, and how many it takes."""
    answer = chain.call(asking("witnesses"))
    size = min(numbers_of(answer, 2)[1], 16)
    listed = [address_of_word(number) for number in numbers_of(answer, 2 + size)[2:]]
    return listed, numbers_of(chain.call(asking("threshold")), 1)[0]


def covering(chain: Chain, size: int, *, known: int | None = None) -> Anchored | None:
    """Return the oldest checkpoint of at least `size` leaves, among the first `known`.

    Sizes only grow, so it is found by halving: twenty questions for a year of minutes.
    """
    low, high = 0, count(chain) if known is None else known
    found = None
    while low < high:
        middle = (low + high) // 2
        asked = checkpoint(chain, middle)
        if asked.size >= size:
            found, high = asked, middle
        else:
            low = middle + 1
    return found


def anchored_as(chain: Chain, wanted: Checkpoint) -> Anchored | None:
    """Return where a checkpoint is anchored, if it is: its size and its root."""
    found = covering(chain, wanted.size)
    is_it = found is not None and (found.size, found.root) == (wanted.size, wanted.root)
    return found if is_it else None
