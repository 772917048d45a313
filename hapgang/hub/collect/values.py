"""From what a row holds to an attribute's value: compiled once for each attribute."""

import math
import re
from collections.abc import Callable
from typing import Any

from hapgang.core.errors import Invalid
from hapgang.hub.collect.paths import Unfit
from hapgang.hub.collect.times import time_reader, zone_of
from hapgang.hub.collect.units import way
from hapgang.hub.collect.words import Attribute
from hapgang.hub.ngsild.instants import written
from hapgang.hub.patterns import compile_pattern

Step = Callable[[Any], Any]
MISSING = ("", "-", "null", "NULL", "None", "NaN", "nan", "NA", "N/A")
_TRUE = ("true", "1", "yes", "y", "on", "t")
_FALSE = ("false", "0", "no", "n", "off", "f")
_GEOMETRIES = {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"}
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_POINTED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?", re.ASCII)
_MOST_TEXT = 20_000


class OutsideRange(Exception):
    """A value that is none, and is left out."""


def missing_test(words: tuple[str, ...]) -> Callable[[Any], bool]:
    """Return what tells whether there is no value."""
    none = frozenset((*MISSING, *words))

    def is_missing(value: Any) -> bool:
        if isinstance(value, str):
            return value.strip() in none
        return value is None or (isinstance(value, float) and math.isnan(value))

    return is_missing


def converter(words: Attribute, zone: str) -> Step:
    """Return what makes an attribute's value of a source's: raises `Unfit` or `OutsideRange`."""
    steps: list[Step] = []
    if words.table:
        steps.append(_looked_up(words.table, words.otherwise))
    if words.pattern:
        steps.append(_part(words.pattern))
    steps.append(_kind(words, zone))
    if words.kind in ("number", "integer"):
        steps += _arithmetic(words)
    elif words.scale != 1.0 or words.offset or words.given_in or words.range or words.digits:
        raise Invalid("only numbers have a range, a scale and units", "숫자 속성이 아닙니다")
    if len(steps) == 1:
        return steps[0]

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return convert


def _part(pattern: str) -> Step:
    compiled = compile_pattern(pattern, "pattern")
    if compiled.groups != 1:
        raise Invalid(f"the pattern {pattern[:60]} needs one group", None)

    def cut(value: Any) -> Any:
        found = compiled.search(str(value)[:_MOST_TEXT])
        if found is None or found[1] is None:
            raise Unfit(f"{value!r:.60} lacks what is meant", f"{value!r:.60}: 형식 오류")
        return found[1]

    return cut


def _looked_up(table: dict[str, Any], otherwise: Any) -> Step:
    def look(value: Any) -> Any:
        text = str(value).strip()
        if text in table:
            return table[text]
        if otherwise is None:
            raise Unfit(f"the table lacks {text!r:.60}", f"표에 없는 값: {text!r:.60}")
        return value if otherwise == "{}" else otherwise

    return look


def _kind(words: Attribute, zone: str) -> Step:
    if words.kind == "time":
        read = time_reader(words.format, zone_of(words.zone or zone))
        return lambda value: {"@type": "DateTime", "@value": written(read(value))}
    if words.kind == "number":
        return _decimal_comma if words.decimal == "," else _number
    return _KINDS[words.kind]


def _number(value: Any) -> float | int:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise Unfit(f"{value} is no number", f"{value}: 숫자가 아닙니다")
        return value
    text = value.strip() if isinstance(value, str) else ""
    if "," in text and _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if len(text) > 40 or not _NUMBER.fullmatch(text):
        raise Unfit(f"{value!r:.60} is no number", f"{value!r:.60}: 숫자가 아닙니다")
    number = float(text)
    if not math.isfinite(number):
        raise Unfit(f"{value!r:.60} is no number", f"{value!r:.60}: 숫자가 아닙니다")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _decimal_comma(value: Any) -> float | int:
    if not isinstance(value, str):
        return _number(value)
    text = value.strip()
    if _POINTED.fullmatch(text):
        text = text.replace(".", "")
    return _number(text.replace(",", "."))


def _integer(value: Any) -> int:
    number = _number(value)
    if isinstance(number, float) and not number.is_integer():
        raise Unfit(f"{value!r:.60} is no whole number", f"{value!r:.60}: 정수가 아닙니다")
    return int(number)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise Unfit(f"{value!r:.60} is neither true nor false", f"{value!r:.60}: 참/거짓이 아닙니다")


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise Unfit("a text is not an object", "텍스트가 아닙니다")
    text = str(value).strip()
    if len(text) > _MOST_TEXT:
        raise Unfit(f"a text has at most {_MOST_TEXT:,} characters", "텍스트가 너무 깁니다")
    return text


def _any(value: Any) -> Any:
    return _text(value) if isinstance(value, str) else value


def _geometry(value: Any) -> Any:
    if (
        not isinstance(value, dict)
        or value.get("type") not in _GEOMETRIES
        or not isinstance(value.get("coordinates"), list | tuple)
    ):
        raise Unfit(f"{value!r:.60} is no geometry of GeoJSON", "GeoJSON 도형이 아닙니다")
    _check_positions(value["coordinates"])
    return {"type": value["type"], "coordinates": value["coordinates"]}


def _check_positions(part: Any) -> None:
    """Raise `Unfit` where a position is not on the earth."""
    stack = [part]
    while stack:
        part = stack.pop()
        if not isinstance(part, list | tuple) or not part:
            raise Unfit("a geometry has positions only", "도형 좌표가 올바르지 않습니다")
        if isinstance(part[0], list | tuple):
            stack.extend(part)
        else:
            point(part[0], part[1] if len(part) > 1 else None)


def point(lon: Any, lat: Any) -> dict[str, Any]:
    """Return a GeoJSON point; `Unfit` where it is not on the earth, or where there is no number."""
    lon, lat = _number(lon), _number(lat)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Unfit(
            f"({lon}, {lat}) is not longitude and latitude", f"({lon}, {lat}): 경위도가 아닙니다"
        )
    return {"type": "Point", "coordinates": [lon, lat]}


_KINDS: dict[str, Step] = {
    "any": _any,
    "text": _text,
    "integer": _integer,
    "boolean": _boolean,
    "geometry": _geometry,
    "json": lambda value: value,
    "relationship": _text,
}


def _arithmetic(words: Attribute) -> list[Step]:
    factor, shift = way(words.given_in, words.unit)
    scale, offset = words.scale * factor, words.offset * factor + shift
    steps: list[Step] = []
    if (beyond := words.missing_beyond) is not None:
        steps.append(lambda value: _within(value, beyond))
    if scale != 1.0 or offset:
        steps.append(lambda value: _number(value * scale + offset))  # it may be beyond all
    if (digits := words.digits) is not None:
        steps.append(lambda value: round(value, digits))
    if words.range is not None:
        least, most = words.range
        leave_out = words.outside == "omit"
        steps.append(lambda value: _in_range(value, least, most, leave_out=leave_out))
    return steps


def _within(value: float, beyond: float) -> float:
    if abs(value) >= beyond:
        raise NoValue
    return value


def _in_range(value: float, least: float, most: float, *, leave_out: bool) -> float:
    if least <= value <= most:
        return value
    if leave_out:
        raise OutsideRange
    raise Unfit(
        f"{value} is outside of {least:g} to {most:g}", f"{value}: {least:g}~{most:g} 범위 밖입니다"
    )


class NoValue(Exception):
    """A number that says that there is none."""
