"""A poll from its preparation to a result that programs of others accept."""

import asyncio
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.ledger.ballots.poll import LABEL
from tests.app.votes.polling import ANNE, BERT, CORA, DESK, DORA, OFFICE, Polling, ballot, struck
from tests.living import Town, run

VERIFIER = Path(__file__).parents[3] / "verifier"
LABELLED = msgspec.to_builtins(LABEL)


def test_a_poll_is_lived_and_counted_again_by_others(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it = Polling(town, tmp_path)
        prepared = await it.prepare()
        assert prepared.status == 200, prepared.body
        assert prepared.json()["label"] == LABELLED
        await it.make_key()
        poll = await it.open()
        view = await it.view()
        assert view["label"] == LABELLED
        assert view["poll"]["state"] == "open"
        assert view["board"]["eligible"] == 4  # not the child
        anne, bert, cora = [await it.voter(poll, who) for who in (ANNE, BERT, CORA)]
        first = await it.cast(ballot(poll, anne, 0))
        assert first.status == 200, first.body
        for voter, option, revision in ((bert, 1, 1), (cora, 2, 1), (anne, 1, 2)):
            assert (await it.cast(ballot(poll, voter, option, revision))).status == 200
        await _on_paper(it, poll, cora)
        await it.close()
        await _counted(it, town, tmp_path)
        fact = first.json()["fact"].replace("/", "%2F")
        receipt = await town.call("GET", f"/api/log/facts/ballot/{fact}/receipt")
        assert receipt.status == 200, receipt.body
        assert receipt.json()["fact"]["sha256"] == first.json()["receipt"]["ballot"]
        (tmp_path / "receipt.json").write_bytes(msgspec.json.encode(first.json()["receipt"]))

    run(then, database, small_city, tmp_path / "state")
    _recounted(tmp_path)


async def _on_paper(it: Polling, poll: Any, cora: Any) -> None:
    """Cora strikes her pseudonym and votes on paper; Dora never took a token."""
    path = f"/api/polls/{it.name}/paper"
    asks = {"person": CORA.id, "pseudonym": cora.pseudonym}
    assert (await it.call("POST", path, asks, caller=DESK)).status == 409  # not struck
    assert (await it.cast(struck(poll, cora, 2))).status == 200
    assert (await it.cast(ballot(poll, cora, 0, 3))).status == 409  # votes on paper now
    assert (await it.call("POST", path, asks, caller=DESK)).status == 200
    assert (await it.call("POST", path, asks, caller=DESK)).status == 409  # once
    assert (await it.call("POST", path, {"person": DORA.id}, caller=DESK)).status == 200
    assert (await it.take(DORA, "ab" * 384)).status == 409
    assert (await it.call("POST", path, {"person": ANNE.id}, caller=DESK)).status == 409


async def _counted(it: Polling, town: Town, folder: Path) -> None:
    view = await it.view()
    assert view["poll"]["state"] == "closed"
    assert view["poll"]["close"]["counted"] == 2
    assert (await town.call("GET", f"/api/polls/{it.name}/export")).status == 409
    for index in (3, 1):
        await asyncio.to_thread(it.trustee(index).share, it.name)
    await it.step()
    assert (await it.view())["poll"]["state"] == "closed"  # the paper is not counted yet
    path = f"/api/polls/{it.name}/paper/counts"
    for who, counts, holds in (
        (DESK, [[1, 1, 0]], False), (OFFICE, [[2, 0, 0]], False), (OFFICE, [[1, 1, 0]], True),
    ):  # fmt: skip
        entered = await it.call("POST", path, {"counts": counts}, caller=who)
        assert (entered.status, entered.json()) == (200, holds), entered.body
    await it.step()
    view = await it.view()
    assert view["poll"]["state"] == "counted"
    assert view["poll"]["result"]["counts"] == [[1, 3, 0]]
    late = await town.call("GET", f"/api/polls/{it.name}/pseudonyms/{'ab' * 32}")
    assert late.status == 404
    assert "is over" in late.json()["detail"]
    export = await town.call("GET", f"/api/polls/{it.name}/export")
    assert export.status == 200
    (folder / "export.json").write_bytes(export.body)
    keys = list((town.live.folder / "ballot-keys").iterdir())
    assert [stat.S_IMODE(key.stat().st_mode) for key in keys] == [0o600]


def _recounted(folder: Path) -> None:
    """Have both verifiers count, with the city off."""
    words = [str(folder / "export.json"), "--receipt", str(folder / "receipt.json")]
    told = subprocess.run(
        [sys.executable, VERIFIER / "ballots.py", *words], capture_output=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: ballots.mjs was not asked")
    told = subprocess.run(
        [node, VERIFIER / "ballots.mjs", *words], capture_output=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_a_damaged_file_is_written_again(
    database: Mapping[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        it = Polling(town, tmp_path)
        assert (await it.prepare()).status == 200
        await it.make_key()
        poll = await it.open()
        for who in (ANNE, BERT):
            assert (await it.cast(ballot(poll, await it.voter(poll, who), 0))).status == 200
        it.pass_by(days=8)
        it.turn()
        file = town.live.votes.folder_of(it.name) / "board.jsonl"
        file.parent.mkdir(parents=True)
        file.write_bytes(b"{")
        await it.step()  # it does not end the city
        assert (await it.view())["poll"]["close"] is None
        await it.step()
        assert (await it.view())["poll"]["close"]["counted"] == 2

    run(then, database, small_city, tmp_path / "state")
