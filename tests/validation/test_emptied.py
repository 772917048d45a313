"""A city is emptied through its API, page by page; what it refuses to delete stays."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

import pytest

from validation.etsi import emptied as module
from validation.etsi.emptied import emptied, empty

ROOT = "/ngsi-ld/v1/"


class _City(BaseHTTPRequestHandler):
    kept: ClassVar[dict[str, list[str]]] = {}

    def do_GET(self) -> None:
        path = urlsplit(self.path).path.removeprefix(ROOT)
        member = "localId" if path == "jsonldContexts" else "id"
        self._say(200, json.dumps([{member: name} for name in self.kept.get(path, [])[:2]]))

    def do_DELETE(self) -> None:
        path, _, name = self.path.removeprefix(ROOT).rpartition("/")
        if unquote(name) == "core":
            self._say(400, "")
            return
        self.kept[path].remove(unquote(name))
        self._say(204, "")

    def _say(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def city() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _City) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        _City.kept = {
            "entities": ["urn:x:1", "urn:x:2", "urn:x:ü/3"],
            "temporal/entities": ["urn:x:4"],
            "csourceSubscriptions": ["urn:x:5"],
            "jsonldContexts": ["core", "urn:x:6"],
        }
        yield f"http://127.0.0.1:{server.server_address[1]}{ROOT[:-1]}"
        server.shutdown()
        thread.join()


def test_nothing_is_left_but_what_cannot_go(city: str) -> None:
    empty(city)
    assert {path: names for path, names in _City.kept.items() if names} == {
        "jsonldContexts": ["core"]
    }


def test_files_meet_an_empty_city_and_leave_no_variables(
    city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables: dict[str, Any] = {"url": "x"}
    monkeypatch.setattr(module, "_global_variables", lambda: variables)
    listener = emptied(city)
    listener.start_suite(SimpleNamespace(tests=[]), None)
    assert _City.kept["entities"]
    listener.start_suite(SimpleNamespace(tests=["one"]), None)
    assert not _City.kept["entities"]
    variables["left"] = "behind"
    listener.end_suite(SimpleNamespace(tests=["one"]), None)
    assert variables == {"url": "x"}
