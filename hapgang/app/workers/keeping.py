"""Workers are started, and started again when they end."""

import asyncio
import logging
import socket
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from hapgang.app.context import Receive, Scope, Send
from hapgang.app.http import Application
from hapgang.app.serving import server_of
from hapgang.app.together import until_first_ends
from hapgang.app.wiring import LiveCity
from hapgang.app.workers.link import PASSAGE
from hapgang.app.workers.passing import CALLER
from hapgang.app.workers.process import Task
from hapgang.app.workers.telling import Telling
from hapgang.runtime.exposition import Family, one

_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_CALM_S = 60.0  # after so long, the end of a worker is no sign of the next one's
_END_S = 8.0
_log = logging.getLogger(__name__)


class Workers:
    """The workers of a city, for as long as the process runs that started them."""

    def __init__(self, n: int, live: LiveCity, application: Application, folder: Path) -> None:
        """Keep `n` of them; they meet their writer in a folder that is the user's own."""
        self._n = n
        self._live = live
        self._folder = folder
        self._application = application
        self._telling = Telling(live, folder, application.traffic, application.uses)
        self._started = 0
        application.traffic.besides = self.families

    def passage(self) -> socket.socket:
        """Return the socket at which the writer takes what is passed on."""
        passage = socket.socket(socket.AF_UNIX)
        passage.bind(str(self._folder / PASSAGE))
        passage.listen(2048)
        return passage

    def families(self) -> Iterator[Family]:
        """Yield what is measured of them."""
        following = self._telling.following
        yield one("hapgang_workers", "gauge", "Workers that follow the writer.", following)
        yield one("hapgang_workers_started", "counter", "Starts of workers.", self._started)

    async def run(self, door: socket.socket, *, is_open: bool) -> None:
        """Keep workers at a door until cancelled."""
        live = self._live
        task = Task(
            str(live.model), live.scene.scenario.name, str(live.folder), str(self._folder),
            door.fileno(), is_open,
        )  # fmt: skip
        await until_first_ends(*(self._keep(task) for _ in range(self._n)))

    async def _keep(self, task: Task) -> None:
        pause_s = _SHORTEST_PAUSE_S
        while True:
            began_s = time.monotonic()
            self._started += 1
            process = await _start(task)
            try:
                status = await process.wait()
            finally:
                await _end(process)
            if time.monotonic() - began_s > _CALM_S:
                pause_s = _SHORTEST_PAUSE_S
            _log.warning("a worker ended (%d); another starts in %g s", status, pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


class Inside:
    """The writer's application behind its workers: callers are where their worker says they are."""

    def __init__(self, application: Application) -> None:
        """Answer what workers pass on."""
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        for name, value in scope.get("headers", ()):
            if name == CALLER:
                scope["client"] = (value.decode("latin-1"), 0)
        await self._application(scope, receive, send)


@contextmanager
def at_door(
    application: Application,
    live: LiveCity,
    door: socket.socket,
    n_workers: int = 0,
    *,
    is_open: bool = False,
) -> Iterator[tuple[uvicorn.Server, list[Coroutine[Any, Any, None]]]]:
    """Yield the web server of a city, and what has to run so that it answers at a door."""
    if not n_workers:
        server = server_of(application)
        yield server, [server.serve(sockets=[door])]
        return
    with _meeting_place() as folder:
        workers = Workers(n_workers, live, application, folder)
        server = server_of(Inside(application), is_inside=True)
        serving = server.serve(sockets=[workers.passage()])
        yield server, [serving, workers.run(door, is_open=is_open)]


@contextmanager
def _meeting_place() -> Iterator[Path]:
    """Make a folder of mode 0700 whose name is short enough for sockets, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="hapgang-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


async def _start(task: Task) -> Process:
    """Start a worker: in a session of its own, so that Ctrl-C is its parent's to deal with."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hapgang.app.workers.process", msgspec.json.encode(task).decode(),
        stdin=PIPE, pass_fds=[task.door], start_new_session=True,
    )  # fmt: skip


async def _end(process: Process) -> None:
    """Let a worker end, and end it where it does not."""
    if process.returncode is not None:
        return
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_END_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
