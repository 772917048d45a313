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
import logging
import os
import tomllib
from contextlib import suppress
from pathlib import Path
from threading import Thread

from hapgang.app.exchange import is_loopback
from hapgang.app.listening import listening
from hapgang.app.settings import DATABASE_URL, FACTS, city_state, find_city
from hapgang.app.traces import TraceFilter
from hapgang.core.errors import Invalid, Unavailable
from hapgang.writer.postgres import Postgres, start

_MOST_WORKERS = 64


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
    model = find_city(arguments.city)
    with listening(arguments.host, arguments.port) as door:
        begun = _Begun(model)
        try:
            from hapgang.app.running import serve  # noqa: PLC0415 (meanwhile its database starts)

            serve(arguments, model, door, begun.leave)
        finally:
            begun.leave()
    return 0


class _Begun:
    """The city's own PostgreSQL, started while all else is imported and read."""

    def __init__(self, model: Path) -> None:
        """Start it in a thread. Where that fails, so it will for the city, which tells why."""
        self._server: Postgres | None = None
        self._thread = Thread(target=self._start, args=(model,), daemon=True)
        self._thread.start()

    def _start(self, model: Path) -> None:
        if not os.environ.get(DATABASE_URL):
            with suppress(OSError, ValueError, KeyError, TypeError, Unavailable):
                name = tomllib.loads((model / FACTS).read_text("utf-8"))["name"]
                self._server = start(city_state(name))

    def leave(self) -> None:
        """Leave it to the city, which uses it by now."""
        self._thread.join()
        if self._server is not None:
            self._server.close()
