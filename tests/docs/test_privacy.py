"""What the page on privacy says of forgetting, checked on disk."""

import asyncio
import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from hapgang.app.wiring import DATABASE_URL, LiveCity
from hapgang.contract import Caller, Role
from hapgang.core.vocabulary.people import AgeBand
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.people import forget_me, give_consent, register_person
from hapgang.services.mobility.sharing.actions import rent, return_vehicle
from hapgang.services.mobility.sharing.model import Vehicle
from tests.docs.pages import ROOT
from tests.small_city import write_small_city

RIDER = Caller("urn:ngsi-ld:Person:zq7x", Role.RESIDENT)
NAME = "zq7x"


def promised() -> set[str]:
    """The columns in which the page says that the person's id stays."""
    page = (ROOT / "docs" / "privacy.md").read_text("utf-8")
    _, _, rest = page.partition("<!-- what stays -->")
    rows, _, _ = rest.partition("<!-- end of what stays -->")
    cells = re.findall(r"^\| (`.*?) \|", rows, re.MULTILINE)
    return {column for cell in cells for column in re.findall(r"`(\w+\.\w+)`", cell)}


def ride(runtime: Runtime) -> None:
    runtime.perform(
        register_person, PLATFORM, person=RIDER.id, age_band=AgeBand.THIRTIES, licence=True,
        balance_won=50_000,
    )  # fmt: skip
    runtime.perform(give_consent, RIDER, purpose="research")
    found = (record.view for record in runtime.state.of_type("PersonalMobilityVehicle"))
    vehicle = next(v for v in found if isinstance(v, Vehicle) and v.kind == "closed")
    rental = runtime.perform(rent, RIDER, vehicle=vehicle.id)
    runtime.perform(return_vehicle, RIDER, rental=rental.id, location=vehicle.location)


async def names_on_disk(database: dict[str, Any]) -> set[str]:
    """Return every column of every table that bears the person's id, sealed or not."""
    connection = await asyncpg.connect(**database)
    found = set()
    tables = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    for (table,) in tables:
        for row in await connection.fetch(f"SELECT * FROM {table}"):
            for column, value in row.items():
                text = value if isinstance(value, bytes) else str(value).encode()
                if NAME.encode() in text:
                    found.add(f"{table}.{column}")
    await connection.close()
    return found


def test_what_stays_of_somebody_who_was_forgotten(
    tmp_path: Path, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = "&".join(f"{k}={database[k]}" for k in ("host", "port", "user"))
    monkeypatch.setenv(DATABASE_URL, f"postgresql:///{database['database']}?{where}")
    model = write_small_city(tmp_path / "small", services='"mobility.sharing"')
    (tmp_path / "state").mkdir(mode=0o700)

    async def live_through() -> tuple[set[str], set[str]]:
        city = LiveCity(model, "plan", state=tmp_path / "state")
        running = asyncio.create_task(city.run())
        await city.in_charge.wait()
        ride(city.runtime)
        await city.runtime.writer.durable()
        before = await names_on_disk(database)
        city.runtime.perform(forget_me, RIDER)
        await city.runtime.writer.durable()
        after = await names_on_disk(database)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return before, after

    before, after = asyncio.run(live_through())
    assert "person_key.person" in before
    assert after == promised()
