"""The document of a subscription (clauses 5.2.12 to 5.2.15, 5.2.22), with the standard's names."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import msgspec
from msgspec import Meta

from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.ngsild.fragment import check_plain
from hapgang.hub.ngsild.kinds import check_instant

MOST_BYTES = 64_000
Trigger = Literal[
    "entityCreated", "entityUpdated", "entityDeleted",
    "attributeCreated", "attributeUpdated", "attributeDeleted",
]  # fmt: skip
DEFAULT_TRIGGERS: tuple[Trigger, ...] = ("attributeCreated", "attributeUpdated")
Accept = Literal["application/json", "application/ld+json", "application/geo+json"]
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_Short = Annotated[str, Meta(max_length=4_000)]
_Several = Annotated[list[_Short], Meta(max_length=200)]
_Names = Annotated[list[_Short], Meta(min_length=1, max_length=200)]
_Seconds = Annotated[float, Meta(gt=0, le=31_536_000)]
_Interval = Annotated[float, Meta(ge=1, le=31_536_000)]  # s; each time all entities are looked at
_Millis = Annotated[float, Meta(gt=0, le=86_400_000)]


class Pair(msgspec.Struct, frozen=True):
    """Something that a receiver is told, or that says how to reach it (clause 5.2.22)."""

    key: Annotated[str, Meta(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}\Z")]  # a header's name
    value: Annotated[str, Meta(max_length=2_000, pattern=r"^[^\x00-\x1f\x7f]*\Z")] | int


class Endpoint(msgspec.Struct, frozen=True):
    """Where notifications go (clause 5.2.15)."""

    uri: Annotated[str, Meta(min_length=1, max_length=2_000)]
    accept: Accept = "application/json"
    timeout: _Millis | None = None  # ms
    cooldown: _Millis | None = None  # ms
    receiverInfo: Annotated[list[Pair], Meta(max_length=50)] = []  # noqa: N815 (the standard's)
    notifierInfo: Annotated[list[Pair], Meta(max_length=50)] = []  # noqa: N815


class NotificationParams(msgspec.Struct, frozen=True):
    """What a notification holds, and where it goes (clause 5.2.14)."""

    endpoint: Endpoint
    attributes: _Names | None = None
    pick: _Names | None = None
    omit: _Names | None = None
    sysAttrs: bool = False  # noqa: N815
    format: Literal["normalized", "concise", "keyValues", "simplified"] = "normalized"
    showChanges: bool = False  # noqa: N815
    join: Literal["flat", "inline", "@none"] = "@none"
    joinLevel: Annotated[int, Meta(ge=1, le=10)] = 1  # noqa: N815


class Selector(msgspec.Struct, frozen=True):
    """Which entities (clause 5.2.33)."""

    type: Annotated[str, Meta(min_length=1, max_length=4_000)]
    id: str | _Several = ""
    idPattern: str = ""  # noqa: N815


class GeoWanted(msgspec.Struct, frozen=True):
    """A geo query (clause 5.2.13)."""

    georel: str
    geometry: str
    coordinates: Any
    geoproperty: str = "location"


class Subscription(msgspec.Struct, frozen=True):
    """A subscription as a client says it (clause 5.2.12)."""

    type: Literal["Subscription"]
    notification: NotificationParams
    id: str = ""
    subscriptionName: _Short = ""  # noqa: N815
    description: _Short = ""
    entities: Annotated[list[Selector], Meta(min_length=1, max_length=200)] | None = None
    watchedAttributes: _Names | None = None  # noqa: N815
    notificationTrigger: (  # noqa: N815
        Annotated[list[Trigger], Meta(min_length=1, max_length=6)] | None
    ) = None
    timeInterval: _Interval | None = None  # noqa: N815
    throttling: _Seconds | None = None
    q: _Short = ""
    geoQ: GeoWanted | None = None  # noqa: N815
    csf: _Short = ""
    scopeQ: _Short = ""  # noqa: N815
    lang: _Short = ""
    datasetId: str | _Several = ""  # noqa: N815
    isActive: bool = True  # noqa: N815
    expiresAt: str | None = None  # noqa: N815
    jsonldContext: str | None = None  # noqa: N815
    temporalQ: dict[str, Any] | None = None  # noqa: N815

    @property
    def expires(self) -> datetime | None:
        """When it ends."""
        return None if self.expiresAt is None else datetime.fromisoformat(self.expiresAt)


# What only the hub says of a subscription.
_TOLD = ("status", "createdAt", "modifiedAt", "deletedAt", "@context")
_TOLD_OF_NOTIFICATIONS = (
    "status", "timesSent", "timesFailed", "lastNotification", "lastSuccess", "lastFailure",
)  # fmt: skip


def without_told(document: dict[str, Any]) -> dict[str, Any]:
    """Return a client's document without what only the hub says."""
    kept = {name: value for name, value in document.items() if name not in _TOLD}
    if isinstance(kept.get("notification"), dict):
        kept["notification"] = {
            name: value
            for name, value in kept["notification"].items()
            if name not in _TOLD_OF_NOTIFICATIONS
        }
    return kept


def with_plain_query(document: dict[str, Any]) -> dict[str, Any]:
    """Return a subscription whose `q` is not percent-encoded, as it would be in an address."""
    q = document.get("q")
    if isinstance(q, str) and _ENCODED.search(q):
        return {**document, "q": unquote(q)}
    return document


def merged(document: dict[str, Any], fragment: dict[str, Any]) -> dict[str, Any]:
    """Return a subscription with members of a fragment, each as a whole (5.8.2); null removes."""
    out = {**document, **fragment}
    for part in (out, out.get("notification")):
        if isinstance(part, dict):
            for name in [name for name, value in part.items() if value is None]:
                del part[name]
    return out


def read_words(document: dict[str, Any]) -> Subscription:
    """Return a subscription; `Invalid` says what does not fit."""
    check_plain(document)
    if len(msgspec.json.encode(document)) > MOST_BYTES:
        raise Invalid(f"a subscription has at most {MOST_BYTES:,} bytes", None)
    try:
        found = msgspec.convert(document, Subscription, strict=True)
    except msgspec.ValidationError as error:
        raise Invalid(
            f"the subscription does not fit: {error}", f"구독 형식 오류: {error}"
        ) from None
    _check(found, document)
    return found


def _check(found: Subscription, document: dict[str, Any]) -> None:
    if "id" in document:
        check_uri(found.id)
    if not (found.entities or found.watchedAttributes):
        raise _bad("say entities or watchedAttributes")
    if found.timeInterval is not None and (
        found.throttling is not None or found.watchedAttributes is not None
    ):
        raise _bad("timeInterval goes with neither throttling nor watchedAttributes")
    if found.timeInterval is not None and not found.entities:
        raise _bad("timeInterval needs entities")
    if found.expiresAt is not None:
        check_instant("expiresAt", found.expiresAt)
    told = found.notification
    if told.attributes and (told.pick or told.omit):
        raise _bad("attributes goes with neither pick nor omit")
    if told.showChanges and told.format in ("keyValues", "simplified"):
        raise _bad("showChanges needs the normalized or the concise format")


def _bad(en: str) -> Invalid:
    return Invalid(f"subscription: {en}", f"구독이 올바르지 않습니다: {en}")
