"""Feeds as an operator sees them, and as the city notes them."""

from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.collection import Counts, DataFeed, FeedName
from hapgang.hub.collect.quality import Quality, Tally, quality
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.collection.parts import get_feed, tally_of, waiting_of
from hapgang.runtime.platform.collection.rows import compiled

_MINUTE = timedelta(minutes=1)
_MOST_ERROR = 500


class FeedView(msgspec.Struct, frozen=True, kw_only=True):
    """How a feed is doing."""

    name: str
    kind: str
    title: Text
    is_on: bool
    types: tuple[str, ...]
    last_at: datetime | None
    last_observed_at: datetime | None
    rows: int
    rows_per_min: int  # in the last whole minute
    counts: Counts
    tally: Tally
    quality: Quality
    waiting: int  # in quarantine now
    failures: int
    error: str | None
    error_at: datetime | None


def list_feeds(city: CityOf) -> list[FeedView]:
    """Return how every feed is doing: last message, rate, quality, quarantine, errors."""
    feeds = city.hub.find(DataFeed)
    return [_view(city, feed) for feed in sorted(feeds, key=lambda feed: feed.name)]


def get_feed_mapping(city: CityOf, *, feed: str) -> Any:
    """Return the mapping of a feed."""
    return get_feed(city, feed).mapping


def note_feed(
    city: CityOf,
    *,
    feed: FeedName,
    kind: Literal["mqtt", "http", "file"],
    mapping: Any,
    topic: str = "",
    is_on: bool = True,
) -> None:
    """Note that there is a feed, and by which mapping; its counts go on."""
    title = compiled(mapping).words.title
    old = city.hub.find_by_id(DataFeed, urn("DataFeed", feed))
    if old is None:
        new = DataFeed(
            id=urn("DataFeed", feed), name=feed, kind=kind, title=title, mapping=mapping,
            topic=topic, is_on=is_on, tally=msgspec.to_builtins(Tally()),
        )  # fmt: skip
    else:
        new = msgspec.structs.replace(
            old, kind=kind, title=title, mapping=mapping, topic=topic or old.topic, is_on=is_on
        )
    city.hub.save(new)


def note_failure(city: CityOf, *, feed: str, error: str) -> None:
    """Note that a feed could not be had, or could not be read."""
    old = get_feed(city, feed)
    city.hub.save(
        msgspec.structs.replace(
            old, failures=old.failures + 1, error=error[:_MOST_ERROR], error_at=city.now
        )
    )


def note_unchanged(city: CityOf, *, feed: str) -> None:
    """Note that a feed answered, and had nothing new."""
    old = get_feed(city, feed)
    if old.error is not None:
        city.hub.save(msgspec.structs.replace(old, failures=0, error=None, error_at=None))


def _view(city: CityOf, feed: DataFeed) -> FeedView:
    tally = tally_of(feed)
    return FeedView(
        name=feed.name,
        kind=feed.kind,
        title=feed.title,
        is_on=feed.is_on,
        types=compiled(feed.mapping).types,
        last_at=feed.last_at,
        last_observed_at=feed.last_observed_at,
        rows=tally.rows,
        rows_per_min=_rate(feed, city.now),
        counts=feed.counts,
        tally=tally,
        quality=quality(tally),
        waiting=waiting_of(city, feed.name),
        failures=feed.failures,
        error=feed.error,
        error_at=feed.error_at,
    )


def _rate(feed: DataFeed, now: datetime) -> int:
    if feed.minute_at is None:
        return 0
    minutes = (now.replace(second=0, microsecond=0) - feed.minute_at) // _MINUTE
    return {0: feed.last_minute_rows, 1: feed.minute_rows}.get(minutes, 0)
