"""The peer: PostgreSQL itself, one durable transaction for each update or transfer."""

import asyncio
import re
import statistics
import subprocess
from pathlib import Path

import asyncpg

from benchmarks.database import scratch_server
from hapgang.writer.postgres import Postgres, programs

# PostgreSQL takes 50 connections as the city starts it; a few are for its owner.
CLIENTS = 45
NAME = f"PostgreSQL, a transaction each, {CLIENTS} clients"
_RUNS, _SECONDS = 3, 4
_TABLES = """
    CREATE TABLE thing (id int PRIMARY KEY, doc jsonb NOT NULL, modified timestamptz NOT NULL);
    CREATE TABLE news (position bigserial PRIMARY KEY, thing int NOT NULL, body bytea NOT NULL);
    CREATE TABLE purse (id int PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
    CREATE TABLE moved (id bigserial PRIMARY KEY, debit int, credit int, amount bigint);
    INSERT INTO thing SELECT i, '{"value": {"type": "Property", "value": 0}}', now()
        FROM generate_series(1, 5000) AS i;
    INSERT INTO purse SELECT i, 1000000000 FROM generate_series(1, 64) AS i;
"""
_UPDATE = r"""
\set id random(1, 5000)
BEGIN;
UPDATE thing SET modified = now(),
    doc = jsonb_set(doc, '{value,value}', to_jsonb((doc->'value'->>'value')::int + 1))
    WHERE id = :id;
INSERT INTO news (thing, body) VALUES (:id, '{"value": {"type": "Property", "value": 1}}');
COMMIT;
"""
_TRANSFER = r"""
\set a random(1, 63)
\set b {payee}
BEGIN;
UPDATE purse SET balance = balance - 1 WHERE id = :a;
UPDATE purse SET balance = balance + 1 WHERE id = :b;
INSERT INTO moved (debit, credit, amount) VALUES (:a, :b, 1);
COMMIT;
"""


def updates_per_s() -> float:
    """Return how many updates with a line of history PostgreSQL does in a second."""
    return _measure(_UPDATE)


def transfers_per_s() -> float:
    """Return how many transfers between 64 accounts PostgreSQL does in a second."""
    return _measure(_TRANSFER.format(payee="random(:a + 1, 64)"))


def transfers_one_account_per_s() -> float:
    """Return how many transfers to one account PostgreSQL does in a second."""
    return _measure(_TRANSFER.format(payee="64"))


def _measure(script: str) -> float:
    with scratch_server() as server:
        asyncio.run(_make(server))
        file = server.folder / "script.sql"
        file.write_text(script)
        return round(statistics.median(_run(server, file) for _ in range(_RUNS)))


async def _make(server: Postgres) -> None:
    connection = await asyncpg.connect(**server.connect_kwargs)
    await connection.execute(_TABLES)
    await connection.close()


def _run(server: Postgres, script: Path) -> float:
    reach = server.connect_kwargs
    done = subprocess.run(
        [
            programs(server.folder / "pg") / "pgbench",
            *("--host", reach["host"], "--username", reach["user"], "--no-vacuum"),
            *("--client", str(CLIENTS), "--jobs", "1", "--time", str(_SECONDS)),
            *("--protocol", "prepared", "--file", str(script), reach["database"]),
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1])
