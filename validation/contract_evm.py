"""Anchor.vy deployed in an EVM of its own, and a caller that calls twice."""

from collections.abc import Sequence

from pyrevm import EVM, BlockEnv, CfgEnv, Env

from hapgang.ledger.anchor.abi import reason
from hapgang.ledger.anchor.chain import creation

CHAIN, START_S = 1337, 1_800_000_000
_TWICE = (  # a contract that hands what it is given to another, twice in one call
    "36600060003760006000366000600073{0}5af160006000366000600073{0}5af160005260205260406000f3"
)
_MAKING = "80600b6000396000f3"  # returns what follows as the contract's code


class Machine:
    """The contract, callers, and a block for each checkpoint."""

    id = CHAIN

    def __init__(self, people: Sequence[str], threshold: int) -> None:
        """Deploy with these witnesses."""
        env = Env(CfgEnv(chain_id=CHAIN), BlockEnv(number=1, timestamp=START_S))
        self._evm = EVM(env, gas_limit=30_000_000, spec_id="LONDON")
        self.contract: str = self._evm.deploy(caller(0), creation(people, threshold))
        self._block = 1

    def call(self, data: bytes) -> bytes:
        """Ask the contract something that changes nothing."""
        return bytes(self._evm.message_call(caller(0), self.contract, data, is_static=True))

    def tried(self, data: bytes, who: int, *, gas: int, value: int = 0) -> str | None:
        """Call as somebody; return why it was refused, or None."""
        self._evm.set_balance(caller(who), 10**18)
        try:
            self._evm.message_call(caller(who), self.contract, data, gas=gas, value=value)
        except RuntimeError as error:
            return _refusal(error)
        return None

    def twice(self, data: bytes, who: int, *, gas: int) -> list[bool]:
        """Call twice within one transaction, through a contract; return which were taken."""
        runtime = bytes.fromhex(_TWICE.format(self.contract[2:]))
        making = b"\x60" + bytes([len(runtime)]) + bytes.fromhex(_MAKING) + runtime
        middle = self._evm.deploy(caller(20), making)
        told = self._evm.message_call(caller(who), middle, data, gas=gas)
        return [int.from_bytes(told[at : at + 32], "big") == 1 for at in (32, 0)]

    def gas(self) -> int:
        """Return what the last call that was taken cost."""
        result = self._evm.result
        assert result is not None
        return int(result.gas_used)

    def balance(self) -> int:
        """Return how much ether the contract has."""
        return int(self._evm.get_balance(self.contract))

    def mine(self) -> None:
        """Let the next block begin."""
        self._block += 1
        block = BlockEnv(number=self._block, timestamp=START_S + 60 * self._block)
        self._evm.set_block_env(block)


def caller(number: int) -> str:
    """Return somebody's address."""
    return f"0x{0x11 + number:040x}"


def _refusal(error: RuntimeError) -> str:
    """The contract's reason; for one without, what the machine said."""
    _, _, output = str(error).partition("output: 0x")
    digits = output.split()[0] if output else ""
    return reason(bytes.fromhex(digits) if digits != "}" else b"") or f"({str(error)[:40]})"
