"""Files, taken in part by part: a file goes on where it stopped, and is taken in once."""

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.core.entity import Document
from hapgang.core.errors import Conflict, Invalid
from hapgang.core.ids import urn
from hapgang.core.vocabulary.collection import CollectedFile, Counts, DataFeed, FeedName
from hapgang.hub.collect.quality import Tally
from hapgang.hub.collect.sift import UnfitRow
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.collection.feeds import note_feed
from hapgang.runtime.platform.collection.parts import FeedPart, take_parts

MOST_DOCUMENTS = 5_000
_DIGEST = re.compile("[0-9a-f]{64}")


class Progress(msgspec.Struct, frozen=True):
    """How far a file was taken in."""

    rows: int
    is_whole: bool
    counts: Counts = Counts()


def file_progress(city: CityOf, *, file: str) -> Progress:
    """Return how far a file was taken in, by its digest."""
    known = city.hub.find_by_id(CollectedFile, _id(file))
    return Progress(0, False) if known is None else Progress(known.rows, known.is_whole)


def begin_file(
    city: CityOf, *, file: str, name: Annotated[str, Meta(max_length=300)], feed: FeedName,
    mapping: Any,
) -> Progress:  # fmt: skip
    """Note a file and the feed that it belongs to; return how far it was taken in before."""
    entity_id = _id(file)
    known = city.hub.find_by_id(CollectedFile, entity_id)
    if known is not None and known.feed != urn("DataFeed", feed):
        raise Conflict(
            f"this file was taken in for {known.feed}", f"이 파일은 {known.feed}로 수집되었습니다"
        )
    there = city.hub.find_by_id(DataFeed, urn("DataFeed", feed))
    if there is not None and there.kind != "file":
        raise Conflict(
            f"{feed} is a feed by {there.kind}; give files another --feed",
            f"{feed}은(는) {there.kind} 피드입니다. 다른 --feed를 쓰세요",
        )
    note_feed(city, feed=feed, kind="file", mapping=mapping)
    if known is None:
        known = CollectedFile(id=entity_id, feed=urn("DataFeed", feed), name=name, at=city.now)
        city.hub.save(known)
    return Progress(known.rows, known.is_whole)


def collect_file_part(
    city: CityOf,
    *,
    file: str,
    after: Annotated[int, Meta(ge=0)],
    documents: Annotated[list[Document], Meta(max_length=MOST_DOCUMENTS)],
    unfit: Annotated[list[UnfitRow], Meta(max_length=MOST_DOCUMENTS)],
    tally: Tally,
    newest: Instant | None = None,
    is_last: bool = False,
) -> Progress:
    """Take in the rows of a file that come after those taken in before; `Conflict` for others."""
    known = city.hub.get(CollectedFile, _id(file))
    if known.rows != after or known.is_whole:
        raise Conflict(
            f"{known.rows} rows of this file were taken in: go on after them",
            f"이미 {known.rows}행이 수집되었습니다. 그 다음부터 보내세요",
            rows=known.rows,
        )
    if newest is not None and newest.tzinfo is None:
        raise Invalid("`newest` names no time zone", "`newest`에 시간대가 없습니다")
    name = known.feed.rpartition(":")[2]
    counts = take_parts(city, name, [FeedPart(name, documents, unfit, tally, newest)])
    rows = after + tally.rows
    city.hub.save(msgspec.structs.replace(known, rows=rows, is_whole=is_last, at=city.now))
    return Progress(rows, is_last, counts)


def _id(file: str) -> str:
    if not _DIGEST.fullmatch(file):
        raise Invalid("a file is named by its SHA-256 in hex", "파일의 SHA-256이 필요합니다")
    return urn("CollectedFile", file)
