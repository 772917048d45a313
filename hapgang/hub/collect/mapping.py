"""A mapping, compiled: rows in, NGSI-LD documents out, or the reason why not."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hapgang.core.entity import Document
from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.collect.paths import Around, Get, Unfit, getter, template
from hapgang.hub.collect.times import ReadTime, time_reader, zone_of
from hapgang.hub.collect.values import (
    NoValue,
    OutsideRange,
    Step,
    converter,
    missing_test,
    point,
)
from hapgang.hub.collect.words import (
    Attribute,
    EntityWords,
    MappingWords,
    Skip,
    Time,
    words_of,
)
from hapgang.hub.ngsild.instants import written

Told = Callable[[Any, Around], bool]
_SOURCES = ("source", "template", "constant", "point")


class Mapped(NamedTuple):
    """What a row said."""

    documents: list[Document]
    at: datetime | None  # when it was observed
    expected: int = 0  # values that its entities could have
    present: int = 0  # and have
    invalid: int = 0  # values that were left out, because they could not be


class _Value(NamedTuple):
    """One attribute, compiled."""

    name: str
    get: Get
    convert: Step
    is_missing: Callable[[Any], bool]
    member: str
    frame: dict[str, Any]  # the attribute without its value
    is_measured: bool  # of the row: it bears the row's time
    is_counted: bool  # for completeness
    is_needed: bool
    needs_time: bool


class Mapping:
    """How rows of one kind become entities."""

    def __init__(self, document: Any) -> None:
        """Compile a mapping's document; `Invalid` says what is wrong with it."""
        self.document = document
        self.words: MappingWords = words_of(document)
        zone = zone_of(self.words.zone)
        self._skip = _skips(self.words.skip, self.words.missing)
        self._entities = [_Entity(words, self.words, zone) for words in self.words.entity]

    @property
    def types(self) -> tuple[str, ...]:
        """The types that it writes."""
        return tuple(dict.fromkeys(words.type for words in self.words.entity))

    def apply(self, row: Any, around: Around) -> Mapped | None:
        """Return what a row says, None for one that is not meant; `Unfit` says why it cannot be."""
        if not isinstance(row, dict):
            raise Unfit("a row is an object with fields", "행은 필드가 있는 객체여야 합니다")
        if self._skip(row, around):
            return None
        parts = [part for one in self._entities if (part := one.apply(row, around)) is not None]
        if not parts:
            return None
        return Mapped(
            [document for part in parts for document in part.documents],
            max((part.at for part in parts if part.at is not None), default=None),
            sum(part.expected for part in parts),
            sum(part.present for part in parts),
            sum(part.invalid for part in parts),
        )


class _Entity:
    """One entity of a row, compiled."""

    def __init__(self, words: EntityWords, whole: MappingWords, zone: ZoneInfo) -> None:
        self._type = words.type
        self._id = template(words.id, is_id=True)
        self._skip = _skips(words.skip, whole.missing)
        self._observed = None if words.observed is None else _time(words.observed, zone)
        self._ordered = words.ordered
        self._values = [_value(n, one, whole) for n, one in words.attributes.items()]
        self._measures = any(value.is_measured for value in self._values)
        unknown = {n for pair in words.ordered for n in pair} - words.attributes.keys()
        if unknown:
            raise Invalid(f"`ordered` names {min(unknown)}, which is no attribute", None)
        if self._observed is None and any(value.needs_time for value in self._values):
            raise Invalid("a value is the time observed, but no `observed` says which", None)

    def apply(self, row: Any, around: Around) -> Mapped | None:
        if self._skip(row, around):
            return None
        entity_id = self._id(row, around)
        if entity_id is None:
            raise Unfit("a field of its id is missing", "id를 이루는 값이 없습니다")
        document: Document = {"id": check_uri(entity_id), "type": self._type}
        at = None if self._observed is None else self._observed(row, around)
        text = None if at is None else written(at)
        expected = present = invalid = measured = 0
        for value in self._values:
            expected += value.is_counted
            try:
                found = _found(value, row, around, text)
            except OutsideRange:
                invalid += 1
                continue
            if found is None:
                continue
            present += value.is_counted
            measured += value.is_measured
            attribute = document[value.name] = {**value.frame, value.member: found}
            if text is not None and value.is_measured:
                attribute["observedAt"] = text
        if self._measures and not measured:
            return Mapped([], at, expected, 0, invalid)
        self._check_order(document)
        return Mapped([document], at, expected, present, invalid)

    def _check_order(self, document: Document) -> None:
        for less, more in self._ordered:
            low, high = (document.get(name, {}).get("value") for name in (less, more))
            if low is not None and high is not None and low > high:
                raise Unfit(
                    f"{less} {low} is more than {more} {high}",
                    f"{less} {low}이(가) {more} {high}보다 큽니다",
                )


def _found(value: _Value, row: Any, around: Around, at: str | None) -> Any:
    raw = at if value.needs_time else value.get(row, around)
    try:
        if not value.is_missing(raw):
            return value.convert(raw)
    except NoValue:
        pass
    except Unfit as error:
        en, ko = error.message.en, error.message.ko
        raise Unfit(f"{value.name}: {en}", f"{value.name}: {ko}") from None
    if value.is_needed:
        raise Unfit(f"{value.name}: the value is missing", f"{value.name}: 값이 없습니다")
    return None


def _value(name: str, words: Attribute, whole: MappingWords) -> _Value:
    if name in ("id", "type", "@context", "scope"):
        raise Invalid(f"{name} is no attribute", f"{name}은(는) 속성이 아닙니다")
    given = [source for source in _SOURCES if getattr(words, source) is not None]
    if len(given) + words.observed != 1:
        raise Invalid(
            f"{name} needs one of from, template, constant, point, observed",
            f"{name}: from, template, constant, point, observed 중 하나가 필요합니다",
        )
    try:
        return _compiled(name, words, whole)
    except Invalid as error:
        raise Invalid(f"{name}: {error.message.en}", f"{name}: {error.message.ko}") from None


def _compiled(name: str, words: Attribute, whole: MappingWords) -> _Value:
    kind, member = "Property", "value"
    if words.kind == "relationship":
        kind, member = "Relationship", "object"
    is_constant = words.constant is not None
    is_place = words.kind == "geometry" or words.point is not None
    if is_constant and isinstance(words.constant, dict) and "coordinates" in words.constant:
        is_place = True
    frame: dict[str, Any] = {"type": "GeoProperty" if is_place else kind, member: None}
    if words.unit:
        frame["unitCode"] = words.unit
    is_measured = words.source is not None and not is_place
    get, convert = _source(words, whole.zone)
    return _Value(
        name,
        get,
        convert,
        missing_test((*whole.missing, *words.missing)),
        member,
        frame,
        is_measured=is_measured,
        is_counted=is_measured and not words.optional,
        is_needed=words.needed,
        needs_time=words.observed,
    )


def _source(words: Attribute, zone: str) -> tuple[Get, Step]:
    if words.observed:
        return _nowhere, lambda at: {"@type": "DateTime", "@value": at}
    if words.constant is not None:
        return lambda row, around: words.constant, lambda value: value
    if words.point is not None:
        return _pair(*words.point), lambda pair: point(*pair)
    convert = converter(words, zone)
    if words.template is not None:
        return template(words.template, is_id=words.kind == "relationship"), convert
    assert words.source is not None
    return getter(words.source), convert


def _nowhere(row: Any, around: Around) -> Any:
    return None


def _pair(lon: str, lat: str) -> Get:
    get_lon, get_lat, is_missing = getter(lon), getter(lat), missing_test(())

    def get(row: Any, around: Around) -> Any:
        pair = get_lon(row, around), get_lat(row, around)
        return None if any(is_missing(value) for value in pair) else pair

    return get


def _time(words: Time, zone: ZoneInfo) -> Callable[[Any, Around], datetime]:
    read: ReadTime = time_reader(words.format, zone_of(words.zone) if words.zone else zone)
    path = words.source
    get = template(path) if "{" in path else getter(path)

    def at(row: Any, around: Around) -> datetime:
        found = get(row, around)
        if found is None or found == "":
            raise Unfit("it does not say when it was observed", "관측 시각이 없습니다")
        return read(found)

    return at


def _skips(words: tuple[Skip, ...], missing: tuple[str, ...]) -> Told:
    is_missing = missing_test(missing)
    tests = [(getter(word.path), frozenset(word.values), word.is_missing) for word in words]

    def skips(row: Any, around: Around) -> bool:
        for get, values, if_missing in tests:
            value = get(row, around)
            if if_missing and is_missing(value):
                return True
            if values and str(value).strip() in values:
                return True
        return False

    return skips
