"""The log's checkpoints brought to a chain: the city's own in this process, or a consortium's node.

HAPGANG_CHAIN            address of a node's JSON-RPC; without it the chain is in this process
HAPGANG_CHAIN_ID         its chain's number
HAPGANG_CHAIN_CONTRACT   where the contract is that `hapgang ledger deploy` put there
HAPGANG_CHAIN_CONFIRMATIONS   how many blocks make one final; 1 where it is so at once (QBFT, IBFT)

Who signs beside the city's own witness: `witnesses`.
"""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from coincurve import PrivateKey

from hapgang.app.log.asking import sending
from hapgang.app.log.city_log import ANCHORED
from hapgang.app.log.witnesses import Standing, Witnesses, wanted_threshold
from hapgang.core.errors import CityError, Invalid
from hapgang.ledger.anchor import chain as ask
from hapgang.ledger.anchor.anchoring import Anchoring, Stage
from hapgang.ledger.anchor.chain import Chain, Checkpoint
from hapgang.ledger.anchor.keys import load_key, made_key
from hapgang.ledger.anchor.message import (
    address_of,
    checkpoint_digest,
    signed,
    witnesses_digest,
)
from hapgang.ledger.anchor.node import Node
from hapgang.ledger.anchor.rpc import OnChain
from hapgang.ledger.anchor.sender import Bounds, Sender
from hapgang.ledger.log.receipts import Anchor
from hapgang.ledger.log.tiles import Tiles

if TYPE_CHECKING:
    from hapgang.ledger.anchor.evm import InProcess

URL, CHAIN, CONTRACT = "HAPGANG_CHAIN", "HAPGANG_CHAIN_ID", "HAPGANG_CHAIN_CONTRACT"
CONFIRMATIONS = "HAPGANG_CHAIN_CONFIRMATIONS"
WITNESS, SENDER, BLOCKS = "witness.key", "chain.key", "chain"
_MOST_STEPS = 16  # of one round; what is left is done in the next


class Anchors:
    """What is anchored of a city's log; for one thread at a time."""

    def __init__(
        self, place: Path, origin: str, log: Callable[[], Tiles], note: Callable[[int], str]
    ) -> None:
        """Keep it in the city's folder; nothing is asked of a chain yet.

        log: returns the log as far as it is signed; note: its signed checkpoint of a size.
        """
        self._place = place
        self._log = log
        self._witnesses = Witnesses.named(log, note)
        self._turn = Lock()
        self._missing = ""  # why the witnesses are not appointed yet
        self._key = key_in(place / WITNESS)
        self._chain = self._open(origin)
        self._anchoring = Anchoring(
            self._chain, place / ANCHORED, newest=self._newest, proof=self._proof,
            signatures=self._signatures,
        )  # fmt: skip

    @property
    def stage(self) -> Stage:
        """How it stands."""
        return Stage.AWAY if self._missing else self._anchoring.stage

    @property
    def why(self) -> str:
        """Why it does not go on, where it does not."""
        return self._missing or self._anchoring.why

    @property
    def place(self) -> tuple[int, str]:
        """The chain's number, and the contract's address."""
        return self._chain.id, self._chain.contract

    @property
    def witnesses(self) -> list[Standing]:
        """How it stands with each outside witness."""
        return self._witnesses.standing

    def step(self) -> None:
        """Do what can be done without waiting for a block."""
        with self._turn:
            self._step()

    def _step(self) -> None:
        try:
            self._appoint()
            self._missing = ""
        except (CityError, OSError) as error:
            self._missing = str(error)
            return
        for _ in range(_MOST_STEPS):
            if self._anchoring.step(time.time()) not in (Stage.SENT, Stage.WAITING):
                return
            if isinstance(self._chain, OnChain):
                return

    def is_old(self, size: int) -> bool:
        """Whether the chain has to be asked which checkpoint covers so many leaves."""
        return self._anchoring.is_old(size)

    def covering(self, size: int) -> tuple[int, Anchor] | None:
        """Return the oldest anchored checkpoint of so many leaves or more: its size, and where."""
        found = self._anchoring.covering(size)
        if found is None:
            return None
        where = Anchor(found.chain, found.contract, found.number, found.block, found.transaction)
        return found.size, where

    def close(self) -> None:
        """Let another process go on, once a step that is under way in a thread is over."""
        self._witnesses.close()
        if not isinstance(self._chain, OnChain):
            if self._turn.acquire(blocking=False):
                self._chain.close()
            else:
                Thread(target=self._close_later, args=(self._chain,), daemon=True).start()

    def _close_later(self, chain: "InProcess") -> None:
        with self._turn:
            chain.close()

    def _open(self, origin: str) -> "OnChain | InProcess":
        if url := os.environ.get(URL):
            return OnChain(sender_to(url, self._place), _needed(CONTRACT))
        from hapgang.ledger.anchor.evm import InProcess  # noqa: PLC0415 (an EVM, where it is wanted)

        return InProcess(
            self._place / BLOCKS, name=origin, witnesses=[address_of(self._key.public_key)],
            threshold=1, now=lambda: int(time.time()),
        )  # fmt: skip

    def _newest(self) -> Checkpoint | None:
        log = self._log()
        return Checkpoint(log.size, log.root) if log.size else None

    def _proof(self, old: int, new: int) -> Sequence[bytes]:
        return self._log().consistency(old, new)

    def _signatures(self, checkpoint: Checkpoint) -> Sequence[bytes]:
        chain: Chain = self._chain
        digest = checkpoint_digest(chain.id, chain.contract, checkpoint.size, checkpoint.root)
        known, threshold = ask.witnesses(chain)
        return self._witnesses.signatures(
            checkpoint, signed(self._key, digest), chain=chain.id, contract=chain.contract,
            known=known, threshold=threshold,
        )  # fmt: skip

    def _appoint(self) -> None:
        """Let a chain of the city's own ask for the outside witnesses, once they are named.

        What others have to sign from then on, the city cannot change back alone.
        """
        chain: Chain = self._chain
        own = address_of(self._key.public_key)
        if isinstance(chain, OnChain) or not self._witnesses.standing:
            return
        if ask.witnesses(chain)[0] != [own]:
            return
        people, threshold = [own, *self._witnesses.addresses()], wanted_threshold(1)
        words = (people, threshold, ask.nonce(chain))
        digest = witnesses_digest(chain.id, chain.contract, *words)
        change = ask.witnesses_change(people, threshold, [signed(self._key, digest)])
        chain.send(chain.prepared(change))


def key_in(path: Path) -> PrivateKey:
    """Return the key in a file; it is made when absent."""
    try:
        return made_key(path)
    except FileExistsError:
        return load_key(path)


def sender_to(url: str, place: Path) -> Sender:
    """Return who sends transactions to the node that the operator named."""
    bounds = Bounds(
        chain=_number(CHAIN, _needed(CHAIN)),
        confirmations=_number(CONFIRMATIONS, os.environ.get(CONFIRMATIONS, "1")),
    )
    return Sender(Node(sending(url, URL)), key_in(place / SENDER), bounds)


def _number(name: str, text: str) -> int:
    if not (text.isdecimal() and len(text) < 19 and int(text)):
        raise Invalid(f"{name} is a number from 1 on", f"{name}은(는) 1 이상의 숫자입니다")
    return int(text)


def _needed(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise Invalid(f"with {URL} goes {name}", f"{URL}을(를) 쓰려면 {name}도 지정하세요")
    return value
