"""A living city: all rooms put together over its folder, and kept alive."""

import asyncio
import gc
import logging
import os
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from hapgang.app.collect.living import Collecting, keep_collecting
from hapgang.app.feeds import keep_fetching
from hapgang.app.fetched import ContextFetcher
from hapgang.app.lakes import keep_lake
from hapgang.app.load import load, read_item
from hapgang.app.log.city_log import CityLog
from hapgang.app.notify.log import DeliveryLog
from hapgang.app.notify.notifier import Notifier
from hapgang.app.notify.places import Places
from hapgang.app.operators import ask_operators
from hapgang.app.settings import DATABASE_URL, city_state
from hapgang.app.sources import Sources
from hapgang.app.together import until_first_ends
from hapgang.app.votes.votes import Votes
from hapgang.contract import Service
from hapgang.core.clock import Clock, RealClock
from hapgang.core.errors import Unavailable
from hapgang.hub.privacy import KeyVault
from hapgang.hub.record import Record
from hapgang.runtime.beside import Beside
from hapgang.runtime.discover import chosen
from hapgang.runtime.handlers import Handlers
from hapgang.runtime.jobs import Jobs
from hapgang.runtime.perform import KEEP_ANSWERS, PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.contexts import contexts_of
from hapgang.runtime.schedules import Schedules
from hapgang.twin.scene import Scene, load_scene
from hapgang.writer.failures import DATABASE_FAILURES
from hapgang.writer.journal import Journal
from hapgang.writer.postgres import Postgres, start
from hapgang.writer.recall import Recall
from hapgang.writer.recovery import Archive, close_pool
from hapgang.writer.unit import Item
from hapgang.writer.writer import Writer

_RESTART_PAUSE_S = 0.2
_AHEAD_S = 600.0
_COLLECT = (50_000, 10, 20)  # of gc: requests leave hardly any cycles; a group is less than that
_NOTHING = Collecting()
_log = logging.getLogger(__name__)


def services_of(scene: Scene) -> dict[str, Service]:
    """Return the services that a scenario switches on, with the platform's own."""
    scenario = scene.scenario
    return {**chosen(scenario.services, f"scenario {scenario.name}"), "platform": platform}


class LiveCity:
    """One process of a city: the writer in charge, or a standby waiting to be."""

    _has_served = False
    _handlers: Handlers | None = None
    _jobs: Jobs | None = None

    def __init__(
        self,
        model: Path,
        scenario: str,
        *,
        state: Path | None = None,
        contexts_from: Sequence[str] = (),
        sources: Sequence[str] = (),
        collecting: Collecting = _NOTHING,
        notify: Places | None = None,
        scene: Scene | None = None,
    ) -> None:
        """Serve the city whose model lies in a folder; nothing starts before `run`.

        contexts_from: beginnings of addresses from which JSON-LD contexts may be fetched.
        sources: beginnings of addresses of context sources that may be asked.
        collecting: what is open to devices, and what may be asked for data.
        notify: where notifications may be sent.
        scene: the model, where it was read already.
        """
        self.scene = scene or load_scene(model, scenario)
        self.model = model
        self.folder = state or city_state(self.scene.name)
        self.services = services_of(self.scene)
        self.vault = KeyVault.at(self.folder)
        self.clock = RealClock(ZoneInfo(self.scene.time_zone))
        self.beside = Beside()
        self.fetcher = ContextFetcher(contexts_from)
        self.sources = Sources(sources, self.folder)
        self.contexts = contexts_of(self._find, self.fetcher, self.clock.now)
        self.collecting = collecting
        self.notifier = Notifier(notify or Places())
        self.log = CityLog(self.folder, self.scene.name)
        self.votes = Votes(self.folder)
        self.in_charge = asyncio.Event()
        self.connect: dict[str, Any] = {}  # how the database is reached, once it is
        self.archive: Archive | None = None
        self.on_start: list[Callable[[Runtime], None]] = []
        self.alongside: list[Callable[[], Coroutine[Any, Any, None]]] = []  # runs while in charge
        self._runtime: Runtime | None = None

    @property
    def runtime(self) -> Runtime:
        """The running services; `Unavailable` while the city starts or comes back from disk."""
        if self._runtime is None:
            raise Unavailable(
                "The city is starting. Please try again in a few seconds.",
                "도시가 시작되는 중입니다. 몇 초 뒤에 다시 시도해 주세요.",
            )
        return self._runtime

    @property
    def reads(self) -> Archive:
        """The archive; `Unavailable` as for `runtime`."""
        assert self.runtime is not None
        assert self.archive is not None
        return self.archive

    @property
    def jobs(self) -> Jobs:
        """The jobs of this process."""
        assert self.runtime is not None
        assert self._jobs is not None
        return self._jobs

    @property
    def handlers(self) -> Handlers:
        """The readers of the feed."""
        assert self.runtime is not None
        assert self._handlers is not None
        return self._handlers

    def _find(self, entity: str) -> Record | None:
        return self.runtime.state.get(entity)

    async def run(self, *, standby: bool = False) -> None:
        """Be the city until cancelled; comes back by itself when the database was lost."""
        self.fetcher.runs_on(asyncio.get_running_loop())
        while True:
            try:
                await self._live(wait=standby or self._has_served)
                _log.warning("the city's memory was interrupted and is restored from disk")
            except (Unavailable, *DATABASE_FAILURES) as error:
                if not (standby or self._has_served):
                    raise
                _log.warning("the city lost its database and tries again: %s", error)
            gc.collect()  # the memory that was given up
            await asyncio.sleep(_RESTART_PAUSE_S)

    async def _live(self, *, wait: bool) -> None:
        postgres, connect = await asyncio.to_thread(self._database)
        self.connect = connect
        journal = pool = recall = None
        try:
            journal = await Journal.open(self.vault, **connect)
            await journal.take_charge(wait=wait)
            pool = await asyncpg.create_pool(min_size=1, max_size=4, **connect)
            recall = await asyncio.to_thread(Recall, **connect)
            await self._serve(journal, Archive(pool), recall)
        finally:
            gc.unfreeze()
            self.sources.close()
            self._runtime = None
            self.in_charge.clear()
            if journal is not None:
                await journal.close()
            if pool is not None:
                await close_pool(pool)
            if recall is not None:
                await asyncio.to_thread(recall.close)
            if postgres is not None:
                postgres.close()

    async def _serve(self, journal: Journal, archive: Archive, recall: Recall) -> None:
        last_at = await archive.last_at()
        if last_at is not None:
            self.clock.go_on_from(last_at)
        writer = Writer()
        writer.additions.append(self.log.leaves.add)
        runtime = self._new_runtime(writer)
        await settled(load(runtime, archive, recall, self.vault))
        last = await archive.last()
        writer.resume(
            journal, last_seq=last.seq, last_position=last.position, n_leaves=last.n_leaves
        )
        cursors = await archive.cursors()
        handlers, jobs = Handlers(runtime), Jobs(runtime)
        handlers.resume(cursors, last.position)
        jobs.mark_interrupted()
        await self.notifier.start(runtime, DeliveryLog(archive.pool, self.vault), self.contexts)
        self._set_up(runtime)
        self.archive, self._handlers, self._jobs, self._runtime = archive, handlers, jobs, runtime
        for callback in self.on_start:
            callback(runtime)
        self._has_served = True
        self.in_charge.set()
        await until_first_ends(
            writer.run(),
            journal.lost(),
            handlers.run(lambda position: self._fetch(archive, position), self.beside),
            jobs.run(),
            _tick(Schedules(runtime, cursors), jobs),
            _drop_answers(archive, self.clock),
            keep_lake(archive, self.clock, self.folder),
            ask_operators(runtime, self.folder),
            _compute_ahead(self.services, self.scene, self.clock),
            keep_fetching(runtime, self.beside),
            self.notifier.run(),
            self.log.run(archive, runtime),
            self.votes.run(runtime, archive),
            keep_collecting(runtime, archive, self.folder, self.collecting),
            *(part() for part in self.alongside),
        )

    def _new_runtime(self, writer: Writer) -> Runtime:
        return Runtime(
            self.services,
            clock=self.clock,
            writer=writer,
            scene=self.scene,
            seed=secrets.randbits(63),
            settings=self.scene.scenario.settings,
        )

    def _set_up(self, runtime: Runtime) -> None:
        """Let each service put its things into a city that has none of them yet."""
        for service in runtime.services.values():
            if service.setup is not None and not any(
                runtime.state.count(name)
                for name in runtime.rights[_name_of(runtime, service)].owns
            ):
                runtime.perform(service.setup, PLATFORM)

    async def _fetch(self, archive: Archive, position: int) -> list[tuple[int, Item]]:
        rows = await archive.feed_after(position)
        found = [(row.position, read_item(row, self.vault)) for row in rows]
        gone = Item("forgotten", "", "", None, None)
        return [(position, item or gone) for position, item in found]

    def _database(self) -> tuple[Postgres | None, dict[str, Any]]:
        url = os.environ.get(DATABASE_URL)
        if url:
            return None, {"dsn": url}
        postgres = start(self.folder)
        return postgres, postgres.connect_kwargs


def _name_of(runtime: Runtime, service: Service) -> str:
    return next(name for name, found in runtime.services.items() if found is service)


async def settled(loading: Coroutine[Any, Any, None]) -> None:
    """Load, and spare the garbage collector what was loaded: it would look at it all, often."""
    if gc.get_freeze_count():  # of what was loaded before
        gc.unfreeze()
        gc.collect()
    gc.disable()
    try:
        await loading
    finally:
        gc.freeze()
        gc.set_threshold(*_COLLECT)
        gc.enable()


async def _tick(schedules: Schedules, jobs: Jobs) -> None:
    """Run what is due, and take up the jobs that actions started."""
    while True:
        schedules.run_due()
        jobs.take_started()
        await asyncio.sleep(0.25)


async def _compute_ahead(services: Mapping[str, Service], scene: Scene, clock: Clock) -> None:
    """Let services compute what will be needed soon: at the start, and well before midnight."""
    while True:
        for name, service in services.items():
            if service.ahead is not None:
                try:
                    await asyncio.to_thread(service.ahead, scene, clock.now())
                except Exception:  # noqa: BLE001 (computed when it is asked for, and told to who asks)
                    _log.exception("%s could not compute ahead", name)
        await asyncio.sleep(_AHEAD_S)


async def _drop_answers(archive: Archive, clock: Clock) -> None:
    """Forget each hour the answers that nobody may ask for again."""
    while True:
        await asyncio.sleep(3600)
        await archive.drop_answers(clock.now(), KEEP_ANSWERS)
