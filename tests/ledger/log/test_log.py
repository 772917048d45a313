"""The log that grows: killed at every step it opens at what was signed, and goes on."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hapgang.core.errors import Conflict, Unavailable
from hapgang.ledger.log import merkle
from hapgang.ledger.log.disk import Disk
from hapgang.ledger.log.log import CHECKPOINT, Log, read_log
from hapgang.ledger.log.note import Checkpoint, Signer, signed_by
from hapgang.ledger.log.tiles import Damaged
from tests.ledger.log.test_tiles import SIGNER, commitments


class _Cut(BaseException):
    """The process is gone."""


class _CutDisk(Disk):
    """Dies at the step of that number; what was not awaited is lost, as when the power fails."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps
        self._unsynced: dict[int, Path] = {}

    def write(self, handle: int, data: bytes) -> None:
        self._step(lambda: os.write(handle, data[: len(data) // 2]))
        super().write(handle, data)
        self._unsynced[handle] = Path(f"/proc/self/fd/{handle}").readlink()

    def sync(self, handle: int) -> None:
        self._step(self._lose)
        super().sync(handle)
        self._unsynced.pop(handle, None)

    def rename(self, beside: Path, path: Path) -> None:
        self._step(self._lose)
        super().rename(beside, path)

    def remove_folder(self, folder: Path) -> None:
        self._step(lambda: [file.unlink() for file in [*folder.iterdir()][:1]])
        super().remove_folder(folder)

    def _step(self, last: Callable[[], object]) -> None:
        self.steps -= 1
        if self.steps == 0:
            last()  # what is left half done
            raise _Cut

    def _lose(self) -> None:
        for path in self._unsynced.values():
            path.write_bytes(path.read_bytes()[:7])


def _roots(counts: list[int]) -> dict[int, bytes]:
    leaves = merkle.leaf_hashes(commitments(max(counts)))
    return {count: merkle.root(leaves[:count]) for count in counts}


def _grow(folder: Path, disk: Disk, sizes: list[int]) -> int:
    """Add and sign part after part until the disk is cut; return what was signed for certain."""
    signed = 0
    try:
        log = Log(folder, SIGNER, disk=disk)
    except _Cut:
        return 0
    try:
        for size in sizes:
            log.append(commitments(size - log.size, log.size))
            log.publish()
            signed = size
    except _Cut:
        pass
    log.close()
    return signed


def test_cut_at_every_step_it_opens_at_what_was_signed_and_goes_on(tmp_path: Path) -> None:
    sizes = [3, 250, 600, 601]
    roots, steps, disk = _roots([0, *sizes]), 0, _CutDisk(1)
    while disk.steps <= 0 or steps == 0:
        steps += 1
        folder, disk = tmp_path / str(steps), _CutDisk(steps)
        signed = _grow(folder, disk, sizes)
        again = Log(folder, SIGNER)
        assert again.size in [size for size in [0, *sizes] if size >= signed][:2]
        assert again.root() == again.signed.root == roots[again.size]
        again.append(commitments(601 - again.size, again.size))
        again.publish()
        assert again.signed.root == roots[601]
        assert [*again.signed.leaves()] == merkle.leaf_hashes(commitments(601))
        again.close()
        shutil.rmtree(folder)
    assert steps > 40


_GROWS = """
import sys
from collections.abc import Callable
from pathlib import Path
from hapgang.ledger.log.log import Log
from hapgang.ledger.log.note import Signer
log = Log(Path(sys.argv[1]), Signer("log.example", b"\\x01" * 32))
while True:
    size = log.size
    log.append([number.to_bytes(32, "big") for number in range(size, size + 100)])
    log.publish()
    print(log.size, flush=True)
"""


def test_killed_while_it_grows_it_has_all_that_it_said_to_have(tmp_path: Path) -> None:
    for wanted in (300, 1_100):
        with subprocess.Popen(
            [sys.executable, "-c", _GROWS, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as grows:
            assert grows.stdout is not None
            said = 0
            while said < wanted:
                said = int(grows.stdout.readline())
            grows.send_signal(signal.SIGKILL)
            said = max([said, *(int(line) for line in grows.stdout if line.endswith("\n"))])
        log = Log(tmp_path, SIGNER)
        assert log.size >= said
        assert log.root() == merkle.root(merkle.leaf_hashes(commitments(log.size)))
        log.close()


def test_what_is_not_signed_is_gone(tmp_path: Path) -> None:
    log = Log(tmp_path, SIGNER)
    log.append(commitments(300))
    before = log.root()
    log.close()
    again = Log(tmp_path, SIGNER)
    assert (again.size, again.root()) == (0, merkle.EMPTY_ROOT)
    again.append(commitments(300))
    assert again.root() == before
    again.append(commitments(10, 900))
    again.publish()
    assert again.signed.size == 310
    again.close()


def test_a_shorter_other_continuation_takes_the_place_of_what_was_not_signed(
    tmp_path: Path,
) -> None:
    log = Log(tmp_path, SIGNER)
    log.append(commitments(10))
    log.publish()
    log.append(commitments(1_000, 10))
    log.close()
    log = Log(tmp_path, SIGNER)
    log.append(commitments(20, 5_000))
    log.publish()
    log.close()
    tiles, _ = read_log(tmp_path, SIGNER.key())
    expected = merkle.leaf_hashes([*commitments(10), *commitments(20, 5_000)])
    assert [*tiles.leaves()] == expected


def test_nothing_new_is_not_signed_again(tmp_path: Path) -> None:
    log = Log(tmp_path, SIGNER)
    log.append(commitments(5))
    assert log.publish() is log.publish()
    log.close()


def test_one_process_adds(tmp_path: Path) -> None:
    log = Log(tmp_path, SIGNER)
    with pytest.raises(Conflict, match="another process"):
        Log(tmp_path, SIGNER)
    log.close()
    log.close()
    with pytest.raises(Unavailable, match="open it again"):
        log.append(commitments(1))
    Log(tmp_path, SIGNER).close()


def test_a_log_that_lost_its_checkpoint_does_not_begin_anew(tmp_path: Path) -> None:
    log = Log(tmp_path, SIGNER)
    log.append(commitments(5))
    log.publish()
    log.close()
    (tmp_path / CHECKPOINT).unlink()
    with pytest.raises(Damaged, match="checkpoint is missing"):
        Log(tmp_path, SIGNER)
    with pytest.raises(Damaged, match="checkpoint is missing"):
        read_log(tmp_path, SIGNER.key())


@pytest.mark.parametrize("signer", [Signer("log.example", b"\x09" * 32),
                                    Signer("other.example", b"\x01" * 32)])  # fmt: skip
def test_a_log_of_another_key_or_name_does_not_open(tmp_path: Path, signer: Signer) -> None:
    Log(tmp_path, signer).close()
    with pytest.raises(Damaged, match="does not hold"):
        Log(tmp_path, SIGNER)


def test_a_log_put_back_to_an_older_day_does_not_open(tmp_path: Path) -> None:
    log = Log(tmp_path / "log", SIGNER)
    log.append(commitments(5))
    log.publish()
    shutil.copytree(tmp_path / "log", tmp_path / "older")
    log.append(commitments(5, 5))
    log.publish()
    known = Checkpoint("log.example", log.size, log.root())
    log.close()
    Log(tmp_path / "log", SIGNER, known=known).close()
    with pytest.raises(Damaged, match="does not continue what was signed at 10"):
        Log(tmp_path / "older", SIGNER, known=known)
    forked = Checkpoint("log.example", 5, bytes(32))
    with pytest.raises(Damaged, match="signed at 5"):
        Log(tmp_path / "log", SIGNER, known=forked)


def test_a_full_disk_is_told_and_the_log_goes_on_once_opened(tmp_path: Path) -> None:
    class Full(Disk):
        def write(self, handle: int, data: bytes) -> None:
            if self.is_full:
                raise OSError(28, "No space left on device")
            super().write(handle, data)

        is_full = False

    disk = Full()
    log = Log(tmp_path, SIGNER, disk=disk)
    log.append(commitments(5))
    log.publish()
    disk.is_full = True
    log.append(commitments(5, 5))
    with pytest.raises(Unavailable, match="No space left"):
        log.publish()
    disk.is_full = False
    with pytest.raises(Unavailable, match="open it again"):
        log.publish()
    log.close()
    again = Log(tmp_path, SIGNER)
    assert again.size == 5
    again.close()


def test_witnesses_add_their_lines(tmp_path: Path) -> None:
    witness = Signer("witness.example", b"\x02" * 32)
    log = Log(tmp_path, SIGNER)
    log.append(commitments(5))
    note = log.publish()
    log.cosign(witness.cosign(note.text, 1_700_000_000))
    log.close()
    tiles, kept = read_log(tmp_path, SIGNER.key())
    assert tiles.size == 5
    assert len(signed_by(kept, [SIGNER.key(), witness.witness_key()])) == 2


def test_an_older_size_is_signed_again_as_it_was(tmp_path: Path) -> None:
    log = Log(tmp_path, SIGNER)
    log.append(commitments(5))
    note = log.publish()
    log.append(commitments(500, 5))
    log.publish()
    assert log.note_at(5) == note
    log.close()


def test_readers_see_what_is_signed_while_it_grows(tmp_path: Path) -> None:
    log = Log(tmp_path, SIGNER)
    log.append(commitments(300))
    log.publish()
    tiles, _ = read_log(tmp_path, SIGNER.key())
    log.append(commitments(900, 300))
    log.publish()
    assert tiles.inclusion(299) == log.signed.inclusion(299, 300)
    assert tiles.inclusion(3) == log.signed.inclusion(3, 300)
    log.close()
