"""Two living cities on two databases, which recognise each other and take each other's currency."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from hapgang.app.settings import DATABASE_URL
from hapgang.contract import Caller, Role
from hapgang.ledger.till import account_id
from tests.living import Answer, Town, living, url_of
from tests.village import move_in, person

OFFICE, COUNCIL = person("office", Role.AGENCY), person("council", Role.AGENCY)
OPERATOR = person("operator", Role.OPERATOR)
MINA, EVE = person("mina"), person("eve")
GUEST, OTHER = person("guest", Role.VISITOR), person("other", Role.VISITOR)
DAY_WON, OUTSTANDING_WON = 50_000, 80_000


def model_of(small_city: Path, folder: Path, name: str) -> Path:
    """Copy the small city under another name."""
    model = folder / f"model-{name}"
    shutil.copytree(small_city, model)
    facts = (model / "city.toml").read_text("utf-8").splitlines()
    lines = [f'name = "{name}"' if line.startswith("name ") else line for line in facts]
    (model / "city.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return model


@asynccontextmanager
async def alive(
    database: dict[str, Any], model: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    monkeypatch.setenv(DATABASE_URL, url_of(database))
    async with living(model, state) as town:
        yield town


async def post(town: Town, caller: Caller, path: str, **body: Any) -> Answer:
    return await town.call("POST", f"/api{path}", body, caller=caller)


async def done(town: Town, caller: Caller, path: str, **body: Any) -> Any:
    answer = await post(town, caller, path, **body)
    assert answer.status == 200, answer.body
    return answer.json()


async def get(town: Town, caller: Caller | None, path: str) -> Any:
    answer = await town.call("GET", f"/api{path}", caller=caller)
    assert answer.status == 200, answer.body
    return answer.json()


async def signed_log(town: Town) -> tuple[str, str]:
    """Return a city's log's key, and its newest checkpoint, of which there is one."""
    await town.runtime.writer.durable()
    await town.live.log.publish(town.live.reads)
    key = (await town.call("GET", "/api/log/key")).body.decode()
    return key, (await town.call("GET", "/api/log/checkpoint")).body.decode()


def origin_of(town: Town) -> str:
    return f"hapgang/{town.live.scene.name}"


async def recognise(here: Town, there: Town, **more: Any) -> str:
    """Let a city recognise another by two offices; return its id."""
    key, checkpoint = await signed_log(there)
    asked = await done(
        here, OFFICE, "/recognised-cities", title_en=there.live.scene.name, title_ko="이웃",
        origin=origin_of(there), keys=[key], checkpoint=checkpoint, **more,
    )  # fmt: skip
    path = f"/recognised-cities/{quote(asked['id'], safe='')}/approve"
    await done(here, COUNCIL, path, keys=[key], contract=asked["contract"])
    return str(asked["id"])


async def agree(here: Town, there: Town, known: str, **more: Any) -> str:
    """Let two cities that know each other sign an agreement; return its id."""
    until = (datetime.now(UTC) + timedelta(days=200)).isoformat()
    asked = await done(
        here, OFFICE, "/currency-agreements", city_name=known,
        **{"day_won": DAY_WON, "outstanding_won": OUTSTANDING_WON, "until": until, **more},
    )  # fmt: skip
    path = f"/currency-agreements/{quote(asked['id'], safe='')}"
    signed = await done(here, COUNCIL, f"{path}/approve")
    assert signed["state"] == "signed"
    await done(there, OFFICE, "/currency-agreements/taken-up", note=signed["note"])
    both = await done(there, COUNCIL, f"{path}/approve")
    assert both["state"] == "in force"
    again = await done(here, OFFICE, f"{path}/signature", note=both["note"])
    assert (again["state"], again["note"]) == ("in force", both["note"])
    return str(asked["id"])


@asynccontextmanager
async def two(
    databases: list[dict[str, Any]], small_city: Path, folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[tuple[Town, Town, str]]:  # fmt: skip
    """Two cities with an agreement, and money in people's hands; yields both and its id."""
    models = [model_of(small_city, folder, name) for name in ("home", "away")]
    states = [folder / f"state-{name}" for name in ("home", "away")]
    async with (
        alive(databases[0], models[0], states[0], monkeypatch) as home,
        alive(databases[1], models[1], states[1], monkeypatch) as away,
    ):
        for town in (home, away):
            for someone in (MINA, EVE, GUEST, OTHER):
                move_in(town.runtime, someone, 200_000 if someone in (MINA, EVE) else 0)
        known = await recognise(home, away)
        await recognise(away, home)
        yield home, away, await agree(home, away, known)


async def code(town: Town, caller: Caller) -> str:
    return str((await done(town, caller, "/me/abroad/codes"))["code"])


async def sent(
    home: Town, away: Town, agreement: str, won: int, name: str = "trip", *,
    by: Caller = MINA, to: Caller = GUEST,
) -> Any:  # fmt: skip
    """Pay at home; return the file to take along, which suits what the other city has seen."""
    slip = await done(
        home, by, "/me/abroad/slips", name=name, agreement=agreement, amount_won=won,
        code=await code(away, to),
    )  # fmt: skip
    return await file_of(home, away, slip["id"], by)


async def file_of(home: Town, away: Town, slip: str, by: Caller = MINA) -> Any:
    cities = await get(away, None, "/recognised-cities")
    seen = next(one for one in cities if one["origin"] == origin_of(home))["checkpoint"]
    size = seen.split("\n")[1]
    await home.live.log.publish(home.live.reads)
    return await get(home, by, f"/me/abroad/slips/{quote(slip, safe='')}/receipt?seen={size}")


def balance(town: Town, owner: str) -> int:
    return town.runtime.book.account(account_id(owner)).balance_won


def clearing(here: Town, there: Town) -> int:
    """Return what a city owes another by its own book."""
    return balance(here, f"clearing:{origin_of(there).replace('/', ':')}")


def skip(town: Town, until: datetime) -> None:
    """Let a city's clock go on to an instant."""
    town.live.clock._latest_s = until.timestamp()
