"""What the methods of aggregation make of values (clause 4.5.19.1, tables 1 to 3).

Of lists their length is aggregated, true is 1 and false is 0. The deviation is the population's, of
the values of the period. Checked: tests/hub/temporal.
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

import msgspec

Kind = Literal["number", "boolean", "array", "string", "date", "time", "other"]
_NUMERIC = frozenset(["number", "boolean", "array"])
_ORDERED = _NUMERIC | {"string", "date", "time"}
SUITS: dict[str, frozenset[str]] = {
    "avg": _NUMERIC | {"time"},
    "max": _ORDERED,
    "min": _ORDERED,
    "stddev": frozenset(["number", "boolean"]),
    "sum": _NUMERIC,
    "sumsq": frozenset(["number", "boolean"]),
    "distinctCount": _ORDERED | {"other"},
    "totalCount": _ORDERED | {"other"},
}
_KINDS: dict[type, Kind] = {
    bool: "boolean", int: "number", float: "number", list: "array", str: "string",
}  # fmt: skip
_MIDNIGHT = datetime(1970, 1, 1, tzinfo=UTC)


def kind_of(values: Sequence[Any], *, is_relation: bool = False) -> Kind:
    """Return what a series consists of: numbers where there is any, else what comes first."""
    if is_relation or not values:
        return "other"
    if any(_kind(value) == "number" for value in values):
        return "number"
    return _kind(values[0])


def _kind(value: Any) -> Kind:
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind
    if isinstance(value, dict) and isinstance(value.get("@value"), str):
        said = value.get("@type")
        if said in ("DateTime", "Date"):
            return "date"
        if said == "Time":
            return "time"
    return "other"


def plain(value: Any, kind: Kind) -> Any:
    """Return what is aggregated of a value; None for one of another kind than its series."""
    return value if kind == "other" or _kind(value) == kind else _Odd(value)


class _Odd:
    """A value that only counts: it is of another kind than its series."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _known(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if not isinstance(value, _Odd)]


def _measures(values: Sequence[Any], kind: Kind) -> list[float]:
    known = _known(values)
    return [len(value) for value in known] if kind == "array" else [float(v) for v in known]


def _floats(reduce: Callable[[list[float]], float]) -> "Method":
    def method(values: Sequence[Any], kind: Kind) -> Any:
        try:
            found = _measures(values, kind)
            value = reduce(found) if found else math.nan
        except OverflowError:
            return None
        return value if math.isfinite(value) else None

    return method


def _average(values: Sequence[Any], kind: Kind) -> Any:
    if kind != "time":
        return _floats(lambda found: math.fsum(found) / len(found))(values, kind)
    seconds = [_seconds(value["@value"]) for value in _known(values)]
    known = [one for one in seconds if one is not None]
    if not known:
        return None
    mean = _MIDNIGHT + timedelta(seconds=math.fsum(known) / len(known))
    return {"@type": "Time", "@value": f"{mean:%H:%M:%S}Z"}


def _seconds(text: str) -> float | None:
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return None
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6


def _extreme(choose: Callable[..., Any]) -> "Method":
    def method(values: Sequence[Any], kind: Kind) -> Any:
        if kind in _NUMERIC:
            return _floats(choose)(values, kind)
        known = _known(values)
        if kind == "string":
            return choose(known, default=None)
        return choose(known, key=lambda value: value["@value"], default=None)

    return method


def _deviation(found: list[float]) -> float:
    mean = math.fsum(found) / len(found)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in found) / len(found))


def _distinct(values: Sequence[Any], _: Kind) -> int:
    plain = (value.value if isinstance(value, _Odd) else value for value in values)
    return len({msgspec.json.encode(value, order="deterministic") for value in plain})


Method = Callable[[Sequence[Any], Kind], Any]
METHODS: dict[str, Method] = {
    "avg": _average,
    "max": _extreme(max),
    "min": _extreme(min),
    "stddev": _floats(_deviation),
    "sum": _floats(math.fsum),
    "sumsq": _floats(lambda found: math.fsum(value * value for value in found)),
    "distinctCount": _distinct,
    "totalCount": lambda values, _: len(values),
}
