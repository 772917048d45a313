"""Witnesses sign one log, also after they were killed, and are asked until there are enough."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import Refused, Unavailable
from hapgang.ledger.anchor import chain
from hapgang.ledger.anchor.chain import Checkpoint
from hapgang.ledger.anchor.message import checkpoint_digest, signer
from hapgang.ledger.anchor.witness import Witness, gathered
from tests.ledger.anchor.bench import ADDRESSES, KEYS, Bench
from tests.ledger.anchor.log_model import consistency, leaf, root

LEAVES = [leaf(bytes([i])) for i in range(60)]
FORK = [*LEAVES[:9], sha256(b"other").digest(), *LEAVES[10:]]
CONTRACT = "0x" + "cc" * 20


def witness(path: Path, number: int = 0, contract: str = CONTRACT) -> Witness:
    return Witness(KEYS[number], path, chain=1337, contract=contract)


def test_a_log_that_grows_is_signed(tmp_path: Path) -> None:
    who, last = witness(tmp_path / "last"), 0
    for size in (3, 4, 20, 60):
        wanted = Checkpoint(size, root(LEAVES[:size]))
        signature = who.sign(wanted, consistency(last, LEAVES[:size]) if last else [])
        digest = checkpoint_digest(1337, CONTRACT, size, wanted.root)
        assert signer(signature, digest) == ADDRESSES[0] == who.address
        who, last = witness(tmp_path / "last"), size  # killed
        assert who.sign(wanted, []) == signature


@settings(max_examples=60)
@given(st.integers(10, 59), st.integers(1, 60))
def test_no_other_log_is_signed(first: int, second: int) -> None:
    who = witness(Path("/absent/last"))
    who.last = Checkpoint(first, root(LEAVES[:first]))
    wanted = Checkpoint(second, root(FORK[:second]))
    proof = consistency(first, FORK[:second]) if second > first else []
    with pytest.raises(Refused, match="grew into"):
        who.sign(wanted, proof)
    assert who.last.size == first


def test_what_the_disk_does_not_take_is_not_signed(tmp_path: Path) -> None:
    who = witness(tmp_path / "absent" / "last")
    with pytest.raises(OSError, match="absent"):
        who.sign(Checkpoint(3, root(LEAVES[:3])), [])
    assert who.last is None


def test_enough_are_gathered_for_the_contract(tmp_path: Path) -> None:
    bench = Bench(4, 3)
    people = [witness(tmp_path / str(i), i, bench.contract) for i in (0, 1, 2, 3, 9)]
    wanted = Checkpoint(3, root(LEAVES[:3]))

    def away(_: Checkpoint) -> bytes:
        raise Unavailable("not there")

    def junk(_: Checkpoint) -> bytes:
        return b"x" * 65

    def said(who: Witness) -> object:
        return lambda each: who.sign(each, [])

    known, threshold = chain.witnesses(bench)
    asked = [away, junk, said(people[4]), said(people[0]), said(people[0]), said(people[2])]

    def all_of(askers: list[object]) -> list[bytes]:
        return gathered(
            wanted, askers, chain=1337, contract=bench.contract, known=known, threshold=threshold
        )  # fmt: skip

    with pytest.raises(Unavailable, match="2 of 3 witnesses"):
        all_of(asked)
    signatures = all_of([*asked, said(people[3]), away])
    assert bench.submit(3, wanted.root, (), signatures) is None
