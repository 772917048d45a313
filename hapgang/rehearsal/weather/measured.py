"""Measured weather from a file, laid over a generated day."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from hapgang.core.errors import Invalid
from hapgang.rehearsal.weather.columns import STEP_S, STEPS, Observation, Weather

# What a value may be; beyond, the line is refused: the World Meteorological Organization's records.
_BOUNDS: Mapping[str, tuple[float, float]] = {
    "temperature_c": (-90.0, 60.0),
    "humidity_pct": (0.0, 100.0),
    "wind_m_s": (0.0, 115.0),
    "wind_deg": (0.0, 360.0),
    "rain_mm_h": (0.0, 420.0),
    "snow_mm_h": (0.0, 100.0),
    "cloud": (0.0, 1.0),
    "irradiance_w_m2": (0.0, 1700.0),
    "pm25_ug_m3": (0.0, 2000.0),
    "pm10_ug_m3": (0.0, 10_000.0),
    "visibility_m": (0.0, 100_000.0),
}
_HELD = frozenset({"rain_mm_h", "snow_mm_h", "wind_deg"})  # not drawn straight between stamps
_LONGEST_GAP_S = 3 * 3600.0  # a stamp holds or leads no further than this


def read_csv(
    path: Path,
    like: Weather,
    *,
    columns: Mapping[str, str | tuple[str, float]] | None = None,
    time: str | Sequence[str] = "time",
    time_format: str | None = None,
    encoding: str = "utf-8-sig",
) -> Weather:
    """Return a day like another one, with the columns that a file measured in their place.

    columns: our name → the file's header, or (header, factor); by default every header that is one
    of ours. time: the header of the stamps, or several to join with a space; `time_format` as in
    strptime, ISO 8601 by default; 24:00 is the next midnight; stamps without a zone are the city's.
    An empty value is unknown. Of equal stamps the last one counts. A value that cannot be is
    `Invalid`, with its line; so is a file that says nothing of the day.
    """
    wanted = columns if columns is not None else {name: name for name in Observation._fields}
    keys = [time] if isinstance(time, str) else list(time)
    series: dict[str, dict[float, float]] = {name: {} for name in wanted}
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.DictReader(file)
            headers = reader.fieldnames or []
            _check_headers(path, headers, keys, wanted, exact=columns is not None)
            for row in reader:
                stamp = _stamp(path, reader.line_num, row, keys, time_format, like.start)
                if -_LONGEST_GAP_S <= stamp <= STEPS * STEP_S + _LONGEST_GAP_S:
                    for name, source in wanted.items():
                        value = _value(path, reader.line_num, row, name, source)
                        if value is not None:
                            series[name][stamp] = value
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid(
            f"{path} cannot be read: {error}", f"{path}을(를) 읽을 수 없습니다"
        ) from error
    return _lay_over(path, like, series)


def _check_headers(
    path: Path,
    headers: Sequence[str],
    keys: Sequence[str],
    wanted: Mapping[str, str | tuple[str, float]],
    *,
    exact: bool,
) -> None:
    unknown = [name for name in wanted if name not in _BOUNDS]
    sources = [source if isinstance(source, str) else source[0] for source in wanted.values()]
    missing = [key for key in (*keys, *(sources if exact else ())) if key not in headers]
    if unknown or missing:
        what = f"no column of weather: {unknown}" if unknown else f"no header {missing}"
        raise Invalid(
            f"{path}: {what}; it has {list(headers)}", f"{path}: 열이 없습니다: {missing}"
        )


def _stamp(
    path: Path,
    line: int,
    row: Mapping[str, str | None],
    keys: Sequence[str],
    time_format: str | None,
    start: datetime,
) -> float:
    """Return seconds from the day's midnight."""
    text = " ".join((row[key] or "").strip() for key in keys)
    late = " 24:" in text or "T24:" in text
    plain = text.replace(" 24:", " 00:").replace("T24:", "T00:") if late else text
    try:
        if time_format is None:
            stamp = datetime.fromisoformat(plain)
        else:
            stamp = datetime.strptime(plain, time_format)  # noqa: DTZ007 the zone follows below
    except ValueError as error:
        raise Invalid(
            f"{path}, line {line}: “{text}” is no time ({error})",
            f"{path} {line}행: “{text}”은(는) 시각이 아닙니다",
        ) from error
    if stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=start.tzinfo)
    return (stamp + timedelta(days=int(late)) - start).total_seconds()


def _value(
    path: Path,
    line: int,
    row: Mapping[str, str | None],
    name: str,
    source: str | tuple[str, float],
) -> float | None:
    header, factor = (source, 1.0) if isinstance(source, str) else source
    text = (row.get(header) or "").strip()
    if not text:
        return None
    low, high = _BOUNDS[name]
    try:
        value = float(text) * factor
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise Invalid(
            f"{path}, line {line}: {header} is “{text}”, but must be within {low:g} and {high:g}",
            f"{path} {line}행: {header} 값 “{text}”이(가) {low:g}–{high:g} 범위를 벗어났습니다",
        )
    return value


def _lay_over(path: Path, like: Weather, series: Mapping[str, Mapping[float, float]]) -> Weather:
    steps = np.arange(STEPS) * float(STEP_S)
    new: dict[str, Any] = {}
    for name, values in series.items():
        if not values:
            continue
        stamps = np.array(sorted(values))
        numbers = np.array([values[stamp] for stamp in stamps.tolist()])
        if name in _HELD:
            row = np.maximum(np.searchsorted(stamps, steps, side="right") - 1, 0)
            laid, near = numbers[row], np.abs(steps - stamps[row])
        else:
            laid = np.interp(steps, stamps, numbers)
            near = np.abs(steps[:, None] - stamps).min(axis=1)
        if (near <= _LONGEST_GAP_S).any():
            new[name] = np.where(near <= _LONGEST_GAP_S, laid, getattr(like, name))
    if not new:
        raise Invalid(
            f"{path} says nothing of {like.start:%Y-%m-%d}",
            f"{path}에 {like.start:%Y-%m-%d} 자료가 없습니다",
        )
    return replace(like, kind="measured", **new)
