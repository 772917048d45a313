"""Forms of the city's database: an older one is brought up step by step, a newer one is refused.

`schema.sql` says the newest form, and what is merely missing (a table, an index, a function) it
makes. A step is for what that cannot do: a column more, rows that mean something else. Whoever
changes a table that lies on disks out there raises `FORM` by one and adds the step. Steps are never
changed afterwards, and all that a database needs are done in one transaction, with the schema.
"""

from importlib.resources import files
from typing import Any

import asyncpg

from hapgang.core.errors import Conflict

FORM = 3
_LOCK = "SELECT pg_advisory_xact_lock(7040, 3)"
_FORM = "SELECT form FROM meta"

# What a function looks like changes with its arguments, and the old one would stay beside the new.
_DROP_COMMITS = """
    DO $$ DECLARE old text; BEGIN
        FOR old IN SELECT oid::regprocedure FROM pg_proc
            WHERE proname = 'commit_group' AND pronamespace = current_schema()::regnamespace
        LOOP EXECUTE 'DROP FUNCTION ' || old; END LOOP;
    END $$
"""
_FROM_1 = """
    ALTER TABLE answer ADD COLUMN IF NOT EXISTS person text;
    UPDATE feed SET caller = '' WHERE caller LIKE 'urn:ngsi-ld:Person:%';
"""
_FROM_2 = """
    ALTER TABLE account ADD COLUMN state text NOT NULL DEFAULT 'open';
    ALTER TABLE transfer ADD COLUMN until timestamptz;
"""
STEPS = {1: _FROM_1, 2: _FROM_2}  # from which form: what leads to the next


class NewerForm(Conflict):
    """The database was written by a newer Hapgang than this one."""


async def check_form(connection: "asyncpg.Connection[Any]") -> int:
    """Return the form of a database, 0 of an empty one; `NewerForm` where it is not known here."""
    if await connection.fetchval("SELECT to_regclass('meta')") is None:
        return 0
    found: int = await connection.fetchval(_FORM) or 0
    if found > FORM:
        raise NewerForm(
            f"The city's database has form {found}, and this Hapgang knows forms up to {FORM}: run"
            " the newer Hapgang that wrote it, or restore a backup that was made before.",
            f"도시 데이터베이스의 형식은 {found}인데 이 Hapgang은 {FORM}까지만 압니다. 그것을 쓴"
            " 더 새로운 Hapgang을 실행하거나, 그 전에 만든 백업을 복원하세요.",
        )
    return found


async def bring_up(connection: "asyncpg.Connection[Any]") -> tuple[int, int]:
    """Bring a database to today's form, or leave it as it was; return which form it had and has.

    Only the writer in charge may: another one may be using what a step changes.
    """
    schema = files("hapgang.writer").joinpath("schema.sql").read_text("utf-8")
    async with connection.transaction():
        await connection.execute(_LOCK)
        await connection.execute("SET LOCAL client_min_messages = warning")
        found = await check_form(connection)
        for form in range(found, FORM) if found else ():
            await connection.execute(STEPS[form])
        await connection.execute(_DROP_COMMITS)
        await connection.execute(schema)
        await connection.execute("UPDATE meta SET form = $1", FORM)
    return found, FORM
