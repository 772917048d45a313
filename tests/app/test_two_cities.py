"""Two cities that are each other's operators, over real HTTP: plan, book, ride, pay, settle.

Neither was told that the other one is a Hapgang, too. With TOMP-API's own OpenAPI document at hand,
every document that passes between them is checked against it.
"""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.http import Application
from hapgang.app.serving import server_of
from hapgang.app.wiring import DATABASE_URL
from hapgang.contract import Caller, Role
from hapgang.core.vocabulary.mobility import OfferRide
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.people import register_person
from hapgang.services.mobility.maas import service as maas
from hapgang.services.mobility.sharing import service as sharing
from tests.app.test_operators import API, until
from tests.conftest import command
from tests.living import Town, living, url_of
from tests.services.mobility.maas.world import CITY, zone
from tests.tomp_schema import PATH, Schema

STAFF = Caller("urn:ngsi-ld:Staff:operator", Role.OPERATOR)
MINA = Caller("urn:ngsi-ld:Person:mina", Role.RESIDENT)
HERE, THERE = "urn:ngsi-ld:MobilityOperator:here", "urn:ngsi-ld:MobilityOperator:there"
TOMP = "/api/mobility/maas/tomp"
CREDIT_WON = 100_000
# Residents are not offered their own city's vehicles here, so that they take the other one's.
SHARING = replace(sharing, answers={q: a for q, a in sharing.answers.items() if q is not OfferRide})
SERVICES = {"mobility.maas": maas, "mobility.sharing": SHARING, "platform": platform}


@pytest.fixture
def databases(server: Any) -> Iterator[list[dict[str, Any]]]:
    names = ["city_here", "city_there"]
    for name in names:
        command(server, f"CREATE DATABASE {name}")
    yield [{**server.connect_kwargs, "database": name} for name in names]
    for name in names:
        command(server, f"DROP DATABASE {name} WITH (FORCE)")


class Watched:
    """An application, and everything that was said to it and by it as an operator."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.said: list[tuple[str, str, int, bytes, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(TOMP):
            await self.application(scope, receive, send)
            return
        asked, told, status = bytearray(), bytearray(), 0

        async def hear() -> Any:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def say(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            told.extend(message.get("body", b""))
            await send(message)

        await self.application(scope, hear, say)
        path = scope["path"].removeprefix(TOMP)
        self.said.append((scope["method"], path, status, bytes(asked), bytes(told)))


@asynccontextmanager
async def city(database: dict[str, Any], state: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A living city behind a web server; yields the town, its watched door and the URL of it."""
    monkeypatch.setenv(DATABASE_URL, url_of(database))
    async with living(CITY, state, services=SERVICES) as town:
        watched = Watched(town.application)
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            server = server_of(watched)
            serving = asyncio.create_task(server.serve(sockets=[door]))
            try:
                yield town, watched, f"http://127.0.0.1:{door.getsockname()[1]}{TOMP}"
            finally:
                server.should_exit = True
                await serving


async def introduce(town: Town, state: Path, name: str, url: str, token: str) -> None:
    """Let a city know another one as an operator, with credit."""
    path = state / "operators.toml"
    path.write_text(f'[{name}]\nurl = "{url}"\ntoken = "{token}"\n')
    path.chmod(0o600)
    body = {
        "name": name, "title_en": name, "title_ko": "이웃 도시", "base_url": url,
        "modes": ["pm"], "credit_won": CREDIT_WON, "fee_permille": 100,
    }  # fmt: skip
    assert (await town.call("POST", f"{API}/operators", body, caller=STAFF)).status == 200


async def option_of(town: Town, service: str) -> Any:
    a, b = zone("A01"), zone("B05")
    words = f"from_lon={a.lon}&from_lat={a.lat}&to_lon={b.lon}&to_lat={b.lat}&ways=walk,pm"

    async def planned() -> Any:
        options = (await town.call("GET", f"{API}/options?{words}", caller=MINA)).json()
        return [o for o in options if any(leg["service"] == service for leg in o["legs"])]

    return (await until(planned))[0]


async def state_is(town: Town, journey: Any, state: str) -> None:
    async def is_so() -> bool:
        got = await town.call("GET", f"{API}/journeys/{journey['id']}", caller=MINA)
        return bool(got.json()["state"] == state)

    await until(is_so)


def account(town: Town, owner: str) -> tuple[int, int]:
    row = town.runtime.book.account(account_id(owner))
    return row.balance_won, row.held_won


def check(watched: Watched) -> None:
    """Check everything that was said against the standard's own document."""
    if not PATH.is_file():
        return
    schema = Schema()
    for method, path, status, asked, told in watched.said:
        template = schema.path_of(path)
        if status < 300:
            body = json.loads(told) if told else None
            assert schema.answer(method, template, status, body) == [], (path, told)
        if asked:
            assert schema.request(method, template, json.loads(asked)) == [], (path, asked)


@pytest.mark.slow
def test_two_cities_are_each_others_operators(
    databases: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        ours, theirs = tmp_path / "here", tmp_path / "there"
        async with (
            city(databases[0], ours, monkeypatch) as (here, _, here_url),
            city(databases[1], theirs, monkeypatch) as (there, door, there_url),
        ):
            await introduce(here, ours, "there", there_url, there.token(Caller(HERE, Role.COMPANY)))
            await introduce(
                there, theirs, "here", here_url, here.token(Caller(THERE, Role.COMPANY))
            )
            for town in (here, there):
                town.runtime.perform(
                    register_person, PLATFORM, person=MINA.id, age_band="30-39", licence=True,
                    balance_won=50_000,
                )  # fmt: skip
            # Each plans with the vehicles of the other one, as soon as it has heard of them.
            assert (await option_of(there, HERE))["legs"]
            option = await option_of(here, THERE)
            await ride(here, there, option)
            await settle(here)
            check(door)
            kinds = {(method, path.split("/")[1]) for method, path, *_ in door.said}
            assert {("POST", "planning"), ("POST", "bookings"), ("POST", "legs")} <= kinds
            assert "mina" not in str(door.said), "a provider's traveller has no name elsewhere"

    asyncio.run(asyncio.wait_for(story(), 150))


async def ride(here: Town, there: Town, option: Any) -> None:
    body = {"option": option}
    journey = (await here.call("POST", f"{API}/journeys", body, caller=MINA)).json()
    assert journey["state"] == "pending"
    await state_is(here, journey, "booked")
    rentals = list(there.runtime.state.of_type("PersonalMobilityRental"))
    assert [r.value("state") for r in rentals] == ["reserved"]
    assert account(there, HERE) == (-6_120, 0), "the provider's money is in the guest's purse"
    booking = journey["bookings"][0]["booking"]
    place = f"{API}/journeys/{journey['id']}/rides/{booking}"
    assert (await here.call("POST", f"{place}/begin", {}, caller=MINA)).status == 200

    def is_ridden() -> bool:
        rentals = list(there.runtime.state.of_type("PersonalMobilityRental"))
        return [r.value("state") for r in rentals] == ["riding"]

    await until(is_ridden)
    leg = next(leg for leg in option["legs"] if leg["service"])
    end = {"location": leg["destination"]}

    async def is_returned() -> bool:
        # Our part may not have heard yet that the other one has begun.
        return (await here.call("POST", f"{place}/end", end, caller=MINA)).status == 200

    await until(is_returned)
    await until(lambda: not list(there.runtime.state.of_type("PersonalMobilityRental")))
    await until(lambda: account(here, MINA.id)[1] == 0)
    fare_won = 50_000 - account(here, MINA.id)[0]
    assert fare_won == 620
    assert account(there, HERE) == (-fare_won, 0), "what was not ridden is the provider's again"
    assert account(there, "mobility.sharing")[0] == fare_won
    assert not list(there.runtime.state.of_type("MobilityGuestBooking"))
    assert here.runtime.book.total_won() == there.runtime.book.total_won() == 0


async def settle(here: Town) -> None:
    month = f"{here.runtime.clock.now().astimezone(here.runtime.clock.zone):%Y-%m}"
    place = f"{API}/statements"
    made = (await here.call("POST", place, {"month": month}, caller=STAFF)).json()
    assert [(one["party"], one["gross_won"], one["fee_won"]) for one in made] == [(THERE, 620, 62)]
    pay = f"{place}/{made[0]['id']}/pay"
    for _ in range(2):
        got = await here.call("POST", pay, {"transfer": "first"}, caller=STAFF)
        assert got.status == 200, got.body
    assert account(here, THERE) == (558, 0)
    company = Caller(THERE, Role.COMPANY)
    own = (await here.call("GET", place, caller=company)).json()
    assert [one["id"] for one in own] == [made[0]["id"]]
    lines = (await here.call("GET", f"{place}/{made[0]['id']}/lines", caller=company)).json()
    assert sum(line["amount_won"] for line in lines) == 620
