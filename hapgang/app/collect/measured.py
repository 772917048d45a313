"""Numbers of feeds, for `/metrics`."""

from collections.abc import Iterator

from hapgang.core.vocabulary.collection import DataFeed
from hapgang.hub.collect.quality import quality
from hapgang.hub.state import State
from hapgang.runtime.exposition import Family, Sample
from hapgang.runtime.platform.collection.parts import tally_of


def feed_families(state: State) -> Iterator[Family]:
    """Yield what came of each feed, how good it is, and how often it has failed in a row."""
    feeds = [record.view for record in state.of_type("DataFeed")]
    known = [feed for feed in feeds if isinstance(feed, DataFeed)]
    yield Family(
        "hapgang_feed_entities", "counter", "What feeds said, by what it was to the city.",
        [
            Sample(getattr(feed.counts, outcome), {"feed": feed.name, "outcome": outcome})
            for feed in known
            for outcome in feed.counts.__struct_fields__
        ],
    )  # fmt: skip
    yield Family(
        "hapgang_feed_rows", "counter", "Rows of feeds.",
        [Sample(tally_of(feed).rows, {"feed": feed.name}) for feed in known],
    )  # fmt: skip
    yield Family(
        "hapgang_feed_quality", "gauge", "The score of feeds, of 100.",
        [
            Sample(score, {"feed": feed.name})
            for feed in known
            if (score := quality(tally_of(feed)).score) is not None
        ],
    )  # fmt: skip
    yield Family(
        "hapgang_feed_failures", "gauge", "Failures of feeds in a row.",
        [Sample(feed.failures, {"feed": feed.name}) for feed in known],
    )  # fmt: skip
