"""Trustees: who deals wrongly or gives a wrong share is named; one board of a poll, once."""

import asyncio
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.app.cli import main
from hapgang.app.settings import DATABASE_URL
from hapgang.app.votes.trustee_file import Kept
from hapgang.core.errors import Conflict, Refused
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.ledger.ballots.sealing import seal
from hapgang.ledger.ballots.tally import Share
from hapgang.ledger.ballots.trustees import WrongShare
from hapgang.runtime.platform.votes.making import part_words, said
from tests.app.votes.polling import ANNE, BERT, OFFICE, Door, Polling, ballot
from tests.living import Town, living, run, url_of


def test_a_wrong_dealer_is_named_and_a_forged_word_refused(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it = Polling(town, tmp_path)
        await it.prepare()
        for index in (1, 3):
            await asyncio.to_thread(it.trustee(index).deal, it.name)
        with pytest.raises(Conflict):
            await asyncio.to_thread(it.trustee(1).check, it.name)  # one has not dealt
        await _deal_wrongly(it, town)
        await asyncio.to_thread(it.trustee(1).check, it.name)
        with pytest.raises(WrongShare) as named:
            await asyncio.to_thread(it.trustee(3).check, it.name)
        assert "Trustee 2" in str(named.value)
        poll = (await it.view())["poll"]
        assert poll["state"] == "failed"
        assert "wrong part by trustee 2 (trustee 2)" in poll["why"]["en"]

    run(then, database, small_city, tmp_path / "state")


async def _deal_wrongly(it: Polling, town: Town) -> None:
    """As trustee 2, seal something else to trustee 3; first with a signature of trustee 1."""
    dealing = await _dealt_by(it, town)
    receiver = bytes.fromhex((await it.view())["trustees"][2]["card"]["sealing"])
    dealing["parts"][2] = seal(b"\x01" * 32, receiver, part_words(it.name, 2, 3))
    for signer, status in ((1, 403), (2, 200)):
        message = said(it.name, 2, "deal", [dealing["dealing"], dealing["parts"]])
        signed = Kept.read(it.folder / f"t{signer}.json").signing.sign(message).hex()
        body = {**dealing, "signature": signed}
        answer = await it.call("POST", f"/api/polls/{it.name}/dealings", body)
        assert answer.status == status, answer.body


async def _dealt_by(it: Polling, town: Town) -> dict[str, Any]:
    """Return what trustee 2's tool would send."""
    trustee, door = it.trustee(2), Door(town)
    trustee._city = _Caught(door)
    with pytest.raises(Conflict):
        await asyncio.to_thread(trustee.deal, it.name)
    body: dict[str, Any] = door.posted[0][1]
    return body


class _Caught:
    """A way to the city on which nothing arrives."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def get(self, path: str) -> Any:
        return self._door.get(path)

    def post(self, path: str, body: object) -> Any:
        self._door.posted.append((path, msgspec.json.decode(msgspec.json.encode(body))))
        raise Conflict("the line is cut", None)


def test_shares_wrong_repeated_and_missing(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it = Polling(town, tmp_path)
        await _closed(it)
        trustee, door = it.trustee(1), Door(town)
        trustee._city = _Caught(door)
        with pytest.raises(Conflict):
            await asyncio.to_thread(trustee.share, it.name)
        kept = Kept.read(tmp_path / "t1.json").poll(it.name)
        assert kept is not None
        assert kept.share is not None  # written down before it was sent
        await _give_wrong(it, msgspec.convert(kept.share, Share))
        view = await it.view()
        assert view["trustees"][0]["gave_wrong_share"]
        await asyncio.to_thread(it.trustee(1).share, it.name)  # the right one, the same as before
        assert (await it.view())["trustees"][0]["share"] == kept.share
        other = msgspec.structs.replace(kept, board="ab" * 32)
        Kept.read(tmp_path / "t1.json").keep(it.name, other)
        with pytest.raises(Conflict, match="another board"):
            await asyncio.to_thread(it.trustee(1).share, it.name)
        await it.step()
        assert (await it.view())["poll"]["state"] == "closed"
        it.pass_by(days=31)
        it.turn()
        poll = (await it.view())["poll"]
        assert poll["state"] == "failed"
        assert "trustee 2" in poll["why"]["en"]
        assert "trustee 1" not in poll["why"]["en"]

    run(then, database, small_city, tmp_path / "state")


def test_a_damaged_file_accuses_no_trustee(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it = Polling(town, tmp_path)
        await _closed(it)
        file = town.live.votes.folder_of(it.name) / "board.jsonl"
        for damaged in (file.read_bytes().splitlines(keepends=True)[0], b"{"):
            file.write_bytes(damaged)
            with pytest.raises(Conflict, match="503"):
                await asyncio.to_thread(it.trustee(1).share, it.name)
        await asyncio.to_thread(it.trustee(1).share, it.name)  # the file was written again
        trustee = (await it.view())["trustees"][0]
        assert trustee["share"] is not None
        assert not trustee["gave_wrong_share"]

    run(then, database, small_city, tmp_path / "state")


async def _closed(it: Polling) -> None:
    assert (await it.prepare()).status == 200
    await it.make_key()
    poll = await it.open()
    for who in (ANNE, BERT):
        assert (await it.cast(ballot(poll, await it.voter(poll, who), 1))).status == 200
    await it.close()


async def _give_wrong(it: Polling, share: Share) -> None:
    parts = share.contests[0]
    turned = (parts[1], parts[0], *parts[2:])
    wrong = msgspec.structs.replace(share, contests=(turned,))
    message = said(it.name, 1, "share", fingerprint(wrong))
    for signer, status in ((2, 403), (1, 422)):
        signature = Kept.read(it.folder / f"t{signer}.json").signing.sign(message).hex()
        body = {"share": wrong, "signature": signature}
        answer = await it.call("POST", f"/api/polls/{it.name}/shares", body)
        assert answer.status == status, answer.body
        assert status != 422 or answer.json()["trustee"] == 1


def test_a_city_that_stops_in_the_middle_goes_on(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE_URL, url_of(database))
    state = tmp_path / "state"

    async def lived() -> None:
        async with living(small_city, state) as town:
            it = Polling(town, tmp_path)
            await it.prepare()
            await it.make_key()
        async with living(small_city, state) as town:
            it = Polling(town, tmp_path)
            poll = await it.open()
            anne, bert = await it.voter(poll, ANNE), await it.voter(poll, BERT)
            first = ballot(poll, anne, 0)
            assert (await it.cast(first)).status == 200
        async with living(small_city, state) as town:
            it = Polling(town, tmp_path)
            assert (await it.cast(first)).json()["receipt"]["index"] == 0  # is there
            assert (await it.take(ANNE, "ab" * 384)).status == 409  # so is the token
            assert (await it.cast(ballot(poll, bert, 2))).json()["receipt"]["index"] == 1
            assert (await it.cast(ballot(poll, anne, 2, 1))).status == 409
            await it.close()
            await asyncio.to_thread(it.trustee(2).share, it.name)
        async with living(small_city, state) as town:
            it = Polling(town, tmp_path)
            (state / "votes" / it.name / "board.jsonl").unlink()  # made again
            await asyncio.to_thread(it.trustee(3).share, it.name)
            await it.step()
            assert (await it.view())["poll"]["result"]["counts"] == [[1, 0, 1]]
            withdrawn = await it.call("DELETE", f"/api/polls/{it.name}", caller=OFFICE)
            assert withdrawn.status == 409

    asyncio.run(lived())


def test_the_command_makes_a_file_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.json"
    words = ["trustee", "init", "--file", str(path), "--name-en", "A", "--name-ko", "가"]
    assert main(words) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    card = msgspec.json.decode(capsys.readouterr().out.splitlines()[0])
    assert card["sealing"] not in path.read_text()
    assert main(words) == 1  # it is there
    path.chmod(0o644)
    with pytest.raises(Refused):
        Kept.read(path)
    assert main(["trustee", "deal", "x", "--city", "ftp://x", "--file", str(path)]) == 1
