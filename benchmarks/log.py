"""The log of facts: leaves added and signed, proofs and receipts made, in one process."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from benchmarks.report import Result, throughput
from hapgang.ledger.log.facts import committed
from hapgang.ledger.log.log import Log, read_log
from hapgang.ledger.log.note import Signer
from hapgang.ledger.log.receipts import receipt

LEAVES = 1_000_000
PARTS = 4
AT_ONCE = 2_000  # as many units as one group of the writer has
PROOFS = 10_000
GOAL_LEAVES_PER_S = 40_000.0  # a leaf for each of the transfers that batches bring
GOAL_PROOFS_PER_S = 10_000.0
_SIGNER = Signer("benchmark.example/log", b"\x01" * 32)
_SALTS = b"\x02" * 32


def run() -> list[Result]:
    """Measure all of it."""
    with tempfile.TemporaryDirectory() as folder:
        facts = [{"kind": "transfer", "id": f"t{each}", "amount_won": each} for each in range(2000)]
        log = Log(Path(folder), _SIGNER)
        grown = [_grow(log, LEAVES // PARTS) for _ in range(PARTS)]
        first = log.append([committed(_SALTS, fact) for fact in facts]).start
        log.publish()
        note = log.note
        log.close()
        tiles, _ = read_log(Path(folder), _SIGNER.key())
        asked = np.random.default_rng(1).integers(LEAVES, size=PROOFS).tolist()
        cold = PROOFS / _seconds(lambda: [tiles.inclusion(index) for index in asked])
        proved = [
            PROOFS / _seconds(lambda: [tiles.inclusion(index) for index in asked]) for _ in range(5)
        ]
        receipted = [
            len(facts) / _seconds(
                lambda: [
                    msgspec.json.encode(receipt(tiles, note, _SALTS, fact, first + at))
                    for at, fact in enumerate(facts)
                ]
            )
            for _ in range(5)
        ]  # fmt: skip
    said = f"of {LEAVES:,} leaves, at random; with nothing in memory {cold:,.0f}"
    return [
        throughput("ledger.leaves_per_s", grown, goal=GOAL_LEAVES_PER_S,
                   note=f"{LEAVES:,} in batches of {AT_ONCE:,}, on disk and signed"),
        throughput("ledger.proofs_per_s", proved, goal=GOAL_PROOFS_PER_S, note=said),
        throughput("ledger.receipts_per_s", receipted,
                   note="salt, proof, check and JSON, of the newest facts"),
    ]  # fmt: skip


def _grow(log: Log, count: int) -> float:
    """Add so many leaves and sign them; return how many a second."""
    batches = [
        [number.to_bytes(32, "big") for number in range(start, start + AT_ONCE)]
        for start in range(log.size, log.size + count, AT_ONCE)
    ]

    def grow() -> None:
        for batch in batches:
            log.append(batch)
        log.publish()

    return count / _seconds(grow)


def _seconds(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before
