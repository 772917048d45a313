"""Putting the contract on the chain that the operator's node belongs to, once."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hapgang.app.log.anchors import URL, WITNESS, key_in, sender_to
from hapgang.core.errors import Invalid, Unavailable
from hapgang.ledger.anchor.message import address_of
from hapgang.ledger.anchor.rpc import deployment

_LIMIT_S = 180.0
_PAUSE_S = 1.0


class Deployed(msgspec.Struct, frozen=True):
    """Where the contract is, and whose signatures it asks for."""

    chain: int
    contract: str
    block: int
    witnesses: list[str]
    threshold: int


def deploy(place: Path, others: Sequence[str], threshold: int) -> Deployed:
    """Make the contract for the log of the city in a folder, and wait until a block has it.

    The city's own witness is the first; `Unavailable` where no block takes it in time.
    """
    url = os.environ.get(URL)
    if not url:
        raise Invalid(f"{URL} names the node to put it at", f"{URL}에 노드 주소를 지정하세요")
    witnesses = [address_of(key_in(place / WITNESS).public_key), *others]
    if len(set(witnesses)) != len(witnesses) or not 1 <= threshold <= len(witnesses):
        raise Invalid(
            f"each witness once, and 1 to {len(witnesses)} of them have to sign",
            f"증인은 한 번씩만, 서명 수는 1에서 {len(witnesses)} 사이입니다",
        )
    sender = sender_to(url, place)
    transaction, contract = deployment(sender, witnesses, threshold)
    sender.send(transaction)
    until_s = time.monotonic() + _LIMIT_S
    while time.monotonic() < until_s:
        outcome = sender.outcome(transaction)
        if outcome.block is not None:
            if not outcome.is_success:
                raise Unavailable("the chain refused the contract", "체인이 계약을 거부했습니다")
            return Deployed(sender.bounds.chain, contract, outcome.block, witnesses, threshold)
        time.sleep(_PAUSE_S)
    raise Unavailable(
        f"no block took the contract within {_LIMIT_S:g} s; has {sender.address} coins?",
        f"{_LIMIT_S:g}초 안에 계약이 블록에 실리지 않았습니다. {sender.address} 잔액을 확인하세요.",
    )
