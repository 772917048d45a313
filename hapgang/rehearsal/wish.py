"""What to rehearse, as somebody asks for it."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

# The first Monday-to-Friday of a term without a holiday near: a Wednesday of late September.
USUAL_DAY = dt.date(2026, 9, 16)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One run: a city, how many of its residents, which day, and what is left out."""

    model: str  # the city's folder
    residents: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    days: Annotated[int, Meta(ge=1, le=31)] = 1
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 1
    scenario: str = "plan"
    without: tuple[str, ...] = ()
    weather: str = "clear"
    day: dt.date = USUAL_DAY

    @property
    def folder(self) -> Path:
        """The city's folder."""
        return Path(self.model)
