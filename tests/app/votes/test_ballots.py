"""Who may vote, and how often; ballots that do not go onto the board, and why."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from hapgang.contract import Role
from hapgang.core.vocabulary.people import AgeBand
from hapgang.ledger.ballots.ballot import Ballot, sign
from hapgang.ledger.ballots.poll import Poll
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.people import register_person
from tests.app.votes.polling import ANNE, BERT, CHILD, OFFICE, Polling, ballot
from tests.living import Town, run
from tests.village import person

LATE, VISITOR = person("late"), person("guest", Role.VISITOR)


def test_rights_and_ballots(database: Mapping[str, Any], small_city: Path, tmp_path: Path) -> None:
    async def then(town: Town) -> None:
        it = Polling(town, tmp_path)
        assert (await it.prepare()).status == 200
        again = await it.prepare()
        assert again.status == 409
        assert "another name" in again.json()["detail"]
        early = await it.take(ANNE, "ab" * 384)
        assert early.status == 409  # not open
        assert "준비 중" in early.json()["detail_ko"]
        await it.make_key()
        poll = await it.open()
        await _rights(it, town)
        anne = await it.voter(poll, ANNE)
        assert (await it.take(ANNE, "cd" * 384)).status == 409  # another message
        assert (await it.call("GET", f"/api/me/polls/{it.name}", caller=ANNE)).json()["has_token"]
        await _ballots(it, poll, anne)
        bert = await it.voter(poll, BERT)
        await it.step()
        await it.close()
        assert (await it.cast(ballot(poll, bert, 0))).status == 409  # late
        assert (await it.view())["poll"]["state"] == "failed"  # one ballot, of two at least
        assert "fewer" in (await it.view())["poll"]["why"]["en"]

    run(then, database, small_city, tmp_path / "state")


async def _rights(it: Polling, town: Town) -> None:
    it.pass_by(minutes=1)
    town.runtime.perform(register_person, PLATFORM, person=LATE.id, age_band=AgeBand.THIRTIES)
    message = "ab" * 384
    for who, status in ((CHILD, 403), (LATE, 403), (VISITOR, 403), (OFFICE, 403)):
        assert (await it.take(who, message)).status == status
    path = f"/api/me/polls/{it.name}/token"
    assert (await it.call("POST", path, {"blinded": message})).status == 401
    assert (await it.take(ANNE, "ff" * 384)).status == 422  # beyond the key
    assert (await it.take(ANNE, "xy")).status == 422
    [key] = (town.live.folder / "ballot-keys").iterdir()
    kept = key.rename(key.with_suffix(".away"))  # as in a city restored without its secrets
    assert (await it.take(ANNE, message)).status == 503
    kept.rename(key)
    assert (await it.view())["board"]["tokens"] == 0


async def _ballots(it: Polling, poll: Poll, anne: Any) -> None:
    good = ballot(poll, anne, 0)
    first = await it.cast(good)
    again = await it.cast(good)
    assert (first.status, again.status) == (200, 200)
    assert again.json() == first.json()  # a repeat is where it was
    stranger = msgspec.structs.replace(anne, secret=secrets.token_bytes(32))
    cell = good.contests[0].cells[0]
    swapped = msgspec.structs.replace(cell, alpha=good.contests[0].cells[1].alpha)
    answers = msgspec.structs.replace(
        good.contests[0], cells=(swapped, *good.contests[0].cells[1:])
    )
    unproven = msgspec.structs.replace(
        good, contests=(answers,), revision=2, id=f"{poll.id}/{anne.pseudonym}/2"
    )
    wrong: list[tuple[Ballot | bytes, int]] = [
        (msgspec.structs.replace(good, revision=2), 422),  # altered
        (sign(unproven, anne.secret, secrets.token_bytes(32)), 422),  # signed, not in range
        (ballot(poll, stranger, 1), 422),  # somebody else's token
        (ballot(poll, anne, 1, revision=1), 409),  # not after what is there
        (b"{}", 422),
        (b"[" * 50_000, 422),
        (b" " * 70_000, 413),
    ]
    for entry, status in wrong:
        answer = await it.cast(entry)
        assert answer.status == status, answer.body
    view = await it.view()
    assert (view["board"]["entries"], view["board"]["tokens"]) == (1, 1)
    page = (await it.call("GET", f"/api/polls/{it.name}/board")).json()
    assert page["entries"] == [msgspec.json.decode(msgspec.json.encode(good))]
    assert (await it.call("GET", f"/api/polls/{it.name}/board?limit=900")).status == 422


async def _signed_in(it: Polling, entry: Ballot) -> list[str]:
    """Cast as somebody who is signed in and keys the request; return whom the database names."""
    token = it.town.token(OFFICE)
    headers = {"authorization": f"Bearer {token}", "idempotency-key": "mine"}
    path = f"/api/polls/{it.name}/ballots"
    answer = await it.town.call("POST", path, entry, headers=headers)
    assert answer.status == 200, answer.body
    query = """
        SELECT caller FROM feed WHERE action LIKE '%put_on_board'
        UNION ALL SELECT caller FROM answer WHERE key = 'mine'
    """
    return [row[0] for row in await it.town.live.reads.pool.fetch(query)]


def test_nobody_is_named_beside_a_ballot(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it = Polling(town, tmp_path)
        assert (await it.prepare()).status == 200
        await it.make_key()
        poll = await it.open()
        named = await _signed_in(it, ballot(poll, await it.voter(poll, ANNE), 0))
        assert named
        assert OFFICE.id not in named

    run(then, database, small_city, tmp_path / "state")


def _card(name: str, at: int) -> dict[str, Any]:
    return {"name": {"en": "a", "ko": name}, "sealing": f"{at:064x}", "signing": f"{9 + at:064x}"}


def test_what_cannot_be_prepared(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it = Polling(town, tmp_path)
        soon = (it.now() + timedelta(hours=1)).isoformat()
        contest: dict[str, Any] = {
            "id": "all", "title": {"en": "a", "ko": "a"}, "kind": "rank", "top": 1,
            "options": [{"id": f"o{n}", "title": {"en": "a", "ko": "a"}} for n in range(20)],
            "least": 20, "most": 20,
        }  # fmt: skip
        wrong: tuple[dict[str, Any], ...] = (
            {"closes_at": soon, "opens_at": soon}, {"threshold": 1}, {"threshold": 4},
            {"contests": [contest]}, {"contests": [{**contest, "most": 10**15}]},
            {"fewest": 0}, {"issuer": "ab"}, {"name": "A b"}, {"trustees": []},
            {"opens_at": "9999-12-30T00:00:00Z", "closes_at": "9999-12-31T00:00:00Z"},
            {"trustees": [_card("수탁자" * 40, at) for at in range(3)]},
        )  # fmt: skip
        for words in wrong:
            answer = await it.prepare(**words)
            assert answer.status == 422, (words, answer.body)
        assert (await it.call("GET", "/api/polls/nothing")).status == 404
        keys = town.live.folder / "ballot-keys"
        known = (await it.call("GET", "/api/polls")).json()
        assert len(list(keys.iterdir())) == len(known)  # none is left of what was refused

    run(then, database, small_city, tmp_path / "state")
