"""Another city's log is read where the operator allows it; a fork in it ends the recognition."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from hapgang.app.cities.asking import CITIES
from hapgang.app.cities.watching import Watching
from hapgang.app.context import Reply
from hapgang.app.serving import server_of
from tests.app.cities.conftest import Live
from tests.app.cities.two import EVE, MINA, OFFICE, done, get, origin_of, post, recognise
from tests.living import Town


def test_another_citys_log_is_read_where_the_operator_allows(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        path = f"/recognised-cities/{quote(origin_of(home), safe='')}"
        await done(away, OFFICE, f"{path}/end", reason="to name its address")
        door = Door(home)
        async with served(door) as url:
            await recognise(away, home, url=url)
            before = seen_of(await get(away, None, "/recognised-cities"))
            name = await done(home, MINA, "/me/transfers", transfer="t", payee=EVE.id, amount_won=5)
            await home.live.log.publish(home.live.reads)
            await Watching(away.live).look()
            assert seen_of(await get(away, None, "/recognised-cities")) == before  # not allowed
            receipt = await get(home, MINA, f"/me/transfers/{quote(name, safe='')}/receipt")
            proof = await done(away, EVE, f"{path}/check", receipt=receipt)
            assert not proof["continues"]
            monkeypatch.setenv(CITIES, url)
            proof = await done(away, EVE, f"{path}/check", receipt=receipt)
            assert proof["continues"]
            await Watching(away.live).look()
            assert seen_of(await get(away, None, "/recognised-cities")) == before + 1
            door.says = b'{"x":' + b"[" * 50_000  # whatever a city answers, this one goes on
            await Watching(away.live).look()
            assert seen_of(await get(away, None, "/recognised-cities")) == before + 1
            fork = home.live.log.signer.checkpoint(before + 1, b"f" * 32).whole()
            door.says = msgspec.json.encode({"from": fork, "to": fork, "path": []})
            await Watching(away.live).look()
        assert (await get(away, None, "/recognised-cities"))[0]["state"] == "forked"
        answer = await post(away, EVE, f"{path}/check", receipt=receipt)
        assert answer.status == 409

    live(then)


def seen_of(cities: Any) -> int:
    return int(cities[0]["checkpoint"].split("\n")[1])


class Door:
    """A city's application, or what it says instead of its own."""

    def __init__(self, town: Town) -> None:
        self.town, self.says = town, b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.says:
            await Reply(self.says)(scope, receive, send)
        else:
            await self.town.application(scope, receive, send)


@asynccontextmanager
async def served(door: Door) -> AsyncIterator[str]:
    """Serve a city's door; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = server_of(door)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
