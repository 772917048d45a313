"""Reading another city's log and its anchor: only at addresses that the operator allowed."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from hapgang.app.exchange import NoAnswer, place_of
from hapgang.app.log.anchors import CHAIN, URL
from hapgang.app.log.asking import checked_url, decoded, sending
from hapgang.app.outside_http import send
from hapgang.core.errors import Conflict, Invalid, Unavailable
from hapgang.core.vocabulary.cities import RecognisedCity
from hapgang.ledger.anchor import chain as anchored
from hapgang.ledger.anchor.artefact import artefact
from hapgang.ledger.anchor.node import Node, octets, quantity
from hapgang.ledger.cities.proving import signed_checkpoint
from hapgang.ledger.log.receipts import ConsistencyReceipt, Receipt
from hapgang.runtime.platform.cities.found import keys_in

CITIES, NODES = "HAPGANG_CITIES", "HAPGANG_CHAIN_NODES"
_LIMIT_S, _TIMES = 6.0, 3
NODE_S = 15.0  # for all questions to a node, and the wait for its turn
_MOST_BYTES = 300_000
_NODES_ASKED = ThreadPoolExecutor(2, thread_name_prefix="node")  # who waits keeps nobody else


class NotAnchored(Conflict):
    """The chain does not hold the root that the receipt is of."""


async def growth_of(known: RecognisedCity, shown: str) -> tuple[ConsistencyReceipt, ...]:
    """Ask a city how what is shown continues what was seen; nothing where it may not be asked."""
    keys = keys_in(known)
    seen, size = (signed_checkpoint(note, keys).size for note in (known.checkpoint, shown))
    if seen == size or not may_ask(known.url):
        return ()
    return await _growth(known.url, seen, size)


def may_ask(url: str) -> bool:
    """Whether the operator allowed this address."""
    allowed = os.environ.get(CITIES, "").split()
    return bool(url) and any(
        url == each.rstrip("/") or url.startswith(each.rstrip("/") + "/") for each in allowed
    )


async def is_anchored(known: RecognisedCity, receipt: Receipt) -> bool | None:
    """Whether a chain that we ask ourselves holds the receipt's root; None: nobody can be asked."""
    if receipt.anchor is None or not known.contract:
        return None
    node = _nodes().get(known.chain)
    if node is None:
        return None
    if (receipt.anchor.chain, receipt.anchor.contract.lower()) != (known.chain, known.contract):
        raise NotAnchored("the receipt names another contract", "다른 계약에 기록된 증명입니다")
    loop = asyncio.get_running_loop()
    asked = loop.run_in_executor(_NODES_ASKED, _is_there, known, receipt, node)
    try:
        return await asyncio.wait_for(asked, NODE_S)
    except TimeoutError:
        raise Unavailable(
            "Our node of that chain does not answer now. Please try again in a minute.",
            "그 체인의 노드가 지금 응답하지 않습니다. 1분 뒤에 다시 시도하세요.",
        ) from None


async def _growth(url: str, seen: int, size: int) -> tuple[ConsistencyReceipt, ...]:
    """Ask from both sizes to one newest checkpoint; it may move on in between, so a few times."""
    for _ in range(_TIMES):
        found = [await consistency(url, each) for each in (seen, size)]
        if found[0].newer == found[1].newer:
            break
    return tuple(found)


async def consistency(url: str, size: int) -> ConsistencyReceipt:
    """Ask a city how its newest checkpoint continues the one of a size."""
    path = f"/api/log/consistency?from={size}"
    try:
        told = await send(
            place_of(url), "GET", path, b"", {}, limit_s=_LIMIT_S, most_bytes=_MOST_BYTES
        )
        if told.status != 200:
            raise NoAnswer(f"HTTP {told.status}")
        return decoded(told.body, ConsistencyReceipt)
    except (NoAnswer, Unavailable) as error:
        raise Unavailable(
            f"That city's log cannot be read now ({error}). Try again, or save the file again with"
            " what was seen of the log.",
            "그 도시의 기록을 지금 읽을 수 없습니다. 잠시 뒤에 다시 시도하세요.",
        ) from None


def _is_there(known: RecognisedCity, receipt: Receipt, node: str) -> bool:
    """Ask our node whether the checkpoint of that number is this one."""
    assert receipt.anchor is not None
    contract = _Contract(Node(sending(node, NODES)), known.chain, known.contract)
    signed = signed_checkpoint(receipt.checkpoint, keys_in(known))
    number = receipt.anchor.number
    if not 0 <= number < contract.count():
        raise NotAnchored("the chain has no such checkpoint", "체인에 없는 체크포인트입니다")
    size, root = contract.checkpoint(number)
    if (size, root) != (signed.size, signed.root):
        raise NotAnchored(
            "the chain holds another root than the receipt", "체인의 기록과 다른 증명입니다"
        )
    return True


class _Contract:
    """Another city's contract, as our node shows it."""

    def __init__(self, node: Node, chain: int, contract: str) -> None:
        self._node, self._contract = node, contract
        if quantity(node.ask("eth_chainId")) != chain:
            raise Unavailable("our node is of another chain", "노드가 다른 체인에 있습니다")
        if octets(node.ask("eth_getCode", contract, "latest")) != octets(artefact().runtime):
            raise NotAnchored("there is not Anchor.vy at that address", "계약 코드가 다릅니다")

    def count(self) -> int:
        return int.from_bytes(self._call(anchored.asking("count"))[:32], "big")

    def checkpoint(self, number: int) -> tuple[int, bytes]:
        told = self._call(anchored.asking("checkpoint", number.to_bytes(32, "big")))
        return int.from_bytes(told[:32], "big"), told[32:64]

    def _call(self, data: bytes) -> bytes:
        call = {"to": self._contract, "data": "0x" + data.hex()}
        return octets(self._node.ask("eth_call", call, "latest"))


def _nodes() -> dict[int, str]:
    """Return which node is asked about which chain."""
    return dict(_named())


def _named() -> Iterator[tuple[int, str]]:
    own, chain = os.environ.get(URL, ""), os.environ.get(CHAIN, "")
    if own and chain.isdecimal():
        yield int(chain), own
    for each in os.environ.get(NODES, "").split():
        chain, _, url = each.partition("=")
        if not chain.isdecimal() or len(chain) > 15:
            raise Invalid(f"{NODES} is CHAIN=URL", f"{NODES}은(는) 체인=URL 형식입니다")
        yield int(chain), checked_url(url, NODES)
