"""Credentials of another city, over real HTTP: taken where two offices said so, and no further."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import pytest
import uvicorn

from hapgang.app.cities.asking import CITIES
from hapgang.app.identity.keyring import rotate
from hapgang.app.identity.site import ORIGIN
from hapgang.app.settings import DATABASE_URL
from hapgang.contract import Caller, Role
from hapgang.core.ids import urn
from hapgang.ledger.identity.did import web_did
from hapgang.ledger.identity.jose import Json
from tests.app.cities.two import COUNCIL, OFFICE, OPERATOR, done, get, model_of, post, recognise
from tests.app.identity.pocket import KIOSK, LICENCE, Wallet, ask, attest, register, state_of
from tests.app.identity.town import bearer
from tests.living import Answer, Town, living, url_of
from tests.village import person

GUEST = person("guest")
Databases = list[dict[str, Any]]


class Place(NamedTuple):
    """A city, where it is, and how to take it off the net and put it back."""

    town: Town
    origin: str
    did: str
    away: Callable[[], Awaitable[None]]


@asynccontextmanager
async def at_a_port(
    database: dict[str, Any], model: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    """A living city behind a port, whose origin that is."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        origin = f"http://localhost:{listening.getsockname()[1]}"
        monkeypatch.setenv(DATABASE_URL, url_of(database))
        monkeypatch.setenv(ORIGIN, origin)
        async with living(model, state, is_demo=True) as town:
            config = uvicorn.Config(town.application, log_level="warning", lifespan="off")
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listening]))

            async def away() -> None:
                server.should_exit = True
                await serving
                listening.close()

            try:
                yield Place(town, origin, web_did(urlsplit(origin).netloc), away)
            finally:
                server.should_exit = True
                await serving


class Traveller(Wallet):
    """A phone with credentials of home, in another city as a visitor."""

    def __init__(self, home: Place, away: Place) -> None:
        super().__init__(away.town, away.origin)
        self.home = Wallet(home.town, home.origin)
        self.home.key, self.home.held = self.key, self.held
        self.session = ""

    async def keys(self) -> dict[str, Json]:
        return {**await self.home.keys(), **await super().keys()}

    async def arrive(self) -> None:
        came = await self.town.call("POST", "/api/visit")
        assert came.status == 200, came.body
        self.session = came.json()["token"]

    async def prove(self, *needs: str) -> Answer:
        """Show the city something that the session is to hold."""
        asked = await self.town.call(
            "POST", "/api/me/proofs", {"needs": needs}, headers=bearer(self.session)
        )
        assert asked.status == 200, asked.body
        return await self.show(asked.json()["link"])

    async def holds(self) -> list[str]:
        me = await self.town.call("GET", "/api/me", headers=bearer(self.session))
        found: list[str] = me.json()["holds"]
        return found


Then = Callable[[Place, Place, str, Traveller], Awaitable[None]]


@pytest.fixture
def abroad(
    databases: Databases, small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Then], None]:
    """Do something with two cities, of which one recognises the other, and with a traveller."""

    async def story(then: Then) -> None:
        models = [model_of(small_city, tmp_path, name) for name in ("home", "away")]
        facts = models[0] / "city.toml"
        facts.write_text(facts.read_text("utf-8").replace("Small city", "Home"), "utf-8")
        async with (
            asyncio.timeout(90),
            at_a_port(databases[0], models[0], tmp_path / "home", monkeypatch) as home,
            at_a_port(databases[1], models[1], tmp_path / "away", monkeypatch) as away,
        ):
            monkeypatch.setenv(CITIES, f"https://other.example {home.origin}")
            await register(home.town, GUEST, born="1990-05-02")
            known = await recognise(away.town, home.town)
            guest = Traveller(home, away)
            for kind in ("age", "residency"):
                await guest.home.fetch(GUEST, kind)
            await guest.arrive()
            await then(home, away, known, guest)

    return lambda then: asyncio.run(story(then))


def issuer(known: str) -> str:
    return f"/recognised-cities/{quote(known, safe='')}/issuer"


async def entrust(home: Place, away: Place, known: str, *kinds: str) -> None:
    words = {"did": home.did, "kinds": kinds or ("age",)}
    await done(away.town, OFFICE, issuer(known), **words)
    trusted = await done(away.town, COUNCIL, f"{issuer(known)}/approve", **words)
    assert trusted["state"] == "trusted"


def test_a_visitor_proves_an_age_until_the_trust_ends(abroad: Callable[[Then], None]) -> None:
    async def then(home: Place, away: Place, known: str, guest: Traveller) -> None:
        assert (await guest.prove("age.19")).status == 403, "recognised is not yet entrusted"
        await entrust(home, away, known)
        shown = await guest.prove("age.19")
        assert (shown.status, await guest.holds()) == (200, ["age.19"]), shown.body
        for needs in (("resident",), ("age.19", "resident")):
            assert (await guest.prove(*needs)).status == 403
        asked = await ask(away.town, "age.19")
        assert (await guest.show(asked["link"])).status == 200
        assert (await state_of(away.town, asked))["proven"] == {"age.19": True}
        await done(away.town, OPERATOR, f"{issuer(known)}/end", reason="its office was broken into")
        assert await guest.holds() == [], "what was shown counts no more, in this session neither"
        assert (await guest.prove("age.19")).status == 403
        listed = await get(away.town, None, "/trusted-issuers")
        assert [(one["did"], one["state"]) for one in listed] == [(home.did, "ended")]

    abroad(then)


def test_it_ends_with_the_recognition_and_does_not_come_back_with_it(
    abroad: Callable[[Then], None],
) -> None:
    async def then(home: Place, away: Place, known: str, guest: Traveller) -> None:
        await entrust(home, away, known)
        assert (await guest.prove("age.19")).status == 200
        path = f"/recognised-cities/{quote(known, safe='')}"
        await done(away.town, OFFICE, f"{path}/end", reason="it was merged")
        assert await guest.holds() == []
        assert (await guest.prove("age.19")).status == 403
        assert await recognise(away.town, home.town) == known
        assert (await guest.prove("age.19")).status == 403, "another recognition is another"
        again = await post(
            away.town, COUNCIL, f"{issuer(known)}/approve", did=home.did, kinds=["age"]
        )
        assert again.status == 409
        await entrust(home, away, known)
        assert (await guest.prove("age.19")).status == 200

    abroad(then)


def test_a_kind_that_is_not_entrusted_proves_nothing(abroad: Callable[[Then], None]) -> None:
    async def then(home: Place, away: Place, known: str, guest: Traveller) -> None:
        await entrust(home, away, known, "driving_licence", "residency")
        assert (await guest.prove("age.19")).status == 403
        assert (await guest.prove("resident")).status == 403, "lives there, not here"
        await attest(home.town, "driving_licence", LICENCE, who=GUEST)
        await guest.home.fetch(GUEST, "driving_licence")
        assert (await guest.prove("licence.B")).status == 200
        assert await guest.holds() == ["licence.B"]
        proven = {}
        for claims in (["resident"], ["city"], ["city", "resident"]):
            asked = await asks_home(away.town, *claims)
            answered = await guest.show(asked["link"])
            if answered.status == 200:
                proven[tuple(claims)] = (await state_of(away.town, asked))["proven"]
        city = home.town.live.scene.title.en
        assert proven == {
            ("city",): {"home.city": city},
            ("city", "resident"): {"home.city": city, "home.resident": True},
        }, "where somebody lives is told only with the city"

    abroad(then)


async def asks_home(town: Town, *claims: str) -> Json:
    home = {
        "id": "home", "format": "dc+sd-jwt", "claims": [{"path": [claim]} for claim in claims],
        "meta": {"vct_values": ["urn:hapgang:credential:residency:1"]},
    }  # fmt: skip
    words = {"purpose": {"en": "A", "ko": "가"}, "dcql": {"credentials": [home]}}
    asked = await town.call("POST", "/api/questions", words, caller=KIOSK)
    assert asked.status == 200, asked.body
    found: Json = asked.json()
    return found


def test_what_cannot_be_looked_up_is_not_believed(
    abroad: Callable[[Then], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def then(home: Place, away: Place, known: str, guest: Traveller) -> None:
        await entrust(home, away, known)
        monkeypatch.setenv(CITIES, "https://other.example")
        refused = await guest.prove("age.19")
        assert (refused.status, b"HAPGANG_CITIES" in refused.body) == (403, True)
        monkeypatch.setenv(CITIES, home.origin)
        form = await a_form(guest)
        await home.away()
        answered = await guest.post(*form)
        assert answered.status == 503, answered.body
        assert answered.json()["error"] == "temporarily_unavailable"
        begun = time.monotonic()
        assert (await guest.post(*form)).status == 503
        assert time.monotonic() - begun < 2, "who did not answer is left alone for a moment"
        assert await guest.holds() == []

    abroad(then)


async def a_form(guest: Traveller) -> tuple[str, dict[str, str]]:
    """Return an answer that is ready to be sent, and where to."""
    asked = await guest.town.call(
        "POST", "/api/me/proofs", {"needs": ["age.19"]}, headers=bearer(guest.session)
    )
    request = await guest.question(asked.json()["link"])
    path = request["response_uri"].removeprefix(guest.origin)
    return path, await guest.answer_to(request)


def test_a_new_key_there_and_a_revocation_are_heard(abroad: Callable[[Then], None]) -> None:
    async def then(home: Place, away: Place, known: str, guest: Traveller) -> None:
        await entrust(home, away, known, "age", "disability")
        rotate(home.town.live.folder, home.town.live.clock.now())
        said = {"disabled": True, "degree": "severe"}
        await attest(home.town, "disability", said, who=GUEST)
        await guest.home.fetch(GUEST, "disability")
        held = await get(home.town, GUEST, "/me/credentials")
        (age,) = [one["id"] for one in held if one["kind"] == "age"]
        await done(home.town, GUEST, f"/me/credentials/{quote(age, safe='')}/revoke")
        assert (await guest.prove("disability")).status == 200, "signed by the new key"
        revoked = await guest.prove("age.19")
        assert (revoked.status, b"revoked" in revoked.body) == (403, True), revoked.body
        assert await guest.holds() == ["disability"]

    abroad(then)


def test_it_takes_two_offices_and_a_name_of_its_own(abroad: Callable[[Then], None]) -> None:
    async def then(home: Place, away: Place, known: str, guest: Traveller) -> None:
        town = away.town
        for did in ("did:web:", "did:key:z6Mk", "did:web:a.example:path", "did:web:a..b", "x"):
            refused = await post(town, OFFICE, issuer(known), did=did, kinds=["age"])
            assert refused.status == 422, did
        for kinds in ([], ["delegation"], ["membership"]):
            refused = await post(town, OFFICE, issuer(known), did=home.did, kinds=kinds)
            assert refused.status == 422, kinds
        words = {"did": home.did, "kinds": ["age"]}
        assert (await post(town, OFFICE, f"{issuer(known)}/approve", **words)).status == 404
        await done(town, OFFICE, issuer(known), did=home.did, kinds=["age"])
        assert (await guest.prove("age.19")).status == 403, "asked for is not approved"
        again = await post(town, COUNCIL, issuer(known), did=home.did, kinds=["residency"])
        assert again.status == 409
        assert (await post(town, OFFICE, f"{issuer(known)}/approve", **words)).status == 403
        for more in ({"did": "did:web:other.example"}, {"kinds": ["age", "residency"]}):
            changed = await post(town, COUNCIL, f"{issuer(known)}/approve", **{**words, **more})
            assert changed.status == 409, "who looked at one thing approves no other"
        resident = Caller(GUEST.id, Role.RESIDENT)
        for caller in (resident, OPERATOR):
            asked = await post(town, caller, issuer(known), did=home.did, kinds=["age"])
            assert asked.status == 403

    abroad(then)


def test_who_is_known_here_is_not_proven_by_others(abroad: Callable[[Then], None]) -> None:
    async def then(home: Place, away: Place, known: str, guest: Traveller) -> None:
        await entrust(home, away, known)
        assert (await guest.prove("age.19")).status == 200
        words = {"identity": urn("Person", "pupil")}
        signed_in = await away.town.call("POST", "/api/sign-in", words)
        assert signed_in.status == 200, signed_in.body
        guest.session = signed_in.json()["token"]
        refused = await guest.prove("age.19")
        assert (refused.status, "age.19" in await guest.holds()) == (403, False)

    abroad(then)
