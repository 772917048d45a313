"""Durations of ISO 8601, as `aggrPeriodDuration` says them (clause 4.5.19.1): P1M, P2W, PT15M."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from hapgang.core.errors import Invalid

_WEEKS = re.compile(r"P(\d{1,9})W")
_PARTS = re.compile(
    r"P(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<days>\d{1,9})D)?"
    r"(?P<time>T(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:[.,]\d{1,6})?)S)?)?"
)
_MOST_MONTHS = 12 * 9_000
_MOST = timedelta(days=366 * 9_000)


class Duration(msgspec.Struct, frozen=True):
    """Months, whose length is the calendar's, and a time that is always as long."""

    months: int = 0
    rest: timedelta = timedelta()

    @property
    def is_zero(self) -> bool:
        """Whether it is no time at all, which stands for the whole time asked for."""
        return not self.months and not self.rest

    def after(self, start: datetime, times: int = 1) -> datetime:
        """Return the instant so many of it after another; the end of time where there is none."""
        try:
            return _months_after(start, self.months * times) + self.rest * times
        except (OverflowError, ValueError):
            return datetime.max.replace(tzinfo=start.tzinfo)


def read_duration(text: str) -> Duration:
    """Return a duration; `Invalid` for what is none."""
    weeks = _WEEKS.fullmatch(text)
    if weeks is not None:
        return _checked(text, 0, lambda: timedelta(weeks=int(weeks[1])))
    found = _PARTS.fullmatch(text)
    if found is None or text == "P" or found["time"] == "T":
        raise _bad(text)
    months = 12 * int(found["years"] or 0) + int(found["months"] or 0)
    return _checked(
        text,
        months,
        lambda: timedelta(
            days=int(found["days"] or 0),
            hours=int(found["hours"] or 0),
            minutes=int(found["minutes"] or 0),
            seconds=float((found["seconds"] or "0").replace(",", ".")),
        ),
    )


def _checked(text: str, months: int, rest: Callable[[], timedelta]) -> Duration:
    try:
        length = rest()
    except OverflowError:
        raise _bad(text) from None
    if months > _MOST_MONTHS or length > _MOST:
        raise _bad(text)
    return Duration(months, length)


def _months_after(start: datetime, months: int) -> datetime:
    """Return the same day of another month, or that month's last one."""
    if not months:
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    day = min(start.day, monthrange(year, month)[1])
    return start.replace(year=year, month=month, day=day)


def _bad(text: str) -> Invalid:
    return Invalid(
        f"“{text[:40]}” is no duration, such as PT1H or P1D",
        f"“{text[:40]}”은(는) 기간이 아닙니다. 예: PT1H, P1D",
    )
