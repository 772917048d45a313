"""Personal data: sealed on disk, forgotten on request, and its readers shown to the person."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from hapgang.app.load import read_item
from hapgang.contract import Role
from hapgang.core.errors import Unavailable
from tests.living import Town, run, url_of
from tests.village import NAME, move_in, person

ANNE, BERT = person("anne"), person("bert")
OPERATOR, COUNTER = person("op", Role.OPERATOR), person("counter", Role.AGENCY)
SECRET = "my knee hurts"
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


async def query(database: Mapping[str, Any], sql: str, *values: Any) -> list[Any]:
    connection = await asyncpg.connect(url_of(database))
    try:
        return [tuple(row) for row in await connection.fetch(sql, *values)]
    finally:
        await connection.close()


async def everything_on_disk(database: Mapping[str, Any]) -> bytes:
    tables = await query(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = [
        await query(database, f"SELECT t::text FROM {table} AS t") for (table,) in sorted(tables)
    ]
    binary = await query(
        database,
        "SELECT body FROM feed UNION ALL SELECT result FROM answer"
        " UNION ALL SELECT sealed FROM entity WHERE sealed IS NOT NULL",
    )
    return repr(found).encode() + b"".join(row[0] for row in binary)


def test_personal_words_are_never_on_disk_in_the_clear(
    live: Live, database: dict[str, Any]
) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE)
        body = {"text": SECRET}
        headers = {"idempotency-key": "k"}
        made = await town.call("POST", "/api/test/village/diaries", body, caller=ANNE,
                               headers=headers)  # fmt: skip
        assert made.status == 200
        bad = {"id": ANNE.id, "type": "Person", "ageBand": "30-39", "licence": SECRET}
        taken = await town.call("POST", "/api/collect", {"origin": "feed", "records": [bad]},
                                caller=OPERATOR)  # fmt: skip
        assert taken.json()["accepted"] == 0
        shown = await town.call("GET", "/api/quarantine", caller=OPERATOR)
        assert SECRET in shown.body.decode()
        await town.call("DELETE", f"/api/test/village/diaries/{made.json()}", caller=ANNE)
        kept = await everything_on_disk(database)
        assert ANNE.id.encode() in kept
        for secret in (SECRET, "30-39"):
            assert secret.encode() not in kept
        (history, *_) = await town.live.reads.history(made.json(), 5)
        assert history.person == ANNE.id

    live(then)


def test_what_an_office_was_answered_of_somebody_is_sealed_as_well(
    live: Live, database: dict[str, Any]
) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE)
        words = {"person": ANNE.id, "name": SECRET, "born": "1990-05-02", "living_zone": "5-1",
                 "since": "2020-01-01"}  # fmt: skip
        for path in ("/api/register", "/api/register/search", "/api/register/search"):
            headers = {"idempotency-key": path}
            asked = words if path.endswith("register") else {"person": ANNE.id}
            told = await town.call("POST", path, asked, caller=COUNTER, headers=headers)
            assert SECRET in told.body.decode(), told.body
        kept = await everything_on_disk(database)
        assert SECRET.encode() not in kept
        assert b"1990-05-02" not in kept

    live(then)


def test_forgetting_makes_the_past_unreadable(live: Live, database: dict[str, Any]) -> None:
    ids: list[str] = []

    async def before(town: Town) -> None:
        for caller in (ANNE, BERT):
            move_in(town.runtime, caller)
            for _ in range(2):
                made = await town.call(
                    "POST", "/api/test/village/diaries", {"text": SECRET}, caller=caller
                )
                ids.append(made.json())
        for diary in ids[::2]:  # closed ones are forgotten as well
            caller = ANNE if diary in ids[:2] else BERT
            await town.call("DELETE", f"/api/test/village/diaries/{diary}", caller=caller)
        assert (await town.call("DELETE", "/api/me", caller=ANNE)).status == 200
        await look(town)

    async def look(town: Town) -> None:
        for diary in ids:
            rows = await town.live.reads.history(diary, 9)
            opened = [read_item(row, town.live.vault) for row in rows if row.kind == "created"]
            assert len(opened) == 1
            assert (opened[0] is None) is (diary in ids[:2])
            assert (await town.live.reads.find_entity(diary) is None) is (diary in ids[:2])
            assert (town.runtime.closed.find(diary) is None) is (diary != ids[2])
        assert town.runtime.state.get(ANNE.id) is None
        keys = await query(database, "SELECT person FROM person_key ORDER BY person")
        assert keys == [(BERT.id,)]
        wallet = (await town.call("GET", "/api/me/wallet", caller=ANNE)).json()
        assert wallet["balance_won"] == 10_000

    live(before)
    live(look)

    async def again(town: Town) -> None:
        move_in(town.runtime, ANNE)
        made = await town.call("POST", "/api/test/village/diaries", {"text": "new"}, caller=ANNE)
        assert made.status == 200

    live(again)

    async def after(town: Town) -> None:
        assert town.runtime.state.get(ANNE.id) is not None

    live(after)


def test_people_see_who_looked(live: Live) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE)
        await town.call("POST", "/api/test/village/diaries", {"text": SECRET}, caller=ANNE)
        await town.call("GET", "/api/test/village/diaries", caller=OPERATOR)
        await town.call("GET", "/api/test/neighbour/ages", caller=BERT)
        lines = (await town.call("GET", "/api/me/access", caller=ANNE)).json()
        seen = [
            (line["reader"], line["service"], line["purpose"], line["fields"]) for line in lines
        ]
        assert seen[:2] == [
            (BERT.id, "test.neighbour", "greeting", "age_band"),
            (OPERATOR.id, NAME, "its own records", "*"),
        ]
        assert (await town.call("GET", "/api/me/access", caller=BERT)).json() == []

    live(then)


def test_a_wrong_master_key_is_told_at_once(live: Live, tmp_path: Path) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE)
        await town.runtime.writer.durable()

    live(then)
    (tmp_path / "state" / "master.key").write_bytes(bytes(32))
    with pytest.raises(Unavailable, match=r"Put back the master\.key"):
        live(then)
