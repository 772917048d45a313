"""Instants as others write them: ISO 8601, Unix time, or any pattern, in the place's own zone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hapgang.core.errors import Invalid
from hapgang.hub.collect.paths import Unfit

ReadTime = Callable[[Any], datetime]
_UNIX = {"unix": 1.0, "unix_ms": 1e-3}


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name; `Invalid` where there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise Invalid(f"there is no time zone {name[:60]}", f"시간대 오류: {name[:60]}") from None


def time_reader(form: str, zone: ZoneInfo) -> ReadTime:
    """Return what reads an instant, UTC.

    form: `iso`, `unix` (seconds), `unix_ms`, or a pattern of strptime. A time without an offset is
    the zone's. The hour 24 is midnight at the end of the day, as Korean stations count. A local
    time that a change of clocks left out does not fit; of one that came twice the first is meant.
    """
    if form in _UNIX:
        scale = _UNIX[form]
        return lambda value: _unix(value, scale)
    if form == "iso":
        return lambda value: _in_utc(_iso(_text(value)), zone)
    if "%" not in form:
        raise _no_form(form)
    try:
        datetime.strptime("", form)  # noqa: DTZ007 (only the form is looked at)
    except (ValueError, IndexError, re.error) as error:
        if not str(error).startswith("time data"):
            raise _no_form(form) from None
    return lambda value: _in_utc(_pattern(_text(value), form), zone)


def _no_form(form: str) -> Invalid:
    return Invalid(f"“{form[:60]}” is no form of a time", f"시간 형식 오류: {form[:60]}")


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _unfit(value)
    return str(value).strip()


def _unix(value: Any, scale: float) -> datetime:
    if isinstance(value, bool):
        raise _unfit(value)
    try:
        return datetime.fromtimestamp(float(value) * scale, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise _unfit(value) from None


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        at = _midnight(text)
        if at is None:
            raise _unfit(text) from None
        return at


def _midnight(text: str) -> datetime | None:
    """Return the end of the day that 24 o'clock stands for; None for any other hour and text."""
    if text[11:13] != "24":
        return None
    try:
        at = datetime.fromisoformat(f"{text[:11]}00{text[13:]}")
        return at + timedelta(days=1) if at.time() == time() else None
    except (ValueError, OverflowError):
        return None


def _pattern(text: str, form: str) -> datetime:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 (its zone is the mapping's)
    except ValueError:
        at = _hour_of(text, form)
        if at is None:
            raise _unfit(text) from None
        return at


def _hour_of(text: str, form: str) -> datetime | None:
    """Return an instant whose hour is 24: the last 24 in the text that makes it fit as 00."""
    if "%H" not in form:
        return None
    at = text.rfind("24")
    while at >= 0:
        try:
            midnight = datetime.strptime(f"{text[:at]}00{text[at + 2 :]}", form)  # noqa: DTZ007
        except ValueError:
            midnight = None
        if midnight is not None and (midnight.hour, midnight.minute, midnight.second) == (0, 0, 0):
            return midnight + timedelta(days=1)
        at = text.rfind("24", 0, at)
    return None


def _in_utc(at: datetime, zone: ZoneInfo) -> datetime:
    try:
        if at.tzinfo is not None:
            return at.astimezone(UTC)
        aware = at.replace(tzinfo=zone).astimezone(UTC)
        is_there = aware.astimezone(zone).replace(tzinfo=None) == at
    except OverflowError:  # at the ends of what a calendar has
        raise _unfit(f"{at}") from None
    if not is_there:
        raise Unfit(f"{at} was left out when clocks changed", f"{at}: 없는 시각입니다")
    return aware


def _unfit(value: Any) -> Unfit:
    return Unfit(f"{value!r:.60} is no time", f"{value!r:.60}: 시각이 아닙니다")
