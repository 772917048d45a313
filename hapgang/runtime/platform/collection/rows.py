"""Rows of feeds at the hub: taken in once, or kept with the reason; used by all kinds of feeds."""

from functools import lru_cache
from io import BytesIO
from typing import Any

import msgspec

from hapgang.contract import Caller, Role
from hapgang.core.entity import Document, find_type
from hapgang.core.errors import CityError, Invalid, Refused
from hapgang.core.ids import new_urn, urn
from hapgang.core.vocabulary.collection import Counts
from hapgang.core.vocabulary.platform import QuarantinedRecord
from hapgang.hub.collect.mapping import Mapping
from hapgang.hub.collect.newest import news_in
from hapgang.hub.collect.paths import Around
from hapgang.hub.collect.sift import Sieve, UnfitRow
from hapgang.hub.ngsild.changes import append
from hapgang.hub.ngsild.fragment import check_plain, fragment_in
from hapgang.hub.temporal.overlay import HISTORY
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.ngsild.door import documents_of
from hapgang.writer.unit import Item

MOST_WAITING = 1_000  # records of one feed in quarantine; beyond it they are only counted
_MOST_TEXT = 10_000
UNMATCHED = "unmatched"  # the feed of messages that no other takes
WHOLE = "whole"  # what is known of a row that is the text of a whole message
_FEED = "feed:"  # origins of rows, which are tried again with the feed's mapping


def origin_of(feed: str) -> str:
    """Return the origin under which a feed's rows are in quarantine."""
    return f"{_FEED}{feed}"


def feed_of(origin: str) -> str | None:
    """Return the name of the feed that an origin names, if it does."""
    return origin.removeprefix(_FEED) if origin.startswith(_FEED) else None


def feed_caller(feed: str) -> Caller:
    """Return in whose name a feed's rows are written: its own, whoever brought them."""
    return Caller(urn("DataFeed", feed), Role.PLATFORM)


def compiled(document: Any) -> Mapping:
    """Return a mapping by its document; the last ones are remembered."""
    return _compiled(msgspec.json.encode(document))


@lru_cache(maxsize=64)
def _compiled(text: bytes) -> Mapping:
    mapping = Mapping(msgspec.json.decode(text))
    for name in mapping.types:
        declared = find_type(name)
        if declared is not None and (declared.person is not None or declared.is_internal):
            raise Refused(
                f"feeds do not bring {name}: it is personal, or the city's own",
                f"{name}은(는) 개인정보이거나 도시 내부 형식이라 수집할 수 없습니다",
            )
    return mapping


class FeedDesk:
    """Takes in the rows of one feed inside one unit, and counts."""

    def __init__(self, city: CityOf, feed: str, waiting: int) -> None:
        """Work for a feed that has so many records in quarantine."""
        self._city = city
        self._origin = origin_of(feed)
        self._waiting = waiting
        self._counts = dict.fromkeys(Counts.__struct_fields__, 0)

    @property
    def counts(self) -> Counts:
        """What was done so far."""
        return Counts(**self._counts)

    def take(self, documents: list[Document], unfit: list[UnfitRow], sender: Caller) -> None:
        """Take in what fits, in its order, and keep what does not."""
        for document in documents:
            try:
                self._counts[take_in(self._city, sender, document)] += 1
            except CityError as error:
                self._keep(document, error.message.en, sender)
        for row in unfit:
            self._keep({"row": row.row, "message": row.message, "known": row.known}, row.reason,
                       sender)  # fmt: skip

    def _keep(self, body: Any, reason: str, sender: Caller) -> None:
        self._counts["quarantined"] += 1
        if self._waiting >= MOST_WAITING:
            self._counts["dropped"] += 1
            return
        self._waiting += 1
        city = self._city
        city.hub.save(
            QuarantinedRecord(
                id=new_urn("QuarantinedRecord", city.rng),
                origin=self._origin,
                caller=sender.id,
                role=sender.role.value,
                reason=reason[:_MOST_TEXT].replace("\x00", "\\x00"),
                body=_storable(body),
                at=city.now,
            )
        )


def take_in(city: CityOf, sender: Caller, document: Document) -> str:
    """Write what a document says that is new; return what it was: accepted, repeated or late."""
    for member in ("id", "type"):
        if not isinstance(document.get(member), str):
            raise Invalid(f"an entity needs its {member}", f"엔티티에는 {member}이(가) 필요합니다")
    documents = documents_of(city, caller=sender)
    record = city.runtime.state.get(document["id"])
    if record is None:
        documents.create(document)
        return "accepted"
    if record.type != document["type"]:
        raise Invalid(f"{record.id} is a {record.type}", f"{record.id}: {record.type}입니다")
    fresh, late = news_in(document, record)
    if fresh:
        documents.change(record.id, fragment_in(fresh, nulls=False), append)
    if late:
        person = documents.check_past(record.id, record.type, late)
        city.unit.items.append(Item(HISTORY, record.type, record.id, person, {"added": late}))
    return "accepted" if fresh else "late" if late else "repeated"


def documents_in(mapping: Mapping, body: Any) -> list[Document]:
    """Return what a row from quarantine says by today's mapping; `Invalid` where it still cannot.

    A body that is a document already, because the row did fit and the city refused it, stays.
    """
    if not isinstance(body, dict):
        raise Invalid("a row is kept as an object", "격리된 행이 올바르지 않습니다")
    if "row" not in body:
        return [body]
    known = body.get("known")
    known = known if isinstance(known, dict) else {}
    if known.get(WHOLE) and isinstance(body["row"], str):
        return _documents_of_message(mapping, body["row"], known)
    around = Around(body.get("message"), known)
    mapped = mapping.apply(body["row"], around)
    return [] if mapped is None else mapped.documents


def _documents_of_message(mapping: Mapping, text: str, known: dict[str, Any]) -> list[Document]:
    parts = list(Sieve(mapping, known).parts(BytesIO(text.encode())))
    for part in parts:
        for row in part.unfit:
            raise Invalid(row.reason)
    return [document for part in parts for document in part.documents]


def _storable(body: Any) -> Any:
    """Return a body as it came, or as escaped text where the database could not hold it."""
    try:
        check_plain(body)
        text = msgspec.json.encode(body)
        if len(text) <= 10 * _MOST_TEXT:
            return body
        return {"row": text[:_MOST_TEXT].decode("utf-8", "replace"), "message": None, "known": {}}
    except (Invalid, RecursionError, TypeError, ValueError, msgspec.MsgspecError):
        return {"row": ascii(body)[:_MOST_TEXT], "message": None, "known": {}}
