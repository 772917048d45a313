"""Rows in quarantine, tried again by the mapping that their feed has today."""

from typing import Any

from hapgang.contract import Caller
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.collection.parts import get_feed
from hapgang.runtime.platform.collection.rows import compiled, documents_in, take_in


def replay_row(city: CityOf, feed: str, sender: Caller, body: Any) -> None:
    """Take in a feed's row again for its sender; raises what still does not fit."""
    mapping = compiled(get_feed(city, feed).mapping)
    for document in documents_in(mapping, body):
        take_in(city, sender, document)
