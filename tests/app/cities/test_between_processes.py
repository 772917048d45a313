"""Two cities in processes of their own, which are killed while money goes from one to the other."""

import asyncio
import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from hapgang.app.cities.asking import CITIES, NODES
from hapgang.app.log.anchors import CHAIN, CONTRACT, SENDER, URL, key_in
from hapgang.app.log.deploying import deploy
from hapgang.contract import Caller
from hapgang.ledger.anchor.message import address_of
from hapgang.ledger.till import account_id
from tests.app.cities import two
from tests.app.cities.two import COUNCIL, EVE, MINA, OFFICE, OPERATOR
from tests.ledger.anchor.nodes import anvil
from tests.living import Town, run
from tests.load.processes import CityProcesses
from tests.village import move_in

pytestmark = pytest.mark.slow  # starts and kills cities
START_S, ASK_S = 60.0, 20.0
TRIPS, TRIP_WON = 3, 3_000


class Place:
    """One city behind its port."""

    def __init__(self, model: Path, state: Path, name: str) -> None:
        self.processes = CityProcesses(model, state, 1)
        self.port, self.origin = self.processes.ports[0], f"hapgang/{name}"
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.processes.start(self.port, standby=False)

    def kill(self) -> None:
        self.processes.kill(self.port)

    def ask(self, caller: Caller | None, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask once; an `OSError` where nobody is there."""
        headers = {"Content-Type": "application/json"}
        if caller is not None:
            headers["Authorization"] = f"Bearer {self.processes.token(caller)}"
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.url}/api{path}", data, headers)
        try:
            with urllib.request.urlopen(asked, timeout=ASK_S) as answer:
                told = answer.read()
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")
        with suppress(ValueError):
            return 200, json.loads(told)
        return 200, told.decode()

    def done(self, caller: Caller | None, path: str, body: Any = None) -> Any:
        """Ask until there is an answer that is no 503, as a client does after an error."""
        until_s = time.monotonic() + START_S
        while True:
            try:
                status, told = self.ask(caller, path, body)
            except (OSError, HTTPException):
                status, told = 503, "away"
            if status != 503:
                assert status == 200, (path, told)
                return told
            assert time.monotonic() < until_s, told
            time.sleep(0.05)


@pytest.fixture
def places(
    small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Place]]:
    names = ("home", "away")
    found = [
        Place(two.model_of(small_city, tmp_path, name), tmp_path / f"state-{name}", name)
        for name in names
    ]
    monkeypatch.setenv(CITIES, " ".join(place.url for place in found))
    try:
        for place in found:
            place.start()
        yield found
    finally:
        for place in found:
            place.processes.close()


def recognise(here: Place, there: Place) -> str:
    there.done(MINA, "/me/top-up", {"amount_won": 1_000})  # so that there is a fact
    checkpoint = there.done(None, "/log/checkpoint") if _is_signed(there) else ""
    asked = here.done(
        OFFICE, "/recognised-cities",
        {"title_en": there.origin, "title_ko": there.origin, "origin": there.origin,
         "keys": [there.done(None, "/log/key")], "checkpoint": checkpoint, "url": there.url},
    )  # fmt: skip
    name = str(asked["id"])
    here.done(
        COUNCIL, f"/recognised-cities/{quote(name, safe='')}/approve", {"keys": asked["keys"]}
    )
    return name


def _is_signed(place: Place) -> bool:
    """Have the log signed: whoever asks for a receipt does."""
    lines = place.done(MINA, "/me/transfers?limit=1")
    name = (lines["lines"] if isinstance(lines, dict) else lines)[0]["id"]
    place.done(MINA, f"/me/transfers/{quote(name, safe='')}/receipt")
    return True


def agree(here: Place, there: Place, known: str) -> str:
    until = (datetime.now(UTC) + timedelta(days=100)).isoformat()
    words = {"city_name": known, "day_won": 90_000, "outstanding_won": 90_000, "until": until}
    asked = here.done(OFFICE, "/currency-agreements", words)
    path = f"/currency-agreements/{quote(asked['id'], safe='')}"
    signed = here.done(COUNCIL, f"{path}/approve", {})
    there.done(OFFICE, "/currency-agreements/taken-up", {"note": signed["note"]})
    both = there.done(COUNCIL, f"{path}/approve", {})
    assert here.done(OFFICE, f"{path}/signature", {"note": both["note"]})["state"] == "in force"
    return str(asked["id"])


async def killed_meanwhile(place: Place, after_s: float, *asked: Any) -> Any:
    """Kill a city some time after it was asked, start it again, and ask until it answers."""
    asking = asyncio.create_task(asyncio.to_thread(place.done, *asked))
    await asyncio.sleep(after_s)
    await asyncio.to_thread(place.kill)
    place.start()
    return await asking


def test_no_won_is_lost_or_made_where_cities_are_killed(places: list[Place]) -> None:
    home, away = places
    chance = random.Random(7)
    known = recognise(home, away)
    recognise(away, home)
    agreement = agree(home, away, known)
    home.done(MINA, "/me/top-up", {"amount_won": 100_000})
    before_won = home.done(MINA, "/me/wallet")["balance_won"]

    async def trip(number: int) -> None:
        code = away.done(EVE, "/me/abroad/codes", {})["code"]
        words = {"name": f"trip-{number}", "agreement": agreement, "amount_won": TRIP_WON,
                 "code": code}  # fmt: skip
        after_s = [chance.uniform(0.0, 0.02) for _ in range(2)]
        slip = await killed_meanwhile(home, after_s[0], MINA, "/me/abroad/slips", words)
        file = home.done(MINA, f"/me/abroad/slips/{quote(slip['id'], safe='')}/receipt")
        arrived = await killed_meanwhile(away, after_s[1], EVE, "/me/abroad/arrivals", file)
        assert arrived["amount_won"] == TRIP_WON
        assert not away.done(EVE, "/me/abroad/arrivals", file)["is_new"]

    for number in range(TRIPS):
        asyncio.run(trip(number))
    moved_won = TRIPS * TRIP_WON
    assert home.done(MINA, "/me/wallet")["balance_won"] == before_won - moved_won
    assert away.done(EVE, "/me/wallet")["balance_won"] == moved_won
    path = f"/currency-agreements/{quote(agreement, safe='')}/statement"
    said = [place.done(OPERATOR, path) for place in places]
    assert [len(each["lines"]) for each in said] == [TRIPS, TRIPS]
    assert [line["step"] for line in said[0]["lines"]] == ["sent"] * TRIPS
    assert {line["slip"] for line in said[0]["lines"]} == {x["slip"] for x in said[1]["lines"]}
    owes = [json.loads(each["note"].split("\n")[1])["owes_won"] for each in said]
    assert owes == [moved_won, -moved_won]


def test_what_is_anchored_is_looked_up_at_a_node_of_our_own(
    databases: list[dict[str, Any]], small_city: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The other city's receipt names where its root stands; our own node says whether it does."""
    told: dict[str, Any] = {}
    state = tmp_path / "state-home"
    state.mkdir(mode=0o700)
    home = two.model_of(small_city, tmp_path, "home")
    away = two.model_of(small_city, tmp_path, "away")

    async def at_home(town: Town) -> None:
        move_in(town.runtime, MINA)
        move_in(town.runtime, EVE)
        words = {"transfer": "t", "payee": EVE.id, "amount_won": 5}
        name = await two.done(town, MINA, "/me/transfers", **words)
        told["key"], told["checkpoint"] = await two.signed_log(town)
        await town.live.log.anchor()
        node.mine(3)
        await town.live.log.anchor()
        path = f"/me/transfers/{quote(name, safe='')}/receipt"
        told["receipt"] = await two.get(town, MINA, path)

    async def elsewhere(town: Town) -> None:
        asked = await two.done(
            town, OFFICE, "/recognised-cities", title_en="Home", title_ko="집",
            origin="hapgang/home", keys=[told["key"]], checkpoint=told["checkpoint"],
            chain=int(told["chain"]), contract=told["contract"],
        )  # fmt: skip
        path = f"/recognised-cities/{quote(asked['id'], safe='')}"
        words = {"keys": asked["keys"], "contract": asked["contract"]}
        await two.done(town, COUNCIL, f"{path}/approve", **words)
        receipt = told["receipt"]
        proof = await two.done(town, OPERATOR, f"{path}/check", receipt=receipt)
        assert (proof["anchored"], proof["fact"]["kind"]) == (True, "transfer")
        number = {**receipt["anchor"], "number": 7}
        for anchor in (number, {**receipt["anchor"], "contract": account_id("x")}):
            wrong = {**receipt, "anchor": anchor}
            answer = await two.post(town, OPERATOR, f"{path}/check", receipt=wrong)
            assert answer.status == 409, answer.body
        node.stop()
        answer = await two.post(town, OPERATOR, f"{path}/check", receipt=receipt)
        assert answer.status == 503

    with anvil(tmp_path) as node:
        told["chain"] = str(int(node.rpc.ask("eth_chainId"), 16))
        monkeypatch.setenv(URL, f"http://127.0.0.1:{node.port}")
        monkeypatch.setenv(CHAIN, told["chain"])
        sender = address_of(key_in(state / SENDER).public_key)
        node.rpc.ask("anvil_setBalance", sender, hex(10**20))
        told["contract"] = deploy(state, [], 1).contract
        monkeypatch.setenv(CONTRACT, told["contract"])
        run(at_home, databases[0], home, state)
        for name in (URL, CHAIN, CONTRACT):
            monkeypatch.delenv(name)
        monkeypatch.setenv(NODES, f"{told['chain']}=http://127.0.0.1:{node.port}")
        run(elsewhere, databases[1], away, tmp_path / "state-away")
