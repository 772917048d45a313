"""The process of one worker: `python -m hapgang.app.workers.process TASK`, started by `keeping`.

It ends when its standard input does, that is with whoever started it, even by kill -9.
"""

import asyncio
import logging
import os
import socket
import sys
from pathlib import Path

import msgspec
import uvloop

from hapgang.app.http import Application
from hapgang.app.serving import server_of
from hapgang.app.traces import TraceFilter
from hapgang.app.workers.following import FollowingCity
from hapgang.app.workers.link import PASSAGE, Report, packed
from hapgang.app.workers.passing import Passage
from hapgang.app.workers.worker import Worker

_REPORT_S = 1.0
_END_S = 7.0  # longer than the web server lets requests end


class Task(msgspec.Struct, frozen=True):
    """What a worker is started with."""

    model: str
    scenario: str
    state: str
    folder: str  # where it meets the writer
    door: int  # the descriptor of the socket that listens
    is_open: bool = False


async def work(task: Task) -> None:
    """Answer until standard input ends."""
    folder = Path(task.folder)
    city = FollowingCity(Path(task.model), task.scenario, state=Path(task.state), folder=folder)
    application, passage = Application(city, is_open=task.is_open), Passage(folder / PASSAGE)
    door = socket.socket(fileno=task.door)
    server = server_of(Worker(city, application, passage))
    parts = [city.run(), _report(city, application), _until_input_ends()]
    running = [asyncio.ensure_future(part) for part in parts]
    web = asyncio.create_task(server.serve(sockets=[door]))
    await asyncio.wait([*running, web], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    for one in running:
        one.cancel()
    await asyncio.wait([*running, web], timeout=_END_S)
    passage.close()
    os._exit(0)  # nothing here is to be kept, and nothing may keep the process from ending


async def _report(city: FollowingCity, application: Application) -> None:
    """Tell the writer each second what was answered here, so that one page counts all."""
    while True:
        await asyncio.sleep(_REPORT_S)
        if city.line is not None:
            report = Report(
                application.traffic.take(), application.uses.take(), city.contexts.shelf.take_uses()
            )
            city.line.write(packed(report))


async def _until_input_ends() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


def main() -> None:
    """Work on the task that is the only argument."""
    lines = logging.StreamHandler()
    lines.addFilter(TraceFilter())
    form = "%(asctime)s %(levelname)s worker: %(message)s%(trace)s"
    logging.basicConfig(level=logging.INFO, format=form, handlers=[lines])
    uvloop.run(work(msgspec.json.decode(sys.argv[1], type=Task)))


if __name__ == "__main__":
    main()
