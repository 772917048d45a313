"""Another city's log is read where the operator allows it; a fork in it ends the recognition."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from hapgang.app.cities import asking
from hapgang.app.cities.asking import CITIES
from hapgang.app.cities.watching import Watching
from hapgang.app.context import Reply
from hapgang.app.serving import server_of
from hapgang.core.errors import Unavailable
from hapgang.core.vocabulary.cities import RecognisedCity
from hapgang.ledger.log.receipts import Anchor, Receipt
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


def test_a_node_that_hangs_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, contract = threading.Event(), "0x" + "ab" * 20
    known = RecognisedCity(
        id="urn:ngsi-ld:RecognisedCity:x", title_en="x", title_ko="x", origin="hapgang/x", keys=(),
        chain=5, contract=contract, checkpoint="", asked_by="x",
    )  # fmt: skip
    receipt = Receipt({}, "", 0, 0, (), "", Anchor(5, contract, 0, 0, ""))
    monkeypatch.setenv(asking.NODES, "5=http://127.0.0.1:1")
    monkeypatch.setattr(asking, "NODE_S", 0.05)
    monkeypatch.setattr(asking, "_is_there", lambda *_: goes_on.wait(20))

    async def ask() -> list[Any]:
        many = [asking.is_anchored(known, receipt) for _ in range(100)]
        try:
            async with asyncio.timeout(10):
                return await asyncio.gather(*many, return_exceptions=True)
        finally:
            goes_on.set()

    assert {type(one) for one in asyncio.run(ask())} == {Unavailable}


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
