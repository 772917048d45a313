"""What a subscription watches, ready to be asked of every change."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.ngsild.choice import read_members
from hapgang.hub.ngsild.geo import read_geo_query
from hapgang.hub.ngsild.join import Join
from hapgang.hub.ngsild.represent import Shape, Style
from hapgang.hub.ngsild.types import read_types
from hapgang.hub.qlang import parse
from hapgang.hub.record import Record
from hapgang.hub.search import Selection, tests_of
from hapgang.hub.subscriptions.sources import discoveries_of
from hapgang.hub.subscriptions.told import Told
from hapgang.hub.subscriptions.words import DEFAULT_TRIGGERS, Endpoint, Subscription

Find = Callable[[str], Record | None]
GEOJSON = "application/geo+json"
_STYLES: dict[str, Style] = {
    "normalized": "normalized", "concise": "concise",
    "keyValues": "simplified", "simplified": "simplified",
}  # fmt: skip
_OF_ENTITIES = {"created": "entityCreated", "deleted": "entityDeleted"}
_OF_ATTRIBUTES = {
    "created": "attributeCreated", "updated": "attributeUpdated", "deleted": "attributeDeleted",
}  # fmt: skip


class Rule:
    """A subscription of somebody, compiled."""

    def __init__(
        self,
        entity_id: str,
        owner: str,
        words: Subscription,
        names: Mapping[str, str],
        *,
        purpose: str = "",
        kind: str = "entities",
        context: Any = None,
        origin: str = "",
    ) -> None:
        """Compile `words`, in the hub's names; `Invalid` says what makes no sense.

        names: what the words of `q` mean. kind: entities, or csources for registrations. context:
        the one it came with. origin: the city's address as the owner knows it.
        """
        self.id = entity_id
        self.owner = owner
        self.words = words
        self.purpose = purpose
        self.kind = kind
        self.context = context if words.jsonldContext is None else words.jsonldContext
        self.origin = origin
        self.expires = words.expires
        self.watched = frozenset(words.watchedAttributes or ())
        self.triggers = frozenset(words.notificationTrigger or DEFAULT_TRIGGERS)
        self.shape = _shape_of(words)
        self.join = _join_of(words)
        self.selections = _selections_of(words, names)
        is_of_sources = kind == "csources"
        self.sources = discoveries_of(words, self.selections, names) if is_of_sources else ()
        self.form_key = _form_key(words)
        self._find: Find = _nobody
        self._tests = [tests_of(one, self._found) for one in self.selections]

    def is_active(self, now: datetime) -> bool:
        """Whether anybody is to be told: it is neither paused nor over."""
        return self.words.isActive and not (self.expires is not None and self.expires <= now)

    def status(self, now: datetime) -> str:
        """Return the standard's word for it."""
        if self.expires is not None and self.expires <= now:
            return "expired"
        return "active" if self.words.isActive else "paused"

    def hears(self, told: Told) -> bool:
        """Whether what happened is of a kind that is watched."""
        if told.kind == "updated":
            return self._hears_update(told)
        if _OF_ENTITIES[told.kind] in self.triggers:
            return not self.watched or not self.watched.isdisjoint(told.names)
        if _OF_ATTRIBUTES[told.kind] not in self.triggers:
            return False
        return not self.watched.isdisjoint(told.names) if self.watched else bool(list(told.names))

    def fits(self, record: Record, find: Find) -> bool:
        """Whether an entity is selected; `find` gives linked ones that the owner may see."""
        self._find = find
        return any(all(test(record) for test in tests) for tests in self._tests)

    def _hears_update(self, told: Told) -> bool:
        if told.says_more and not self.watched:
            return "entityUpdated" in self.triggers
        names = self.watched.intersection(told.before) if self.watched else told.before
        if "entityUpdated" in self.triggers:
            return bool(names)
        return any(
            _OF_ATTRIBUTES[change] in self.triggers
            for name in names
            for change in told.changes[name]
        )

    def _found(self, entity_id: str) -> Record | None:
        return self._find(entity_id)


def _form_key(words: Subscription) -> str:
    """Return what is the same for all who are told the same of the same change."""
    told = words.notification
    shown = msgspec.structs.replace(told, endpoint=Endpoint("", accept=told.endpoint.accept))
    watched = (words.watchedAttributes, words.notificationTrigger, words.lang, words.datasetId)
    return repr((shown, watched))


def _nobody(_: str) -> Record | None:
    return None


def _shape_of(words: Subscription) -> Shape:
    told = words.notification
    pick = read_members(",".join(told.pick or ()), "pick")
    omit = read_members(",".join(told.omit or ()), "omit")
    if pick and omit and (both := pick.names.keys() & omit.names.keys()):
        raise Invalid(f"{', '.join(sorted(both))}: both picked and omitted", None)
    return Shape(
        style=_STYLES[told.format],
        has_times=told.sysAttrs,
        attrs=frozenset(told.attributes or ()),
        pick=pick,
        omit=omit,
        datasets=frozenset(_several(words.datasetId)),
        languages=tuple(one.partition(";")[0].strip() for one in words.lang.split(",") if one),
        is_geojson=told.endpoint.accept == GEOJSON,
    )


def _join_of(words: Subscription) -> Join | None:
    told = words.notification
    return None if told.join == "@none" else Join(told.join, told.joinLevel)


def _selections_of(words: Subscription, names: Mapping[str, str]) -> tuple[Selection, ...]:
    geo = words.geoQ
    common = Selection(
        query=parse(words.q, lambda word: names.get(word, word)) if words.q else None,
        geo=None
        if geo is None
        else read_geo_query(geo.georel, geo.geometry, geo.coordinates, geo.geoproperty),
        scope=words.scopeQ,
    )
    found: list[Selection] = []
    for one in words.entities or ():
        found.append(
            msgspec.structs.replace(
                common,
                types=read_types("" if one.type == "*" else one.type),
                ids=tuple(check_uri(name) for name in _several(one.id)),
                id_pattern="" if one.id else one.idPattern,  # an id goes first (clause 5.2.33)
            )
        )
    return tuple(found) or (common,)


def _several(said: str | list[str]) -> list[str]:
    return said if isinstance(said, list) else [said] if said else []
