"""Another issuer's documents and lists are read once, in bounds, and kept as long as they say."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest

from hapgang.app.cities.asking import CITIES
from hapgang.app.identity.elsewhere import Elsewhere, NotRead, host_of, is_at
from hapgang.core.errors import Invalid, Unavailable
from hapgang.ledger.identity.did import document, web_did
from hapgang.ledger.identity.jose import NotProven, new_key, public, sign

OLD, NEW = new_key(), new_key()


class Site:
    """A host that answers what it is told to, and counts who asks."""

    def __init__(self) -> None:
        self.now_s, self.origin, self.did = 1_000, "", ""
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        self.elsewhere = Elsewhere(lambda: self.now_s)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        self.asked.append(path)
        status, body = self.answers.get(path, (404, b""))
        where = f"Location: {self.origin}/elsewhere\r\n" if status == 302 else ""
        start = f"HTTP/1.1 {status} X\r\n{where}Content-Length: {len(body)}\r\n\r\n"
        writer.write(start.encode() + body)
        await writer.drain()
        writer.close()

    def has_keys(self, **keys: dict[str, str]) -> None:
        told = document(self.did, {name: public(key) for name, key in keys.items()})
        self.answers["/.well-known/did.json"] = (200, msgspec.json.encode(told))

    async def key(self, kid: str | None) -> object:
        return await self.elsewhere.with_all_read(lambda: self.elsewhere.key_of(self.did, kid))

    async def list(self, path: str) -> str:
        address = f"{self.origin}{path}"
        return await self.elsewhere.with_all_read(lambda: self.elsewhere.list_at(address))


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    made = Site()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        made.origin, made.did = f"http://localhost:{port}", web_did(f"localhost:{port}")
        yield made


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Site], Awaitable[None]]], None]:
    async def story(then: Callable[[Site], Awaitable[None]]) -> None:
        async with asyncio.timeout(20), site() as made:
            monkeypatch.setenv(CITIES, made.origin)
            await then(made)

    return lambda then: asyncio.run(story(then))


At = Callable[[Callable[[Site], Awaitable[None]]], None]


def test_a_key_is_read_once_and_a_new_one_looked_for(at: At) -> None:
    async def then(there: Site) -> None:
        there.has_keys(old=OLD)
        found = await asyncio.gather(*(there.key(f"{there.did}#old") for _ in range(5)))
        assert found == [public(OLD)] * 5
        assert await there.key(None) == await there.key("#old") == public(OLD)
        assert there.asked == ["/.well-known/did.json"]
        there.has_keys(new=NEW, old=OLD)
        with pytest.raises(NotProven):
            await there.key(f"{there.did}#new")  # read a moment ago
        there.now_s += 10
        assert await there.key(f"{there.did}#new") == public(NEW)
        with pytest.raises(NotProven):
            await there.key(None)  # one of two
        there.now_s += 10
        for kid in ("did:web:other.example#new", f"{there.did}#third"):
            with pytest.raises(NotProven):
                await there.key(kid)
        assert len(there.asked) == 3, "for a name that is its own, once more"
        there.has_keys(new=NEW)
        there.now_s += 300
        with pytest.raises(NotProven):
            await there.key(f"{there.did}#old")  # it was dropped

    at(then)


def test_a_list_is_kept_as_long_as_it_says(at: At) -> None:
    async def then(there: Site) -> None:
        for path, claims, kept_s in (
            ("/a", {"ttl": 60}, 60),
            ("/b", {"ttl": 60, "exp": there.now_s + 20}, 20),
            ("/c", {"ttl": 10**9}, 300),
            ("/d", {"ttl": -1, "exp": True}, 5),
            ("/e", {}, 300),
        ):
            there.asked.clear()
            begun_s = there.now_s
            text = sign(OLD, "statuslist+jwt", claims, kid="k")
            there.answers[path] = (200, text.encode())
            assert await there.list(path) == text
            there.now_s = begun_s + kept_s - 1
            assert await there.list(path) == text
            assert there.asked == [path]
            there.now_s = begun_s + kept_s
            await there.list(path)
            assert there.asked == [path, path], path
            there.now_s = begun_s

    at(then)


def test_what_fails_is_left_alone_for_a_moment(at: At) -> None:
    async def then(there: Site) -> None:
        there.answers |= {"/moved": (302, b""), "/large": (200, b"x" * 400_000)}
        for path in ("/none", "/moved", "/large"):
            there.asked.clear()
            for _ in range(3):
                with pytest.raises(Unavailable):
                    await there.list(path)
            assert there.asked == [path], "once, and not where it is sent to"
        there.answers["/none"] = (200, b"a.b.c")
        there.now_s += 5
        assert await there.list("/none") == "a.b.c"
        for number in range(150):
            there.answers[f"/{number}"] = (200, b"a.b.c")
            await there.list(f"/{number}")
        there.asked.clear()
        await there.list("/149")
        await there.list("/0")
        assert there.asked == ["/0"], "not without end"

    at(then)


def test_only_where_the_operator_allows(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    async def then(there: Site) -> None:
        for allowed in ("", f"{there.origin}0", f"{there.origin}/api", "https://other.example"):
            monkeypatch.setenv(CITIES, allowed)
            with pytest.raises(NotProven, match="HAPGANG_CITIES"):
                await there.key(None)
        assert there.asked == []

    at(then)


def test_nobody_asks_without_end(at: At) -> None:
    async def then(there: Site) -> None:
        there.answers["/a"] = (200, b"a.b.c")

        def never() -> None:
            raise NotRead(f"{there.origin}/a")

        with pytest.raises(Unavailable, match="too much"):
            await there.elsewhere.with_all_read(never)
        assert len(there.asked) <= 12

    at(then)


def test_hosts_are_whole_and_plain() -> None:
    assert host_of("did:web:city.example") == "https://city.example"
    assert host_of("did:web:localhost%3A8000") == "http://localhost:8000"
    with pytest.raises(Invalid):
        host_of("did:web:city.example/path")
    did = "did:web:city.example"
    assert is_at(did, "https://city.example/identity/status/1")
    for address in (
        "https://city.example.evil.example/1", "https://city.example@evil.example/1",
        "http://city.example/1", "https://city.example:444/1", "https://city.example",
        "https://city.example/1?a", "https://city.example/1#a", "https://city.example/a b",
        "https://city.example/a\r\nX: y", "https://city.example/%0d%0a", "https://city.example/í",
        "https://city.example/\\evil", "https://city.example/" + "x" * 2_048,
    ):  # fmt: skip
        assert not is_at(did, address), address
