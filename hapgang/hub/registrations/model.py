"""A registration as a client writes it, checked, and as the city uses it (clauses 5.2.8 to 5.2.10).

Names are the hub's. Members that the standard does not know are properties of the source.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.ngsild.fragment import check_plain
from hapgang.hub.ngsild.geometry import check_geometry
from hapgang.hub.ngsild.kinds import check_instant
from hapgang.hub.patterns import compile_pattern
from hapgang.hub.registrations.operations import GROUPS, OPERATIONS, operations_in

TYPE = "ContextSourceRegistration"
Mode = Literal["inclusive", "exclusive", "redirect", "auxiliary"]
PLACES = ("location", "observationSpace", "operationSpace")
READ_ONLY = frozenset(
    ["createdAt", "modifiedAt", "status", "timesSent", "timesFailed", "lastSuccess", "lastFailure"]
)
_MOST_INFORMATION = 1_000
_MOST_NAMES = 10_000
_MOST_ID = 640
_MOST_BYTES = 200_000
_MOST_MS = 60_000


class EntityInfo(msgspec.Struct, frozen=True):
    """Entities that a source knows (clause 5.2.8); what is empty does not matter."""

    type: str | list[str] = ""
    id: str = ""
    idPattern: str = ""  # noqa: N815 (the standard's name)

    @property
    def types(self) -> frozenset[str]:
        """The types, of which an entity has any."""
        names = self.type if isinstance(self.type, list) else [self.type]
        return frozenset(name for name in names if name)


class RegistrationInfo(msgspec.Struct, frozen=True):
    """What a source knows: of which entities, which attributes (clause 5.2.10)."""

    entities: list[EntityInfo] = []
    propertyNames: list[str] = []  # noqa: N815
    relationshipNames: list[str] = []  # noqa: N815

    @property
    def attributes(self) -> frozenset[str]:
        """The names of the attributes; empty is all of them."""
        return frozenset([*self.propertyNames, *self.relationshipNames])


class Interval(msgspec.Struct, frozen=True):
    """A time interval (clause 5.2.11)."""

    startAt: str  # noqa: N815
    endAt: str = ""  # noqa: N815


class Management(msgspec.Struct, frozen=True):
    """How a source is to be asked (clause 5.2.34); times in ms."""

    localOnly: bool = False  # noqa: N815
    cacheDuration: str = ""  # noqa: N815
    timeout: float = 0
    cooldown: float = 0


class KeyValue(msgspec.Struct, frozen=True):
    """A header, or something else that a source wants to be told (clause 5.2.22)."""

    key: str
    value: str


class Registration(msgspec.Struct, frozen=True):
    """A registration (clause 5.2.9)."""

    id: str
    type: Literal["ContextSourceRegistration"]
    information: list[RegistrationInfo]
    endpoint: str
    mode: Mode = "inclusive"
    operations: list[str] = msgspec.field(default_factory=lambda: ["federationOps"])
    registrationName: str | UnsetType = UNSET  # noqa: N815
    description: str | UnsetType = UNSET
    tenant: str = ""
    hostAlias: str = ""  # noqa: N815
    contextSourceAlias: str = ""  # noqa: N815
    observationInterval: Interval | None = None  # noqa: N815
    managementInterval: Interval | None = None  # noqa: N815
    location: dict[str, Any] | None = None
    observationSpace: dict[str, Any] | None = None  # noqa: N815
    operationSpace: dict[str, Any] | None = None  # noqa: N815
    expiresAt: str = ""  # noqa: N815
    scope: str | list[str] = ""
    contextSourceInfo: list[KeyValue] = []  # noqa: N815
    refreshRate: str = ""  # noqa: N815
    management: Management = Management()

    @property
    def supported(self) -> frozenset[str]:
        """The operations that the source supports."""
        return operations_in(self.operations)

    @property
    def alias(self) -> str:
        """By what name the source calls itself in `Via`; empty where nobody knows."""
        return self.hostAlias or self.contextSourceAlias

    @property
    def is_historic(self) -> bool:
        """Whether it is about the past, and so not about what is now (clause 5.10.2.4)."""
        return self.observationInterval is not None or self.managementInterval is not None

    @property
    def is_proxy(self) -> bool:
        """Whether the city itself holds nothing of what is registered (clause 4.3.6.3)."""
        return self.mode in ("exclusive", "redirect")

    def is_over(self, at: datetime) -> bool:
        """Whether it has expired."""
        return bool(self.expiresAt) and datetime.fromisoformat(self.expiresAt) <= at


KNOWN = frozenset(Registration.__struct_fields__)


def read_registration(document: Mapping[str, Any]) -> Registration:
    """Return the registration that a document says; `Invalid` names what does not fit."""
    check_plain(document)
    if len(msgspec.json.encode(document)) > _MOST_BYTES:
        raise _bad(f"it has at most {_MOST_BYTES:,} bytes")
    try:
        found = msgspec.convert(document, Registration, strict=True)
    except msgspec.ValidationError as error:
        raise _bad(str(error)) from None
    check_uri(found.id)
    _check_endpoint(found.endpoint)
    _check_information(found)
    _check_operations(found.operations)
    _check_when_and_where(found)
    for limit_ms in (found.management.timeout, found.management.cooldown):
        if not 0 <= limit_ms <= _MOST_MS:
            raise _bad(f"timeout and cooldown are at most {_MOST_MS:,} ms")
    return found


_MOST_READ = 4_000
_read: dict[int, tuple[Mapping[str, Any], Registration]] = {}


def kept_registration(document: Mapping[str, Any]) -> Registration:
    """Return what a document that is kept says; the same document is read once."""
    known = _read.get(id(document))
    if known is not None and known[0] is document:
        return known[1]
    if len(_read) >= _MOST_READ:
        _read.clear()
    found = read_registration(document)
    _read[id(document)] = (document, found)
    return found


@lru_cache(maxsize=2_000)
def pattern_of(text: str) -> Any:
    """Return a compiled pattern of ids; `Invalid` for what is no regular expression."""
    return compile_pattern(text, "idPattern")


def _check_endpoint(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_bad = parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0
    except ValueError:
        is_bad = True
    if is_bad or "?" in url or "#" in url or any(one.isspace() for one in url):
        raise _bad(f"the endpoint “{url[:80]}” is no http address")


def _check_operations(names: list[str]) -> None:
    for name in names:
        if name not in OPERATIONS and name not in GROUPS:
            raise _bad(f"there is no operation “{name[:60]}”")
    if not names:
        raise _bad("operations names none")


def _check_when_and_where(found: Registration) -> None:
    for interval in (found.observationInterval, found.managementInterval):
        if interval is not None:
            check_instant("startAt", interval.startAt)
            if interval.endAt:
                check_instant("endAt", interval.endAt)
    for name in PLACES:
        place = getattr(found, name)
        if place is not None:
            check_geometry(name, place)
    if found.expiresAt:
        check_instant("expiresAt", found.expiresAt)


def _check_information(found: Registration) -> None:
    names = 0
    if not 1 <= len(found.information) <= _MOST_INFORMATION:
        raise _bad(f"information has 1 to {_MOST_INFORMATION:,} parts")
    for info in found.information:
        names += len(info.entities) + len(info.attributes)
        if not (info.entities or info.attributes):
            raise _bad("information names neither entities nor attributes")
        if not (info.attributes or found.mode != "exclusive"):
            raise _bad("an exclusive registration names attributes (4.3.6.3)")
        for entity in info.entities:
            if not (entity.id or entity.idPattern or entity.types):
                raise _bad("entities needs a type, an id or an idPattern")
            if not entity.id.isprintable() or " " in entity.id or len(entity.id) > _MOST_ID:
                raise _bad(f"“{entity.id[:60]!a}” can be no entity's id")
            if entity.idPattern:
                pattern_of(entity.idPattern)
    if names > _MOST_NAMES:
        raise _bad(f"information has at most {_MOST_NAMES:,} names")


def _bad(en: str) -> Invalid:
    return Invalid(f"registration: {en}", f"등록 정보가 올바르지 않습니다: {en}")
