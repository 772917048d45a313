"""A small HTTP server for one test: paths and what they answer, on loopback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Answer = tuple[int, str, str]
Answering = Callable[[str, str, str, str], Answer]
"""(method, path, body, bearer token) → (status, text, media type)"""

_MOST_BODY = 100_000


@contextmanager
def serving(answering: Answering) -> Iterator[int]:
    """Serve until the block ends; give the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.respond("GET", "")

        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length", 0)), _MOST_BODY)
            self.respond("POST", self.rfile.read(length).decode())

        def respond(self, method: str, body: str) -> None:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, text, kind = answering(method, self.path, body, token)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
