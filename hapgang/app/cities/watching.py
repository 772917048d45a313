"""Looking at recognised cities' logs now and again, so that a fork shows without a traveller."""

import asyncio
import logging

from hapgang.app.cities.asking import consistency, may_ask
from hapgang.app.wiring import LiveCity
from hapgang.core.errors import CityError
from hapgang.core.vocabulary.cities import RecognisedCity
from hapgang.ledger.cities.proving import ForkedLog, signed_checkpoint
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.cities.found import keys_in
from hapgang.runtime.platform.cities.recognising import note_fork, note_growth

EACH_S = 600.0
_log = logging.getLogger(__name__)


class Watching:
    """Follows the logs of the cities that one city recognises."""

    def __init__(self, live: LiveCity) -> None:
        """Look for a city that is in charge."""
        self._live = live

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(EACH_S)
            await self.look()

    async def look(self) -> None:
        """Look at each log once; who cannot be reached is looked at the next time."""
        state = self._live.runtime.state
        for record in list(state.with_value("RecognisedCity", "state", "recognised") or ()):
            known = record.view
            if isinstance(known, RecognisedCity) and may_ask(known.url):
                try:
                    await self._follow(known)
                except CityError as error:
                    _log.warning("the log of %s: %s", known.origin, error)

    async def _follow(self, known: RecognisedCity) -> None:
        runtime = self._live.runtime
        seen = signed_checkpoint(known.checkpoint, keys_in(known)).size
        growth = await consistency(known.url, seen)
        try:
            runtime.perform(note_growth, PLATFORM, city_name=known.id, growth=growth)
        except ForkedLog as fork:
            _log.error("%s signed two different logs of %d facts", known.origin, fork.size)
            runtime.perform(
                note_fork, PLATFORM, city_name=known.id, first=fork.first, second=fork.second
            )
