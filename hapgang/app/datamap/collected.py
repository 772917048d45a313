"""Feeds that bring data into the city, as sets of data: measured by what came of their rows."""

from collections.abc import Iterator

from hapgang.app.datamap import words
from hapgang.core.errors import CityError
from hapgang.core.text import Text
from hapgang.core.vocabulary.collection import DataFeed
from hapgang.hub.collect.quality import quality
from hapgang.hub.datamap.dataset import Dataset
from hapgang.hub.datamap.lineage import Edge
from hapgang.hub.datamap.quality import DataQuality
from hapgang.hub.state import State
from hapgang.runtime.platform.collection.parts import tally_of
from hapgang.runtime.platform.collection.rows import compiled

PREFIX = "feed.in."
_BY = {
    "mqtt": Text("Devices send it (MQTT).", "기기가 보내와요(MQTT)."),
    "http": Text("The city fetches it again and again.", "도시가 되풀이해 가져와요."),
    "file": Text("It comes as files.", "파일로 들어와요."),
}


def feeds_in(state: State) -> Iterator[DataFeed]:
    """Yield the feeds that the city knows."""
    for record in state.of_type("DataFeed"):
        if isinstance(record.view, DataFeed):
            yield record.view


def collected_sets(state: State) -> Iterator[Dataset]:
    """Yield a set of data for each feed; operators alone hear how it goes."""
    for feed in feeds_in(state):
        yield Dataset(
            id=PREFIX + feed.name,
            kind="feed",
            domain="platform",
            title=feed.title,
            about=_BY[feed.kind],
            owner=words.PLATFORM,
            access="internal",
            frequency="IRREG" if feed.kind == "file" else "CONT",
            keywords=tuple(_types(feed)),
        )


def collected_edges(state: State) -> Iterator[Edge]:
    """Yield which types each feed writes."""
    for feed in feeds_in(state):
        for name in _types(feed):
            yield Edge(PREFIX + feed.name, f"type.{name}")


def _types(feed: DataFeed) -> tuple[str, ...]:
    try:
        return compiled(feed.mapping).types
    except CityError:  # of a version that this one does not read
        return ()


def quality_of_feed(feed: DataFeed) -> DataQuality:
    """Return what was counted of a feed's rows, in the words of the data map.

    Accepted: rows and values that could be read, and were not said twice.
    """
    tally = tally_of(feed)
    found = quality(tally)
    accepted = None if found.validity is None else found.validity * _or_one(found.uniqueness)
    known = found.completeness is not None and accepted is not None
    score = _or_one(found.completeness) * _or_one(accepted) * _or_one(found.timeliness)
    return DataQuality(
        number=tally.rows,
        measured=tally.rows,
        newest_at=feed.last_observed_at or feed.last_at,
        complete_pct=_pct(found.completeness),
        plausible_pct=_pct(found.timeliness),
        accepted_pct=_pct(accepted),
        score_pct=100.0 * score if known else None,
    )


def _or_one(share: float | None) -> float:
    return 1.0 if share is None else share


def _pct(share: float | None) -> float | None:
    return None if share is None else 100.0 * share
