"""A living city speaks with operators outside over real HTTP, from what stands on its disk."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hapgang.app import operators
from hapgang.app.exchange import NoAnswer, place_of
from hapgang.app.operators import secrets_at
from hapgang.app.outside_http import send
from hapgang.contract import Caller, Role
from hapgang.core.errors import Invalid
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.people import register_person
from hapgang.services.mobility.maas import service as maas
from hapgang.services.mobility.maas.model.outside import Link
from tests.living import Town, living, run, url_of
from tests.services.mobility.maas.fake_operator import FakeOperator, Fault, served
from tests.services.mobility.maas.outside_world import near
from tests.services.mobility.maas.world import CITY, zone

pytestmark = pytest.mark.slow  # waits for operators that do not answer

SERVICES = {"mobility.maas": maas, "platform": platform}
STAFF = Caller("urn:ngsi-ld:Staff:operator", Role.OPERATOR)
MINA = Caller("urn:ngsi-ld:Person:mina", Role.RESIDENT)
API = "/api/mobility/maas"
TOKEN = "between us"


async def until(true: Callable[[], Awaitable[Any] | Any], limit_s: float = 20) -> Any:
    """Wait for something that another task does."""
    async with asyncio.timeout(limit_s):
        while True:
            found = true()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.02)


def allow(state: Path, url: str, token: str = TOKEN) -> None:
    path = state / "operators.toml"
    path.write_text(f'[bikes]\nurl = "{url}"\ntoken = "{token}"\n')
    path.chmod(0o600)


async def known(town: Town) -> Any:
    found = (await town.call("GET", f"{API}/operators", caller=STAFF)).json()
    return found[0] if found else None


async def join(town: Town, url: str) -> None:
    """Register an operator and a traveller."""
    body = {
        "name": "bikes", "title_en": "Bikes", "title_ko": "자전거", "base_url": url,
        "modes": ["bicycle"],
    }  # fmt: skip
    assert (await town.call("POST", f"{API}/operators", body, caller=STAFF)).status == 200
    town.runtime.perform(
        register_person, PLATFORM, person=MINA.id, age_band="30-39", balance_won=20_000
    )


async def book(town: Town) -> Any:
    """Book a journey with a leg of an operator outside."""
    a, b = zone("A01"), zone("B05")
    words = f"from_lon={a.lon}&from_lat={a.lat}&to_lon={b.lon}&to_lat={b.lat}&ways=walk,pm"

    async def planned() -> Any:
        options = (await town.call("GET", f"{API}/options?{words}", caller=MINA)).json()
        return [o for o in options if any(leg["service"] for leg in o["legs"])]

    option = (await until(planned))[0]
    return (await town.call("POST", f"{API}/journeys", {"option": option}, caller=MINA)).json()


async def journey_state(town: Town, journey: Any) -> str:
    got = await town.call("GET", f"{API}/journeys/{journey['id']}", caller=MINA)
    return str(got.json()["state"])


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def live(database: dict[str, Any], state: Path) -> Any:
    def do(then: Callable[[Town, FakeOperator, str], Awaitable[None]]) -> None:
        async def inside(town: Town) -> None:
            fake = FakeOperator(bikes={"b1": near("A01"), "b2": near("A01", 60)})
            async with served(fake, TOKEN) as url:
                allow(state, url)
                await join(town, url)
                await then(town, fake, url)

        run(inside, database, CITY, state, services=SERVICES)

    return do


def test_a_journey_is_booked_over_http(live: Any) -> None:
    async def then(town: Town, fake: FakeOperator, _: str) -> None:
        journey = await book(town)
        assert journey["state"] == "pending"

        async def is_booked() -> bool:
            return await journey_state(town, journey) == "booked"

        await until(is_booked)
        assert list(fake.bookings.values()) == ["CONFIRMED"]
        ride = journey["bookings"][0]["booking"]
        place = f"{API}/journeys/{journey['id']}/rides/{ride}"
        assert (await town.call("POST", f"{place}/begin", {}, caller=MINA)).status == 200
        await until(lambda: list(fake.bookings.values()) == ["STARTED"])
        at = zone("B05")
        body = {"location": {"type": "Point", "coordinates": [at.lon, at.lat]}}
        assert (await town.call("POST", f"{place}/end", body, caller=MINA)).status == 200

        async def wallet() -> bool:
            got = (await town.call("GET", "/api/me/wallet", caller=MINA)).json()
            return bool(got["balance_won"] == 20_000 - 900 and got["held_won"] == 0)

        await until(wallet)
        told = (await town.call("GET", place, caller=MINA)).json()
        assert (told["state"], told["paid_won"]) == ("paid", 900)
        assert (await known(town))["failures"] == 0

    live(then)


@pytest.mark.slow
def test_slow_rubbish_and_errors_end_in_all_or_nothing(
    live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operators, "_CALL_S", 0.3)

    async def then(town: Town, fake: FakeOperator, _: str) -> None:
        fake.faults += [
            Fault("/planning/offers", "500"), Fault("POST /bookings {", "deaf"),
            Fault("GET /bookings", "rubbish"), Fault("COMMIT", "down"),
        ]  # fmt: skip
        journey = await book(town)

        async def is_booked() -> bool:
            return await journey_state(town, journey) == "booked"

        await until(is_booked, 30)
        assert list(fake.bookings.values()) == ["CONFIRMED"]
        assert max(fake.posted.values()) == 1
        answer = await town.call("DELETE", f"{API}/journeys/{journey['id']}", caller=MINA)
        assert answer.status == 200
        await until(lambda: list(fake.bookings.values()) == ["CANCELLED"])

    live(then)


def test_nobody_is_spoken_to_who_is_not_in_the_citys_file(live: Any, state: Path) -> None:
    async def then(town: Town, fake: FakeOperator, url: str) -> None:
        await until(lambda: fake.asked)
        fake.asked.clear()
        async with served(FakeOperator()) as elsewhere:
            await join(town, elsewhere)  # registered with another address: the secret stays here

            async def is_told() -> bool:
                now = await known(town)
                return bool(now["operator"]["base_url"] == elsewhere and now["failures"] > 0)

            town.runtime.perform(_ask_again, PLATFORM)
            await until(is_told)
            assert "operators.toml" in (await known(town))["reason"]
        assert url

    live(then)


def _ask_again(city: Any) -> None:
    for link in city.hub.find(Link):
        city.hub.save(replace(link, asked_at=None))


_ask_again.__module__ = "hapgang.services.mobility.maas.actions.test"


def test_a_wrong_secret_is_told(live: Any, state: Path) -> None:
    async def then(town: Town, fake: FakeOperator, url: str) -> None:
        allow(state, url, "wrong")

        async def is_told() -> bool:
            now = await known(town)
            return bool(now["reason"] == "HTTP 401")

        town.runtime.perform(_ask_again, PLATFORM)
        await until(is_told)

    live(then)


def test_a_file_that_others_can_read_is_not_used(state: Path) -> None:
    allow(state, "https://bikes.example")
    assert secrets_at(state / "operators.toml")["bikes"].token == TOKEN
    (state / "operators.toml").chmod(0o644)
    assert secrets_at(state / "operators.toml") == {}
    (state / "operators.toml").chmod(0o600)
    (state / "operators.toml").write_text("[[[")
    assert secrets_at(state / "operators.toml") == {}
    assert secrets_at(state / "absent.toml") == {}


def test_only_safe_addresses_are_spoken_to() -> None:
    assert place_of("https://a.example/tomp/") == ("a.example", 443, "/tomp", True)
    assert place_of("http://127.0.0.1:81").port == 81
    for wrong in ("http://a.example", "https://u:p@a.example", "ftp://a", "https://", "http://x:y"):
        with pytest.raises(Invalid):
            place_of(wrong)


@asynccontextmanager
async def says(*parts: bytes, hang: bool = False) -> AsyncIterator[int]:
    """Something that listens and says the same to everybody."""
    kept = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
        await writer.drain()
        kept.append(writer)
        if not hang:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for writer in kept:
            writer.close()
        server.close()


async def got(port: int, **limits: Any) -> Any:
    words = {"limit_s": 0.5, "most_bytes": 1_000, **limits}
    return await send(place_of(f"http://127.0.0.1:{port}"), "GET", "/", b"", {}, **words)


@pytest.mark.parametrize(
    ("said", "hang", "why"),
    [
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",), False, "middle"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",), True, "within"),
        ((b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000,), False, "more than"),
        ((b"SSH-2.0 hello\r\n\r\n",), False, "no HTTP"),
        ((b"",), True, "within"),
        ((b"",), False, "middle"),
    ],
)
def test_what_is_no_answer(said: tuple[bytes, ...], hang: bool, why: str) -> None:
    async def ask() -> None:
        async with says(*said, hang=hang) as port:
            with pytest.raises(NoAnswer, match=why):
                await got(port)

    asyncio.run(ask())


def test_what_is_an_answer() -> None:
    async def ask() -> None:
        head = b"HTTP/1.1 201 X\r\nTransfer-Encoding: chunked\r\n\r\n"
        async with says(head, b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", hang=True) as port:
            assert (await got(port))[:2] == (201, b"abc")
        async with says(b"HTTP/1.0 200 X\r\n\r\nabc") as port:
            assert (await got(port))[:2] == (200, b"abc")
        async with says(b"HTTP/1.1 204 X\r\n\r\n", hang=True) as port:
            assert (await got(port))[:2] == (204, b"")
        port = 1
        with pytest.raises(NoAnswer):
            await got(port)

    asyncio.run(ask())


def test_a_dead_city_goes_on_where_it_was(
    database: dict[str, Any], state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The city is taken down between the asking and the answer, and comes back."""
    monkeypatch.setenv("HAPGANG_DATABASE", url_of(database))
    fake = FakeOperator(bikes={"b1": near("A01")})

    async def both() -> None:
        async with served(fake, TOKEN) as url:
            allow(state, url)
            fake.faults.append(Fault("POST /bookings {", "deaf"))
            async with living(CITY, state, services=SERVICES) as town:
                await join(town, url)
                journey = await book(town)
                await until(lambda: fake.bookings)
            assert list(fake.bookings.values()) == ["PENDING"]
            async with living(CITY, state, services=SERVICES) as town:

                async def is_booked() -> bool:
                    return await journey_state(town, journey) == "booked"

                await until(is_booked)
            assert list(fake.bookings.values()) == ["CONFIRMED"]
            assert max(fake.posted.values()) == 1

    asyncio.run(asyncio.wait_for(both(), 100))
