"""The contract alone in an EVM, and people who sign."""

from collections.abc import Sequence

from coincurve import PrivateKey
from pyrevm import EVM, BlockEnv, CfgEnv, Env

from hapgang.ledger.anchor.abi import reason
from hapgang.ledger.anchor.chain import Checkpoint, asking, creation, submission, witnesses_change
from hapgang.ledger.anchor.message import (
    address_of,
    checkpoint_digest,
    signed,
    witnesses_digest,
)

CALLER = "0x" + "11" * 20
KEYS = [PrivateKey(bytes([i]) * 32) for i in range(1, 18)]
ADDRESSES = [address_of(key.public_key) for key in KEYS]


class Bench:
    """One contract; `submit` and the like return why it refused, or None."""

    def __init__(self, n: int = 3, k: int = 2, *, chain: int = 1337, salt: int = 0) -> None:
        self.chain = chain
        env = Env(CfgEnv(chain_id=chain), BlockEnv(number=1, timestamp=1_800_000_000))
        self.evm = EVM(env, gas_limit=30_000_000, spec_id="LONDON")
        self.block, self.at = 1, 1_800_000_000
        deployer = f"0x{0x22 + salt:040x}"
        self.contract = self.evm.deploy(deployer, creation(ADDRESSES[:n], k))
        self.deploy_gas = self._gas()
        self.threshold = k

    def _gas(self) -> int:
        result = self.evm.result
        assert result is not None
        return result.gas_used

    def mine(self, seconds: int = 60) -> None:
        self.block, self.at = self.block + 1, self.at + seconds
        self.evm.set_block_env(BlockEnv(number=self.block, timestamp=self.at))

    def run(self, data: bytes, value: int = 0) -> str | None:
        try:
            self.evm.message_call(CALLER, self.contract, data, gas=30_000_000, value=value)
        except RuntimeError as error:
            return refusal(error)
        self.gas = self._gas()
        return None

    def ask(self, data: bytes) -> bytes:
        return bytes(self.evm.message_call(CALLER, self.contract, data, is_static=True))

    def call(self, data: bytes) -> bytes:
        return self.ask(data)

    def number(self, name: str) -> int:
        return int.from_bytes(self.ask(asking(name)), "big")

    def signatures(self, size: int, root: bytes, who: Sequence[int]) -> list[bytes]:
        digest = checkpoint_digest(self.chain, self.contract, size, root)
        return [signed(KEYS[i], digest) for i in who]

    def submit(
        self, size: int, root: bytes, proof: Sequence[bytes] = (),
        signatures: Sequence[bytes] | None = None,
    ) -> str | None:  # fmt: skip
        if signatures is None:
            signatures = self.signatures(size, root, range(self.threshold))
        return self.run(submission(Checkpoint(size, root), proof, signatures))

    def change(
        self, witnesses: Sequence[str], threshold: int, who: Sequence[int], nonce: int | None = None
    ) -> str | None:
        count = self.number("nonce") if nonce is None else nonce
        digest = witnesses_digest(self.chain, self.contract, witnesses, threshold, count)
        signatures = [signed(KEYS[i], digest) for i in who]
        return self.run(witnesses_change(witnesses, threshold, signatures))


def refusal(error: RuntimeError) -> str:
    """The contract's reason; for one without, what the machine said."""
    _, _, output = str(error).partition("output: 0x")
    digits = output.split()[0] if output else ""
    return reason(bytes.fromhex(digits) if digits != "}" else b"") or f"({str(error)[:40]})"
