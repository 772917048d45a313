"""The sources that are registered and may be asked, and what this city calls itself to them."""

import os
import secrets
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from hapgang.app.allowed import Allowed
from hapgang.app.exchange import place_of
from hapgang.app.sources.client import Request, SourceAnswer, SourceClient, SourceFailed
from hapgang.app.sources.health import Health
from hapgang.core.errors import Invalid
from hapgang.core.vocabulary.sources import ContextSourceRegistration
from hapgang.hub.match import Test
from hapgang.hub.registrations.discovery import record_of
from hapgang.hub.registrations.model import TYPE, Registration, kept_registration
from hapgang.hub.state import State

_ALIAS_FILE = "source-alias"
_LIMIT_S = 5.0
_MOST_LIMIT_S = 30.0
_MOST_BYTES = 16_000_000
_MOST_KNOWN = 2_000


class Sources:
    """Other context sources, for one process of a city."""

    def __init__(self, places: Sequence[str], folder: Path) -> None:
        """Ask only below `places`; the city's alias is kept in its folder."""
        self.health = Health()
        self.places = tuple(places)
        self._allows = Allowed(places)
        self._folder = folder
        self._client = SourceClient()
        self._alias = ""
        self._began_s = time.monotonic()
        self._known: dict[str, bool] = {}  # whether an endpoint is allowed

    @property
    def alias(self) -> str:
        """What the city calls itself in `Via`: drawn once, for there may be two of one name."""
        if not self._alias:
            self._alias = _kept_alias(self._folder / _ALIAS_FILE)
        return self._alias

    @property
    def uptime_s(self) -> float:
        """How long this process has been there."""
        return time.monotonic() - self._began_s

    def allowed(self, state: State, at: datetime, test: Test | None = None) -> list[Registration]:
        """Return the registrations of now whose sources an operator lets the city ask.

        test: what a registration as a record has to satisfy, besides.
        """
        found = []
        for record in state.of_type(TYPE):
            view = record.view
            if isinstance(view, ContextSourceRegistration):
                one = kept_registration(view.body)
                is_off = one.is_historic or one.is_over(at)
                if is_off or not self._may_ask(one.endpoint):
                    continue
                if test is None or test(record_of(view.body)):
                    found.append(one)
        return found

    async def ask(self, source: Registration, request: Request, at: datetime) -> SourceAnswer:
        """Return a source's answer; `SourceFailed` where it gives none, or rests."""
        now_s = time.monotonic()
        if self.health.rests(source.id, now_s):
            raise SourceFailed("it failed a moment ago and is left alone")
        limit_s = min(source.management.timeout / 1000 or _LIMIT_S, _MOST_LIMIT_S)
        try:
            place = place_of(source.endpoint)
            answer = await self._client.ask(place, request, limit_s=limit_s, most_bytes=_MOST_BYTES)
        except Invalid as error:
            raise SourceFailed(str(error)) from None
        except SourceFailed as error:
            self.health.failed(
                source.id, at, is_late=error.is_late, now_s=time.monotonic(),
                cooldown_s=source.management.cooldown / 1000,
            )  # fmt: skip
            raise
        self.health.answered(source.id, at)
        return answer

    def _may_ask(self, endpoint: str) -> bool:
        known = self._known.get(endpoint)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[endpoint] = self._allows(endpoint)
        return known

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _kept_alias(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except FileNotFoundError:
        alias = f"hapgang-{secrets.token_hex(8)}"
        fresh = file.with_suffix(".new")
        fresh.write_text(alias, "ascii")
        os.replace(fresh, file)  # noqa: PTH105 (atomic, as is meant)
        return alias
