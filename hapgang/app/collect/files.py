"""A file through a mapping, into a running city or only looked through; memory is bounded."""

import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from hapgang.app.collect.door import Door
from hapgang.core.errors import NotFound
from hapgang.core.vocabulary.collection import Counts
from hapgang.hub.collect.mapping import Mapping
from hapgang.hub.collect.quality import Quality, Tally, quality
from hapgang.hub.collect.sift import Part, Sieve
from hapgang.runtime.platform.collection.files import Progress
from hapgang.runtime.platform.collection.parts import added
from hapgang.runtime.platform.collection.rows import compiled

Tell = Callable[[str, int, float | None], None]
_CHUNK = 1 << 20
_NEW = Progress(0, False)
_MOST_REASONS = 1_000  # that are told apart
_DIGITS = re.compile(r"(?<!\w)-?\d+(\.\d+)?(?!\w)")


class Summary(Struct, frozen=True, kw_only=True):
    """What came of a file."""

    file: str
    feed: str
    is_dry_run: bool
    was_known: bool
    rows_before: int  # that were taken in before
    counts: Counts
    tally: Tally  # of the whole file
    quality: Quality
    reasons: dict[str, int]  # why rows did not fit the mapping; numbers in them left out


def look_through(path: Path, document: Any, tell: Tell) -> Summary:
    """Return what would come of a file, as far as its mapping can say."""
    total = _Total(path, tell)
    with opened(path) as file:
        for part in Sieve(compiled(document), {}).parts(file):
            total.add(part, Counts(accepted=len(part.documents), quarantined=len(part.unfit)))
    return total.summary("", is_dry_run=True)


def collect_file(door: Door, path: Path, document: Any, feed: str, tell: Tell) -> Summary:
    """Take a file into the city behind a door; what was taken in before is passed over."""
    mapping = compiled(document)
    digest = digest_of(path, document)
    begin = {"file": digest, "name": path.name, "feed": feed, "mapping": document}
    before = msgspec.convert(door.call("POST", "/api/collect/files", begin), Progress)
    total = _Total(path, tell)
    with opened(path) as file:
        for part, is_last in _with_last(_ahead(_parts(mapping, file))):
            counts = Counts()
            if total.tally.rows >= before.rows and not before.is_whole:
                counts = _sent(door, digest, total.tally.rows, part, is_last=is_last)
            total.add(part, counts)
    return total.summary(feed, before=before)


def _parts(mapping: Mapping, file: BinaryIO) -> Iterator[Part]:
    sieve = Sieve(mapping, {})
    yield from sieve.parts(file)
    yield sieve.taken()  # an empty one, so that also a file without rows has an end


def _ahead(parts: Iterator[Part]) -> Iterator[Part]:
    """Read the next part in a thread, while the city takes in the one before."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = reader.submit(next, parts, None)
            yield part


def _sent(door: Door, digest: str, after: int, part: Part, *, is_last: bool) -> Counts:
    body = {
        "after": after, "documents": part.documents, "unfit": part.unfit, "tally": part.tally,
        "newest": part.newest, "is_last": is_last,
    }  # fmt: skip
    answer = door.call("POST", f"/api/collect/files/{digest}/rows", body)
    return msgspec.convert(answer, Progress).counts


def _with_last(parts: Iterator[Part]) -> Iterator[tuple[Part, bool]]:
    """Yield each part, and whether it is the last one."""
    held: Part | None = None
    for part in parts:
        if held is not None:
            yield held, False
        held = part
    if held is not None:
        yield held, True


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read its bytes, unpacked where its name ends in .gz."""
    if not path.is_file():
        raise NotFound(f"there is no file {path}", f"파일이 없습니다: {path}")
    if path.suffix == ".gz":
        with gzip.open(path, "rb") as unpacked:
            yield unpacked  # type: ignore[misc]  # reads like a binary file
    else:
        with path.open("rb") as file:
            yield file


def digest_of(path: Path, document: Any) -> str:
    """Return what tells a file with its mapping from all others."""
    digest = hashlib.sha256(msgspec.json.encode(document, order="sorted"))
    if not path.is_file():
        raise NotFound(f"there is no file {path}", f"파일이 없습니다: {path}")
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class _Total:
    """What came of a file so far."""

    def __init__(self, path: Path, tell: Tell) -> None:
        self._path = path
        self._tell = tell
        self._counts = Counts()
        self._reasons: Counter[str] = Counter()
        self.tally = Tally()

    def add(self, part: Part, counts: Counts) -> None:
        self.tally += part.tally
        self._counts = added(self._counts, counts)
        for row in part.unfit:
            reason = _DIGITS.sub("#", row.reason)
            if reason in self._reasons or len(self._reasons) < _MOST_REASONS:
                self._reasons[reason] += 1
        self._tell(self._path.name, self.tally.rows, None)

    def summary(self, feed: str, *, before: Progress = _NEW, is_dry_run: bool = False) -> Summary:
        return Summary(
            file=self._path.name,
            feed=feed,
            is_dry_run=is_dry_run,
            was_known=before.rows > 0 or before.is_whole,
            rows_before=before.rows,
            counts=self._counts,
            tally=self.tally,
            quality=quality(self.tally),
            reasons=dict(self._reasons),
        )
