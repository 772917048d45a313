"""A log that grows: leaves are added in memory and in full tiles, and count once they are signed.

Whenever the process dies, the log opens again at what was signed last, and whoever adds to it adds
again what came after: the files of that are written over. One process adds, many may read.
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hapgang.core.errors import Conflict, Invalid, Unavailable
from hapgang.ledger.log.disk import Disk
from hapgang.ledger.log.merkle import EMPTY_ROOT, HASH_BYTES, leaf_hashes, root
from hapgang.ledger.log.note import (
    MOST_BYTES,
    Checkpoint,
    Note,
    Signature,
    Signer,
    VerifierKey,
    checkpoint_of,
    parse_note,
)
from hapgang.ledger.log.tiles import (
    TILE_HASHES,
    TILE_HEIGHT,
    Recent,
    Tile,
    Tiles,
    damaged,
    tile_root,
)

CHECKPOINT = "checkpoint"
_AT_ONCE = 64 * TILE_HASHES


def read_log(folder: Path, key: VerifierKey, recent: Recent | None = None) -> tuple[Tiles, Note]:
    """Return what is signed of a log, and the note that says so; `Damaged` where it does not hold.

    For whoever only reads: another process may add to the log meanwhile.
    """
    try:
        with (folder / CHECKPOINT).open("rb") as file:
            note = parse_note(file.read(MOST_BYTES + 1))
        signed = checkpoint_of(note, key)
    except FileNotFoundError as wrong:
        raise damaged(folder / CHECKPOINT, "is missing") from wrong
    except Invalid as wrong:
        raise damaged(folder / CHECKPOINT, f"does not hold: {wrong.message.en}") from wrong
    return Tiles(folder, signed.size, signed.root, recent), note


class Log:
    """The one that adds. `signed` is what may be proved, `note` the checkpoint of it."""

    def __init__(
        self,
        folder: Path,
        signer: Signer,
        *,
        known: Checkpoint | None = None,
        disk: Disk | None = None,
        recent: Recent | None = None,
    ) -> None:
        """Open a log, or begin one. `known` is what others were told of it, by anchor or feed."""
        self._folder, self._signer, self._disk = folder, signer, disk or Disk()
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(folder)
        self._failed = False
        try:
            if not (folder / CHECKPOINT).exists():
                self._begin()
            self.signed, self.note = read_log(folder, signer.key(), recent)
            self._check_known(known)
        except BaseException:
            self.close()
            raise
        self.size = self.signed.size
        self._edge = self.signed.edge()

    def close(self) -> None:
        """Let another process add; what is not signed is gone."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        self._failed = True

    def append(self, commitments: Sequence[bytes]) -> range:
        """Add commitments; return their places, which hold once `publish` has returned."""
        return self._append(commitments, leaf_hashes)

    def append_leaves(self, hashes: Sequence[bytes]) -> range:
        """Add what was hashed as a leaf before, as another log's."""
        return self._append(hashes, list)

    def root(self) -> bytes:
        """Return the root over all that was added, signed or not."""
        tail: list[bytes] = []
        for hashes in self._edge:
            if hashes or tail:
                tail = [root([*hashes, *tail])]
        return tail[0] if tail else EMPTY_ROOT

    def publish(self) -> Note:
        """Put all that was added on disk, sign it, and return the checkpoint."""
        before, top = self.signed, self.root()
        if self.size == before.size:
            return self.note
        with self._writing():
            self._disk.put(
                (
                    self._folder / Tile(level, self._full(level), len(hashes)).path(),
                    b"".join(hashes),
                )
                for level, hashes in enumerate(self._edge)
                if hashes
            )
            self._disk.settle()
            note = self._signer.checkpoint(self.size, top)
            self._keep(note)
            self.signed = before.grown(self.size, top)
            self._remove_filled(before.size)
        return note

    def note_at(self, size: int) -> Note:
        """Return the checkpoint of an earlier size, as the log signed it: for one that is anchored.

        Only for a size that was signed then; the signature is the same, witnesses' are left out.
        """
        return self._signer.checkpoint(size, self.signed.root_at(size))

    def cosign(self, *signatures: Signature) -> Note:
        """Add what witnesses say of the checkpoint to it."""
        with self._writing():
            self._keep(self.note.plus(*signatures))
        return self.note

    def _append(
        self, values: Sequence[bytes], hashed: Callable[[Sequence[bytes]], list[bytes]]
    ) -> range:
        if any(len(value) != HASH_BYTES for value in values):
            raise Invalid(
                f"the log takes {HASH_BYTES} bytes for each fact",
                f"원장에는 사실마다 {HASH_BYTES}바이트만 적습니다",
            )
        first = self.size
        with self._writing():
            for at in range(0, len(values), _AT_ONCE):
                self._add(hashed(values[at : at + _AT_ONCE]))
        return range(first, self.size)

    def _add(self, leaves: list[bytes]) -> None:
        """Add leaves at the edge; tiles that are full go to disk, their roots a level up."""
        full: list[tuple[Path, bytes]] = []
        fresh, level = leaves, 0
        while fresh:
            if level == len(self._edge):
                self._edge.append([])
            place = self._full(level)
            hashes = self._edge[level] + fresh
            whole = len(hashes) // TILE_HASHES * TILE_HASHES
            self._edge[level], fresh = hashes[whole:], []
            for at in range(0, whole, TILE_HASHES):
                tile = b"".join(hashes[at : at + TILE_HASHES])
                full.append((self._folder / Tile(level, place).path(), tile))
                fresh.append(tile_root(tile))
                place += 1
            level += 1
        self.size += len(leaves)
        self._disk.put(full)

    def _begin(self) -> None:
        if (self._folder / "tile").exists():
            raise damaged(self._folder / CHECKPOINT, "is missing")
        self._keep(self._signer.checkpoint(0, EMPTY_ROOT))

    def _keep(self, note: Note) -> None:
        self._disk.put([(self._folder / CHECKPOINT, note.whole().encode())])
        self._disk.settle()
        self.note = note

    def _check_known(self, known: Checkpoint | None) -> None:
        if known is None:
            return
        if known.size > self.signed.size or self.signed.root_at(known.size) != known.root:
            raise damaged(self._folder, f"does not continue what was signed at {known.size} leaves")

    def _full(self, level: int) -> int:
        return (self.size >> (TILE_HEIGHT * level)) // TILE_HASHES

    def _remove_filled(self, before: int) -> None:
        """Remove the partial tiles that full ones took the place of."""
        level = 0
        while count := before >> (TILE_HEIGHT * level):
            place = count // TILE_HASHES
            if count % TILE_HASHES and place < self._full(level):
                self._disk.remove_folder((self._folder / Tile(level, place, 1).path()).parent)
            level += 1

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Whatever fails half-way, nothing is added to it: the log has to be opened again."""
        if self._failed:
            raise Unavailable(
                "the log was closed or could not be written; open it again",
                "원장 기록이 닫혔거나 쓸 수 없습니다. 다시 여세요.",
            )
        self._failed = True
        try:
            yield
        except OSError as wrong:
            raise Unavailable(
                f"the log cannot be written: {wrong.strerror}", "원장 기록을 쓸 수 없습니다"
            ) from wrong
        self._failed = False


def _locked(folder: Path) -> int:
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        os.close(handle)
        raise Conflict(
            f"another process adds to the log {folder}", "다른 프로세스가 원장 기록을 쓰고 있습니다"
        ) from taken
    return handle
