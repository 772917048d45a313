"""Whatever is tried with the contract, in whatever order: each has its outcome, the rest stays."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hapgang.ledger.anchor.chain import Checkpoint, submission
from validation.contract import besieged
from validation.contract_siege import ATTEMPTS, KEYS, Broken, Siege

chance = st.randoms(use_true_random=False)


class Besieged(RuleBasedStateMachine):
    """One contract; Hypothesis decides who tries what, and shrinks what breaks it."""

    def __init__(self) -> None:
        super().__init__()
        self.siege = Siege()

    @invariant()
    def holds(self) -> None:
        self.siege.check()


def attempt(name: str) -> Callable[..., None]:
    """Make a rule of one of the siege's attempts."""

    def tries(self: Besieged, draw: random.Random) -> None:
        getattr(self.siege, name)(draw)

    tries.__name__ = name
    made: Callable[..., None] = rule(draw=chance)(tries)
    return made


Machine: Any = type("Machine", (Besieged,), {name: attempt(name) for name in ATTEMPTS})
Machine.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
TestMachine = Machine.TestCase


def test_a_generator_finds_nothing_broken_and_tries_both() -> None:
    siege, broken = besieged(3, 60)
    assert not broken
    assert siege.taken > 5
    assert siege.refused > 20


@pytest.mark.parametrize("what", ["kept", "witnesses", "threshold", "nonce"])
def test_the_checks_see_what_is_not_so(what: str) -> None:
    siege = Siege()
    siege.grow(5)
    siege.check()
    changed = {"kept": [], "witnesses": [2, 1, 0], "threshold": 3, "nonce": 1}[what]
    setattr(siege, what, changed)
    with pytest.raises(Broken):
        siege.check()


def test_expectations_that_are_not_met_are_told() -> None:
    siege, draw = Siege(), random.Random(1)
    wanted = Checkpoint(5, siege.log.root(5))
    with pytest.raises(Broken, match="refused by 'too few witnesses'"):
        siege._expect(None, submission(wanted, [], []), draw)
    good = submission(wanted, [], [siege._signed(at, wanted) for at in (0, 1)])
    with pytest.raises(Broken, match="taken, not refused"):
        siege._expect("not longer", good, draw)
    assert len(KEYS) > 16
