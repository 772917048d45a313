"""A file or message through a mapping, in bounded parts: what fits, what does not, and a tally."""

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping as Known
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from hapgang.core.entity import Document
from hapgang.core.errors import Invalid
from hapgang.hub.collect.mapping import Mapped, Mapping
from hapgang.hub.collect.paths import Around
from hapgang.hub.collect.quality import Tally
from hapgang.hub.collect.reading import Row, read_rows

MOST_ROWS = 500  # of a part
MOST_BYTES = 1_000_000  # of a part, nearly; and of one entity
_MOST_REMEMBERED = 500_000  # entities and times of one file, to know what is said twice
_MOST_KEPT = 20_000  # bytes of a row, and of its message, that are kept in quarantine
_MOST_REASON = 500
_NO_JSON = (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError)


class UnfitRow(Struct, frozen=True):
    """A row that the mapping could not take, with all that it takes to try again."""

    reason: str
    row: Any
    message: Any = None
    known: dict[str, Any] = {}


class Part(Struct, frozen=True):
    """Some rows of a file or message, one after the other."""

    documents: list[Document]
    unfit: list[UnfitRow]
    tally: Tally
    newest: datetime | None = None  # of the times observed


class Sieve:
    """Applies a mapping to the rows of one file or message."""

    def __init__(
        self, mapping: Mapping, known: Known[str, Any], arrived: datetime | None = None
    ) -> None:
        """Sift for a mapping; `arrived` says when the message came, which judges how old it is."""
        self._mapping = mapping
        self._known = known
        self._arrived = arrived
        fresh_s = mapping.words.fresh_s
        self._fresh = timedelta(seconds=fresh_s) if fresh_s and arrived else None
        self._seen: dict[int, int] = {}
        self._message: Any = None
        self._message_kept: Any = None
        self._start()

    def _start(self) -> None:
        self._documents: list[Document] = []
        self._unfit: list[UnfitRow] = []
        self._newest: datetime | None = None
        self._counts = dict.fromkeys(Tally.__struct_fields__, 0)
        self._bytes = 0

    def parts(self, source: BinaryIO, size: int = MOST_ROWS) -> Iterator[Part]:
        """Yield the parts of a file; `Unreadable` where it is not of its format."""
        for row in read_rows(source, self._mapping.words.read):
            self.add(row)
            if self._counts["rows"] >= size or self._bytes >= MOST_BYTES:
                yield self.taken()
        if self._counts["rows"]:
            yield self.taken()

    def taken(self) -> Part:
        """Return what was sifted since the last time."""
        part = Part(self._documents, self._unfit, Tally(**self._counts), self._newest)
        self._start()
        return part

    def add(self, row: Row) -> None:
        """Sift one row."""
        counts = self._counts
        counts["rows"] += 1
        try:
            if row.broken:
                raise Invalid(row.broken)
            mapped = self._mapping.apply(row.value, Around(row.message, self._known))
            if mapped is None:
                counts["skipped"] += 1
                return
            self._take(mapped)
        except Invalid as error:
            self._set_aside(row, error.message.en)
        except _NO_JSON as error:
            self._set_aside(row, f"it cannot be written: {error}")

    def _set_aside(self, row: Row, why: str) -> None:
        if row.message is not self._message:  # looked at once for all its rows
            self._message, self._message_kept = row.message, _kept(row.message)
        self._counts["unfit"] += 1
        self._bytes += _MOST_KEPT
        value = _kept(row.value, whole=False)
        self._unfit.append(
            UnfitRow(why[:_MOST_REASON], value, self._message_kept, dict(self._known))
        )

    def _take(self, mapped: Mapped) -> None:
        fresh = [document for document in mapped.documents if self._is_new(document, mapped.at)]
        counts = self._counts
        counts["expected"] += mapped.expected
        counts["present"] += mapped.present
        counts["invalid"] += mapped.invalid
        if not mapped.documents:
            counts["empty"] += 1
        elif not fresh:
            counts["duplicates"] += 1
        self._documents += fresh
        if mapped.at is not None:
            self._newest = max(self._newest or mapped.at, mapped.at)
            if self._fresh is not None and self._arrived is not None:
                counts["timed"] += 1
                counts["fresh"] += self._arrived - mapped.at <= self._fresh

    def _is_new(self, document: Document, at: datetime | None) -> bool:
        """Whether nothing was said yet of this entity and time; `Invalid` for something else."""
        text = msgspec.json.encode(document, order="sorted")
        self._bytes += len(text)
        if len(text) > MOST_BYTES:
            raise Invalid(f"an entity has at most {MOST_BYTES:,} bytes")
        if at is None:
            return True
        key = _hash(f"{document['type']} {document['id']} {at.isoformat()}".encode())
        said = _hash(text)
        known = self._seen.get(key)
        if known is None and len(self._seen) < _MOST_REMEMBERED:
            self._seen[key] = said
        if known is not None and known != said:
            raise Invalid("another row says something else of the same time")
        return known is None


def _hash(text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())


def _kept(value: Any, *, whole: bool = True) -> Any:
    """Return a value to keep in quarantine: a large one as the beginning of its text, or not."""
    try:
        text = msgspec.json.encode(value)
    except _NO_JSON:
        text = ascii(type(value)).encode()
        whole = False
    else:
        if len(text) <= _MOST_KEPT:
            return value
    return None if whole else text[:_MOST_KEPT].decode("utf-8", "replace")
