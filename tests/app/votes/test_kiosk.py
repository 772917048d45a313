"""Passes for a kiosk: one right by phone, paper or kiosk, in whatever order; passes that fail."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hapgang.app.identity.codes import canonical
from hapgang.core.vocabulary.votes import KioskPass, VotingToken
from hapgang.ledger.ballots import tokens
from hapgang.ledger.ballots.ballot import Voter, pseudonym_of
from hapgang.ledger.ballots.poll import Poll, ready
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.identity.register import register
from hapgang.runtime.platform.votes.kiosk import end_passes
from tests.app.votes.polling import ANNE, BERT, CHILD, CORA, DESK, DORA, Polling, ballot, struck
from tests.living import Answer, Town, run
from tests.village import person

SECRET, SALT, FACTOR = b"\x01" * 32, b"\x02" * tokens.SALT_BYTES, 2**1_000 + 7
OTHER = "ab" * 384


async def _pass(it: Polling, who: Any, caller: Any = DESK) -> Answer:
    path = f"/api/polls/{it.name}/kiosk-passes"
    return await it.call("POST", path, {"person": who.id}, caller=caller)


async def _given(it: Polling, who: Any) -> str:
    answer = await _pass(it, who)
    assert answer.status == 200, answer.body
    code: str = answer.json()["pass"]
    assert code not in repr(list(it.town.runtime.state.of_type("KioskPass")))
    return code


async def _use(it: Polling, code: str, blinded: str) -> Answer:
    body = {"pass": code, "blinded": blinded}
    return await it.call("POST", f"/api/polls/{it.name}/kiosk-token", body)


async def _paper(it: Polling, who: Any, **more: str) -> int:
    path = f"/api/polls/{it.name}/paper"
    return (await it.call("POST", path, {"person": who.id, **more}, caller=DESK)).status


def _asked(poll: Poll) -> tokens.Blinded:
    known = ready(poll)
    message = tokens.token_message(known.fingerprint, pseudonym_of(SECRET))
    return tokens.blind(known.issuer, message, salt=SALT, factor=FACTOR)


def _voter(poll: Poll, answer: Answer) -> Voter:
    known, asked = ready(poll), _asked(poll)
    message = tokens.token_message(known.fingerprint, pseudonym_of(SECRET))
    signed = bytes.fromhex(answer.json()["signed"])
    return Voter(SECRET, tokens.finish(known.issuer, message, signed, asked.inverse))


async def _begun(town: Town, folder: Path) -> tuple[Polling, Poll]:
    it = Polling(town, folder)
    assert (await it.prepare()).status == 200
    assert (await _pass(it, ANNE)).status == 409  # not open
    await it.make_key()
    return it, await it.open()


def test_one_right_by_whatever_way(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it, poll = await _begun(town, tmp_path)
        await _doors(it)
        lost, code = await _given(it, ANNE), await _given(it, ANNE)
        assert (await it.view())["board"]["passes"] == 1  # the second one replaced the first
        assert (await it.take(ANNE, OTHER)).status == 409  # kiosk, phone
        assert await _paper(it, ANNE) == 409  # kiosk, paper
        blinded = _asked(poll).message.hex()
        assert (await _use(it, lost, blinded)).status == 403
        first = await _use(it, code, blinded)
        assert first.status == 200, first.body
        assert "set-cookie" not in first.headers
        typed = canonical(code).lower().replace("0", "o").replace("1", "l")
        assert (await _use(it, typed, blinded)).json() == first.json()  # as people type, again
        assert (await _use(it, code, OTHER)).status == 409  # used
        assert (await it.take(ANNE, OTHER)).status == 409
        assert (await it.take(ANNE, blinded)).json() == first.json()  # the same message, at home
        assert (await _pass(it, ANNE)).status == 409
        voter = _voter(poll, first)
        assert (await it.cast(ballot(poll, voter, 0))).status == 200
        assert await _paper(it, ANNE, pseudonym=voter.pseudonym) == 409  # not struck
        assert (await it.cast(struck(poll, voter, 2))).status == 200
        assert await _paper(it, ANNE, pseudonym=voter.pseudonym) == 200
        assert (await _use(it, code, OTHER)).status == 409
        await it.voter(poll, BERT)
        assert (await _pass(it, BERT)).status == 409  # phone, kiosk
        assert await _paper(it, CORA) == 200
        assert (await _pass(it, CORA)).status == 409  # paper, kiosk
        board = (await it.view())["board"]
        assert (board["tokens"], board["paper"], board["passes"]) == (2, 2, 0)
        await _noted(it)

    run(then, database, small_city, tmp_path / "state")


async def _doors(it: Polling) -> None:
    assert (await _pass(it, ANNE, caller=ANNE)).status == 403  # no desk
    assert (await _pass(it, ANNE, caller=None)).status == 401
    assert (await _pass(it, CHILD)).status == 403  # no right
    assert (await _use(it, "0000-0000-0000", OTHER)).status == 403
    assert (await _use(it, "0000-0000-0000", "xy")).status == 422


async def _noted(it: Polling) -> None:
    """Whose pass it was can see that the desk looked, and was told."""
    seen = await it.call("GET", "/api/me/access", caller=ANNE)
    assert seen.status == 200, seen.body
    assert b"a pass for a kiosk" in seen.body


def test_a_desk_that_is_refused_has_looked_too(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it, poll = await _begun(town, tmp_path)
        await it.voter(poll, ANNE)
        await it.voter(poll, BERT)
        assert await _paper(it, ANNE) == 409
        assert (await _pass(it, BERT)).status == 409
        nobody = person("nobody")
        assert await _paper(it, nobody) == 403
        for who in (ANNE, BERT):
            seen = await it.call("GET", "/api/me/access", caller=who)
            assert b"a look at the roll of a vote" in seen.body
        reads = await town.live.reads.pool.fetch("SELECT DISTINCT person FROM access")
        assert {row[0] for row in reads} == {ANNE.id, BERT.id}

    run(then, database, small_city, tmp_path / "state")


def test_what_was_not_used_gives_the_right_back(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it, poll = await _begun(town, tmp_path)
        blinded = _asked(poll).message.hex()
        late, early = await _given(it, ANNE), await _given(it, BERT)
        assert (await _use(it, early, "ff" * 384)).status == 422  # beyond the key: still good
        assert (await _use(it, early, blinded)).status == 200
        assert (await it.view())["board"]["passes"] == 1
        it.pass_by(minutes=9)
        assert town.runtime.perform(end_passes, PLATFORM) == 0
        it.pass_by(minutes=1)
        assert (await _use(it, late, blinded)).status == 403  # over, though not taken away yet
        assert (await it.take(ANNE, OTHER)).status == 409  # and the right is not back yet
        assert town.runtime.perform(end_passes, PLATFORM) == 2
        assert town.runtime.perform(end_passes, PLATFORM) == 0
        assert (await _use(it, late, blinded)).status == 403
        assert (await _use(it, early, blinded)).status == 403
        assert (await _pass(it, BERT)).status == 409  # used is used
        assert (await it.view())["board"]["passes"] == 0
        await it.voter(poll, ANNE)
        again = await _given(it, DORA)  # not used when the poll closes
        it.pass_by(days=8)
        assert (await _use(it, again, blinded)).status == 409
        await it.close()
        town.runtime.perform(end_passes, PLATFORM)
        view = await it.view()
        assert view["poll"]["roll"]["tokens"] == 2
        assert view["board"]["passes"] == 0

    run(then, database, small_city, tmp_path / "state")


def test_a_pass_is_for_one_poll(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it, poll = await _begun(town, tmp_path)
        other = Polling(town, tmp_path, "park")
        assert (await other.prepare()).status == 200
        await other.make_key()
        await other.open()
        code = await _given(it, ANNE)
        blinded = _asked(poll).message.hex()
        assert (await _use(other, code, blinded)).status == 403
        assert (await _use(it, code, blinded)).status == 200
        assert (await _pass(other, ANNE)).status == 200  # rights are apart
        for _ in range(60):
            await _use(it, "1111-1111-1111", OTHER)
        assert (await _use(it, code, blinded)).status == 429

    run(then, database, small_city, tmp_path / "state")


def test_a_killed_city_goes_on_between_pass_and_token(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    kept: dict[str, Any] = {}

    async def before(town: Town) -> None:
        it, poll = await _begun(town, tmp_path)
        kept.update(poll=poll, now=it.now(), anne=await _given(it, ANNE))
        await _given(it, BERT)

    async def after(town: Town) -> None:
        it, poll = Polling(town, tmp_path), kept["poll"]
        it.town.live.clock._latest_s = kept["now"].timestamp()
        blinded = _asked(poll).message.hex()
        assert (await it.take(ANNE, OTHER)).status == 409
        kept["signed"] = await _use(it, kept["anne"], blinded)
        assert kept["signed"].status == 200, kept["signed"].body

    async def at_last(town: Town) -> None:
        it, poll = Polling(town, tmp_path), kept["poll"]
        it.town.live.clock._latest_s = kept["now"].timestamp()
        blinded = _asked(poll).message.hex()
        assert (await _use(it, kept["anne"], blinded)).json() == kept["signed"].json()
        it.pass_by(minutes=10)
        town.runtime.perform(end_passes, PLATFORM)
        left = [record.view for record in town.runtime.state.of_type("VotingToken")]
        mine = [one for one in left if isinstance(one, VotingToken) and one.is_kiosk]
        assert [one.person for one in mine] == [ANNE.id]  # Bert's pass gave his right back
        passes = [record.view for record in town.runtime.state.of_type("KioskPass")]
        assert all(isinstance(one, KioskPass) and one.is_used for one in passes)
        await it.voter(poll, BERT)

    for then in (before, after, at_last):
        run(then, database, small_city, tmp_path / "state")


def test_who_struck_a_pseudonym_keeps_a_right_to_paper(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    """Also where somebody has a right who was not counted when the poll opened."""

    async def then(town: Town) -> None:
        it, poll = await _begun(town, tmp_path)
        voter = await it.voter(poll, ANNE)
        assert (await it.cast(struck(poll, voter, 1))).status == 200
        for who in (BERT, CORA, DORA):
            assert await _paper(it, who) == 200
        born, since = date(1990, 1, 1), date(2020, 1, 1)
        words = {"name": "Child", "born": born, "since": since, "living_zone": "5-1"}
        town.runtime.perform(register, DESK, person=CHILD.id, **words)
        assert await _paper(it, CHILD) == 409  # four have a right, and took it
        assert await _paper(it, ANNE, pseudonym=voter.pseudonym) == 200
        board = (await it.view())["board"]
        assert board["tokens"] - board["struck"] + board["paper"] == board["eligible"]

    run(then, database, small_city, tmp_path / "state")
