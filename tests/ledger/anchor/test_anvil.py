"""The contract and the adapter at a real node: deployed, killed, reorganised, out of reach."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.anchor import grown
from hapgang.core.errors import Refused, Unavailable
from hapgang.ledger.anchor import chain
from hapgang.ledger.anchor.anchoring import Anchoring, Stage
from hapgang.ledger.anchor.chain import Checkpoint, submission
from hapgang.ledger.anchor.message import checkpoint_digest, signed
from hapgang.ledger.anchor.node import Complaint, Node
from hapgang.ledger.anchor.rpc import OnChain, deployment
from hapgang.ledger.anchor.sender import Bounds, Sender
from tests.ledger.anchor.bench import ADDRESSES, KEYS
from tests.ledger.anchor.log_model import consistency, leaf, root
from tests.ledger.anchor.nodes import OTHER, RICH, Anvil, anvil

LEAVES = [leaf(bytes([i])) for i in range(100)]
BOUNDS = Bounds(chain=31337, confirmations=3)


class Site:
    """A contract at a node, a log, and anchoring that may be killed."""

    def __init__(self, node: Anvil, folder: Path) -> None:
        self.node, self.path = node, folder / "anchoring.json"
        self.sender = Sender(Node(node.send), RICH, BOUNDS)
        made, self.contract = deployment(self.sender, ADDRESSES[:3], 2)
        self.sender.send(made)
        node.mine()
        assert self.sender.outcome(made).is_success
        self.size, self.now_s = 0, 0.0
        self.kill()

    def kill(self) -> None:
        self.chain = OnChain(Sender(Node(self.node.send), RICH, BOUNDS), self.contract)
        self.anchoring = Anchoring(
            self.chain, self.path, newest=self.newest, signatures=self.signatures,
            proof=lambda first, second: consistency(first, LEAVES[:second]),
        )  # fmt: skip

    def newest(self) -> Checkpoint | None:
        return Checkpoint(self.size, root(LEAVES[: self.size])) if self.size else None

    def signatures(self, wanted: Checkpoint) -> list[bytes]:
        digest = checkpoint_digest(31337, self.contract, wanted.size, wanted.root)
        return [signed(key, digest) for key in KEYS[:2]]

    def step(self, seconds: float = 400.0) -> Stage:
        self.now_s += seconds
        return self.anchoring.step(self.now_s)

    def anchor(self, size: int) -> None:
        self.size = size
        for _ in range(12):
            stage = self.step()
            last = self.anchoring.last
            if last is not None and last.size == size and stage is not Stage.WAITING:
                return
            self.node.mine()
        raise AssertionError((self.anchoring.stage, self.anchoring.why))

    def sizes(self) -> list[int]:
        return [chain.checkpoint(self.chain, i).size for i in range(chain.count(self.chain))]

    def transactions(self) -> int:
        asked = self.node.rpc.ask("eth_getTransactionCount", self.sender.address, "latest")
        return int(asked, 16)


@pytest.fixture(scope="module")
def one_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Anvil]:
    with anvil(tmp_path_factory.mktemp("anvil"), "--no-mining") as node:
        yield node


@pytest.fixture
def site(one_node: Anvil, tmp_path: Path) -> Site:
    return Site(one_node, tmp_path)


def test_checkpoints_are_anchored_and_told(site: Site) -> None:
    before = site.transactions()
    for size in (3, 7, 50):
        site.anchor(size)
    assert site.sizes() == [3, 7, 50]
    assert site.transactions() == before + 3
    for number, size in enumerate((3, 7, 50)):
        told = site.anchoring.covering(size)
        kept = chain.checkpoint(site.chain, number)
        assert told is not None
        assert (told.number, told.size, told.root) == (number, size, root(LEAVES[:size]))
        receipt = site.node.rpc.ask("eth_getTransactionReceipt", told.transaction)
        assert int(receipt["blockNumber"], 16) == told.block == kept.block
        assert receipt["to"] == told.contract == site.contract
        block = site.node.rpc.ask("eth_getBlockByNumber", receipt["blockNumber"], False)
        assert int(block["timestamp"], 16) == told.at
    assert chain.witnesses(site.chain) == (ADDRESSES[:3], 2)


def test_a_shorter_fork_is_refused_by_the_node(site: Site) -> None:
    site.anchor(7)
    wanted = Checkpoint(9, root(LEAVES[1:10]))
    proof = consistency(7, LEAVES[1:10])
    with pytest.raises(Refused, match="inconsistent"):
        site.chain.prepared(submission(wanted, proof, site.signatures(wanted)))
    good = Checkpoint(9, root(LEAVES[:9]))
    data = submission(good, consistency(7, LEAVES[:9]), site.signatures(good)[:1])
    with pytest.raises(Refused, match="too few witnesses"):
        site.chain.prepared(data)
    with pytest.raises(Refused, match="no such checkpoint"):
        chain.checkpoint(site.chain, 5)


def test_a_block_that_vanishes_before_it_is_final(site: Site) -> None:
    site.anchor(3)
    site.size = 10
    assert site.step() is Stage.SENT
    site.node.mine()
    assert site.step() is Stage.WAITING
    assert site.sizes() == [3, 10]
    site.node.rpc.ask("anvil_reorg", 1, [])
    assert site.sizes() == [3]
    site.kill()
    site.anchor(10)
    assert site.sizes() == [3, 10]


def test_what_was_final_and_vanished_is_submitted_again(site: Site) -> None:
    site.anchor(3)
    site.anchor(10)
    site.anchor(20)
    first = chain.checkpoint(site.chain, 0)
    head = int(site.node.rpc.ask("eth_blockNumber"), 16)
    site.node.rpc.ask("anvil_reorg", head - first.block, [])
    assert site.sizes() == [3]
    site.anchor(30)
    assert site.sizes() == [3, 10, 20, 30]
    for size in (3, 10, 20, 30):
        told = site.anchoring.covering(size)
        assert told is not None
        assert told.size == size
        receipt = site.node.rpc.ask("eth_getTransactionReceipt", told.transaction)
        assert int(receipt["blockNumber"], 16) == told.block


def test_what_moved_to_another_block_is_told_anew(site: Site) -> None:
    site.anchor(3)
    snapshot = site.node.rpc.ask("evm_snapshot")
    site.anchor(10)
    last = site.anchoring.last
    assert last is not None
    raw = site.node.rpc.ask("eth_getRawTransactionByHash", last.transaction)
    site.node.rpc.ask("evm_revert", snapshot)
    site.node.mine(7)
    site.node.rpc.ask("eth_sendRawTransaction", raw)
    site.node.mine(5)
    site.step()
    moved = site.anchoring.last
    assert moved is not None
    assert (moved.size, moved.number, moved.transaction) == (10, 1, last.transaction)
    assert moved.block == chain.checkpoint(site.chain, 1).block != last.block
    assert site.sizes() == [3, 10]


def test_the_same_one_again_and_with_higher_fees_is_one(site: Site) -> None:
    before = site.transactions()
    site.size = 5
    assert site.step() is Stage.SENT
    for _ in range(4):
        site.kill()
        assert site.step(1.0) is Stage.WAITING
    assert len(_pending(site)) == 1
    for _ in range(3):
        assert site.step(61.0) is Stage.WAITING
    assert len(_pending(site)) == 4
    site.anchor(5)
    assert site.sizes() == [5]
    assert site.transactions() == before + 1


def _pending(site: Site) -> list[str]:
    pending = site.anchoring._kept.pending
    assert pending is not None
    return [made.transaction for made in pending.sent]


def test_a_state_that_was_lost_does_not_submit_twice(site: Site) -> None:
    before = site.transactions()
    site.size = 5
    site.step()
    site.path.unlink()
    site.kill()
    for _ in range(6):
        site.step()
    site.anchor(5)
    assert site.transactions() == before + 1
    site.path.unlink()
    site.kill()
    site.anchor(5)  # found on the chain
    assert site.transactions() == before + 1
    assert site.anchoring.covering(1) is not None


# leaves, witnesses, threshold: gas; the table of docs/guides/chain.md
COSTS = [(10, 3, 2, 113_726), (20, 3, 2, 130_019), (30, 3, 2, 146_324), (40, 3, 2, 162_530),
         (30, 5, 3, 154_497), (30, 16, 11, 220_249)]  # fmt: skip


@pytest.mark.parametrize(("power", "n", "k", "gas"), COSTS)
def test_what_a_checkpoint_costs(one_node: Anvil, power: int, n: int, k: int, gas: int) -> None:
    sender = Sender(Node(one_node.send), RICH, BOUNDS)
    made, contract = deployment(sender, ADDRESSES[:n], k)
    sender.send(made)
    one_node.mine()
    at = OnChain(sender, contract)
    sizes = ((1 << power) - 61, (1 << power) - 1)  # many ones in binary: the longest proofs
    old, new, proof = grown(*sizes)
    for size, top, path in ((sizes[0], old, []), (sizes[1], new, proof)):
        digest = checkpoint_digest(31337, contract, size, top)
        signatures = [signed(key, digest) for key in KEYS[:k]]
        sent = at.prepared(submission(Checkpoint(size, top), path, signatures))
        at.send(sent)
        one_node.mine()
    receipt = one_node.rpc.ask("eth_getTransactionReceipt", sent.transaction)
    assert int(receipt["gasUsed"], 16) == pytest.approx(gas, rel=0.01)


def test_somebody_elses_submission_counts(site: Site) -> None:
    wanted = Checkpoint(6, root(LEAVES[:6]))
    stranger = OnChain(Sender(Node(site.node.send), OTHER, BOUNDS), site.contract)
    stranger.send(stranger.prepared(submission(wanted, (), site.signatures(wanted))))
    site.node.mine()
    before = site.transactions()
    site.size = 6
    assert site.step() is Stage.IDLE  # not final yet
    assert site.anchoring.last is None
    site.anchor(6)
    assert site.transactions() == before
    assert site.anchoring.last is not None


def test_bounds_are_kept(site: Site) -> None:
    wanted = Checkpoint(5, root(LEAVES[:5]))
    data = submission(wanted, (), site.signatures(wanted))
    for bounds, why in (
        (Bounds(chain=31337, most_gas=50_000), "50000 are allowed"),
        (Bounds(chain=31337, most_fee_wei=1), "wei for a gas"),
    ):
        bound = OnChain(Sender(Node(site.node.send), RICH, bounds), site.contract)
        with pytest.raises((Refused, Unavailable), match=why):
            bound.prepared(data)
    made = site.chain.prepared(data)
    assert made.tip_wei <= BOUNDS.most_tip_wei
    assert made.max_fee_wei <= BOUNDS.most_fee_wei
    for _ in range(60):
        raised = site.chain.raised(made)
        assert raised.max_fee_wei <= BOUNDS.most_fee_wei
        assert raised.tip_wei <= BOUNDS.most_tip_wei
        made = raised
    assert site.chain.raised(made) == made


def test_another_chain_or_contract_is_not_spoken_to(site: Site) -> None:
    wrong = OnChain(Sender(Node(site.node.send), RICH, Bounds(chain=1)), site.contract)
    with pytest.raises(Unavailable, match="of chain 31337, and 1"):
        chain.count(wrong)
    empty = OnChain(Sender(Node(site.node.send), RICH, BOUNDS), "0x" + "ee" * 20)
    with pytest.raises(Unavailable, match=r"not this version's Anchor\.vy"):
        chain.count(empty)


def test_an_account_without_money_is_told(site: Site) -> None:
    at = OnChain(Sender(Node(site.node.send), KEYS[9], BOUNDS), site.contract)
    wanted = Checkpoint(5, root(LEAVES[:5]))
    data = submission(wanted, (), site.signatures(wanted))
    with pytest.raises((Complaint, Refused), match=r"(?i)fund"):
        at.send(at.prepared(data))


def test_a_node_that_restarts_with_its_state(tmp_path: Path) -> None:
    with anvil(tmp_path, "--no-mining") as node:
        site = Site(node, tmp_path)
        site.anchor(3)
        site.size = 10
        node.stop()
        assert site.step() is Stage.AWAY
        assert site.step(0.1) is Stage.AWAY
        site.kill()
        assert site.step() is Stage.AWAY
        node.start()
        site.anchor(10)
        assert site.sizes() == [3, 10]
        last = site.anchoring.last
        assert last is not None
        assert last.number == 1


def test_a_node_that_comes_back_empty_is_not_believed(tmp_path: Path) -> None:
    with anvil(tmp_path, "--no-mining") as node:
        site = Site(node, tmp_path)
        site.anchor(3)
        node.stop(signal.SIGKILL)
        node.state.unlink(missing_ok=True)
        assert site.step() is Stage.AWAY
        node.start()
        assert site.step() is Stage.AWAY
        assert "not this version" in site.anchoring.why
        assert site.anchoring.last is not None
