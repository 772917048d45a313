"""A chain of others, in a few lines: blocks, a pool, one account, reorganisations, silence."""

from dataclasses import dataclass, field

from hapgang.core.errors import Refused, Unavailable
from hapgang.ledger.anchor.abi import word
from hapgang.ledger.anchor.artefact import artefact
from hapgang.ledger.anchor.chain import Anchored, Outcome, Prepared
from hapgang.ledger.anchor.keccak import keccak256

NAMES = {artefact().selector(name): name for name in ("count", "checkpoint", "block_of", "submit")}


@dataclass
class Block:
    name: int
    transactions: list[tuple[Prepared, bool]] = field(default_factory=list)


class ToyChain:
    """Keeps the contract's first rule (longer), the nonce, and what confirmations mean."""

    id = 7
    contract = "0x" + "cc" * 20

    def __init__(self, confirmations: int = 3) -> None:
        self.blocks: list[Block] = []
        self.pool: dict[str, Prepared] = {}
        self.confirmations = confirmations
        self.is_away = False
        self.loses = False  # says nothing and keeps nothing
        self.sent: list[str] = []
        self.mined = 0
        self.others = 0  # transactions of somebody else

    # what anchoring uses

    def call(self, data: bytes) -> bytes:
        self._there()
        name, number = NAMES[data[:4]], int.from_bytes(data[4:36], "big")
        kept = self.kept()
        if name == "count":
            return word(len(kept))
        if number >= len(kept):
            raise Refused("no such checkpoint")
        size, root, block, _ = kept[number]
        return word(block) if name == "block_of" else word(size) + root + word(block * 12)

    def prepared(self, data: bytes) -> Prepared:
        self._there()
        if not self._is_longer(data):
            raise Refused("not longer")
        return _named(Prepared(self.contract, data, b"", "", self.nonce(), 1, 100, 1))

    def raised(self, transaction: Prepared) -> Prepared:
        self._there()
        made, fee = transaction, transaction.max_fee_wei * 5 // 4
        return _named(Prepared(made.to, made.data, b"", "", made.nonce, 1, fee, 1))

    def send(self, transaction: Prepared) -> None:
        self._there()
        self.sent.append(transaction.transaction)
        if not self.loses and transaction.nonce >= self.nonce():
            self.pool[transaction.transaction] = transaction

    def outcome(self, transaction: Prepared) -> Outcome:
        self._there()
        for number, block in enumerate(self.blocks, 1):
            for made, is_success in block.transactions:
                if made == transaction:
                    return Outcome(number, is_success=is_success, is_final=self.is_final(number))
        return Outcome(None, is_void=self.nonce() != transaction.nonce)

    def is_final(self, block: int) -> bool:
        self._there()
        return len(self.blocks) - block + 1 >= self.confirmations

    def block_hash(self, block: int) -> str:
        self._there()
        return f"block {self.blocks[block - 1].name}" if block <= len(self.blocks) else ""

    def transaction_of(self, anchored: Anchored) -> str | None:
        self._there()
        return self.kept()[anchored.number][3]

    # what the world does

    def mine(self) -> None:
        """A block: of each nonce, what pays most."""
        self.mined += 1
        self.blocks.append(Block(self.mined))
        for made in sorted(self.pool.values(), key=lambda each: -each.max_fee_wei):
            if made.nonce == self.nonce() or made.nonce < 0:
                taken = self._is_longer(made.data) and (made.nonce < 0 or self._follows(made.data))
                self.blocks[-1].transactions.append((made, taken))
                del self.pool[made.transaction]
        nonce = self.nonce()
        self.pool = {
            name: made for name, made in self.pool.items() if made.nonce < 0 or made.nonce >= nonce
        }

    def reorganise(self, depth: int, *, forgets: bool) -> None:
        """The newest blocks vanish; what was in them waits again, or is forgotten."""
        gone = [self.blocks.pop() for _ in range(min(depth, len(self.blocks)))]
        for block in gone:
            for made, _ in block.transactions:
                if not forgets:
                    self.pool[made.transaction] = made

    def bring(self, data: bytes) -> None:
        """Somebody else submits."""
        self.others += 1
        made = _named(Prepared(self.contract, data, b"", "", -self.others, 1, 100, 1))
        self.pool[made.transaction] = made

    def nonce(self) -> int:
        return sum(made.nonce >= 0 for block in self.blocks for made, _ in block.transactions)

    def kept(self) -> list[tuple[int, bytes, int, str]]:
        return [
            (int.from_bytes(made.data[4:36], "big"), made.data[36:68], number, made.transaction)
            for number, block in enumerate(self.blocks, 1)
            for made, is_success in block.transactions if is_success
        ]  # fmt: skip

    def _is_longer(self, data: bytes) -> bool:
        kept = self.kept()
        return not kept or int.from_bytes(data[4:36], "big") > kept[-1][0]

    def _follows(self, data: bytes) -> bool:
        """The proof begins with the last root, as those of `World` do."""
        kept, at = self.kept(), 4 + int.from_bytes(data[68:100], "big")
        hashes = int.from_bytes(data[at : at + 32], "big")
        return data[at + 32 : at + 64] == kept[-1][1] if kept else hashes == 0

    def _there(self) -> None:
        if self.is_away:
            raise Unavailable("nobody answers")


def _named(made: Prepared) -> Prepared:
    told = made.data + word(made.max_fee_wei) + str(made.nonce).encode()
    name = "0x" + keccak256(told).hex()
    return Prepared(made.to, made.data, b"", name, made.nonce, made.gas, made.max_fee_wei, 1)
