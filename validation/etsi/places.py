"""What the suite needs around it: a city of its own, and a server of contexts, on loopback."""

import contextlib
import functools
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from validation.etsi.suite import CONTEXTS, ELSEWHERE

_LONGEST_START_S = 120
_PAUSE_S = 0.2
# A test has 40 instances, and wants a part of them; others have 18, and want them all.
_SMALL_PAGES = {"HAPGANG_TEMPORAL_PAGE": "30"}
_STAND_IN = "ngsi-ld-test-suite.jsonld"
# A subscription of the suite is moved there; nothing is ever sent.
_TOLD = ("http://a.b.c", "http://my.second.endpoint.org", "http://unreachable.endpoint")
_NOTIFIED = tuple(part for place in _TOLD for part in ("--notify", place))
_ROOT = Path(__file__).resolve().parents[2]


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on now."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextlib.contextmanager
def city(state: Path) -> Iterator[str]:
    """Serve a city in which no service runs, so that nobody but the suite writes; its address.

    It is `hapgang up --open`: NGSI-LD without sign-in, on loopback.
    """
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "hapgang.app.cli", "up", "sejong", "--scenario", "today"]
    state.mkdir(mode=0o700)
    with (state / "log.txt").open("wb") as log:
        served = subprocess.Popen(  # noqa: S603
            [
                *command, "--open", "--contexts-from", "http://127.0.0.1", *_NOTIFIED,
                "--port", str(port),
            ],
            cwd=_ROOT, env={**os.environ, "HAPGANG_STATE": str(state), **_SMALL_PAGES},
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait_until_in_charge(served, f"http://127.0.0.1:{port}", state / "log.txt")
            yield f"http://127.0.0.1:{port}"
            if served.poll() is not None:
                raise RuntimeError(f"the city died: {_end_of(state / 'log.txt')}")
        finally:
            served.send_signal(signal.SIGINT)
            served.wait(60)


def _wait_until_in_charge(served: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    until = time.monotonic() + _LONGEST_START_S
    while served.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(_PAUSE_S)
    raise RuntimeError(f"no city could be started: {_end_of(log)}")


def core_context_of(url: str) -> str:
    """Return the core context that a city names in the Link of its answers (clause 6.3.6)."""
    with urllib.request.urlopen(f"{url}/ngsi-ld/v1/entities?type=Nothing", timeout=5) as answer:  # noqa: S310
        link = str(answer.headers.get("Link", ""))
    found = re.match(r"<([^>]+)>", link)
    if found is None:
        raise RuntimeError(f"the city names no context: Link: {link}")
    return found[1]


def _end_of(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2000:]


@contextlib.contextmanager
def contexts(copy: Path) -> Iterator[str]:
    """Serve the contexts of a copy of the suite; their address."""
    handler = functools.partial(_Contexts, copy / CONTEXTS)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class _Contexts(BaseHTTPRequestHandler):
    def __init__(self, folder: Path, *rest: object) -> None:
        self._folder = folder
        super().__init__(*rest)  # type: ignore[arg-type]  # socketserver's own three

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        is_elsewhere = name.startswith(f"{ELSEWHERE}/")
        known = {path.name: path for path in self._folder.glob("*.jsonld")}
        path = known.get(_STAND_IN if is_elsewhere else name)
        body = path.read_bytes() if path else b""
        self.send_response(200 if path else 404)
        self.send_header("Content-Type", "application/ld+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""
