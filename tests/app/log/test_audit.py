"""A ledger is exported and audited with the city off; whatever was changed behind it is found."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from hapgang.app.log.export import export_ledger
from hapgang.core.errors import Conflict
from hapgang.runtime.perform import PLATFORM
from hapgang.writer.postgres import Postgres
from tests.conftest import command
from tests.living import Town, run
from tests.village import dig, move_in, person, reserve, settle

ANNE, BERT = person("anne"), person("bert")
SOURCE = "audited"
AUDIT = Path(__file__).resolve().parents[3] / "verifier" / "audit.py"


@pytest.fixture(scope="module")
def source(
    server: Postgres, small_city: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str]]:
    """A city that people paid in, ended: its folder, and the key that everybody knows."""
    told: dict[str, str] = {}
    state = tmp_path_factory.mktemp("audited") / "state"

    async def then(town: Town) -> None:
        runtime = town.runtime
        for someone in (ANNE, BERT):
            move_in(runtime, someone, 5_000)
        runtime.perform(dig, PLATFORM, well="a")
        for name in ("t1", "t2", "t3"):
            body = {"transfer": name, "payee": BERT.id, "amount_won": 7}
            assert (await town.call("POST", "/api/me/transfers", body, caller=ANNE)).status == 200
        for price_won in (40, 0):
            hold = runtime.perform(reserve, ANNE, price_won=100)
            runtime.perform(settle, ANNE, hold=hold, price_won=price_won)
        runtime.perform(reserve, ANNE, price_won=100)
        await runtime.writer.durable()
        await town.live.log.publish(town.live.reads)
        told["key"] = (await town.call("GET", "/api/log/key")).body.decode()

    command(server, f"CREATE DATABASE {SOURCE}")
    run(then, {**server.connect_kwargs, "database": SOURCE}, small_city, state)
    yield state, told["key"]
    command(server, f"DROP DATABASE {SOURCE} WITH (FORCE)")


@pytest.fixture
def city(source: tuple[Path, str]) -> tuple[Path, str]:
    return source


@pytest.fixture
def database(server: Postgres, source: tuple[Path, str]) -> Iterator[dict[str, Any]]:
    """How to connect to a copy of that city's database."""
    command(server, f"CREATE DATABASE {SOURCE}_copy TEMPLATE {SOURCE}")
    yield {**server.connect_kwargs, "database": f"{SOURCE}_copy"}
    command(server, f"DROP DATABASE {SOURCE}_copy WITH (FORCE)")


def audit(folder: Path, key: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(AUDIT), str(folder), "--key", key], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def exported(database: dict[str, Any], state: Path, to: Path) -> Path:
    asyncio.run(export_ledger(state, "small", database, to))
    return to


def change(database: dict[str, Any], sql: str) -> None:
    async def run_sql() -> None:
        connection = await asyncpg.connect(**database)
        await connection.execute(sql)
        await connection.close()

    asyncio.run(run_sql())


def test_an_honest_ledger_is_what_was_signed(
    database: dict[str, Any], city: tuple[Path, str], tmp_path: Path
) -> None:
    state, key = city
    folder = exported(database, state, tmp_path / "audit")
    status, said = audit(folder, key)
    assert (status, "what was signed" in said) == (0, True), said
    with pytest.raises(Conflict):
        exported(database, state, folder)
    other, said = audit(folder, key.replace("small", "other"))
    assert other == 1
    assert "Traceback" not in said


TAMPERED = {
    "an amount": "UPDATE transfer SET amount_won = 8 WHERE id LIKE '%t2'",
    "a payee": "UPDATE transfer SET credit = debit WHERE id LIKE '%t2'",
    "a payer": "UPDATE transfer SET debit = credit WHERE id LIKE '%t2'",
    "a memo": "UPDATE transfer SET memo = 'rent' WHERE id LIKE '%t2'",
    "a step": "UPDATE transfer SET step = 'released' WHERE id LIKE '%t2'",
    "an instant": "UPDATE transfer SET at = at + interval '1 second' WHERE id LIKE '%t2'",
    "what it is of": "UPDATE transfer SET of = 'x' WHERE id LIKE '%t2'",
    "an end": "UPDATE transfer SET until = at WHERE id LIKE '%t2'",
    "an id": "UPDATE transfer SET id = id || 'x' WHERE id LIKE '%t2'",
    "a transfer removed": "DELETE FROM transfer WHERE id LIKE '%t2'",
    "a transfer and its leaf removed": "WITH gone AS (DELETE FROM transfer WHERE id LIKE '%t3'"
    " RETURNING id) DELETE FROM leaf WHERE fact IN (SELECT id FROM gone)",
    "a transfer added": "INSERT INTO transfer SELECT id || 'y', seq, at, debit, credit, amount_won,"
    " step, of, memo, until FROM transfer WHERE id LIKE '%t2'",
    "a balance": "UPDATE account SET balance_won = balance_won + 1 WHERE owner LIKE '%anne'",
    "what is held": "UPDATE account SET held_won = 0 WHERE owner LIKE '%anne'",
    "an owner": "UPDATE account SET owner = 'urn:ngsi-ld:Person:eve' WHERE owner LIKE '%anne'",
    "a floor": "UPDATE account SET floor_won = -9999 WHERE owner LIKE '%anne'",
    "a kind": "UPDATE account SET kind = 'agency' WHERE owner LIKE '%anne'",
    "a state": "UPDATE account SET state = 'frozen' WHERE owner LIKE '%anne'",
    "an account removed": "DELETE FROM account WHERE owner LIKE '%bert'",
    "an account added": "INSERT INTO account VALUES ('x', 'agency', 'x', null, 5, 0, 'open')",
    "a commitment": "UPDATE leaf SET commitment = sha256('x') WHERE fact LIKE '%t2'",
    "leaves that changed places": "UPDATE leaf SET place = -place - 1;"
    " UPDATE leaf SET place = (CASE place WHEN -2 THEN 2 WHEN -3 THEN 1 ELSE -place - 1 END)",
    "a fact": "UPDATE leaf SET body = convert_to(replace(convert_from(body, 'UTF8'), 'treasury',"
    " 'treasure'), 'UTF8') WHERE kind = 'account' AND person IS NULL",
    "the kind of a leaf": "UPDATE leaf SET kind = 'other' WHERE fact LIKE '%t2'",
    "whose it is": "UPDATE leaf SET body = null WHERE kind = 'account' AND person LIKE '%anne'",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_behind_the_ledger_is_found(
    database: dict[str, Any], city: tuple[Path, str], tmp_path: Path, what: str
) -> None:
    state, key = city
    change(database, TAMPERED[what])
    status, said = audit(exported(database, state, tmp_path / "audit"), key)
    assert status == 1, what
    assert "Traceback" not in said


def test_who_changes_all_and_signs_anew_cannot_have_signed_before(
    database: dict[str, Any], city: tuple[Path, str], tmp_path: Path
) -> None:
    """With the city's own keys a whole log can be made anew: the older checkpoint tells."""
    state, key = city
    folder = exported(database, state, tmp_path / "audit")
    before = (folder / "checkpoint").read_bytes()
    lines = (folder / "leaves.jsonl").read_text().replace('"amount_won":7', '"amount_won":9')
    (folder / "leaves.jsonl").write_text(lines)
    (folder / "checkpoint").write_bytes(before)
    status, said = audit(folder, key)
    assert status == 1
    assert "not those that were signed" in said


def test_damaged_files_are_told_in_a_sentence(
    database: dict[str, Any], city: tuple[Path, str], tmp_path: Path
) -> None:
    state, key = city
    folder = exported(database, state, tmp_path / "audit")
    finds: list[Callable[[], object]] = [
        lambda: (folder / "leaves.jsonl").write_text('{"index": 0'),
        lambda: (folder / "checkpoint").write_text("nothing"),
        (folder / "accounts.jsonl").unlink,
    ]
    for damage in finds:
        damage()
        status, said = audit(folder, key)
        assert status == 1
        assert "Traceback" not in said


def test_what_was_forgotten_is_no_loss(
    database: dict[str, Any], city: tuple[Path, str], tmp_path: Path
) -> None:
    state, key = city
    change(database, f"SELECT forget_people(ARRAY['{ANNE.id}'])")
    folder = exported(database, state, tmp_path / "audit")
    status, said = audit(folder, key)
    assert (status, "1 of them forgotten" in said) == (0, True), said
    facts = (folder / "leaves.jsonl").read_text()
    assert '"gone":"forgotten"' in facts
