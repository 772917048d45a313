"""The sun's place in the sky against what astronomy says without a table."""

from datetime import UTC, datetime

import numpy as np

from hapgang.science.sun import position
from validation.case import Case

LATITUDE_DEG = 36.518
_TILT_DEG = 23.44


def cases() -> list[Case]:
    """Return the highest sun of four days of 2026: 90 degrees less latitude, plus declination."""
    found = []
    for name, month, day, declination in (
        ("March equinox", 3, 20, 0.0),
        ("June solstice", 6, 21, _TILT_DEG),
        ("September equinox", 9, 23, 0.0),
        ("December solstice", 12, 21, -_TILT_DEG),
    ):
        midnight = datetime(2026, month, day, tzinfo=UTC).timestamp()
        seconds = midnight + np.arange(0, 86_400, 60.0)
        altitude = position(seconds, LATITUDE_DEG, 127.3135)[1]
        found.append(
            Case(
                name=f"highest sun, {name}, degrees",
                value=float(np.max(altitude)),
                expected=90.0 - LATITUDE_DEG + declination,
                tolerance=0.3,
                source="closed form: 90 - latitude + declination",
            )
        )
    return found
