"""A town of nine blocks with the currency, lived through once for all tests of a process."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from hapgang.hub.lake import Lake, LakeView
from hapgang.rehearsal.build import World, world_of
from hapgang.rehearsal.run import Lived, live
from hapgang.rehearsal.wish import Wish
from tests.small_city import write_small_city

CURRENCY = {
    "wallet_pct": 90.0, "bonus_pct": 5, "bonus_won": 1_500, "points_pct": 1,
    "allowance_won": 30_000, "benefit_won": 50_000, "lost_phones": 60.0, "proof_pct": 50.0,
    "vote_pct": 60.0, "sealed_pct": 5.0,
}  # fmt: skip


@cache
def city() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hapgang-money-"))
    write_small_city(folder, services='"mobility.sharing"', residents=300)
    write(folder, "plan", CURRENCY)
    write(folder, "cards", {})
    write(folder, "no-votes", {**CURRENCY, "vote_pct": 0.0})
    write(folder, "poor", {**CURRENCY, "bonus_won": 20, "vote_pct": 0.0})
    return folder


def write(folder: Path, name: str, settings: dict[str, Any]) -> None:
    """Write a scenario with these settings."""
    lines = [f'title = {{en = "{name}", ko = "{name}"}}', 'services = ["mobility.sharing"]']
    lines += ["[service.platform]", *(f"{key} = {value}" for key, value in settings.items())]
    (folder / "scenarios" / f"{name}.toml").write_text("\n".join(lines) + "\n")


def wish(**words: Any) -> Wish:
    return Wish(**{"model": str(city()), "residents": 150, "seed": 3, **words})


@cache
def world(scenario: str) -> World:
    return world_of(wish(scenario=scenario))


@cache
def lived(**words: Any) -> Lived:
    wanted = wish(**words)
    return live(wanted, world(wanted.scenario), lambda _stage, _share: None)


@cache
def view(**words: Any) -> LakeView:
    lake = Lake()
    lived(**words).logbook.write(lake)
    return lake.limited_to(("event", "transfer", "trip"))


def events(name: str, **words: Any) -> list[dict[str, Any]]:
    """Return what events of a kind say, with who and when."""
    return [
        {"at": at, "entity": entity, "action": action, **msgspec.json.decode(body)}
        for at, told, entity, _, action, body in lived(**words).logbook.rows("event")
        if told == name
    ]


def transfers(**words: Any) -> list[tuple[Any, ...]]:
    return list(lived(**words).logbook.rows("transfer"))
