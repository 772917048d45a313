"""Trial polls: a demonstration plays the trustees, and no other city does."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from hapgang.app.votes.trial import FOLDER, PREFIX
from hapgang.contract import Caller, Role
from hapgang.ledger.ballots.ballot import encrypt, sign
from hapgang.ledger.ballots.poll import Poll
from tests.app.votes.polling import DESK, Polling
from tests.living import Town, run
from tests.village import person

DESIGNER = Caller("urn:ngsi-ld:Person:designer", Role.RESIDENT)
PUPIL = Caller("urn:ngsi-ld:Person:pupil", Role.RESIDENT)
CHOICES = [[1, 0, 0], [2, 0], [1, 0, 1, 0]]


async def reached(it: Polling, state: str) -> Any:
    """Wait until the poll is in a state."""
    async with asyncio.timeout(60):
        while (view := await it.view())["poll"]["state"] != state:
            assert view["poll"]["state"] != "failed", view["poll"]["why"]
            await asyncio.sleep(0.05)
    return view


def test_a_demonstration_begins_a_poll_and_counts_it(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        begun = await town.call("POST", "/api/trial-polls", {"seconds": 600})
        assert begun.status == 200, begun.body
        it = Polling(town, tmp_path, begun.json()["poll"])
        assert it.name.startswith(PREFIX)
        again = await town.call("POST", "/api/trial-polls", {})
        assert again.status == 409
        assert it.name in again.body.decode()
        poll = msgspec.convert((await reached(it, "open"))["poll"]["poll"], Poll)
        await _with_a_key(it)
        voter = await it.voter(poll, DESIGNER)
        for revision in (1, 2):
            sealed, _ = encrypt(poll, CHOICES, voter, revision, bytes(32))
            cast = await it.cast(sign(sealed, voter.secret, bytes(32)))
            assert cast.status == 200, cast.body
        await _seen(it, voter.pseudonym, cast.json()["receipt"]["ballot"])
        it.pass_by(minutes=11)
        view = await reached(it, "counted")
        assert view["poll"]["result"]["counts"] == [
            [1, 0, 0], [0, 1, 0, 0, 1, 0], [1, 0, 1, 0],
        ]  # fmt: skip
        async with asyncio.timeout(30):
            while list((town.live.folder / FOLDER).iterdir()):
                await asyncio.sleep(0.05)

    run(then, database, small_city, tmp_path / "state", is_demo=True)


async def _with_a_key(it: Polling) -> None:
    """A client that keys its posts is answered, and answered alike again."""
    path, keyed = f"/api/me/polls/{it.name}/token", {"idempotency-key": "one"}
    asked = {"blinded": "01" * 384}
    first, again = [
        await it.town.call("POST", path, asked, caller=PUPIL, headers=keyed) for _ in range(2)
    ]
    assert first.status == 200, first.body
    assert again.json() == first.json()


async def _seen(it: Polling, pseudonym: str, ballot: str) -> None:
    """Anybody sees where a pseudonym's last entry is."""
    path = f"/api/polls/{it.name}/pseudonyms"
    place = await it.town.call("GET", f"{path}/{pseudonym}")
    assert place.status == 200, place.body
    seen = place.json()
    assert (seen["revision"], seen["index"], seen["is_struck"]) == (2, 1, False)
    assert seen["ballot"] == ballot
    assert (await it.town.call("GET", f"{path}/{'0' * 64}")).status == 404
    assert (await it.town.call("GET", f"{path}/nobody")).status == 422


def test_no_other_city_plays_trustees(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        asked = await town.call("POST", "/api/trial-polls", {}, caller=person("anne"))
        assert asked.status == 403
        assert not (town.live.folder / FOLDER).exists()

    run(then, database, small_city, tmp_path / "state")


def test_paper_that_nobody_counted_stops_no_other_trial(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        begun = await town.call("POST", "/api/trial-polls", {"seconds": 600})
        it = Polling(town, tmp_path, begun.json()["poll"])
        poll = msgspec.convert((await reached(it, "open"))["poll"]["poll"], Poll)
        voter = await it.voter(poll, DESIGNER)
        sealed, _ = encrypt(poll, CHOICES, voter, 1, bytes(32))
        assert (await it.cast(sign(sealed, voter.secret, bytes(32)))).status == 200
        path = f"/api/polls/{it.name}/paper"
        given = await it.call("POST", path, {"person": PUPIL.id}, caller=DESK)
        assert given.status == 200, given.body
        it.pass_by(minutes=11)
        await reached(it, "closed")
        async with asyncio.timeout(30):
            while (await town.call("POST", "/api/trial-polls", {})).status == 409:
                await asyncio.sleep(0.05)
        assert (await it.view())["poll"]["state"] == "closed"

    run(then, database, small_city, tmp_path / "state", is_demo=True)
