"""On which days something comes again."""

import calendar
from datetime import date, timedelta
from typing import Literal


def next_after(first_on: date, every: Literal["week", "month"], after: date) -> date:
    """Return the first day after another on which something falls that began on `first_on`.

    A month without such a day has it on its last: what began on the 31st falls on 28 February.
    """
    if after < first_on:
        return first_on
    if every == "week":
        return after + timedelta(days=7 - (after - first_on).days % 7)
    for months in (0, 1):
        year, month = divmod(after.year * 12 + after.month - 1 + months, 12)
        day = min(first_on.day, calendar.monthrange(year, month + 1)[1])
        if (found := date(year, month + 1, day)) > after:
            return found
    raise AssertionError("each month has such a day")
