"""Checkpoints reach the chain once, in order, whatever stops, vanishes or says nothing."""

from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from hapgang.core.errors import Refused, Unavailable
from hapgang.ledger.anchor.anchoring import Anchoring, Stage
from hapgang.ledger.anchor.chain import Chain, Checkpoint, submission
from hapgang.ledger.anchor.kept import MOST_KEPT
from tests.ledger.anchor.toy_chain import ToyChain


def checkpoint(size: int) -> Checkpoint:
    return Checkpoint(size, sha256(b"%d" % size).digest())


class World:
    """A log that grows, a clock, a chain, and anchoring that is killed now and then."""

    def __init__(self, folder: Path, confirmations: int = 3) -> None:
        self.chain = ToyChain(confirmations)
        self.path = folder / "anchoring.json"
        self.size, self.now_s = 0, 1_000.0
        self.asked: list[int] = []
        self.kill()

    def kill(self) -> None:
        chain: Chain = self.chain
        self.anchoring = Anchoring(
            chain, self.path, newest=lambda: checkpoint(self.size) if self.size else None,
            proof=lambda first, second: [checkpoint(first).root, checkpoint(second).root],
            signatures=self._sign,
        )  # fmt: skip

    def _sign(self, wanted: Checkpoint) -> list[bytes]:
        self.asked.append(wanted.size)
        return [b"s" * 65]

    def step(self, seconds: float = 5.0) -> Stage:
        self.now_s += seconds
        return self.anchoring.step(self.now_s)

    def calm(self) -> None:
        """Nothing goes wrong for a while."""
        self.chain.is_away = self.chain.loses = False
        for _ in range(60):
            kept = (self.step(400.0), self.anchoring._kept)[1]
            self.chain.mine()
            if self.last_size == self.size == (self.sizes() or [0])[-1] and not (
                kept.pending or kept.lost or self.chain.pool
            ):
                break

    def sizes(self) -> list[int]:
        return [kept[0] for kept in self.chain.kept()]

    @property
    def last_size(self) -> int:
        return self.anchoring.last.size if self.anchoring.last else 0


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_one_is_sent_waits_for_blocks_and_is_told(world: World) -> None:
    assert world.step() is Stage.IDLE
    world.size = 10
    assert world.step() is Stage.SENT
    assert world.step() is Stage.WAITING
    stages = []
    for _ in range(3):
        world.chain.mine()
        stages.append(world.step())
    assert stages == [Stage.WAITING, Stage.WAITING, Stage.ANCHORED]
    last = world.anchoring.last
    assert last is not None
    assert (last.chain, last.contract, last.number) == (7, world.chain.contract, 0)
    assert (last.size, last.block) == (10, 1)
    assert last.transaction == world.chain.kept()[0][3]
    assert world.step() is Stage.IDLE
    assert world.asked == [10]


def test_only_the_newest_is_submitted(world: World) -> None:
    world.size = 10
    world.calm()
    for size in range(11, 30):
        world.size = size
    world.calm()
    assert world.sizes() == [10, 29]


def test_the_same_transaction_is_sent_again_after_a_crash(world: World) -> None:
    world.size = 10
    world.chain.loses = True
    world.step()
    world.chain.loses = False
    world.size = 20
    world.kill()
    world.step()
    assert len(set(world.chain.sent)) == 1
    world.calm()
    assert world.sizes() == [10, 20]
    assert world.chain.nonce() == 2


def test_killed_between_keeping_and_sending(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.size = 10
    monkeypatch.setattr(world.chain, "send", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        world.step()
    monkeypatch.undo()
    world.kill()
    assert world.step() is Stage.WAITING
    world.calm()
    assert world.sizes() == [10]


def test_what_no_block_takes_is_paid_more_under_the_same_nonce(world: World) -> None:
    world.size = 10
    world.step()
    for _ in range(30):
        world.step(61.0)
    assert len(set(world.chain.sent)) == 8
    assert len({made.nonce for made in world.chain.pool.values()}) == 1
    world.calm()
    assert world.sizes() == [10]
    assert world.chain.nonce() == 1


def test_a_node_that_is_away_is_asked_less_and_less_often(world: World) -> None:
    world.size = 10
    world.chain.is_away = True
    tries, since = [], world.now_s
    for _ in range(4_000):
        failures = world.anchoring._again_at_s
        assert world.step(1.0) is Stage.AWAY
        if world.anchoring._again_at_s != failures:
            tries.append(world.now_s - since)
    gaps = [b - a for a, b in pairwise(tries)]
    assert gaps[:8] == [1, 2, 4, 8, 16, 32, 64, 128]
    assert set(gaps[9:]) == {300}
    assert world.anchoring.why == "nobody answers"
    world.chain.is_away = False
    assert world.step(300.0) is Stage.SENT
    assert world.anchoring.why == ""


def test_a_shallow_reorganisation_is_waited_out(world: World) -> None:
    world.size = 10
    world.step()
    world.chain.mine()
    world.step()
    world.chain.reorganise(1, forgets=True)
    world.size = 20
    world.step()
    world.calm()
    assert world.sizes() == [10, 20]
    assert world.chain.nonce() == 2


@pytest.mark.parametrize("forgets", [True, False])
def test_what_a_deep_reorganisation_takes_is_there_again(world: World, forgets: bool) -> None:
    for size in (10, 20, 30):
        world.size = size
        world.calm()
    blocks = len(world.chain.blocks)
    before = world.chain.kept()
    world.chain.reorganise(blocks - before[0][2], forgets=forgets)
    assert world.sizes() == [10]
    world.size = 40
    world.calm()
    assert world.sizes() == [10, 20, 30, 40]
    told = [world.anchoring.covering(size) for size in (5, 10, 11, 20, 30, 31, 41)]
    assert [each.number if each else None for each in told] == [0, 0, 1, 1, 2, 3, None]
    for each in told[:-1]:
        assert each is not None
        kept = world.chain.kept()[each.number]
        assert (each.size, each.root, each.block, each.transaction) == kept
    if forgets:
        assert world.asked == [10, 20, 30, 40]  # what witnesses said is said


def test_what_moved_to_another_block_is_told_anew(world: World) -> None:
    world.size = 10
    world.calm()
    world.chain.reorganise(100, forgets=False)
    world.chain.mine()  # a block without it
    pool, world.chain.pool = world.chain.pool, {}
    world.chain.mine()
    world.chain.pool = pool
    world.calm()
    assert world.anchoring.last is not None
    assert world.anchoring.last.block == world.chain.kept()[0][2]


def test_what_somebody_else_brought_counts(world: World) -> None:
    world.size = 10
    world.step()
    world.chain.pool.clear()
    world.chain.bring(submission(checkpoint(10), (), ()))
    world.calm()
    assert world.sizes() == [10]
    assert world.last_size == 10
    assert world.chain.nonce() in {0, 1}
    world.size = 20
    world.chain.bring(submission(checkpoint(20), (), ()))
    world.chain.mine()
    asked = list(world.asked)
    world.calm()
    assert (world.sizes(), world.last_size, world.asked) == ([10, 20], 20, asked)


def test_another_log_on_the_chain_is_told_loudly(world: World) -> None:
    world.chain.bring(submission(Checkpoint(10, b"x" * 32), (), ()))
    world.chain.mine()
    world.size = 10
    assert world.step() is Stage.FORKED
    assert "Another log" in world.anchoring.why


def test_a_refusal_is_told_and_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: bytes) -> None:
        raise Refused("too few witnesses")

    world.size = 10
    with monkeypatch.context() as patched:
        patched.setattr(world.chain, "prepared", refuse)
        assert world.step() is Stage.REFUSED
        assert world.anchoring.why == "too few witnesses"
        assert world.step(0.5) is Stage.REFUSED
    world.calm()
    assert world.sizes() == [10]


def test_lost_ones_whose_signatures_no_longer_count(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (10, 20):
        world.size = size
        world.calm()
    world.chain.reorganise(1_000, forgets=True)
    real = world.chain.prepared

    def only_new(data: bytes) -> object:
        if len(world.asked) == 2:
            raise Refused("too few witnesses")
        return real(data)

    monkeypatch.setattr(world.chain, "prepared", only_new)
    world.calm()
    assert world.sizes() == [10, 20]
    assert world.asked == [10, 20, 10]


def test_lost_ones_that_nobody_signs_again_are_left_to_the_newest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Witnesses changed, and today's have signed a longer log: they sign no shorter one."""
    for size in (10, 20):
        world.size = size
        world.calm()
    world.chain.reorganise(1_000, forgets=True)
    world.size = 30
    real = world.chain.prepared

    def only_new(data: bytes) -> object:
        if world.asked[-1] < 30:
            raise Refused("too few witnesses")
        return real(data)

    def sign(wanted: Checkpoint) -> list[bytes]:
        if wanted.size < 30:
            raise Unavailable("0 of 2 witnesses signed")
        return world._sign(wanted)

    monkeypatch.setattr(world.chain, "prepared", only_new)
    monkeypatch.setattr(world.anchoring, "_signatures", sign)
    world.calm()
    assert world.sizes() == [30]


@pytest.mark.parametrize("size", [0, 9])
def test_a_log_that_is_shorter_than_the_chains_is_told_loudly(world: World, size: int) -> None:
    """As after a restore of an older copy: what it signs from now on is another log."""
    world.size = 10
    world.calm()
    world.size = size
    world.kill()
    assert world.step(400.0) is Stage.FORKED
    assert "older copy" in world.anchoring.why
    world.size = 10
    assert world.step(400.0) is Stage.IDLE


def test_witnesses_who_are_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: Checkpoint) -> list[bytes]:
        raise Unavailable("one of three witnesses answered")

    world.size = 10
    monkeypatch.setattr(world.anchoring, "_signatures", nobody)
    assert world.step() is Stage.AWAY
    assert world.chain.sent == []
    world.kill()
    world.calm()
    assert world.sizes() == [10]


def test_what_is_kept_is_bounded_and_the_chain_knows_the_rest(world: World) -> None:
    for size in range(1, 100):
        world.size = size
        for _ in range(6):
            world.step()
            world.chain.mine()
    assert len(world.anchoring._kept.anchored) == MOST_KEPT
    for size in (1, 2, 30, 99):
        found = world.anchoring.covering(size)
        assert found is not None
        assert (found.size, found.number) == (size, size - 1)
    assert world.anchoring.covering(100) is None


def test_another_contract_is_a_new_beginning(world: World) -> None:
    world.size = 10
    world.calm()
    world.chain = ToyChain()
    world.chain.contract = "0x" + "dd" * 20
    world.kill()
    assert world.anchoring.last is None
    world.calm()
    assert world.sizes() == [10]


class Storms(RuleBasedStateMachine):
    """Any order of growth, blocks, reorganisations, silence and kills."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        path = self.folder / "anchoring.json"
        path.unlink(missing_ok=True)
        self.world = World(self.folder)

    @rule(by=st.integers(1, 5))
    def grow(self, by: int) -> None:
        self.world.size += by

    @rule(seconds=st.sampled_from([1.0, 5.0, 70.0, 400.0]))
    def step(self, seconds: float) -> None:
        self.world.step(seconds)

    @rule(times=st.integers(1, 4))
    def mine(self, times: int) -> None:
        for _ in range(times):
            self.world.chain.mine()

    @rule(depth=st.integers(1, 8), forgets=st.booleans())
    def reorganise(self, depth: int, forgets: bool) -> None:
        self.world.chain.reorganise(depth, forgets=forgets)

    @rule(is_away=st.booleans(), loses=st.booleans())
    def weather(self, is_away: bool, loses: bool) -> None:
        self.world.chain.is_away, self.world.chain.loses = is_away, loses

    @rule()
    def kill(self) -> None:
        self.world.kill()

    @rule()
    def somebody_else(self) -> None:
        if self.world.size:
            self.world.chain.bring(submission(checkpoint(self.world.size), (), ()))

    @invariant()
    def one_nonce_is_under_way(self) -> None:
        pending = self.world.anchoring._kept.pending
        if pending is not None:
            assert len({made.nonce for made in pending.sent}) == 1
            assert len(pending.sent) <= 8

    def teardown(self) -> None:
        world = self.world
        anchored = {anchor.size for anchor in world.anchoring._kept.anchored}
        world.calm()
        sizes = world.sizes()
        assert world.last_size == world.size == (sizes[-1] if sizes else 0)
        assert sizes == sorted(set(sizes))
        told = {a.size: (a.size, a.root, a.block, a.transaction) for a in
                world.anchoring._kept.anchored}  # fmt: skip
        if not world.chain.others:  # nothing was taken away for good, nothing was in vain
            assert anchored <= set(sizes)
            assert all(taken for block in world.chain.blocks for _, taken in block.transactions)
        for kept in told.values():
            assert kept in world.chain.kept()


def test_any_storm_is_survived(tmp_path: Path) -> None:
    Storms.folder = tmp_path
    quiet = settings(
        max_examples=60, stateful_step_count=40,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Storms, settings=quiet)
