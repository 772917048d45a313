"""What a request for features asks for: box, time, page, properties (part 1, clause 7.15)."""

import math
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from hapgang.app.ogc.crs import CRS84, Box, box_in_degrees, checked
from hapgang.app.ogc.errors import BadParameter
from hapgang.hub.datamap.dataset import Form

DEFAULT_LIMIT, MOST_LIMIT = 100, 2_000
_MOST_OFFSET = 10_000_000
_ONE_DAY = len("2026-11-22")
_OPEN = ("", "..")
Span = tuple[datetime | None, datetime | None]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a page of features; boxes are in degrees, east of west or around the back."""

    limit: int = DEFAULT_LIMIT
    offset: int = 0
    box: Box | None = None
    span: Span | None = None
    crs: str = CRS84
    equal: Mapping[str, str] = {}


def asked_of(words: Mapping[str, str], properties: Mapping[str, Form], epsg: int) -> Asked:
    """Read the parameters; `BadParameter` for what is unknown or makes no sense."""
    known = {"limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "f"}
    check_known(words, known | set(properties))
    box_crs = checked(words.get("bbox-crs", CRS84), epsg, "bbox-crs")
    box = box_in_degrees(_box(words["bbox"]), box_crs) if "bbox" in words else None
    check_form(words, ("json",))
    return Asked(
        limit=min(_whole(words, "limit", DEFAULT_LIMIT, least=1), MOST_LIMIT),
        offset=_whole(words, "offset", 0, least=0),
        box=box,
        span=_span(words["datetime"]) if "datetime" in words else None,
        crs=checked(words.get("crs", CRS84), epsg, "crs"),
        equal=_equal(words, properties, words.keys() - known),
    )


def _equal(
    words: Mapping[str, str], properties: Mapping[str, Form], names: Iterable[str]
) -> dict[str, str]:
    """Return which properties have to have which values; a number has to be one."""
    for name in names:
        if properties[name] in ("number", "whole") and not _is_number(words[name]):
            raise BadParameter(f"{name} is a number", f"{name}은(는) 수입니다")
        if properties[name] == "yes_no" and words[name].lower() not in ("true", "false"):
            raise BadParameter(f"{name} is true or false", f"{name} 값: true, false")
    return {name: words[name] for name in names}


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def check_known(words: Mapping[str, str], known: Collection[str]) -> None:
    """Raise `BadParameter` for a parameter that the resource does not have."""
    for name in words:
        if name not in known:
            raise BadParameter(
                f"there is no parameter {name:.100}; there are {', '.join(sorted(known))}",
                f"{name:.100} 매개변수는 없습니다. 있는 것: {', '.join(sorted(known))}",
            )


def check_form(words: Mapping[str, str], known: Collection[str]) -> None:
    """Raise `BadParameter` for a form that the resource is not given in."""
    if "f" in words and words["f"] not in known:
        raise BadParameter(f"f is {' or '.join(known)}", f"f 값: {', '.join(known)}")


def _whole(words: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    text = words.get(name, "")
    if name not in words:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
        raise BadParameter(
            f"{name} is a whole number from {least}", f"{name}은(는) {least} 이상의 정수입니다"
        )
    return min(int(text), _MOST_OFFSET)


def _box(text: str) -> Box:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise _no_box()
    half = len(numbers) // 2
    box = (numbers[0], numbers[1], numbers[half], numbers[half + 1])
    if box[1] > box[3]:
        raise _no_box()
    return box


def _no_box() -> BadParameter:
    return BadParameter(
        "bbox is four numbers: west, south, east, north (or six, with heights)",
        "bbox는 서, 남, 동, 북 네 숫자입니다(높이가 있으면 여섯)",
    )


def _span(text: str) -> Span:
    parts = text.split("/")
    if len(parts) == 1 and text not in _OPEN:
        return _instant(text, is_end=False), _instant(text, is_end=True)
    if len(parts) != 2:
        raise _no_time()
    start = None if parts[0] in _OPEN else _instant(parts[0], is_end=False)
    end = None if parts[1] in _OPEN else _instant(parts[1], is_end=True)
    if start is not None and end is not None and start > end:
        raise _no_time()
    return start, end


def _instant(text: str, *, is_end: bool) -> datetime:
    """Return an instant of RFC 3339; a day alone begins or ends at midnight UTC."""
    try:
        at = datetime.fromisoformat(text)
        if len(text) == _ONE_DAY and is_end:
            at += timedelta(days=1, microseconds=-1)
    except (ValueError, OverflowError):
        raise _no_time() from None
    if at.tzinfo is None and len(text) != _ONE_DAY:
        raise _no_time()
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _no_time() -> BadParameter:
    return BadParameter(
        "datetime is an instant such as 2026-11-22T08:00:00Z, a day, or start/end; .. is open",
        "datetime은 2026-11-22T08:00:00Z 같은 때, 하루, 또는 시작/끝입니다. ..은 끝없음입니다",
    )
