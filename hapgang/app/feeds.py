"""Feeds that the operator named: fetched again and again, and handed to the service they are for.

Nothing is fetched that no scenario names. Only http and https, with an end to size and time; what
has not changed is not sent again (ETag, If-Modified-Since), and what fails is asked for ever more
seldom.
"""

import asyncio
import http.client
import logging
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from hapgang import __version__
from hapgang.contract import Feed, Fetch
from hapgang.core.errors import CityError
from hapgang.runtime.beside import Beside
from hapgang.runtime.perform import PLATFORM, Runtime

MOST_BYTES = 16_000_000
_PATIENCE_S = 20.0
_LONGEST_READ_S = 60.0
_LONGEST_PAUSE_S = 900.0
_NOT_CHANGED = 304
_log = logging.getLogger(__name__)


class Document(NamedTuple):
    """What lay at an address; `body` is None where it has not changed."""

    body: bytes | None
    etag: str = ""
    changed: str = ""  # Last-Modified


class _OnlyTheWeb(urllib.request.HTTPRedirectHandler):
    """Follows no redirection away from the web, and tells no secret to another host."""

    def redirect_request(self, *found: Any) -> urllib.request.Request | None:
        request, answer, code, _, headers, url = found
        new = super().redirect_request(*found)
        if new is None or new.type not in ("http", "https"):
            raise urllib.error.HTTPError(url, code, "leads away from the web", headers, answer)
        if new.host != request.host:
            new.headers = {k: v for k, v in new.headers.items() if k in _OURS}
        return new


_OURS = ("User-agent", "If-none-match", "If-modified-since")
_web = urllib.request.OpenerDirector()
for _handler in (
    urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(),
    urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor(), _OnlyTheWeb(),
):  # fmt: skip
    _web.add_handler(_handler)


def fetched(url: str, headers: Mapping[str, str], known: Document) -> Document:
    """Fetch a document, unless it is the one that is known; OSError when it cannot be had."""
    request = urllib.request.Request(url, headers={"User-Agent": f"Hapgang/{__version__}"})  # noqa: S310
    for name, value in headers.items():
        request.add_header(name, value)
    if known.etag:
        request.add_header("If-None-Match", known.etag)
    elif known.changed:
        request.add_header("If-Modified-Since", known.changed)
    try:
        with _web.open(request, timeout=_PATIENCE_S) as answer:
            etag, changed = (answer.headers.get(name, "") for name in ("ETag", "Last-Modified"))
            return Document(_whole(answer), etag, changed)
    except urllib.error.HTTPError as error:
        if error.code == _NOT_CHANGED:
            return known._replace(body=None)
        raise


def _whole(answer: Any) -> bytes:
    """Read an answer to its end, however slowly it drips, up to a size and a time."""
    until_s = time.monotonic() + _LONGEST_READ_S
    parts: list[bytes] = []
    while part := answer.read1(65_536):
        parts.append(part)
        if sum(map(len, parts)) > MOST_BYTES or time.monotonic() > until_s:
            raise OSError(f"longer than {MOST_BYTES:,} bytes or {_LONGEST_READ_S:g} s")
    return b"".join(parts)


async def keep_fetching(runtime: Runtime, beside: Beside) -> None:
    """Fetch every feed that the scenario names, until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for service, fetch, feed in feeds_of(runtime):
            tasks.create_task(_keep_fetching(runtime, beside, service, fetch, feed))
        await asyncio.Event().wait()  # until cancelled, even when nothing is to be fetched


def feeds_of(runtime: Runtime) -> list[tuple[str, Fetch, Feed]]:
    """Return what is to be fetched: service, what it is for, where it lies."""
    return [
        (name, fetch, feed)
        for name, service in runtime.services.items()
        if service.settings is not None
        for fetch in service.fetches
        for feed in getattr(runtime.settings_of(name, service.settings), fetch.setting)
    ]


async def _keep_fetching(
    runtime: Runtime, beside: Beside, service: str, fetch: Fetch, feed: Feed
) -> None:
    known, failures = Document(None), 0
    spec = runtime.spec(fetch.action)
    while True:
        try:
            document = await asyncio.to_thread(fetched, feed.url, secrets_of(feed), known)
            if document.body is not None:
                words = {"source": feed.name, "body": document.body}
                arguments = msgspec.convert(words, spec.arguments)
                await runtime.run_beside(spec, PLATFORM, arguments, beside)
            known, failures = document._replace(body=None), 0
        except (OSError, http.client.HTTPException, CityError, ValueError) as error:
            failures += 1
            _log.warning("%s: feed %s: %s", service, feed.name, error)
        except Exception:  # noqa: BLE001 (one feed does not stop the city)
            failures += 1
            _log.exception("%s: feed %s", service, feed.name)
        await asyncio.sleep(pause_s(feed.every_s, failures))


def pause_s(every_s: float, failures: int) -> float:
    """Return how long to wait: twice as long after each failure, up to a quarter of an hour."""
    return max(every_s, min(every_s * 2.0 ** min(failures, 20), _LONGEST_PAUSE_S))


def secrets_of(feed: Feed) -> dict[str, str]:
    """Return a feed's headers; `ValueError` where the environment lacks one."""
    missing = [name for name in feed.headers.values() if name not in os.environ]
    if missing:
        raise ValueError(f"set the environment variable {missing[0]}")
    return {header: os.environ[name] for header, name in feed.headers.items()}
