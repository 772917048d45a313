"""Collection: feeds that bring data into the city, and the files that were taken in."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.text import Text, Words

FeedName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$(?!\n)")]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What the city has done with a feed's rows."""

    accepted: int = 0  # rows' entities that said something new
    repeated: int = 0  # that said what was known
    late: int = 0  # that said what was, before what is known: history has it
    quarantined: int = 0
    dropped: int = 0  # not kept, because the feed's quarantine was full


@entity(
    "DataFeed",
    is_internal=True,
    words=Words(
        Text("Where data comes from", "데이터가 들어오는 곳"),
        Text(
            "A feed of measurements from devices, files or other offices, and how good it is.",
            "기기나 파일, 다른 기관에서 오는 측정값과 그 품질이에요.",
        ),
    ),
)
class DataFeed(Entity, frozen=True, kw_only=True):
    """A feed: how its rows become entities, and what came of them so far."""

    name: FeedName
    kind: Literal["mqtt", "http", "file"]
    title: Text
    mapping: Any  # the mapping's document; rows in quarantine are tried again with it
    topic: str = ""  # of mqtt: a topic filter
    is_on: bool = True  # whether the city listens or asks
    tally: Any  # of hub.collect.quality.Tally
    counts: Counts = Counts()
    last_at: datetime | None = None  # when something came
    last_observed_at: datetime | None = None  # the newest time in it
    minute_at: datetime | None = None  # the minute that is counted
    minute_rows: int = 0
    last_minute_rows: int = 0
    failures: int = 0  # in a row
    error: str | None = None  # of the last failure, until something works
    error_at: datetime | None = None


@entity(
    "CollectedFile",
    is_internal=True,
    words=Words(
        Text("Files taken in", "받아들인 파일"),
        Text(
            "A file whose rows became entities, so that it is taken in once.",
            "한 번만 받아들이도록 적어 둔 파일이에요.",
        ),
    ),
)
class CollectedFile(Entity, frozen=True, kw_only=True):
    """A file by its content and mapping: how far it was taken in."""

    feed: Annotated[str, Relationship("ofFeed")]
    name: Annotated[str, Property("fileName")]
    rows: int = 0
    is_whole: bool = False
    at: datetime
