"""The contract on a chain of others: any node that speaks Ethereum's JSON-RPC."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from hapgang.core.errors import Unavailable
from hapgang.ledger.anchor.abi import word
from hapgang.ledger.anchor.artefact import artefact
from hapgang.ledger.anchor.chain import Anchored, Outcome, Prepared, creation
from hapgang.ledger.anchor.keccak import keccak256
from hapgang.ledger.anchor.node import Complaint, octets
from hapgang.ledger.anchor.sender import Sender, created

_EVENT = "0x" + keccak256(b"Anchored(uint256,uint64,bytes32,uint64)").hex()


class OnChain:
    """The contract as one node shows it.

    Before anything else, and after each silence, the node is asked whether it is of the right
    chain and has our code at this address: nodes are replaced, and addresses mistyped.
    """

    def __init__(self, sender: Sender, contract: str) -> None:
        """Nothing is asked yet."""
        self._sender = sender
        self._contract = contract.lower()
        self._is_checked = False

    @property
    def id(self) -> int:
        """The chain's number."""
        return self._sender.bounds.chain

    @property
    def contract(self) -> str:
        """The contract's address."""
        return self._contract

    def call(self, data: bytes) -> bytes:
        """Ask the contract something."""
        call = {"from": self._sender.address, "to": self._contract, "data": "0x" + data.hex()}
        with self._checked() as sender:
            return octets(sender.refusable("eth_call", call))

    def prepared(self, data: bytes) -> Prepared:
        """Make a transaction of a call."""
        with self._checked() as sender:
            return sender.prepared(self._contract, data)

    def raised(self, transaction: Prepared) -> Prepared:
        """Make it again with higher fees."""
        with self._checked() as sender:
            return sender.raised(transaction)

    def send(self, transaction: Prepared) -> None:
        """Hand it to the node."""
        with self._checked() as sender:
            sender.send(transaction)

    def outcome(self, transaction: Prepared) -> Outcome:
        """Tell what became of it."""
        with self._checked() as sender:
            return sender.outcome(transaction)

    def is_final(self, block: int) -> bool:
        """Whether enough blocks lie on it."""
        with self._checked() as sender:
            return sender.is_final(block)

    def block_hash(self, block: int) -> str:
        """Return a block's hash."""
        with self._checked() as sender:
            found = sender.node.ask("eth_getBlockByNumber", hex(block), False)
        return str(found.get("hash", "")) if isinstance(found, dict) else ""

    def transaction_of(self, anchored: Anchored) -> str | None:
        """Return which transaction brought a checkpoint, by the event in its block."""
        block = hex(anchored.block)
        wanted = {
            "address": self._contract, "fromBlock": block, "toBlock": block,
            "topics": [_EVENT, "0x" + word(anchored.number).hex()],
        }  # fmt: skip
        with self._checked() as sender:
            found: Any = sender.node.ask("eth_getLogs", wanted)
        if not (isinstance(found, list) and found and isinstance(found[0], dict)):
            return None
        return "0x" + octets(found[0].get("transactionHash")).hex()

    @contextmanager
    def _checked(self) -> Iterator[Sender]:
        try:
            if not self._is_checked:
                self._check()
                self._is_checked = True
            yield self._sender
        except Complaint:
            raise
        except Unavailable:
            self._is_checked = False
            raise

    def _check(self) -> None:
        self._sender.check()
        code = octets(self._sender.node.ask("eth_getCode", self._contract, "latest"))
        if code != octets(artefact().runtime):
            raise Unavailable(
                f"At {self._contract} there is not this version's Anchor.vy",
                f"{self._contract} 주소에 이 버전의 Anchor.vy가 없습니다.",
            )


def deployment(sender: Sender, witnesses: Sequence[str], threshold: int) -> tuple[Prepared, str]:
    """Return a transaction that makes the contract, and the address it will have."""
    sender.check()
    transaction = sender.prepared("", creation(witnesses, threshold))
    return transaction, created(sender.address, transaction.nonce)
