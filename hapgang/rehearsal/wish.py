"""What to rehearse, as somebody asks for it."""

import datetime as dt
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.text import Text
from hapgang.core.vocabulary.scenarios import Change
from hapgang.twin.scenario import Scenario, read_scenario

# The first Monday-to-Friday of a term without a holiday near: a Wednesday of late September.
USUAL_DAY = dt.date(2026, 9, 16)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario that somebody is working on, as it was when its rehearsal was wanted."""

    id: str
    version: int
    title: str
    base: str  # the scenario of the city's folder whose services and settings it has
    changes: tuple[Change, ...]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One run: a city, how many of its residents, which day, and what is left out."""

    model: str  # the city's folder
    residents: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    days: Annotated[int, Meta(ge=1, le=31)] = 1
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 1
    scenario: str = "plan"  # of the city's folder, or a file whose name ends in .toml
    draft: Draft | None = None  # in place of the scenario, which then is what runs are called by
    without: tuple[str, ...] = ()
    weather: str = "clear"
    day: dt.date = USUAL_DAY

    @property
    def folder(self) -> Path:
        """The city's folder."""
        return Path(self.model)

    def read(self) -> Scenario:
        """Return the scenario, with the changes of the draft where there is one."""
        if self.draft is None:
            return read_scenario(self.folder, self.scenario)
        base = read_scenario(self.folder, self.draft.base)
        title = Text(self.draft.title, self.draft.title)
        return replace(base, name=self.scenario, title=title, changes=self.draft.changes)

    @property
    def run_name(self) -> str:
        """The name of the run: what was asked for, so that asking again replaces it."""
        scenario = self.scenario
        if scenario.endswith(".toml") and Path(scenario).is_file():
            content = sha256(Path(scenario).read_bytes()).hexdigest()
            scenario = f"{Path(scenario).stem}-{content[:8]}"
        less = "".join(f"-without-{name}" for name in self.without)
        days = f"-{self.days}-days" if self.days > 1 else ""
        people, weather = self.residents or "all", Path(self.weather).stem
        name = f"{self.day}-{scenario}-{weather}-{people}-{self.seed}{days}{less}"
        return re.sub(r"[^A-Za-z0-9._-]", "-", name)
