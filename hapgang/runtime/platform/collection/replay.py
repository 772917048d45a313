"""Rows in quarantine, tried again by the mapping that their feed has today."""

from typing import Any

from hapgang.contract import Caller
from hapgang.core.vocabulary.collection import DataFeed
from hapgang.hub.collect.topics import topic_test
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.collection.parts import get_feed
from hapgang.runtime.platform.collection.rows import (
    UNMATCHED,
    compiled,
    documents_in,
    take_in,
)


def replay_row(city: CityOf, feed: str, sender: Caller, body: Any) -> None:
    """Take in a feed's row again for its sender; raises what still does not fit."""
    mapping = compiled(_feed_today(city, feed, body).mapping)
    for document in documents_in(mapping, body):
        take_in(city, sender, document)


def _feed_today(city: CityOf, feed: str, body: Any) -> DataFeed:
    """Return a row's feed; of a message that no feed took, the one that takes its topic now."""
    known = body.get("known") if feed == UNMATCHED and isinstance(body, dict) else None
    topic = known.get("topic") if isinstance(known, dict) else None
    if isinstance(topic, str):
        for found in sorted(city.hub.find(DataFeed), key=lambda one: one.name):
            if found.is_on and found.topic and topic_test(found.topic).fullmatch(topic):
                return found
    return get_feed(city, feed)
