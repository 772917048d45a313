"""The chain in process: what was on disk is there again, whenever it stops."""

import os
import shutil
from itertools import count
from pathlib import Path

import pytest

from benchmarks.anchor import grown
from hapgang.core.errors import Conflict, Refused
from hapgang.ledger.anchor import chain
from hapgang.ledger.anchor.blocks import ROWS
from hapgang.ledger.anchor.chain import Checkpoint, submission, witnesses_change
from hapgang.ledger.anchor.evm import InProcess
from hapgang.ledger.anchor.message import checkpoint_digest, signed, witnesses_digest
from tests.ledger.anchor.bench import ADDRESSES, KEYS
from tests.ledger.anchor.log_model import leaf, node

ROOTS = [leaf(bytes([i])) for i in range(8)]


def opened(folder: Path, name: str = "city.example/log", k: int = 2) -> InProcess:
    ticks = count(1_800_000_000, 60)
    return InProcess(
        folder, name=name, witnesses=ADDRESSES[:3], threshold=k, now=lambda: next(ticks)
    )


def submit(
    evm: InProcess, checkpoint: Checkpoint, proof: tuple[bytes, ...] | list[bytes] = ()
) -> str:
    digest = checkpoint_digest(evm.id, evm.contract, checkpoint.size, checkpoint.root)
    signatures = [signed(key, digest) for key in KEYS[:2]]
    made = evm.prepared(submission(checkpoint, proof, signatures))
    evm.send(made)
    return made.transaction


def fill(evm: InProcess, numbers: range) -> list[Checkpoint]:
    """Anchor logs that double: each proof is one hash."""
    done = []
    for number in numbers:
        last = chain.last(evm)
        if last is None:
            wanted, proof = Checkpoint(1 << number, ROOTS[0]), []
        else:
            _, _, proof = grown(1, 2, bytes([number % 256]))
            wanted = Checkpoint(last.size * 2, node(last.root, proof[0]))
        submit(evm, wanted, proof)
        done.append(wanted)
    return done


def test_it_is_there_again_after_a_restart(tmp_path: Path) -> None:
    evm = opened(tmp_path)
    done = fill(evm, range(5))
    told = [chain.checkpoint(evm, i) for i in range(5)]
    names = [evm.transaction_of(each) for each in told]
    assert [(each.size, each.root) for each in told] == [(c.size, c.root) for c in done]
    assert [each.block for each in told] == [1, 2, 3, 4, 5]
    evm.close()
    again = opened(tmp_path)
    assert [chain.checkpoint(again, i) for i in range(5)] == told
    assert [again.transaction_of(each) for each in told] == names
    assert chain.witnesses(again) == (ADDRESSES[:3], 2)
    assert again.contract == evm.contract
    fill(again, range(5, 7))
    assert chain.count(again) == 7


def test_a_transaction_counts_once(tmp_path: Path) -> None:
    evm = opened(tmp_path)
    name = submit(evm, Checkpoint(5, ROOTS[0]))
    assert submit(evm, Checkpoint(5, ROOTS[0])) == name  # in a block already
    made = evm.prepared(submission(Checkpoint(5, ROOTS[0]), (), ()))
    with pytest.raises(Refused, match="not longer"):
        evm.send(made)
    assert evm.outcome(made).block is None
    assert chain.count(evm) == 1


def test_other_witnesses_are_there_after_a_restart(tmp_path: Path) -> None:
    evm = opened(tmp_path)
    digest = witnesses_digest(evm.id, evm.contract, ADDRESSES[1:6], 2, 0)
    signatures = [signed(key, digest) for key in KEYS[1:3]]
    made = evm.prepared(witnesses_change(ADDRESSES[1:6], 2, signatures))
    evm.send(made)
    evm.close()
    again = opened(tmp_path)
    assert chain.witnesses(again) == (ADDRESSES[1:6], 2)
    assert chain.nonce(again) == 1
    assert again.outcome(made).is_final
    again.send(made)
    assert chain.nonce(again) == 1
    with pytest.raises(Refused, match="too few witnesses"):
        submit(again, Checkpoint(5, ROOTS[0]))  # the first of the two is no witness any more


@pytest.mark.parametrize("failing", ["replace", "fsync"])
def test_what_the_disk_did_not_take_did_not_happen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    evm = opened(tmp_path)
    submit(evm, Checkpoint(4, ROOTS[0]))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(*((Path, "replace", full) if failing == "replace" else (os, "fsync", full)))
        with pytest.raises(OSError, match="No space"):
            fill(evm, range(1, 2))
    assert chain.count(evm) == 1
    fill(evm, range(1, 3))
    assert chain.count(evm) == 3
    evm.close()
    assert chain.count(opened(tmp_path)) == 3


def test_a_copy_of_the_folder_is_a_chain(tmp_path: Path) -> None:
    evm = opened(tmp_path / "one")
    fill(evm, range(3))
    (tmp_path / "one" / "00000000.page.part").write_bytes(b"cut off")  # killed while writing
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    assert chain.last(opened(tmp_path / "two")) == chain.last(evm)


def test_the_folder_is_one_logs_and_one_process(tmp_path: Path) -> None:
    evm = opened(tmp_path)
    with pytest.raises(Conflict, match="Another process"):
        opened(tmp_path)
    evm.close()
    with pytest.raises(Conflict, match="another log"):
        opened(tmp_path, name="other.example/log")
    assert opened(tmp_path).contract == evm.contract


def test_contracts_of_two_cities_are_two(tmp_path: Path) -> None:
    one, two = (opened(tmp_path / name, name=name) for name in ("a", "b"))
    assert one.contract != two.contract


def test_a_beginning_without_witnesses_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="threshold"):
        opened(tmp_path, k=4)
    assert chain.count(opened(tmp_path, k=3)) == 0


def test_time_never_goes_back(tmp_path: Path) -> None:
    times = iter([1_000, 2_000, 1_500, 2_500])
    evm = InProcess(
        tmp_path, name="x", witnesses=ADDRESSES[:3], threshold=2, now=lambda: next(times)
    )
    fill(evm, range(3))
    assert [chain.checkpoint(evm, i).at for i in range(3)] == [2_000, 2_000, 2_500]


def test_pages_turn_and_old_ones_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("blocks", "machine", "evm"):
        monkeypatch.setattr(f"hapgang.ledger.anchor.{room}.ROWS", 4)
    monkeypatch.setattr("hapgang.ledger.anchor.machine._MOST_PAGES", 3)
    evm = opened(tmp_path)
    done = fill(evm, range(50))
    assert len(list(tmp_path.glob("*.page"))) == 13
    first = (tmp_path / "00000000.page").stat().st_mtime_ns
    for number, wanted in enumerate(done):
        found = chain.anchored_as(evm, wanted)
        assert found is not None
        assert (found.number, found.block) == (number, number + 1)
        assert chain.covering(evm, wanted.size // 2 + 1) == chain.checkpoint(evm, number)
        assert evm.transaction_of(found) is not None
    assert chain.anchored_as(evm, Checkpoint(3, ROOTS[0])) is None
    assert chain.covering(evm, 1 << 60) is None
    evm.close()
    again = opened(tmp_path)
    assert chain.checkpoint(again, 0).root == done[0].root
    assert (tmp_path / "00000000.page").stat().st_mtime_ns == first
    assert chain.count(again) == 50


def test_a_machine_that_was_asked_often_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hapgang.ledger.anchor.machine._MOST_CALLS", 7)
    evm = opened(tmp_path)
    fill(evm, range(20))
    assert [chain.checkpoint(evm, i).block for i in range(20)] == list(range(1, 21))
    assert ROWS == 256
