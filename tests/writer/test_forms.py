"""A city of the oldest form is brought up in place; one of a newer form is left alone."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from hapgang.contract import Role
from hapgang.hub.privacy import KeyVault
from hapgang.writer import forms
from hapgang.writer.forms import FORM, NewerForm
from hapgang.writer.journal import Journal
from tests.living import Town, run
from tests.village import person

pytestmark = pytest.mark.slow  # a database for each
OLDEST = Path(__file__).with_name("forms") / "form_1.sql"
Database = dict[str, Any]
DEVICE = person("gate", Role.DEVICE)
OPERATOR = person("op", Role.OPERATOR)
LAMP = "/ngsi-ld/v1/entities/urn:ngsi-ld:Lamp:1"
COMMITS = "SELECT count(*) FROM pg_proc WHERE proname = 'commit_group'"


async def on_disk(database: Database, query: str) -> Any:
    connection = await asyncpg.connect(**database)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def command(database: Database, sql: str) -> None:
    connection = await asyncpg.connect(**database)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def take_charge(database: Database) -> None:
    journal = await Journal.open(KeyVault(bytes(32)), **database)
    try:
        await journal.take_charge(wait=False)
    finally:
        await journal.close()


@pytest.fixture
def oldest(database: Database) -> Database:
    asyncio.run(command(database, OLDEST.read_text("utf-8")))
    return database


def test_a_city_of_the_oldest_form_goes_on(
    oldest: Database, small_city: Path, tmp_path: Path
) -> None:
    (tmp_path / "master.key").write_bytes(bytes(32))

    async def then(town: Town) -> None:
        lamp = (await town.call("GET", LAMP, caller=OPERATOR)).json()
        assert lamp["power"]["value"] == 40
        assert town.runtime.book.total_won() == 0
        key = {"Idempotency-Key": "k2"}
        drawn = {"id": "urn:ngsi-ld:Lamp:2", "type": "Lamp"}
        for _ in range(2):
            made = await town.call(
                "POST", "/ngsi-ld/v1/entities", drawn, caller=OPERATOR, headers=key
            )
            assert made.status == 201, made.body
        history = await town.call("GET", LAMP.replace("v1/", "v1/temporal/"), caller=OPERATOR)
        assert history.status == 200, history.body

    for _ in range(2):
        run(then, oldest, small_city, tmp_path)
    assert asyncio.run(on_disk(oldest, "SELECT form FROM meta")) == FORM
    assert asyncio.run(on_disk(oldest, COMMITS)) == 1
    assert asyncio.run(on_disk(oldest, "SELECT caller FROM feed WHERE position = 1")) == ""
    assert asyncio.run(on_disk(oldest, "SELECT epoch FROM meta")) == 9


def test_a_step_that_fails_changes_nothing(
    oldest: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = forms.STEPS[1] + "SELECT 1 / 0;"
    monkeypatch.setattr(forms, "STEPS", {1: broken})
    with pytest.raises(asyncpg.DivisionByZeroError):
        asyncio.run(take_charge(oldest))
    assert asyncio.run(on_disk(oldest, "SELECT form FROM meta")) == 1
    assert asyncio.run(on_disk(oldest, "SELECT to_regclass('forgotten')")) is None
    monkeypatch.undo()
    asyncio.run(take_charge(oldest))
    assert asyncio.run(on_disk(oldest, "SELECT form FROM meta")) == FORM


def test_a_newer_form_is_refused_and_left_alone(database: Database) -> None:
    asyncio.run(take_charge(database))
    asyncio.run(command(database, f"UPDATE meta SET form = {FORM + 1}, epoch = 40"))
    with pytest.raises(NewerForm, match="run the newer Hapgang"):
        asyncio.run(take_charge(database))
    assert asyncio.run(on_disk(database, "SELECT epoch FROM meta")) == 40


def test_every_form_has_a_step_to_the_next() -> None:
    assert list(forms.STEPS) == list(range(1, FORM))
