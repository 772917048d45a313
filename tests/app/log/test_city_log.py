"""A city's payments are in its log, and what it hands out proves them without it."""

import asyncio
import json
import shutil
import threading
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from hapgang.app.log import city_log
from hapgang.app.log.anchors import Anchors
from hapgang.app.log.city_log import CityLog, FactsAreMissing
from hapgang.contract import Role
from hapgang.core.errors import Conflict, Unavailable
from hapgang.ledger.anchor.anchoring import Stage
from hapgang.ledger.log.log import Log
from hapgang.ledger.log.merkle import EMPTY_ROOT, is_included
from hapgang.ledger.log.note import (
    Note,
    VerifierKey,
    checkpoint_of,
    parse_checkpoint,
    parse_note,
)
from hapgang.ledger.log.tiles import Tiles
from hapgang.ledger.till import account_id
from tests.living import Town, run, url_of
from tests.village import move_in, person

ANNE, BERT, EVE = person("anne"), person("bert"), person("eve")
AUDITOR = person("auditor", Role.AUDITOR)
Then = Callable[[Town], Awaitable[None]]
Live = Callable[[Then], None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    return lambda then: run(then, database, small_city, tmp_path / "state")


async def pay(town: Town, name: str, amount_won: int = 5) -> str:
    body = {"transfer": name, "payee": BERT.id, "amount_won": amount_won, "memo": "bread"}
    paid = await town.call("POST", "/api/me/transfers", body, caller=ANNE)
    assert paid.status == 200, paid
    found: str = paid.json()
    return found


async def receipt(town: Town, transfer: str, caller: Any = ANNE) -> Any:
    path = f"/api/me/transfers/{quote(transfer, safe='')}/receipt"
    return await town.call("GET", path, caller=caller)


def holds(receipt: dict[str, Any], key: str) -> bool:
    """Check a receipt with what a receipt says, and the key."""
    checkpoint = checkpoint_of(parse_note(receipt["checkpoint"]), VerifierKey.parse(key))
    fact = json.dumps(receipt["fact"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    commitment = sha256(bytes.fromhex(receipt["salt"]) + fact.encode()).digest()
    leaf = sha256(b"\x00" + commitment).digest()
    path = [bytes.fromhex(one) for one in receipt["path"]]
    is_there = is_included(leaf, receipt["index"], receipt["size"], path, checkpoint.root)
    return checkpoint.size == receipt["size"] and is_there


def test_a_payment_is_proved_to_whom_it_belongs(live: Live) -> None:
    async def then(town: Town) -> None:
        for someone in (ANNE, BERT):
            move_in(town.runtime, someone, 2_000)
        transfer = await pay(town, "t1")
        key = (await town.call("GET", "/api/log/key")).body.decode()
        for caller in (ANNE, BERT, AUDITOR):
            told = await receipt(town, transfer, caller)
            assert told.status == 200, told
            assert holds(told.json(), key)
            assert told.json()["fact"]["debit"] == account_id(ANNE.id)
        for who in (ANNE, BERT):  # what an auditor saw of people is written down for them
            (seen,) = (await town.call("GET", "/api/me/access", caller=who)).json()
            assert (seen["reader"], seen["purpose"]) == (AUDITOR.id, "audit")
        assert (await receipt(town, transfer, EVE)).status == 404
        assert (await receipt(town, "nothing")).status == 404
        changed = told.json()
        changed["fact"]["amount_won"] += 1
        assert not holds(changed, key)
        newest = await town.call("GET", "/api/log/checkpoint")
        assert newest.body.decode() == changed["checkpoint"]
        tile = await town.call("GET", f"/api/log/tile/0/000.p/{changed['size']}")
        assert len(tile.body) == 32 * changed["size"]
        assert (await town.call("GET", "/api/log/tile/0/../../log-signing.key")).status == 404

    live(then)


def test_what_was_proven_is_counted(live: Live) -> None:
    async def then(town: Town) -> None:
        for someone in (ANNE, BERT):
            move_in(town.runtime, someone, 2_000)
        transfer = await pay(town, "t1")
        for caller in (ANNE, BERT, EVE, AUDITOR):
            await receipt(town, transfer, caller)
        for _ in range(2):  # noted once
            town.live.log.note_proven(town.runtime)
        await town.runtime.writer.durable()
        kpis = (await town.call("GET", "/api/kpis")).json()
        assert {kpi["name"]: kpi["value"] for kpi in kpis}["proofs_checked"] == 3.0

    live(then)


def test_a_certified_document_is_proved_to_who_signed_it(live: Live) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE, 2_000)
        body = {"sha256": "ab" * 32, "n_bytes": 5, "title": "유언"}
        made = await town.call("POST", "/api/me/documents", body, caller=ANNE)
        assert made.status == 200, made
        name = quote(f"platform/{made.json()['id']}", safe="")
        path = f"/api/log/facts/document/{name}/receipt"
        key = (await town.call("GET", "/api/log/key")).body.decode()
        told = await town.call("GET", path, caller=ANNE)
        assert told.status == 200, told
        assert holds(told.json(), key)
        assert told.json()["fact"]["title"] == "유언"
        for other in (BERT, AUDITOR, None):
            assert (await town.call("GET", path, caller=other)).status == 404
        checked = await town.call("GET", f"/api/documents?sha256={'ab' * 32}")
        assert [one["signer"] for one in checked.json()] == [None]

    live(then)


def test_what_became_of_an_account_is_its_owners(live: Live, database: dict[str, Any]) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE, 2_000)
        await town.runtime.writer.durable()
        await town.live.log.publish(town.live.reads)
        connection = await asyncpg.connect(url_of(database))
        found = await connection.fetch("SELECT fact, person FROM leaf WHERE kind = 'account'")
        await connection.close()
        assert {person for _, person in found} == {ANNE.id, None}
        for name, owner in found:
            path = f"/api/log/facts/account/{quote(name, safe='')}/receipt"
            for caller in (ANNE, BERT, AUDITOR, None):
                is_own = owner is not None and caller is ANNE
                told = await town.call("GET", path, caller=caller)
                assert told.status == (200 if is_own else 404), (name, caller)

    live(then)


def test_the_log_goes_on_after_a_restart_and_grows_consistently(live: Live) -> None:
    told: dict[str, Any] = {}

    async def first(town: Town) -> None:
        for someone in (ANNE, BERT):
            move_in(town.runtime, someone, 2_000)
        told["first"] = (await receipt(town, await pay(town, "t1"))).json()
        told["key"] = (await town.call("GET", "/api/log/key")).body

    async def second(town: Town) -> None:
        assert (await town.call("GET", "/api/log/key")).body == told["key"]
        later = await pay(town, "t2")
        async with asyncio.timeout(20):
            while (answer := await receipt(town, later)).status == 503:
                await asyncio.sleep(0.05)
        size = told["first"]["size"]
        assert answer.json()["size"] > size
        proof = (await town.call("GET", f"/api/log/consistency?from={size}")).json()
        assert parse_checkpoint(parse_note(proof["from"]).text).size == size
        assert holds(answer.json(), told["key"].decode())
        beyond = await town.call("GET", "/api/log/consistency?from=9999")
        assert beyond.status == 422

    live(first)
    live(second)


def test_a_database_that_lost_facts_is_not_signed(live: Live, database: dict[str, Any]) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE, 2_000)
        move_in(town.runtime, BERT)
        await receipt(town, await pay(town, "t1"))
        before = town.live.log.checkpoint
        connection = await asyncpg.connect(url_of(database))
        await connection.execute("DELETE FROM leaf WHERE place = (SELECT max(place) FROM leaf)")
        await connection.close()
        with pytest.raises(FactsAreMissing):
            await town.live.log.publish(town.live.reads)
        assert town.live.log.checkpoint == before

    live(then)


def test_facts_are_written_as_the_specification_says(live: Live) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE, 2_000)
        move_in(town.runtime, BERT)
        body: dict[str, Any] = {"transfer": '빵 \u007f\u2028"\\\n', "memo": "한\tg🍞"}
        body |= {"payee": BERT.id, "amount_won": 5}
        paid = await town.call("POST", "/api/me/transfers", body, caller=ANNE)
        told = await receipt(town, paid.json())
        key = (await town.call("GET", "/api/log/key")).body.decode()
        assert holds(told.json(), key)

    live(then)


def test_a_receipt_says_where_its_checkpoint_is_anchored(live: Live) -> None:
    told: dict[str, Any] = {}

    async def first(town: Town) -> None:
        for someone in (ANNE, BERT):
            move_in(town.runtime, someone, 2_000)
        transfer = await pay(town, "t1")
        assert "anchor" not in (await receipt(town, transfer)).json()
        await town.live.log.anchor()
        told["transfer"], told["anchored"] = transfer, (await receipt(town, transfer)).json()
        anchor = told["anchored"]["anchor"]
        assert anchor["number"] == 0
        assert anchor["transaction"].startswith("0x")
        key = (await town.call("GET", "/api/log/key")).body.decode()
        assert holds(told["anchored"], key)
        state = (await town.call("GET", "/api/log")).json()
        assert (state["facts"], state["chain_why"]) == (state["signed"], "")

    async def second(town: Town) -> None:
        """The chain is there again, and goes on with the longer log."""
        async with asyncio.timeout(30):
            while (await receipt(town, told["transfer"])).json() != told["anchored"]:
                await asyncio.sleep(0.05)
        await pay(town, "t2")
        await town.live.log.publish(town.live.reads)
        await town.live.log.anchor()
        later = (await receipt(town, f"{account_id(ANNE.id)}:t2")).json()
        assert later["anchor"]["number"] == 1
        assert later["anchor"]["contract"] == told["anchored"]["anchor"]["contract"]

    live(first)
    live(second)


def test_a_receipt_is_of_one_checkpoint_while_the_next_is_signed(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the note of a log that grew and its tiles, and while the chain is asked."""

    async def then(town: Town) -> None:
        log = town.live.log
        for someone in (ANNE, BERT):
            move_in(town.runtime, someone, 2_000)
        transfer = await pay(town, "t1")
        await log.publish(town.live.reads)
        halfway, goes_on = threading.Event(), threading.Event()
        grown, covering = Tiles.grown, CityLog.covering

        def wait(tiles: Tiles, size: int, root: bytes) -> Tiles:
            halfway.set()
            goes_on.wait(20)
            return grown(tiles, size, root)

        async def meanwhile(log: CityLog, size: int) -> Any:
            goes_on.set()
            await publishing
            return await covering(log, size)

        monkeypatch.setattr(Tiles, "grown", wait)
        await pay(town, "t2")
        publishing = asyncio.create_task(log.publish(town.live.reads))
        await asyncio.to_thread(halfway.wait, 20)
        assert (await town.call("GET", "/api/log/consistency?from=1")).status == 200
        monkeypatch.setattr(CityLog, "covering", meanwhile)
        told = await receipt(town, transfer)
        assert told.status == 200, told
        assert holds(told.json(), log.key.text())

    live(then)


def test_who_is_cancelled_leaves_no_second_writer_behind(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the database goes while the log is signed: the city comes back at once."""
    halfway, goes_on = threading.Event(), threading.Event()
    publish, writers = Log.publish, 0

    def wait(log: Log) -> Note:
        nonlocal writers
        writers += 1
        halfway.set()
        goes_on.wait(20)
        return publish(log)

    async def then(town: Town) -> None:
        log = town.live.log
        for someone in (ANNE, BERT):
            move_in(town.runtime, someone, 2_000)
        await pay(town, "t1")
        await log.publish(town.live.reads)
        before = log.checkpoint
        await pay(town, "t2")
        monkeypatch.setattr(Log, "publish", wait)
        publishing = asyncio.create_task(log.publish(town.live.reads))
        await asyncio.to_thread(halfway.wait, 20)
        publishing.cancel()
        again = asyncio.create_task(log.publish(town.live.reads))
        await asyncio.sleep(0.5)
        assert (log.checkpoint, writers) == (before, 1)
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await publishing
        await again
        assert log.signed.size == town.runtime.writer.n_leaves

    live(then)


def test_a_chain_is_nobody_elses_before_its_last_step_is_over(tmp_path: Path) -> None:
    def opened() -> Anchors:
        return Anchors(tmp_path, "a/log", lambda: Tiles(tmp_path, 0, EMPTY_ROOT), lambda _: "")

    halfway, goes_on = threading.Event(), threading.Event()

    def hang(now_s: float) -> Stage:
        halfway.set()
        goes_on.wait(20)
        return Stage.IDLE

    first = opened()
    first._anchoring.step = hang  # type: ignore[method-assign]
    stepping = threading.Thread(target=first.step)
    stepping.start()
    halfway.wait(20)
    first.close()
    with pytest.raises(Conflict):
        opened()
    goes_on.set()
    stepping.join(20)
    opened().close()


def test_an_old_receipt_is_had_while_the_chain_is_away(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which checkpoint covers an old fact only the chain knows; that it is signed, the city."""

    async def then(town: Town) -> None:
        for someone in (ANNE, BERT):
            move_in(town.runtime, someone, 2_000)
        transfer = await pay(town, "t1")
        await town.live.log.publish(town.live.reads)
        await town.live.log.anchor()

        def away(*_: object) -> None:
            raise Unavailable("the node is away")

        monkeypatch.setattr(Anchors, "is_old", lambda *_: True)
        monkeypatch.setattr(Anchors, "covering", away)
        monkeypatch.setattr(city_log, "COVERING_S", 0.05)
        told = await receipt(town, transfer)
        assert told.status == 200, told
        assert "anchor" not in told.json()
        asked, goes_on = threading.Event(), threading.Event()

        def hang(*_: object) -> None:
            asked.set()
            goes_on.wait(60)

        monkeypatch.setattr(Anchors, "covering", hang)
        hanging = asyncio.create_task(town.live.log.covering(1))
        await asyncio.to_thread(asked.wait, 20)
        assert (await receipt(town, transfer)).status == 200
        goes_on.set()
        await hanging

    live(then)


def test_whoever_waits_for_the_chain_holds_up_no_receipt(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    monkeypatch.setattr(CityLog, "_step", lambda _: goes_on.wait(60))

    async def then(town: Town) -> None:
        log = town.live.log
        for someone in (ANNE, BERT):
            move_in(town.runtime, someone, 2_000)
        await pay(town, "t1")
        await log.publish(town.live.reads)
        hanging = asyncio.create_task(log.anchor())
        try:
            transfer = await pay(town, "t2")
            await log.publish(town.live.reads)
            assert (await receipt(town, transfer)).status == 200
            assert not hanging.done()
        finally:
            goes_on.set()
        await hanging

    live(then)


def test_a_log_whose_tiles_are_gone_is_made_again_and_is_the_same(
    live: Live, tmp_path: Path, database: dict[str, Any]
) -> None:
    """As after a restore, which brings the database and the keys and no tiles."""
    told: dict[str, Any] = {}

    async def first(town: Town) -> None:
        for someone in (ANNE, BERT):
            move_in(town.runtime, someone, 2_000)
        await pay(town, "t1")
        await town.live.log.publish(town.live.reads)
        await town.live.log.anchor()
        told["checkpoint"] = town.live.log.checkpoint

    async def again(town: Town) -> None:
        await town.live.log.publish(town.live.reads)
        assert town.live.log.checkpoint == told["checkpoint"]

    async def older(town: Town) -> None:
        """The chain was told of more than this database holds."""
        with pytest.raises(FactsAreMissing):
            await town.live.log.publish(town.live.reads)

    live(first)
    shutil.rmtree(tmp_path / "state/log")
    live(again)
    shutil.rmtree(tmp_path / "state/log")

    async def lose() -> None:
        connection = await asyncpg.connect(**database)
        await connection.execute("DELETE FROM leaf WHERE place > 1")
        await connection.close()

    asyncio.run(lose())
    live(older)
