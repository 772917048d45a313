"""Run a city: portal /, API /api, NGSI-LD /ngsi-ld/v1, /docs, /health, /metrics.

hapgang up                       the reference city on http://127.0.0.1:8000
hapgang up sejong --demo         with people you can sign in as
hapgang up mytown --port 9000
hapgang up mytown --visitors     who has no account may come in for some hours
hapgang up sejong --mqtt 1883    let devices in by MQTT; see docs/guides/collecting.md
hapgang up sejong --open         NGSI-LD without sign-in, on loopback only
hapgang up sejong --sources https://hub.example.org   other hubs may be asked there
hapgang up sejong --workers 2    more processes, that answer reads of what is nobody's
hapgang up sejong --standby      wait, and take over when the running one dies
"""

import argparse
import asyncio
import logging
import os
import signal
import socket
import webbrowser
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

from hapgang.app.collect.living import Collecting
from hapgang.app.collect.mqtt.door import MqttDoor
from hapgang.app.exchange import is_loopback
from hapgang.app.http import Application
from hapgang.app.notify.places import Places
from hapgang.app.settings import find_city
from hapgang.app.traces import TraceFilter
from hapgang.app.wiring import LiveCity
from hapgang.app.workers.keeping import at_door
from hapgang.core.errors import Invalid, Unavailable
from hapgang.writer.postgres import settle

_MOST_WORKERS = 64
_LOOPBACK = ("http://127.0.0.1", "http://localhost")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("city", nargs="?", default="sejong", help="a name or a folder")
    parser.add_argument("--scenario", default="plan", help="which of the city's scenarios")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on")
    parser.add_argument(
        "--open", action="store_true", help="NGSI-LD without sign-in; loopback only"
    )
    parser.add_argument("--demo", action="store_true", help="people that anybody can sign in as")
    parser.add_argument(
        "--visitors", action="store_true", help="people without an account may come in as visitors"
    )
    parser.add_argument(
        "--contexts-from", action="append", default=[], metavar="URL", help="JSON-LD contexts may"
        " be fetched from this host, or from below this address; repeatable"
    )  # fmt: skip
    parser.add_argument(
        "--collect-from", action="append", default=[], metavar="URL", help="feeds may be fetched"
        " from this host, or from below this address; repeatable"
    )  # fmt: skip
    parser.add_argument(
        "--sources", action="append", default=[], metavar="URL", help="context sources that are"
        " registered may be asked at this host, or below this address; repeatable"
    )  # fmt: skip
    parser.add_argument(
        "--notify", action="append", default=[], metavar="URL", help="notifications may be sent to"
        " this host, or below this address (http, https, mqtt, mqtts); repeatable"
    )  # fmt: skip
    parser.add_argument("--mqtt", type=int, metavar="PORT", help="let devices in by MQTT")
    parser.add_argument("--mqtt-host", default="127.0.0.1", help="address for devices")
    parser.add_argument("--mqtt-cert", type=Path, metavar="FILE", help="certificate for MQTT")
    parser.add_argument("--mqtt-key", type=Path, metavar="FILE", help="its private key")
    parser.add_argument(
        "--workers", type=int, default=0, metavar="N", help="processes that answer reads of what is"
        " nobody's, and pass on the rest; each has the city's entities in memory"
    )  # fmt: skip
    parser.add_argument("--standby", action="store_true", help="take over when the writer dies")
    parser.add_argument("--open-browser", action="store_true", help="show the portal")


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    lines = logging.StreamHandler()
    lines.addFilter(TraceFilter())
    form = "%(asctime)s %(levelname)s %(message)s%(trace)s"
    logging.basicConfig(level=logging.INFO, format=form, handlers=[lines])
    if (arguments.open or arguments.demo) and not is_loopback(arguments.host):
        raise Invalid(
            "--open and --demo let anybody in, so they listen on loopback only.",
            "--open과 --demo는 누구나 들어올 수 있어 루프백에서만 쓸 수 있습니다.",
        )
    if not 0 <= arguments.workers <= _MOST_WORKERS:
        raise Invalid(
            f"--workers is a number from 0 to {_MOST_WORKERS}.",
            f"--workers는 0에서 {_MOST_WORKERS} 사이의 수입니다.",
        )
    with _listening(arguments.host, arguments.port) as door:
        uvloop.run(_serve(arguments, door))
    return 0


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


def _listening(host: str, port: int) -> socket.socket:
    """Take the address before anything is started; `Unavailable` when somebody else has it."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise Unavailable(
            f"Nothing can listen on {host}:{port} ({reason}). Stop what is there, or choose another"
            " with --port.",
            f"{host}:{port}에서 열 수 없습니다({reason}). --port로 다른 포트를 고르세요.",
        ) from None


async def _serve(arguments: argparse.Namespace, door: socket.socket) -> None:
    live = LiveCity(
        find_city(arguments.city), arguments.scenario, contexts_from=arguments.contexts_from,
        sources=[*arguments.sources, *(_LOOPBACK if arguments.open else ())],
        collecting=_collecting(arguments),
        notify=Places(arguments.notify, allows_loopback=arguments.open),
    )  # fmt: skip
    application = Application(
        live,
        is_open=arguments.open,
        is_demo=arguments.demo,
        has_visitors=arguments.visitors,
    )
    with at_door(
        application, live, door, arguments.workers, is_open=arguments.open
    ) as (server, serving):  # fmt: skip
        application.traffic.connections = lambda: len(server.server_state.connections)
        running = [live.run(standby=arguments.standby), *serving]
        await _run(arguments, live, server, running)


async def _run(
    arguments: argparse.Namespace,
    live: LiveCity,
    server: uvicorn.Server,
    running: Sequence[Coroutine[Any, Any, None]],
) -> None:
    """Run the city, its server and its workers until one ends, or the process is told to."""
    parts = [asyncio.create_task(part) for part in running]
    announce = asyncio.create_task(_announce(arguments, live))
    signs = _listen_for_the_end(server)
    done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    for task in (announce, parts[0], *parts[2:]):  # the second is the server, which ends by itself
        task.cancel()
    await asyncio.gather(*parts, announce, return_exceptions=True)
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


async def _announce(arguments: argparse.Namespace, live: LiveCity) -> None:
    await live.in_charge.wait()
    url = f"http://{arguments.host}:{arguments.port}/"
    print(f"{live.scene.title.ko} · {live.scene.title.en} ({live.scene.scenario.name}): {url}")
    if arguments.open_browser:
        await asyncio.to_thread(webbrowser.open, url)
