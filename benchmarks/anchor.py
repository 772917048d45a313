"""The contract: submissions a second on the chain in process, and what one costs in gas.

In process storage is warm: a node counts some 10,000 gas more, see docs/guides/chain.md.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path

from coincurve import PrivateKey

from benchmarks.report import Result, repeated, throughput
from hapgang.ledger.anchor.chain import Checkpoint, submission
from hapgang.ledger.anchor.evm import InProcess
from hapgang.ledger.anchor.message import address_of, checkpoint_digest, signed

KEYS = [PrivateKey(bytes([i]) * 32) for i in range(1, 17)]
SUBMISSIONS = 300
A_DAY = 1_440
_GAS_OF = ((10, 3, 2), (20, 3, 2), (30, 3, 2), (40, 3, 2), (30, 5, 3), (30, 16, 11))


def run() -> list[Result]:
    """Measure both."""
    rates = repeated(_submissions_per_s, 3)
    results = [throughput("anchor.submissions_per_s", rates, note="in process, fsync on")]
    for power, n, k in _GAS_OF:
        with _folder() as folder:
            gas = gas_of_growth(folder, power, witnesses=n, threshold=k)
        note = f"{k} of {n} witnesses; a day of minutes: {gas * A_DAY / 1e6:.0f} million"
        name = f"anchor.gas_of_2e{power}_leaves_{k}_of_{n}"
        results.append(Result(name=name, value=gas, unit="gas", note=note))
    return results


def gas_of_growth(folder: Path, power: int, *, witnesses: int, threshold: int) -> int:
    """Return the gas of a checkpoint of nearly 2^power leaves, sixty after the one before.

    Both sizes have as many ones in binary as they can, which makes the proof as long as it gets.
    """
    first, second = (1 << power) - 61, (1 << power) - 1
    old, new, proof = grown(first, second)
    chain = _opened(folder, witnesses, threshold)
    _submit(chain, Checkpoint(first, old), [], threshold)
    chain.close()
    chain = _opened(folder, witnesses, threshold)
    used = _submit(chain, Checkpoint(second, new), proof, threshold)
    chain.close()
    return used


def grown(first: int, second: int, seed: bytes = b"") -> tuple[bytes, bytes, list[bytes]]:
    """Return two roots and the proof between them, of a log whose subtrees are drawn.

    RFC 9162, 2.1.4.1, with a hash of its place for each subtree that the proof names.
    """
    proof: list[bytes] = []

    def drawn(lowest: int, size: int) -> bytes:
        return sha256(b"%s %d %d" % (seed, lowest, size)).digest()

    def roots(lowest: int, m: int, size: int, *, is_whole: bool) -> tuple[bytes, bytes]:
        if m == size:
            whole = drawn(lowest, size)
            if not is_whole:
                proof.append(whole)
            return whole, whole
        k = _split(size)
        if m <= k:
            old, left = roots(lowest, m, k, is_whole=is_whole)
            proof.append(drawn(lowest + k, size - k))
            return old, _node(left, proof[-1])
        old, right = roots(lowest + k, m - k, size - k, is_whole=False)
        proof.append(drawn(lowest, k))
        return _node(proof[-1], old), _node(proof[-1], right)

    old, new = roots(0, first, second, is_whole=True)
    return old, new, proof


def _submissions_per_s() -> float:
    """A leaf more with each, on a log of some thousand; witnesses have signed before."""
    with _folder() as folder:
        chain = _opened(folder, 3, 2)
        calls: list[bytes] = []
        for size in range(1_000, 1_000 + SUBMISSIONS):
            proof = _proof(size - 1, 0, size, is_whole=True) if calls else []
            calls.append(_call(chain, Checkpoint(size, _root(0, size)), proof, 2))
        began = time.perf_counter()
        for call in calls:
            chain.send(chain.prepared(call))
        took = time.perf_counter() - began
        chain.close()
    return SUBMISSIONS / took


@cache
def _root(lowest: int, size: int) -> bytes:
    if size == 1:
        return sha256(b"\0%d" % lowest).digest()
    k = _split(size)
    return _node(_root(lowest, k), _root(lowest + k, size - k))


def _proof(m: int, lowest: int, size: int, *, is_whole: bool) -> list[bytes]:
    """RFC 9162, 2.1.4.1."""
    if m == size:
        return [] if is_whole else [_root(lowest, size)]
    k = _split(size)
    if m <= k:
        return [*_proof(m, lowest, k, is_whole=is_whole), _root(lowest + k, size - k)]
    return [*_proof(m - k, lowest + k, size - k, is_whole=False), _root(lowest, k)]


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def _submit(chain: InProcess, wanted: Checkpoint, proof: list[bytes], threshold: int) -> int:
    chain.send(chain.prepared(_call(chain, wanted, proof, threshold)))
    return chain.gas_used


def _call(chain: InProcess, wanted: Checkpoint, proof: list[bytes], threshold: int) -> bytes:
    digest = checkpoint_digest(chain.id, chain.contract, wanted.size, wanted.root)
    return submission(wanted, proof, [signed(key, digest) for key in KEYS[:threshold]])


def _opened(folder: Path, witnesses: int, threshold: int) -> InProcess:
    people = [address_of(key.public_key) for key in KEYS[:witnesses]]
    ticks = count(1_800_000_000)
    return InProcess(
        folder, name="bench", witnesses=people, threshold=threshold, now=lambda: next(ticks)
    )


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
