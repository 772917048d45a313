"""Anchor.vy under attack, and what a checkpoint costs by the length of the log."""

import random
import statistics
from itertools import pairwise

from validation.case import Case
from validation.contract_siege import ATTEMPTS, Broken, Siege

SEEDS, ATTEMPTS_EACH = range(12), 150
_POWERS = (1, 10, 20, 30, 40, 50, 62)
_EACH = 12
_BASE_GAS, _GAS_FOR_A_DOUBLING = 82_600, 1_630
_RULES = "tests/ledger/anchor/test_siege.py: every attempt has its outcome, and nothing else moves"
_COSTS = "docs/guides/chain.md, 'What it costs', less 15,000 since all storage is warm here"


def cases() -> list[Case]:
    """Return how many attempts broke a rule, and gas by the length of the log."""
    broken, tried, kept, most = 0, 0, 0, 0
    for seed in SEEDS:
        siege, faults = besieged(seed, ATTEMPTS_EACH)
        broken += faults
        tried += siege.taken + siege.refused
        kept += len(siege.kept)
        most = max([most, *(gas for *_, gas in siege.gas)])
    return [
        Case(
            name=f"rules broken by {tried:,} calls of the contract, right and wrong",
            value=broken, expected=0, tolerance=0, source=_RULES,
        ),
        Case(
            name=f"most gas of {kept:,} checkpoints with up to 16 signatures", value=most,
            expected=_BASE_GAS + 62 * _GAS_FOR_A_DOUBLING + 14 * 8_200, tolerance=150_000,
            source="closed form: the costs below, 2^62 leaves and sixteen signatures; at most so",
        ),
        *(case for low, high in pairwise(_POWERS)
          for case in _gas_between(low, high)),
    ]  # fmt: skip


def besieged(seed: int, attempts: int) -> tuple[Siege, int]:
    """Return a contract after so many attempts, and how many of them broke a rule."""
    draw, siege, broken = random.Random(seed), Siege(seed=b"%d" % seed), 0  # noqa: S311 (seeded)
    for _ in range(attempts):
        try:
            getattr(siege, draw.choice(ATTEMPTS))(draw)
            siege.check()
        except Broken:
            broken += 1
            break  # the model does not know any more what is right
    return siege, broken


def _gas_between(low: int, high: int) -> list[Case]:
    draw = random.Random(low)  # noqa: S311 (seeded)
    gas = [_grown(draw.randint(1 << low, 1 << high), draw.randint(1, 60)) for _ in range(_EACH)]
    where = f"with 2^{low} to 2^{high} leaves, 2 of 3 witnesses"
    middle = _BASE_GAS + _GAS_FOR_A_DOUBLING * (low + high) / 2
    worst = _grown((1 << high) - 61, 60)
    return [
        Case(
            name=f"gas of a checkpoint {where}: most", value=max(worst, *gas),
            expected=_BASE_GAS + _GAS_FOR_A_DOUBLING * high, tolerance=1_500, source=_COSTS,
        ),
        Case(
            name=f"gas of a checkpoint {where}: mean of sizes drawn at random",
            value=statistics.fmean(gas), expected=middle, tolerance=middle / 4,
            source=f"{_COSTS}: the worst size in the middle; others need fewer hashes",
        ),
    ]  # fmt: skip


def _grown(size: int, more: int) -> int:
    """Return the gas of going from one length to a little more."""
    siege = Siege(seed=b"%d" % size)
    siege.grow(size)
    return siege.grow(size + more)
