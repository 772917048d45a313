"""Collection in a running city: feeds from their files, devices by MQTT, polling by HTTP."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hapgang.app.collect.feed_files import FOLDER, ReadFeed, feeds_in, signature
from hapgang.app.collect.mappings import mapping_at
from hapgang.app.collect.mqtt.door import MqttDoor
from hapgang.app.collect.polling import Poller
from hapgang.app.collect.routing import Routing
from hapgang.core.errors import CityError
from hapgang.core.vocabulary.collection import DataFeed
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.collection.feeds import note_feed
from hapgang.runtime.platform.collection.rows import UNMATCHED
from hapgang.writer.recovery import Archive

_LOOK_S = 2.0  # how often the files of feeds are looked at
_log = logging.getLogger(__name__)


class Collecting(NamedTuple):
    """What an operator opened: the MQTT door, and hosts to ask."""

    mqtt: MqttDoor | None = None
    allowed: Sequence[str] = ()


class Feeds:
    """The feeds of a running city, as their files say."""

    def __init__(self, runtime: Runtime, folder: Path, collecting: Collecting) -> None:
        """Follow the files in a city's folder."""
        self._runtime = runtime
        self._folder = folder / FOLDER
        self._allowed = collecting.allowed
        self._pollers: list[asyncio.Task[None]] = []
        self.routing = Routing()

    async def follow(self) -> None:
        """Do what the files say until cancelled, also when they change."""
        known = None
        try:
            while True:
                found = await asyncio.to_thread(signature, self._folder)
                if found != known and await self._look():
                    known = found
                await asyncio.sleep(_LOOK_S)
        finally:
            await self._stop()

    async def _look(self) -> bool:
        """Do what the files say; whether that could be done, else it is tried again."""
        try:
            await self._become(await asyncio.to_thread(feeds_in, self._folder))
        except Exception:  # noqa: BLE001 (a city lives on whatever lies in that folder)
            _log.exception("the feeds in %s", self._folder)
            return False
        return True

    async def _become(self, feeds: list[ReadFeed]) -> None:
        await self._stop()
        noted = [feed for feed in feeds if self._note(feed)]
        self._note_gone({feed.name for feed in noted})
        self.routing.become(
            (feed.name, feed.file.topic, feed.mapping) for feed in noted if feed.file.kind == "mqtt"
        )
        self._pollers = [
            asyncio.create_task(Poller(self._runtime, feed, self._allowed).run())
            for feed in noted
            if feed.file.kind == "http"
        ]

    def _note(self, feed: ReadFeed) -> bool:
        words = {"feed": feed.name, "kind": feed.file.kind, "mapping": feed.mapping}
        try:
            self._runtime.perform(note_feed, PLATFORM, topic=feed.file.topic, **words)
        except CityError as error:
            _log.error("feed %s: %s", feed.name, error)
            return False
        return True

    def _note_gone(self, there: set[str]) -> None:
        for record in list(self._runtime.state.of_type("DataFeed")):
            feed = record.view
            if not isinstance(feed, DataFeed) or feed.kind == "file" or feed.name in there:
                continue
            if feed.is_on and feed.name != UNMATCHED:
                words = {"feed": feed.name, "kind": feed.kind, "mapping": feed.mapping}
                self._runtime.perform(note_feed, PLATFORM, is_on=False, **words)

    async def _stop(self) -> None:
        pollers, self._pollers = self._pollers, []
        for poller in pollers:
            poller.cancel()
        await asyncio.gather(*pollers, return_exceptions=True)


async def keep_collecting(
    runtime: Runtime, archive: Archive, folder: Path, collecting: Collecting
) -> None:
    """Collect for a city in charge until cancelled."""
    feeds = Feeds(runtime, folder, collecting)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(feeds.follow())
        if collecting.mqtt is not None:
            from hapgang.app.collect.devices import keep_listening  # noqa: PLC0415 (heavy)

            mapping = mapping_at(UNMATCHED)
            runtime.perform(note_feed, PLATFORM, feed=UNMATCHED, kind="mqtt", mapping=mapping)
            tasks.create_task(
                keep_listening(runtime, archive, folder, collecting.mqtt, feeds.routing)
            )
