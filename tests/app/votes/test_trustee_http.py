"""The tool's way to a city: what it answers, refuses, and where it does not follow."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hapgang.app.votes import trustee_http
from hapgang.app.votes.trustee_http import Door
from hapgang.core.errors import Conflict, Invalid, Unavailable

ANSWERS = {
    "/api/polls/a": (200, b'{"name": "a"}', ""),
    "/api/polls/b": (409, b'{"detail": "not now"}', ""),
    "/api/polls/c": (302, b"", "/api/polls/a"),
    "/api/polls/d": (502, b"<html>", ""),
    "/api/polls/e": (200, b'"' + b"x" * 100 + b'"', ""),
    "/api/polls/f": (200, b"<html>", ""),
    "/api/polls/%EA%B4%91?first=0": (404, b"", ""),
}


class Stub(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body, place = ANSWERS[self.path]
        self.send_response(status)
        if place:
            self.send_header("Location", place)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def city() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_a_city_answers(city: str, monkeypatch: pytest.MonkeyPatch) -> None:
    door = Door(city)
    assert door.get("/polls/a") == door.post("/polls/a", {"x": 1}) == {"name": "a"}
    with pytest.raises(Conflict, match="409: not now"):
        door.post("/polls/b", {})
    with pytest.raises(Conflict, match="302"):
        door.get("/polls/c")
    with pytest.raises(Conflict, match="502"):
        door.get("/polls/d")
    with pytest.raises(Conflict, match="404"):
        door.get("/polls/광?first=0")
    with pytest.raises(Invalid, match="--city"):
        door.get("/polls/f")
    monkeypatch.setattr(trustee_http, "_MOST_BYTES", 50)
    with pytest.raises(Unavailable, match="too long"):
        door.get("/polls/e")


def test_where_there_is_no_city() -> None:
    with pytest.raises(Unavailable):
        Door("http://127.0.0.1:9").get("/polls/a")
    with pytest.raises(Invalid):
        Door("file:///etc/passwd")
