"""What devices and other offices say: parts of feeds, taken in by the city itself."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec

from hapgang.contract import Caller
from hapgang.core.entity import Document
from hapgang.core.errors import NotFound
from hapgang.core.ids import urn
from hapgang.core.vocabulary.collection import Counts, DataFeed
from hapgang.hub.collect.quality import Tally
from hapgang.hub.collect.sift import Part, UnfitRow
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.collection.rows import FeedDesk, feed_caller, origin_of

_MINUTE = timedelta(minutes=1)


class FeedPart(msgspec.Struct, frozen=True):
    """Rows of one feed from one sender; none: the feed speaks for itself."""

    feed: str
    documents: list[Document]
    unfit: list[UnfitRow]
    tally: Tally
    newest: datetime | None = None
    sender: Caller | None = None

    @classmethod
    def of(cls, feed: str, part: Part, sender: Caller | None = None) -> "FeedPart":
        """Return a part of a feed."""
        return cls(feed, part.documents, part.unfit, part.tally, part.newest, sender)


def collect_parts(city: CityOf, *, parts: list[FeedPart]) -> Counts:
    """Take in parts of feeds, in their order; what does not fit goes to quarantine."""
    total = Counts()
    for name, of_feed in groupby(parts, key=lambda part: part.feed):
        total = added(total, take_parts(city, name, list(of_feed)))
    return total


def take_parts(city: CityOf, name: str, parts: list[FeedPart]) -> Counts:
    """Take in parts of one feed, and note on the feed what came of them."""
    feed = get_feed(city, name)
    desk = FeedDesk(city, name, waiting_of(city, name))
    for part in parts:
        desk.take(part.documents, part.unfit, part.sender or feed_caller(name))
    city.hub.save(_noted(city, feed, parts, desk.counts))
    return desk.counts


def get_feed(city: CityOf, name: str) -> DataFeed:
    """Return a feed by its name."""
    feed = city.hub.find_by_id(DataFeed, urn("DataFeed", name))
    if feed is None:
        raise NotFound(f"there is no feed {name[:80]}", f"피드가 없습니다: {name[:80]}")
    return feed


def waiting_of(city: CityOf, name: str) -> int:
    """Return how many records of a feed are in quarantine."""
    records = city.runtime.state.with_value("QuarantinedRecord", "origin", origin_of(name))
    return sum(1 for _ in records or ())


def added(a: Counts, b: Counts) -> Counts:
    """Return both counts together."""
    names = a.__struct_fields__
    return Counts(**{name: getattr(a, name) + getattr(b, name) for name in names})


def tally_of(feed: DataFeed) -> Tally:
    """Return what was counted of a feed so far."""
    return msgspec.convert(feed.tally, Tally)


def _noted(city: CityOf, feed: DataFeed, parts: list[FeedPart], counts: Counts) -> DataFeed:
    tally = tally_of(feed)
    newest = feed.last_observed_at
    rows = 0
    for part in parts:
        tally += part.tally
        rows += part.tally.rows
        if part.newest is not None:
            newest = part.newest if newest is None else max(newest, part.newest)
    return msgspec.structs.replace(
        feed,
        tally=msgspec.to_builtins(tally),
        counts=added(feed.counts, counts),
        last_at=city.now,
        last_observed_at=newest,
        failures=0,
        error=None,
        error_at=None,
        **_minute(feed, city.now, rows),
    )


def _minute(feed: DataFeed, now: datetime, rows: int) -> dict[str, Any]:
    """Return how many rows came in this minute and in the one before."""
    minute = now.replace(second=0, microsecond=0)
    if feed.minute_at == minute:
        return {"minute_rows": feed.minute_rows + rows}
    is_next = feed.minute_at is not None and feed.minute_at + _MINUTE == minute
    last = feed.minute_rows if is_next else 0
    return {"minute_at": minute, "minute_rows": rows, "last_minute_rows": last}
