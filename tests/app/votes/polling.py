"""A poll in a living city: trustees with files, voters with devices, a clock that goes on."""

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from hapgang.app.tokens import Tokens
from hapgang.app.votes.trustee import Trustee
from hapgang.app.votes.trustee_file import Kept
from hapgang.contract import Caller, Role
from hapgang.core.errors import Conflict
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import AgeBand
from hapgang.ledger.ballots import tokens
from hapgang.ledger.ballots.ballot import Ballot, Strike, Voter, encrypt, pseudonym_of, sign, strike
from hapgang.ledger.ballots.poll import Poll, ready
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.people import register_person
from hapgang.runtime.platform.votes.counting import turn_polls
from tests.living import Answer, Town
from tests.village import person

OFFICE = person("office", Role.AGENCY)
DESK = person("desk", Role.AGENCY)
ANNE, BERT, CORA, DORA = (person(name) for name in ("anne", "bert", "cora", "dora"))
CHILD = person("child")
PEOPLE = (ANNE, BERT, CORA, DORA)
CONTESTS = [
    {
        "id": "where",
        "title": {"en": "Where?", "ko": "어디?"},
        "kind": "choose",
        "options": [
            {"id": name, "title": {"en": name, "ko": name}} for name in ("square", "park", "quay")
        ],
        "top": 1,
        "least": 1,
        "most": 1,
    }
]


class Door:
    """The tool's way to a city in this process; called from threads."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._loop = asyncio.get_running_loop()
        self.posted: list[tuple[str, Any]] = []

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None)

    def post(self, path: str, body: object) -> Any:
        self.posted.append((path, msgspec.to_builtins(body)))
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: object) -> Any:
        future = asyncio.run_coroutine_threadsafe(
            self._town.call(method, f"/api{path}", body), self._loop
        )
        answer = future.result(60)
        if answer.status != 200:
            raise Conflict(f"the city says {answer.status}: {answer.body.decode()}", None)
        return answer.json()


class Polling:
    """What the tests do with one poll."""

    def __init__(self, town: Town, folder: Path, name: str = "square") -> None:
        self.town = town
        self.folder = folder
        self.name = name

    def now(self) -> Any:
        return self.town.live.clock.now()

    def pass_by(self, **time: float) -> None:
        """Let the city's clock go on."""
        self.town.live.clock._latest_s = (self.now() + timedelta(**time)).timestamp()

    async def call(
        self, method: str, path: str, body: Any = None, *, caller: Caller | None = None
    ) -> Answer:
        """Send a request, signed in by the city's clock."""
        headers = {}
        if caller is not None:
            token = Tokens.at(self.town.live.folder).issue(caller, self.now())
            headers["authorization"] = f"Bearer {token}"
        return await self.town.call(method, path, body, headers=headers)

    def turn(self) -> None:
        self.town.runtime.perform(turn_polls, PLATFORM)

    def trustee(self, index: int, town: Town | None = None) -> Trustee:
        return Trustee(Kept.read(self.folder / f"t{index}.json"), Door(town or self.town))

    async def prepare(self, count: int = 3, threshold: int = 2, **more: Any) -> Answer:
        """Make trustees, people, and the poll."""
        for who in PEOPLE:
            self.town.runtime.perform(
                register_person, PLATFORM, person=who.id, age_band=AgeBand.THIRTIES
            )
        self.town.runtime.perform(
            register_person, PLATFORM, person=CHILD.id, age_band=AgeBand.UNDER_10
        )
        cards = []
        for index in range(1, count + 1):
            path = self.folder / f"t{index}.json"
            kept = Kept.read(path) if path.exists() else Kept.made(
                path, Text(f"trustee {index}", f"수탁자 {index}")
            )  # fmt: skip
            cards.append(msgspec.to_builtins(kept.card))
        body = {
            "name": self.name,
            "title": {"en": "The square", "ko": "광장"},
            "contests": CONTESTS,
            "opens_at": (self.now() + timedelta(hours=1)).isoformat(),
            "closes_at": (self.now() + timedelta(days=7)).isoformat(),
            "trustees": cards,
            "threshold": threshold,
            "fewest": 2,
            "electorate": {
                "reason": {"en": "Residents from 10 on.", "ko": "10세 이상 주민"},
                "age_from": "10-19",
            },
            **more,
        }
        return await self.call("POST", "/api/polls", body, caller=OFFICE)

    async def make_key(self, count: int = 3) -> None:
        for index in range(1, count + 1):
            await asyncio.to_thread(self.trustee(index).deal, self.name)
        for index in range(1, count + 1):
            await asyncio.to_thread(self.trustee(index).check, self.name)

    async def open(self) -> Poll:
        self.pass_by(hours=2)
        self.turn()
        return msgspec.convert((await self.view())["poll"]["poll"], Poll)

    async def close(self) -> None:
        self.pass_by(days=8)
        self.turn()
        await self.step()

    async def step(self) -> None:
        live = self.town.live
        await live.votes.step(live.runtime, live.reads)

    async def view(self) -> Any:
        answer = await self.call("GET", f"/api/polls/{self.name}")
        assert answer.status == 200, answer.body
        return answer.json()

    async def voter(self, poll: Poll, who: Caller) -> Voter:
        """Take a token as a phone does."""
        secret = secrets.token_bytes(32)
        known = ready(poll)
        message = tokens.token_message(known.fingerprint, pseudonym_of(secret))
        factor = 2 + secrets.randbelow(1 << 2040)
        salt = secrets.token_bytes(tokens.SALT_BYTES)
        blinded = tokens.blind(known.issuer, message, salt=salt, factor=factor)
        answer = await self.take(who, blinded.message.hex())
        assert answer.status == 200, answer.body
        assert await self.take(who, blinded.message.hex()) == answer  # a repeat
        signed = bytes.fromhex(answer.json()["signed"])
        return Voter(secret, tokens.finish(known.issuer, message, signed, blinded.inverse))

    async def take(self, who: Caller, blinded: str) -> Answer:
        path = f"/api/me/polls/{self.name}/token"
        return await self.call("POST", path, {"blinded": blinded}, caller=who)

    async def cast(self, entry: Ballot | Strike | bytes) -> Answer:
        return await self.call("POST", f"/api/polls/{self.name}/ballots", entry)


def ballot(poll: Poll, voter: Voter, option: int, revision: int = 1) -> Ballot:
    """Seal and sign one choice."""
    choices = [[int(place == option) for place in range(3)]]
    sealed, _ = encrypt(poll, choices, voter, revision, secrets.token_bytes(32))
    return sign(sealed, voter.secret, secrets.token_bytes(32))


def struck(poll: Poll, voter: Voter, revision: int) -> Strike:
    """Strike a voter's pseudonym."""
    return strike(poll, voter, revision, secrets.token_bytes(32))
