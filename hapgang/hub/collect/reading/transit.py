"""GTFS Realtime: each entity of a feed message as a row, by the specification's names."""

from typing import Any, BinaryIO

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError
from google.transit.gtfs_realtime_pb2 import FeedMessage

from hapgang.hub.collect.reading.rows import Row, Rows, Unreadable, whole
from hapgang.hub.collect.words import Reading


def realtime_rows(source: BinaryIO, words: Reading) -> Rows:
    """Read the entities of a feed message: fields such as `/vehicle/position/latitude`."""
    feed: Any = FeedMessage()
    try:
        feed.ParseFromString(whole(source))
    except (DecodeError, RecursionError) as error:
        raise Unreadable(f"it is no GTFS Realtime: {error}", "GTFS Realtime이 아닙니다") from None
    around = {"header": _plain(feed.header)}
    for entity in feed.entity:
        if not entity.is_deleted:
            yield Row(_plain(entity), around)


def _plain(message: Any) -> Any:
    """Return a message as JSON has it, by the names of the specification."""
    return MessageToDict(message, preserving_proto_field_name=True)  # type: ignore[no-untyped-call]
