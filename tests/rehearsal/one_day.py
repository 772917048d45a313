"""Rehearsed days of the bundled city, lived once for all tests of a process."""

from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from hapgang.hub.lake import Lake
from hapgang.rehearsal.build import World, world_of
from hapgang.rehearsal.run import Lived, live
from hapgang.rehearsal.wish import Wish

CITY = Path(__file__).resolve().parents[2] / "cities" / "sejong"
SHARING, MAAS = "mobility.sharing", "mobility.maas"


def wish(**words: Any) -> Wish:
    return Wish(**{"model": str(CITY), "residents": 300, "seed": 7, **words})


@cache
def world(scenario: str = "plan") -> World:
    return world_of(wish(scenario=scenario))


@cache
def lived(**words: Any) -> Lived:
    wanted = wish(**words)
    return live(wanted, world(wanted.scenario), lambda _stage, _share: None)


@cache
def lake(**words: Any) -> Lake:
    kept = Lake()
    lived(**words).logbook.write(kept)
    return kept


def rows(table: str, **words: Any) -> list[dict[str, Any]]:
    """Return a table of a lived day, row by row."""
    found: pa.Table = lake(**words).read(table)
    listed: list[dict[str, Any]] = found.to_pylist()
    return listed
