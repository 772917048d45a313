"""Databases for two cities, and the two cities."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.cities.two import two
from tests.conftest import command
from tests.living import Town

Then = Callable[[Town, Town, str], Awaitable[None]]
Live = Callable[[Then], None]


@pytest.fixture
def databases(server: Any) -> Iterator[list[dict[str, Any]]]:
    names = ["city_home", "city_away"]
    for name in names:
        command(server, f"CREATE DATABASE {name}")
    yield [{**server.connect_kwargs, "database": name} for name in names]
    for name in names:
        command(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def live(
    databases: list[dict[str, Any]], small_city: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Live:  # fmt: skip
    def run(then: Then) -> None:
        async def limited() -> None:
            async with asyncio.timeout(120):
                async with two(databases, small_city, tmp_path, monkeypatch) as found:
                    await then(*found)

        asyncio.run(limited())

    return run
