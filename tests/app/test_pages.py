"""The portal's files: packed for whoever can unpack them, kept for as long as they hold."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest

from hapgang.app import pages
from hapgang.app.context import accepts
from hapgang.app.pages import Pages

INDEX = b"<!doctype html><title>portal</title>"
CODE = b"export const city = 1;" * 50


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    files = {
        "index.html": INDEX,
        "sw.js": b"// worker",
        "app.webmanifest": b"{}",
        "assets/index-1a2b.js": CODE,
        "assets/index-1a2b.js.gz": gzip.compress(CODE),
        "assets/index-1a2b.js.br": b"as brotli",
    }
    for name, body in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(body)
    (tmp_path.parent / "secret.txt").write_text("secret")
    monkeypatch.setattr(pages, "bundled", lambda kind: tmp_path)
    return Pages()


def ask(portal: Pages, path: str, encodings: str = "") -> tuple[int, dict[str, str], bytes]:
    headers = [(b"accept-encoding", encodings.encode())] if encodings else []
    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "path": path, "headers": headers,
        "asgi": {"spec_version": "2.4"},
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async def answer() -> None:
        response = await portal.respond(scope)
        await response(scope, receive, send)

    asyncio.run(answer())
    got = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], got, b"".join(part.get("body", b"") for part in sent[1:])


def test_the_best_packing_that_the_browser_knows(portal: Pages) -> None:
    for encodings, encoding, body in (
        ("gzip, deflate, br, zstd", "br", b"as brotli"),
        ("br;q=0, gzip", "gzip", gzip.compress(CODE)),
        ("gzip;q=0", None, CODE),
        ("", None, CODE),
    ):
        status, headers, got = ask(portal, "/assets/index-1a2b.js", encodings)
        assert (status, headers.get("content-encoding")) == (200, encoding), encodings
        assert (gzip.decompress(got) if encoding == "gzip" else got) == (
            CODE if encoding == "gzip" else body
        )
        assert headers["content-type"].startswith("text/javascript")
        assert "immutable" in headers["cache-control"]
        assert headers["vary"] == "Accept-Encoding"


def test_pages_and_the_worker_are_asked_for_again(portal: Pages) -> None:
    for path in ("/", "/me/trips", "/sw.js", "/app.webmanifest"):
        status, headers, _ = ask(portal, path, "br")
        assert (status, headers["cache-control"]) == (200, "no-cache"), path
    assert ask(portal, "/me/trips")[2] == INDEX
    assert ask(portal, "/app.webmanifest")[1]["content-type"] == "application/manifest+json"


def test_a_file_of_an_older_build_is_no_page(portal: Pages) -> None:
    assert ask(portal, "/assets/index-old.js")[0] == 404


def test_nothing_outside_is_served(portal: Pages) -> None:
    for path in ("/../secret.txt", "//secret.txt", "/assets/../../secret.txt"):
        assert b"secret" not in ask(portal, path)[2]


@pytest.mark.parametrize(
    ("header", "taken"),
    [(b"gzip", True), (b"GZIP;q=0.5", True), (b"gzip; q=0", False), (b"br", False), (b"", False)],
)
def test_what_a_browser_accepts(header: bytes, taken: bool) -> None:
    assert accepts({"headers": [(b"accept-encoding", header)]}, "gzip") is taken
