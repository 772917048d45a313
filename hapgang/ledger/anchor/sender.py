"""Transactions of EIP-1559 from one key: made, paid within bounds, sent, followed.

Source: EIP-1559, EIP-2718. Checked: nodes take them.
"""

import msgspec
from coincurve import PrivateKey

from hapgang.core.errors import Refused, Unavailable
from hapgang.ledger.anchor import rlp
from hapgang.ledger.anchor.abi import reason
from hapgang.ledger.anchor.chain import Outcome, Prepared
from hapgang.ledger.anchor.keccak import keccak256
from hapgang.ledger.anchor.message import address_of
from hapgang.ledger.anchor.node import Complaint, Node, octets, quantity

_NO_SUCH_METHOD = -32601
_HARMLESS = ("already known", "known transaction", "already imported", "nonce too low")
_GWEI = 10**9


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator will pay at most, and how many blocks make a block final.

    A chain of QBFT or IBFT is final at once; where proof of stake or clique rules, take more.
    """

    chain: int
    most_fee_wei: int = 100 * _GWEI
    most_tip_wei: int = 2 * _GWEI
    most_gas: int = 3_000_000
    confirmations: int = 1


class Sender:
    """One key's account on one chain. Nobody else should send from it."""

    def __init__(self, node: Node, key: PrivateKey, bounds: Bounds) -> None:
        """Nothing is asked yet."""
        self.node = node
        self.address = address_of(key.public_key)
        self.bounds = bounds
        self._key = key

    def check(self) -> None:
        """Make sure that the node is of the chain that the operator means."""
        found = quantity(self.node.ask("eth_chainId"))
        if found != self.bounds.chain:
            raise Unavailable(
                f"The node is of chain {found}, and {self.bounds.chain} was asked for",
                f"노드의 체인은 {found}번인데 {self.bounds.chain}번이 지정되어 있습니다.",
            )

    def prepared(self, to: str, data: bytes) -> Prepared:
        """Make a transaction; `Refused` if the contract would refuse it.

        Its nonce is that of the last block: if one of this key's is still under way, of which
        nothing is known any more, this one takes its place instead of coming after it.
        """
        call = {"from": self.address, "data": _hex(data), **({"to": to} if to else {})}
        gas = quantity(self.refusable("eth_estimateGas", call)) * 5 // 4
        if gas > self.bounds.most_gas:
            raise Refused(
                f"It would take {gas} gas, and {self.bounds.most_gas} are allowed",
                f"가스 {gas}이(가) 필요하지만 {self.bounds.most_gas}까지만 허용됩니다.",
            )
        max_fee, tip = self._fees()
        return self._signed(to, data, self._nonce(), gas, max_fee, tip)

    def raised(self, transaction: Prepared) -> Prepared:
        """Make it again for a quarter more, which replaces it; the same where bounds forbid."""
        fresh_fee, fresh_tip = self._fees()
        fee = max(fresh_fee, _quarter_more(transaction.max_fee_wei))
        tip = max(fresh_tip, _quarter_more(transaction.tip_wei))
        is_free = transaction.max_fee_wei == 0
        if is_free or fee > self.bounds.most_fee_wei or tip > min(fee, self.bounds.most_tip_wei):
            return transaction
        kept = transaction
        return self._signed(kept.to, kept.data, kept.nonce, kept.gas, fee, tip)

    def send(self, transaction: Prepared) -> None:
        """Hand it to the node; that it has it already is no error."""
        try:
            self.node.ask("eth_sendRawTransaction", _hex(transaction.raw))
        except Complaint as said:
            if not any(words in said.words for words in _HARMLESS):
                raise

    def outcome(self, transaction: Prepared) -> Outcome:
        """Tell what became of it."""
        receipt = self._receipt(transaction)
        if receipt is None and self._nonce() != transaction.nonce:
            receipt = self._receipt(transaction)  # a block may have come between the questions
            if receipt is None:
                return Outcome(None, is_void=True)
        if receipt is None:
            return Outcome(None)
        block = quantity(receipt.get("blockNumber"))
        is_success = quantity(receipt.get("status")) == 1
        return Outcome(block, is_success=is_success, is_final=self.is_final(block))

    def is_final(self, block: int) -> bool:
        """Whether enough blocks lie on one, itself counted."""
        depth = quantity(self.node.ask("eth_blockNumber")) - block + 1
        return depth >= self.bounds.confirmations

    def refusable(self, method: str, call: dict[str, str]) -> object:
        """Ask what a contract may refuse, with its reason."""
        try:
            return self.node.ask(method, call, "latest")
        except Complaint as said:
            is_refusal = said.data or "revert" in said.words
            if not is_refusal:
                raise
            why = reason(said.data) or said.words
        raise Refused(f"The contract refused: {why}", f"계약이 거절했습니다: {why}", reason=why)

    def _receipt(self, transaction: Prepared) -> dict[str, object] | None:
        found = self.node.ask("eth_getTransactionReceipt", transaction.transaction)
        return found if isinstance(found, dict) and found.get("blockNumber") else None

    def _nonce(self) -> int:
        return quantity(self.node.ask("eth_getTransactionCount", self.address, "latest"))

    def _fees(self) -> tuple[int, int]:
        """Return the most to pay for a gas, enough for six full blocks, and the tip within."""
        block = self.node.ask("eth_getBlockByNumber", "latest", False)
        told = block.get("baseFeePerGas") if isinstance(block, dict) else None
        base = quantity(told) if told is not None else 0
        tip = min(self._tip(), self.bounds.most_tip_wei)
        fee = min(2 * base + tip, self.bounds.most_fee_wei)
        if fee < base:
            raise Unavailable(
                f"The chain asks {base} wei for a gas; {self.bounds.most_fee_wei} are allowed",
                f"체인의 가스 가격은 {base} wei인데 {self.bounds.most_fee_wei}까지만 허용됩니다.",
            )
        return fee, min(tip, fee - base)

    def _tip(self) -> int:
        try:
            return quantity(self.node.ask("eth_maxPriorityFeePerGas"))
        except Complaint as said:
            if said.code != _NO_SUCH_METHOD:
                raise
            return 0

    def _signed(
        self, to: str, data: bytes, nonce: int, gas: int, max_fee: int, tip: int
    ) -> Prepared:
        fields: list[rlp.Item] = [
            self.bounds.chain, nonce, tip, max_fee, gas, octets(to) if to else b"", 0, data, [],
        ]  # fmt: skip
        digest = keccak256(b"\x02" + rlp.encoded(fields))
        signature = self._key.sign_recoverable(digest, hasher=None)
        r, s = (int.from_bytes(signature[i : i + 32], "big") for i in (0, 32))
        raw = b"\x02" + rlp.encoded([*fields, signature[64], r, s])
        return Prepared(to, data, raw, _hex(keccak256(raw)), nonce, gas, max_fee, tip)


def created(sender: str, nonce: int) -> str:
    """Return the address of the contract that a transaction makes (yellow paper, 7)."""
    return _hex(keccak256(rlp.encoded([octets(sender), nonce]))[-20:])


def _quarter_more(fee: int) -> int:
    return fee * 5 // 4 + 1


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
