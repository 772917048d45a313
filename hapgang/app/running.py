"""A city in this process, with its server and its workers, until it is told to end."""

import argparse
import asyncio
import signal
import socket
import webbrowser
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

from hapgang.app.cities.watching import Watching
from hapgang.app.collect.living import Collecting
from hapgang.app.collect.mqtt.door import MqttDoor
from hapgang.app.exchange import is_loopback
from hapgang.app.http import Application
from hapgang.app.identity.site import origin_of
from hapgang.app.notify.places import Places
from hapgang.app.wiring import LiveCity
from hapgang.app.workers.keeping import at_door
from hapgang.core.errors import Invalid
from hapgang.writer.postgres import settle

_LOOPBACK = ("http://127.0.0.1", "http://localhost")


def serve(
    arguments: argparse.Namespace, model: Path, door: socket.socket, ready: Callable[[], None]
) -> None:
    """Run the city of a model at a door; `ready` is called once it is in charge, or ends."""
    uvloop.run(_serve(arguments, model, door, ready))


def _collecting(arguments: argparse.Namespace) -> Collecting:
    """Return what is open to devices; `Invalid` where tokens would travel in the clear."""
    if arguments.mqtt is None:
        return Collecting(None, arguments.collect_from)
    files = [arguments.mqtt_cert, arguments.mqtt_key]
    if files.count(None) == 1 or (None in files and not is_loopback(arguments.mqtt_host)):
        raise Invalid(
            "Devices come from elsewhere with TLS only: give --mqtt-cert and --mqtt-key.",
            "외부 기기는 TLS로만 접속할 수 있습니다. --mqtt-cert와 --mqtt-key를 지정하세요.",
        )
    certificate, key = (None if path is None else path.absolute() for path in files)
    door = MqttDoor(arguments.mqtt_host, arguments.mqtt, certificate, key)
    return Collecting(door, arguments.collect_from)


async def _serve(
    arguments: argparse.Namespace, model: Path, door: socket.socket, ready: Callable[[], None]
) -> None:
    live = LiveCity(
        model, arguments.scenario, contexts_from=arguments.contexts_from,
        sources=[*arguments.sources, *(_LOOPBACK if arguments.open else ())],
        collecting=_collecting(arguments),
        notify=Places(arguments.notify, allows_loopback=arguments.open),
    )  # fmt: skip
    application = Application(
        live,
        is_open=arguments.open,
        is_demo=arguments.demo,
        has_visitors=arguments.visitors,
        origin=origin_of(arguments.port),
    )
    live.alongside.append(Watching(live).run)
    with at_door(
        application, live, door, arguments.workers, is_open=arguments.open
    ) as (server, serving):  # fmt: skip
        application.traffic.connections = lambda: len(server.server_state.connections)
        running = [live.run(standby=arguments.standby), *serving]
        await _run(arguments, live, server, running, ready)


async def _run(
    arguments: argparse.Namespace,
    live: LiveCity,
    server: uvicorn.Server,
    running: Sequence[Coroutine[Any, Any, None]],
    ready: Callable[[], None],
) -> None:
    """Run the city, its server and its workers until one ends, or the process is told to."""
    parts = [asyncio.create_task(part) for part in running]
    announce = asyncio.create_task(_announce(arguments, live, ready))
    signs = _listen_for_the_end(server)
    done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    for task in (announce, parts[0], *parts[2:]):  # the second is the server, which ends by itself
        task.cancel()
    await asyncio.gather(*parts, announce, return_exceptions=True)
    ready()
    await asyncio.to_thread(settle, live.folder)  # whoever stops a city may copy its folder next
    for task in done:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
    if signal.SIGTERM in signs:
        raise SystemExit(128 + signal.SIGTERM)
    if signs:
        raise KeyboardInterrupt


def _listen_for_the_end(server: uvicorn.Server) -> list[int]:
    """Let the server end when the process is told to; return a list of what it was told."""
    signs: list[int] = []

    def end(sign: int) -> None:
        signs.append(sign)
        server.handle_exit(sign, None)

    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, end, sign)
    return signs


async def _announce(
    arguments: argparse.Namespace, live: LiveCity, ready: Callable[[], None]
) -> None:
    await live.in_charge.wait()
    ready()
    url = f"http://{arguments.host}:{arguments.port}/"
    print(f"{live.scene.title.ko} · {live.scene.title.en} ({live.scene.scenario.name}): {url}")
    if arguments.open_browser:
        await asyncio.to_thread(webbrowser.open, url)
