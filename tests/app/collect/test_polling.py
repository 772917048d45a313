"""Feeds by HTTP: from hosts that were allowed only, asked again, told when they fail."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.collect.feed_files import (
    FeedFile,
    Issue,
    feeds_in,
    issued_at,
    query_of,
    read_feed,
)
from hapgang.app.collect.living import Collecting
from hapgang.app.collect.polling import Poller
from hapgang.app.exchange import NoAnswer
from hapgang.core.errors import Invalid, Refused
from tests.app.collect.feeding import AIR, OPERATOR, Live, entity, feed_of, live
from tests.living import Town

__all__ = ["live"]
JSON_AIR: dict[str, Any] = {**AIR, "read": {"rows": "/items"}}


class Office:
    """A host outside that answers as it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.body: Any = {"items": []}
        self.status = 200
        self.headers = {"ETag": '"1"'}
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        self.asked.append((head[0].split()[1], headers))
        body, status = json.dumps(self.body).encode(), self.status
        if "ETag" in self.headers and headers.get("if-none-match") == self.headers["ETag"]:
            status, body = 304, b""
        told = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        writer.write(
            f"HTTP/1.1 {status} X\r\n{told}Content-Length: {len(body)}\r\n\r\n".encode() + body
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def office() -> AsyncIterator[Office]:
    """Open an office until the block ends."""
    found = Office()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found


def write_feed(state: Path, text: str, mapping: Any = JSON_AIR) -> None:
    """Put a feed named air into a city's folder."""
    feeds = state / "feeds"
    feeds.mkdir(parents=True, exist_ok=True)
    (feeds / "air-map.json").write_text(json.dumps(mapping))
    (feeds / "air.toml").write_text(text)


def poller(town: Town, state: Path, *allowed: str) -> Poller:
    """Return what asks for the feed air; the city's own files are read as its operator does."""
    feed = read_feed(state / "feeds" / "air.toml")
    assert feed is not None
    return Poller(town.runtime, feed, allowed)


def item(at: str, pm10: Any) -> dict[str, Any]:
    return {"station": "a", "at": at, "pm10": pm10}


async def noted(town: Town) -> None:
    """Return when the city knows the feed."""
    async with asyncio.timeout(20):
        while await feed_of(town) is None:
            await asyncio.sleep(0.05)


def test_a_feed_is_asked_and_what_is_known_is_not_sent_again(live: Live, tmp_path: Path) -> None:
    async def then(town: Town) -> None:
        async with office() as outside:
            text = f'kind = "http"\nurl = "{outside.url}/air?a=1"\nmapping = "air-map"\n'
            write_feed(tmp_path / "state", text + '[query]\nb = "한 글"\n')
            await noted(town)
            asks = poller(town, tmp_path / "state", outside.url)
            outside.body = {"items": [item("2026-01-01", 5), item("2026-01-02", "x")]}
            await asks.ask()
            await asks.ask()
            assert (await entity(town, "AirQualityObserved:a"))["pm10"]["value"] == 5
            (path, first), (_, second) = outside.asked[-2:]
            assert path == "/air?a=1&b=%ED%95%9C+%EA%B8%80"
            assert ("if-none-match" in first, second["if-none-match"]) == (False, '"1"')
            outside.headers = {"ETag": '"2"'}
            outside.body = {"items": [item("2026-01-01", 5), item("2026-01-03", 6)]}
            await asks.ask()
            feed = await feed_of(town)
            assert feed["counts"] == {
                "accepted": 2, "repeated": 1, "late": 0, "quarantined": 1, "dropped": 0,
            }  # fmt: skip
            assert (feed["waiting"], feed["error"]) == (1, None)

    live(then)


def test_a_host_that_was_not_allowed_is_not_asked(live: Live, tmp_path: Path) -> None:
    async def then(town: Town) -> None:
        async with office() as outside:
            text = f'kind = "http"\nurl = "{outside.url}/air"\nmapping = "air-map"\n'
            write_feed(tmp_path / "state", text)
            await noted(town)
            for allowed in ((), ("https://127.0.0.1",), (f"{outside.url}/water",)):
                with pytest.raises(Refused):
                    await poller(town, tmp_path / "state", *allowed).ask()
            assert outside.asked == []
            async with asyncio.timeout(20):  # the city's own poller is not allowed either
                while (await feed_of(town))["error"] is None:
                    await asyncio.sleep(0.05)
            assert "is not allowed" in (await feed_of(town))["error"]

    live(then)


def test_failures_are_told_and_end_with_the_next_answer(live: Live, tmp_path: Path) -> None:
    async def then(town: Town) -> None:
        async with office() as outside:
            text = f'kind = "http"\nurl = "{outside.url}/air"\nmapping = "air-map"\n'
            write_feed(tmp_path / "state", text)
            async with asyncio.timeout(20):
                while (await feed_of(town) or {}).get("error") is not None or not outside.asked:
                    await asyncio.sleep(0.05)
            asks = poller(town, tmp_path / "state", outside.url)
            for status, body, why in (
                (500, {}, "HTTP 500"), (200, {"no": []}, "nothing at /items"), (302, {}, "302"),
            ):  # fmt: skip
                outside.status, outside.body, outside.headers = status, body, {"Location": "/x"}
                with pytest.raises(Invalid, match=why):
                    await asks.ask()
            outside.status, outside.body = 200, {"items": [item("2026-01-01", 5)]}
            await asks.ask()
            assert (await feed_of(town))["counts"]["accepted"] == 1
        with pytest.raises(NoAnswer):
            await asks.ask()

    live(then, collecting=Collecting(allowed=("http://127.0.0.1",)))


def test_a_feed_that_is_gone_is_off(live: Live, tmp_path: Path) -> None:
    async def then(town: Town) -> None:
        text = 'kind = "http"\nurl = "http://127.0.0.1:9/air"\nmapping = "air-map"\n'
        write_feed(tmp_path / "state", text)
        await noted(town)
        assert (await feed_of(town))["is_on"]
        (tmp_path / "state" / "feeds" / "air.toml").unlink()
        async with asyncio.timeout(20):
            while (await feed_of(town))["is_on"]:
                await asyncio.sleep(0.05)
        shown = await town.call("GET", "/api/feeds/nothing/mapping", caller=OPERATOR)
        assert shown.status == 404

    live(then)


def feed_file(**words: Any) -> FeedFile:
    return FeedFile(kind="http", mapping="airkorea", url="https://example.org/x", **words)


def test_secrets_come_from_the_environment_and_from_nowhere_else() -> None:
    found = feed_file(query={"a": "1"}, secrets={"serviceKey": "KEY"})
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert query_of(found, now, {"KEY": "s/="}) == {"a": "1", "serviceKey": "s/="}
    with pytest.raises(Invalid, match="KEY"):
        query_of(found, now, {})


@pytest.mark.parametrize(
    ("now", "issued"),
    [
        ("2026-11-22T05:09", "2026-11-22T02:00"),  # the one of 5 o'clock is ready at 05:10
        ("2026-11-22T05:10", "2026-11-22T05:00"),
        ("2026-11-22T01:00", "2026-11-21T23:00"),
    ],
)
def test_the_newest_issue_that_is_ready_is_asked_for(now: str, issued: str) -> None:
    issue = Issue(every_s=10_800, first_s=7_200, ready_after_s=600)
    at = datetime.fromisoformat(f"{now}:00+09:00")
    assert issued_at(issue, at) == datetime.fromisoformat(issued)
    found = feed_file(query={"base": "{issue:%Y%m%d} {issue:%H%M}"}, issue=issue)
    assert query_of(found, at, {})["base"] == issued.replace("-", "").replace("T", " ").replace(
        ":", ""
    )


@pytest.mark.parametrize(
    "text",
    [
        "kind = ",
        'kind = "ftp"\nmapping = "airkorea"',
        'kind = "http"\nmapping = "airkorea"',
        'kind = "mqtt"\nmapping = "airkorea"\ntopic = "a/#/b"',
        'kind = "mqtt"\nmapping = "airkorea"\ntopic = "a+"',
        'kind = "mqtt"\nmapping = "no-such"\ntopic = "a"',
        'kind = "http"\nurl = "https://e.org"\nmapping = "airkorea"\nevery_s = 1',
        'kind = "http"\nurl = "https://e.org"\nmapping = "../../etc/passwd"',
    ],
)
def test_a_wrong_feed_is_left_out(text: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text(text)
    (tmp_path / "fine.toml").write_text('kind = "mqtt"\ntopic = "a/+"\nmapping = "airkorea"\n')
    assert [feed.name for feed in feeds_in(tmp_path)] == ["fine"]
