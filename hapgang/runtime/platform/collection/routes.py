"""Collection's doors: operators look after feeds, and bring files."""

from hapgang.contract import Role, Route
from hapgang.runtime.platform.collection.feeds import get_feed_mapping, list_feeds
from hapgang.runtime.platform.collection.files import (
    begin_file,
    collect_file_part,
    file_progress,
)

_OPERATORS = (Role.OPERATOR,)

COLLECTION_ROUTES = (
    Route.get("/feeds", list_feeds, allow=_OPERATORS),
    Route.get("/feeds/{feed}/mapping", get_feed_mapping, allow=_OPERATORS),
    Route.post("/collect/files", begin_file, allow=_OPERATORS),
    Route.get("/collect/files/{file}", file_progress, allow=_OPERATORS),
    Route.post("/collect/files/{file}/rows", collect_file_part, allow=_OPERATORS),
)
