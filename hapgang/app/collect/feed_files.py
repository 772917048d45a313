"""Feeds as their operator writes them: `feeds/NAME.toml` in the city's folder, mode 0700.

kind = "mqtt"                      kind = "http"
topic = "devices/+/air"            url = "https://apis.data.go.kr/..."
mapping = "air.toml"               every_s = 600
                                   mapping = "airkorea"
                                   [secrets]
                                   serviceKey = "DATA_GO_KR_KEY"    # environment variable
"""

import logging
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from hapgang.app.collect.mappings import mapping_at
from hapgang.core.errors import CityError, Invalid
from hapgang.core.vocabulary.collection import FeedName
from hapgang.hub.collect.times import zone_of
from hapgang.hub.collect.topics import topic_test
from hapgang.runtime.platform.collection.rows import compiled

FOLDER = "feeds"
_MOST_FEEDS = 200
_MOST_BYTES = 100_000
_NAME = msgspec.json.Decoder(FeedName)
_log = logging.getLogger(__name__)


class Issue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a forecast that is asked for by its time is issued: `{issue:...}` in the query."""

    every_s: Annotated[int, Meta(ge=60, le=86_400)]
    first_s: Annotated[int, Meta(ge=0, lt=86_400)] = 0  # of the day's first, after midnight
    ready_after_s: Annotated[int, Meta(ge=0, le=86_400)] = 0
    zone: str = "Asia/Seoul"


class FeedFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One feed."""

    kind: Literal["mqtt", "http"]
    mapping: str
    topic: str = ""
    url: Annotated[str, Meta(max_length=2000)] = ""
    every_s: Annotated[float, Meta(ge=10, le=86_400)] = 600.0
    query: Mapping[str, str] = {}
    secrets: Mapping[str, str] = {}  # of the query: the word, and the variable that has it
    headers: Mapping[str, str] = {}  # likewise
    issue: Issue | None = None


class ReadFeed(NamedTuple):
    """A feed with its mapping's document."""

    name: str
    file: FeedFile
    mapping: Any


def signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes when a file there is written, added or removed."""
    try:
        found = [(path.name, path.stat()) for path in sorted(folder.iterdir()) if path.is_file()]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def feeds_in(folder: Path) -> list[ReadFeed]:
    """Return the feeds of a folder; one that is wrong is told in the log and left out."""
    found = []
    for path in sorted(folder.glob("*.toml"))[:_MOST_FEEDS]:
        try:
            feed = read_feed(path)
        except (CityError, OSError) as error:
            _log.error("feed %s: %s", path, error)
            continue
        if feed is not None:
            found.append(feed)
    return found


def read_feed(path: Path) -> ReadFeed | None:
    """Return the feed that a file describes, None for a mapping beside them; `Invalid` else."""
    try:
        with path.open("rb") as file:
            words = tomllib.loads(file.read(_MOST_BYTES).decode())
        if "entity" in words:
            return None
        feed = msgspec.convert(words, FeedFile, strict=True)
        name = _NAME.decode(msgspec.json.encode(path.stem))
    except (ValueError, msgspec.ValidationError) as error:
        raise Invalid(f"it cannot be read: {error}", f"읽을 수 없습니다: {error}") from None
    if feed.kind == "mqtt":
        topic_test(feed.topic)
    elif not feed.url:
        raise Invalid("a feed by HTTP has its url", "url이 필요합니다")
    if feed.issue is not None:
        zone_of(feed.issue.zone)
    mapping = mapping_at(feed.mapping, beside=path.parent)
    compiled(mapping)
    return ReadFeed(name, feed, mapping)


def query_of(feed: FeedFile, now: datetime, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the words of a request: instants and secrets filled in; `Invalid` where one lacks.

    {issue:FORM} is the newest issue that is ready, in its own zone; FORM is strftime's.
    """
    words = {name: _filled(text, feed.issue, now) for name, text in feed.query.items()}
    return {**words, **secrets_of(feed.secrets, variables)}


def secrets_of(wanted: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    """Return secrets by the names of their variables; `Invalid` where one is not set."""
    missing = [name for name in wanted.values() if name not in variables]
    if missing:
        raise Invalid(
            f"set the environment variable {missing[0]}", f"환경 변수 {missing[0]}을(를) 설정하세요"
        )
    return {word: variables[name] for word, name in wanted.items()}


def _filled(text: str, issue: Issue | None, now: datetime) -> str:
    head, found, rest = text.partition("{issue:")
    form, end, tail = rest.partition("}")
    if not found:
        return text
    if issue is None or not end:
        raise Invalid("{issue:...} needs a table `issue`", "issue 표가 필요합니다")
    return f"{head}{issued_at(issue, now).strftime(form)}{_filled(tail, issue, now)}"


def issued_at(issue: Issue, now: datetime) -> datetime:
    """Return when the newest issue that is ready was issued, on the clock of its zone."""
    local = now.astimezone(ZoneInfo(issue.zone)).replace(tzinfo=None)
    epoch = datetime(2000, 1, 1)  # noqa: DTZ001 (wall clock: issues follow the day)
    seconds = int((local - epoch).total_seconds()) - issue.ready_after_s - issue.first_s
    wall_s = seconds // issue.every_s * issue.every_s + issue.first_s
    return epoch + timedelta(seconds=wall_s)
