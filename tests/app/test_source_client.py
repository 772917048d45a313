"""Requests to other sources: what goes out, what comes back, and what is refused."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from hapgang.app.exchange import Place, place_of
from hapgang.app.sources.client import Request, SourceAnswer, SourceClient, SourceFailed

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One: 1\r\n\r\n{}"


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[Place]:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    try:
        yield place_of(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/base")
    finally:
        server.close()


async def head_of(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


def asked(serve: Serve, request: Request, **limits: float) -> SourceAnswer:
    async def run() -> SourceAnswer:
        client = SourceClient()
        async with asyncio.timeout(20), serving(serve) as place:
            try:
                return await client.ask(
                    place, request, limit_s=limits.get("limit_s", 5.0),
                    most_bytes=int(limits.get("most_bytes", 1_000)),
                )  # fmt: skip
            finally:
                client.close()

    return asyncio.run(run())


def saying(*chunks: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(reader)
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()

    return serve


def test_what_is_asked_and_answered() -> None:
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await head_of(reader) + await reader.readexactly(2))
        writer.write(OK)

    answer = asked(serve, Request("POST", "/x?a=b", {"Via": "1.1 here"}, b"[]"))
    assert answer == SourceAnswer(200, b"{}", {"content-length": "2", "x-one": "1"})
    lines = heard[0].split(b"\r\n")
    assert lines[0] == b"POST /base/x?a=b HTTP/1.1"
    assert {b"Via: 1.1 here", b"Connection: close", b"Content-Length: 2"} <= set(lines)


@pytest.mark.parametrize(
    "chunks",
    [
        (),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}",),
        (b"HTTP/1.1 200 OK\r\n",),
        (b"SSH-2.0-OpenSSH_9.2\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n", b"x" * 900_000),
        (b"HTTP/1.1 200 OK\r\n", b"X-Large: " + b"x" * 400_000),
    ],
)
def test_what_is_no_whole_answer_is_none(chunks: tuple[bytes, ...]) -> None:
    for is_safe in (True, False):
        with pytest.raises(SourceFailed):
            asked(saying(*chunks), Request("GET", "/", {}, b"", is_safe))


def test_who_says_nothing_is_late() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    with pytest.raises(SourceFailed) as failed:
        asked(serve, Request("GET", "/", {}), limit_s=0.05)
    assert failed.value.is_late


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    answer = asked(saying(b"HTTP/1.0 200 OK\r\n\r\n", b"[1,", b"2]"), Request("GET", "/", {}))
    assert answer.body == b"[1,2]"


@pytest.mark.parametrize("value", ["a\r\nX-Two: 2", "a\nb", "a\rb"])
def test_a_header_has_one_line(value: str) -> None:
    with pytest.raises(SourceFailed):
        asked(saying(OK), Request("GET", "/", {"X-One": value}))


def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    async def run() -> None:
        connections = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            await head_of(reader)
            writer.write(OK)
            await writer.drain()
            if connections == 1:  # hears the second request, and goes without a word
                await head_of(reader)

        client = SourceClient()
        async with asyncio.timeout(20), serving(serve) as place:
            request = Request("GET", "/", {}, b"", is_safe=True)
            for _ in range(2):
                answer = await client.ask(place, request, limit_s=5, most_bytes=100)
                assert answer.status == 200
            assert connections == 2
            client.close()

    asyncio.run(run())


def test_what_changes_something_is_sent_once() -> None:
    heard = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        await head_of(reader)
        heard += 1

    with pytest.raises(SourceFailed):
        asked(serve, Request("POST", "/", {}, b"{}"))
    assert heard == 1


def test_a_slow_place_keeps_nobody_from_another() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def run() -> None:
        client = SourceClient()
        request = Request("GET", "/", {})
        async with asyncio.timeout(20), serving(silent) as slow, serving(saying(OK)) as quick:
            waiting = [
                asyncio.create_task(client.ask(slow, request, limit_s=10, most_bytes=100))
                for _ in range(100)
            ]
            answer = await client.ask(quick, request, limit_s=5, most_bytes=100)
            assert answer.status == 200
            with pytest.raises(SourceFailed, match="under way there") as failed:
                await client.ask(slow, request, limit_s=0.05, most_bytes=100)
            assert not failed.value.is_late
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            client.close()

    asyncio.run(run())
